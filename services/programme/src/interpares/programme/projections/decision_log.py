"""The decision log: every decision with its whole record and with what it decided in particular."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from interpares.common.eventstore import MAPPER
from interpares.common.writes import Row
from interpares.programme.domain import events

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.common.eventstore import Recorded

VIEW = "decision_log"
# Fields of an event that are told elsewhere: in the columns, in the record, or in the programme itself.
ELSEWHERE = (
    *("originator_id", "originator_version", "originator_topic", "timestamp"),
    *("metadata", "decision", "template", "class_version"),
)
_ELSEWHERE = ",".join(ELSEWHERE)
# The event travels once, as JSON, and is taken apart where it is stored.
INSERT = (
    "INSERT INTO decision_log (position, decision_id, programme_id, type, subject, outcome, concerns, actor,"  # noqa: S608 -- constants only
    " reason_code, decided_at, recorded_at, follows, record, details)"
    " SELECT %s, %s, %s, %s, %s, %s, %s::uuid[], %s, %s, %s, %s, %s::uuid, told -> 'decision',"
    f" told - '{{{_ELSEWHERE}}}'::text[] FROM (SELECT %s::jsonb AS told) AS event"
)


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
            INSERT,
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
                MAPPER.json(event),
            ),
        )


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which decisions are wanted; None for all. ``until`` is not included.

    actor, acting_for, capacity: who decided. type, subject, outcome, rule: what; a rule, one applied by hand as well,
    also by the section it is in.
    organisation: whom it concerns. follows: what it is the consequence of.
    """

    actor: UUID | None = None
    acting_for: UUID | None = None
    capacity: str | None = None
    type: str | None = None
    subject: str | None = None
    outcome: str | None = None
    rule: str | None = None
    organisation: UUID | None = None
    follows: UUID | None = None
    recorded_from: datetime | None = None
    recorded_until: datetime | None = None
    effective_from: datetime | None = None
    effective_until: datetime | None = None


# A condition for each filter that is set; effective_at lies in the record as ISO 8601.
CONDITIONS = {
    "actor": "actor = %(actor)s",
    "acting_for": "record ->> 'organisation' = %(acting_for)s::text",
    "capacity": "record ->> 'capacity' = %(capacity)s",
    "type": "type = %(type)s",
    "subject": "subject = %(subject)s",
    "outcome": "outcome = %(outcome)s",
    "rule": (
        "EXISTS (SELECT 1 FROM jsonb_array_elements(coalesce(record -> 'manual', '[]') || (record -> 'rule')) AS each"
        " WHERE each ->> 'id' = %(rule)s OR starts_with(each ->> 'id', %(rule)s || '.'))"
    ),
    "organisation": "%(organisation)s = ANY(concerns)",
    "follows": "follows = %(follows)s",
    "recorded_from": "recorded_at >= %(recorded_from)s",
    "recorded_until": "recorded_at < %(recorded_until)s",
    "effective_from": "(record ->> 'effective_at')::timestamptz >= %(effective_from)s",
    "effective_until": "(record ->> 'effective_at')::timestamptz < %(effective_until)s",
}


class DecisionLog:
    """Queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, programme_id: UUID, after: int, limit: int, filters: Filters) -> list[dict[str, Any]]:
        """Return decisions in the order they were recorded, behind a position."""
        wanted = {name: value for name, value in vars(filters).items() if value is not None}
        conditions = "".join(f" AND {CONDITIONS[name]}" for name in wanted)
        return await self._database.fetch(
            "SELECT position, decision_id, type, subject, outcome, concerns, actor, reason_code, decided_at,"  # noqa: S608 -- constants only
            " recorded_at, follows, record ->> 'effective_at' AS effective_at, record ->> 'capacity' AS capacity,"
            " record -> 'rule' ->> 'id' AS rule"
            " FROM decision_log WHERE programme_id = %(programme)s AND position > %(after)s"
            f"{conditions} ORDER BY position LIMIT %(limit)s",
            {"programme": programme_id, "after": after, "limit": limit, **wanted},
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

    async def later(self, programme_id: UUID, decision_id: UUID) -> list[dict[str, Any]]:
        """Return the decisions about one, and those that correct, supersede or revoke it, as they were recorded."""
        return await self._database.fetch(
            "SELECT position, decision_id, type, outcome, reason_code, decided_at, recorded_at, record, details"
            " FROM decision_log WHERE programme_id = %(programme)s AND (subject = 'decision:' || %(id)s::text"
            " OR record ->> 'corrects' = %(id)s::text OR record ->> 'supersedes' = %(id)s::text"
            " OR record ->> 'revokes' = %(id)s::text) ORDER BY position",
            {"programme": programme_id, "id": decision_id},
        )

    async def text(self, sealed_hash: str) -> str | None:
        """Return a sealed text, None once it was erased."""
        rows = await self._database.fetch("SELECT text FROM sealed_texts WHERE hash = %s", (sealed_hash,))
        return rows[0]["text"] if rows else None
