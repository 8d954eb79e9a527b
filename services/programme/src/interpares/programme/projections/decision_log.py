"""The decision log: every decision with its whole record; one call explains one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from psycopg.types.json import Jsonb
from pydantic import TypeAdapter

from interpares.common.writes import Row
from interpares.programme.domain import events
from interpares.programme.domain.decision import Decision

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.common.eventstore import Recorded

VIEW = "decision_log"
RECORD = TypeAdapter(Decision)


class DecisionLogProjector:
    """Keeps the log: one row an event, since every event of a programme is a decision."""

    VIEW: ClassVar[str] = VIEW
    TABLES: ClassVar[tuple[str, ...]] = ("decision_log",)

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """Return one row."""
        event = recorded.event
        if not isinstance(event, events.Event):
            return
        decision = event.decision
        yield Row(
            "INSERT INTO decision_log VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                recorded.position,
                event.event_id,
                event.originator_id,
                decision.type,
                decision.subject,
                decision.outcome,
                list(decision.concerns),
                event.metadata.actor,
                decision.reason_code,
                decision.decided_at,
                event.timestamp,
                decision.follows,
                Jsonb(RECORD.dump_python(decision, mode="json")),
            ),
        )


class DecisionLog:
    """Queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self,
        programme_id: UUID,
        after: int,
        limit: int,
        *,
        decision_type: str | None = None,
        subject: str | None = None,
        organisation: UUID | None = None,
    ) -> list[dict[str, Any]]:
        """Return decisions in the order they were recorded, behind a position."""
        return await self._database.fetch(
            "SELECT position, decision_id, type, subject, outcome, concerns, reason_code, decided_at, recorded_at,"
            " follows FROM decision_log WHERE programme_id = %(programme)s AND position > %(after)s"
            " AND (%(type)s::text IS NULL OR type = %(type)s)"
            " AND (%(subject)s::text IS NULL OR subject = %(subject)s)"
            " AND (%(organisation)s::uuid IS NULL OR %(organisation)s = ANY(concerns))"
            " ORDER BY position LIMIT %(limit)s",
            {
                "programme": programme_id,
                "after": after,
                "type": decision_type,
                "subject": subject,
                "organisation": organisation,
                "limit": limit,
            },
        )

    async def get(self, programme_id: UUID, decision_id: UUID) -> dict[str, Any] | None:
        """Return one decision with its record and, under ``reason``, the text, None once that was erased."""
        rows = await self._database.fetch(
            "SELECT d.*, t.text AS reason FROM decision_log d"
            " LEFT JOIN sealed_texts t ON t.hash = d.record ->> 'reason'"
            " WHERE d.programme_id = %s AND d.decision_id = %s",
            (programme_id, decision_id),
        )
        return rows[0] if rows else None

    async def consequences(self, decision_id: UUID) -> list[dict[str, Any]]:
        """Return the decisions that follow from one by a rule."""
        return await self._database.fetch(
            "SELECT decision_id, type, subject, outcome FROM decision_log WHERE follows = %s ORDER BY position",
            (decision_id,),
        )
