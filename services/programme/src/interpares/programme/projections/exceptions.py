"""Exceptions from prerequisites: in force, run out by themselves, ended before their day, or replaced by another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from interpares.common.writes import Row
from interpares.programme.domain.meetings import events

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.common.eventstore import Recorded

VIEW = "exceptions"
STANDING = (
    "programme_id = %s AND organisation_id = %s AND prerequisite = %s AND ended_at IS NULL AND replaced_by IS NULL"
)


class ExceptionsProjector:
    """Keeps the table."""

    VIEW: ClassVar[str] = VIEW
    TABLES: ClassVar[tuple[str, ...]] = ("prerequisite_exceptions",)

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """Return the changes of one event."""
        event = recorded.event
        match event:
            case events.PrerequisiteExcepted():
                whose = (event.originator_id, event.organisation, event.prerequisite)
                yield Row(
                    f"UPDATE prerequisite_exceptions SET replaced_by = %s WHERE {STANDING}",  # noqa: S608 -- our own words
                    (event.event_id, *whose),
                )
                yield Row(
                    "INSERT INTO prerequisite_exceptions VALUES (%s, %s, %s, %s, %s, %s, %s, NULL, NULL)",
                    (event.event_id, *whose, event.until, event.decision.reason_code, event.timestamp),
                )
            case events.ExceptionEnded():
                yield Row(
                    f"UPDATE prerequisite_exceptions SET ended_at = %s WHERE {STANDING}",  # noqa: S608 -- our own words
                    (event.timestamp, event.originator_id, event.organisation, event.prerequisite),
                )
            case _:
                return


class Exceptions:
    """Queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self,
        programme_id: UUID,
        after: tuple[datetime, UUID] | None,
        limit: int,
        today: date,
        *,
        state: str | None = None,
        organisation: UUID | None = None,
    ) -> list[dict[str, Any]]:
        """Return exceptions by their last day, each with its ``state`` today: in-force, run-out, ended, replaced."""
        return await self._database.fetch(
            "SELECT * FROM (SELECT e.*, CASE WHEN replaced_by IS NOT NULL THEN 'replaced'"
            " WHEN ended_at IS NOT NULL THEN 'ended' WHEN until < %(today)s THEN 'run-out' ELSE 'in-force' END AS state"
            " FROM prerequisite_exceptions e WHERE programme_id = %(programme)s) AS all_of_them"
            " WHERE (%(day)s::date IS NULL OR (until, exception_id) > (%(day)s, %(last)s::uuid))"
            " AND (%(state)s::text IS NULL OR state = %(state)s)"
            " AND (%(organisation)s::uuid IS NULL OR organisation_id = %(organisation)s)"
            " ORDER BY until, exception_id LIMIT %(limit)s",
            {
                "programme": programme_id,
                "day": after[0].date() if after else None,
                "last": after[1] if after else None,
                "limit": limit,
                "today": today,
                "state": state,
                "organisation": organisation,
            },
        )
