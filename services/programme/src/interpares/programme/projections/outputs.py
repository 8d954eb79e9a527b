"""Outputs and checks as they are read: lists, and the chain from a source to its checks and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from interpares.common.writes import Row
from interpares.programme.domain.outputs import events
from interpares.programme.domain.outputs.output import GRACE, LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.common.eventstore import Recorded

VIEW = "outputs"
FIELDS = (
    "o.output_id, o.kind, o.source, o.standing, o.owner_id, o.due, o.themes, o.meeting_id, o.recorded_at,"
    " o.last_decision, t.text"
)
OUTPUT = f"SELECT {FIELDS} FROM outputs o LEFT JOIN sealed_texts t ON t.hash = o.text"  # noqa: S608 -- constants

CHAIN = (
    "WITH RECURSIVE up AS (SELECT output_id, source, 0 AS distance FROM outputs"  # noqa: S608 -- constants
    " WHERE programme_id = %(p)s AND output_id = %(o)s UNION ALL"
    " SELECT o.output_id, o.source, up.distance - 1 FROM outputs o JOIN up"
    " ON up.source = 'output:' || o.output_id::text WHERE o.programme_id = %(p)s),"
    " down AS (SELECT output_id, 0 AS distance FROM outputs WHERE programme_id = %(p)s AND output_id = %(o)s"
    " UNION ALL SELECT o.output_id, down.distance + 1 FROM outputs o JOIN down"
    " ON o.source = 'output:' || down.output_id::text WHERE o.programme_id = %(p)s),"
    " chain AS (SELECT output_id, distance FROM up UNION SELECT output_id, distance FROM down)"
    f" SELECT {FIELDS}, chain.distance FROM chain JOIN outputs o USING (output_id)"
    " LEFT JOIN sealed_texts t ON t.hash = o.text WHERE o.programme_id = %(p)s"
    " ORDER BY chain.distance, o.output_id"
)


class OutputsProjector:
    """Keeps both tables; every event tells the whole output."""

    VIEW: ClassVar[str] = VIEW
    TABLES: ClassVar[tuple[str, ...]] = ("outputs", "output_checks")

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """Return the changes of one event."""
        event = recorded.event
        if not isinstance(event, events.OutputEvent):
            return
        key, now = (event.originator_id, event.output), event.now
        if isinstance(event, events.OutputRecorded):
            yield Row(
                "INSERT INTO outputs (programme_id, output_id, kind, source, text, themes, recorded_at, standing,"
                " last_decision) VALUES (%s, %s, %s, %s, %s, %s, %s, '', %s)",
                (*key, now.kind.value, now.source, event.text, list(now.themes), event.timestamp, event.event_id),
            )
        yield Row(
            "UPDATE outputs SET standing = %s, owner_id = %s, due = %s, meeting_id = %s, last_decision = %s"
            " WHERE programme_id = %s AND output_id = %s",
            (now.standing.value, now.owner, now.due, now.meeting, event.event_id, *key),
        )
        yield Row(
            "DELETE FROM output_checks WHERE programme_id = %s AND output_id = %s AND months <> ALL(%s)",
            (*key, [check.months for check in now.checks]),
        )
        for check in now.checks:
            yield Row(
                "INSERT INTO output_checks (programme_id, output_id, months, due, status, level)"
                " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (programme_id, output_id, months)"
                " DO UPDATE SET due = excluded.due, status = excluded.status, level = excluded.level",
                (*key, check.months, check.due, check.status.value, check.level),
            )
        if isinstance(event, events.CheckAnswered):
            yield Row(
                "UPDATE output_checks SET finding = %s, note = %s, decision_id = %s"
                " WHERE programme_id = %s AND output_id = %s AND months = %s",
                (event.finding.value, event.note, event.event_id, *key, event.months),
            )


class OutputsView:
    """Queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self,
        programme_id: UUID,
        after: UUID | None,
        limit: int,
        *,
        kind: str | None = None,
        standing: str | None = None,
        owner: UUID | None = None,
        source: str | None = None,
    ) -> list[dict[str, Any]]:
        """Return outputs with their checks, in the order of their ids, which is that of their recording."""
        rows = await self._database.fetch(
            OUTPUT + " WHERE o.programme_id = %(programme)s AND (%(after)s::uuid IS NULL OR o.output_id > %(after)s)"
            " AND (%(kind)s::text IS NULL OR o.kind = %(kind)s)"
            " AND (%(standing)s::text IS NULL OR o.standing = %(standing)s)"
            " AND (%(owner)s::uuid IS NULL OR o.owner_id = %(owner)s)"
            " AND (%(source)s::text IS NULL OR o.source = %(source)s) ORDER BY o.output_id LIMIT %(limit)s",
            {
                "programme": programme_id,
                "after": after,
                "kind": kind,
                "standing": standing,
                "owner": owner,
                "source": source,
                "limit": limit,
            },
        )
        return await self._with_checks(programme_id, rows)

    async def chain(self, programme_id: UUID, output_id: UUID) -> list[dict[str, Any]]:
        """Return an output, all it grew out of, and all that grew out of it, each with its distance from it.

        Distances are negative towards the source. Empty if there is no such output.
        """
        rows = await self._database.fetch(
            CHAIN,
            {"p": programme_id, "o": output_id},
        )
        return await self._with_checks(programme_id, rows)

    async def owner(self, programme_id: UUID, output_id: UUID) -> UUID | None:
        """Return who takes care of an output."""
        rows = await self._database.fetch(
            "SELECT owner_id FROM outputs WHERE programme_id = %s AND output_id = %s", (programme_id, output_id)
        )
        return rows[0]["owner_id"] if rows else None

    async def to_tend(self, today: date) -> list[UUID]:
        """Return the programmes that have a check to fall due or to escalate."""
        rows = await self._database.fetch(
            "SELECT DISTINCT programme_id FROM output_checks WHERE (status = 'pending' AND due <= %(today)s)"
            " OR (status IN ('due', 'escalated') AND level < %(levels)s"
            " AND due + (level + 1) * %(grace)s <= %(today)s) ORDER BY programme_id",
            {"today": today, "levels": LEVELS, "grace": GRACE.days},
        )
        return [row["programme_id"] for row in rows]

    async def _with_checks(self, programme_id: UUID, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        checks = await self._database.fetch(
            "SELECT c.*, t.text AS note_text FROM output_checks c LEFT JOIN sealed_texts t ON t.hash = c.note"
            " WHERE c.programme_id = %s AND c.output_id = ANY(%s) ORDER BY c.months",
            (programme_id, [row["output_id"] for row in rows]),
        )
        return [row | {"checks": [each for each in checks if each["output_id"] == row["output_id"]]} for row in rows]
