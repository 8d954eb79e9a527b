"""What is asked of meetings: lists, one meeting whole, versions of its agreement, deadlines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from interpares.common.database import Database


class MeetingLists:
    """Queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self,
        programme_id: UUID,
        after: UUID | None,
        limit: int,
        *,
        status: str | None = None,
        strand: str | None = None,
        organisation: UUID | None = None,
        starts: date | None = None,
        until: date | None = None,
    ) -> list[dict[str, Any]]:
        """Return meetings in the order they were planned or asked for.

        organisation: hosts, organises, asked for, or is invited. starts, until: with a day from the one to the other,
        both included, by the clock of the place; meetings without dates are left out then.
        """
        return await self._database.fetch(
            "SELECT * FROM meetings WHERE programme_id = %(programme)s"
            " AND (%(after)s::uuid IS NULL OR meeting_id > %(after)s)"
            " AND (%(status)s::text IS NULL OR status = %(status)s)"
            " AND (%(strand)s::text IS NULL OR strand = %(strand)s)"
            " AND (%(organisation)s::uuid IS NULL OR %(organisation)s IN (host_id, organiser_id, asked_by_id)"
            " OR %(organisation)s = ANY(invited) OR %(organisation)s = ANY(attended))"
            " AND (%(starts)s::date IS NULL OR ends_local >= %(starts)s::date)"
            " AND (%(until)s::date IS NULL OR starts_local < %(until)s::date + 1)"
            " ORDER BY meeting_id LIMIT %(limit)s",
            {
                "programme": programme_id,
                "after": after,
                "limit": limit,
                "status": status,
                "strand": strand,
                "organisation": organisation,
                "starts": starts,
                "until": until,
            },
        )

    async def get(self, programme_id: UUID, meeting_id: UUID) -> dict[str, Any] | None:
        """Return one meeting."""
        rows = await self._database.fetch(
            "SELECT * FROM meetings WHERE programme_id = %s AND meeting_id = %s", (programme_id, meeting_id)
        )
        return rows[0] if rows else None

    async def history(self, meeting_id: UUID, after: int, limit: int) -> list[dict[str, Any]]:
        """Return what was decided about a meeting, in the order it was recorded, behind a position."""
        return await self._database.fetch(
            "SELECT * FROM meeting_history WHERE meeting_id = %s AND position > %s ORDER BY position LIMIT %s",
            (meeting_id, after, limit),
        )

    async def agreements(self, meeting_id: UUID, after: int, limit: int) -> list[dict[str, Any]]:
        """Return the versions of an agreement behind a number, each with ``current`` and the typed text."""
        return await self._database.fetch(
            "SELECT a.*, coalesce(a.version = m.agreement_version, false) AS current, t.text"
            " FROM meeting_agreements a JOIN meetings m USING (meeting_id)"
            " LEFT JOIN sealed_texts t ON t.hash = a.content -> 'terms' ->> 'text'"
            " WHERE a.meeting_id = %s AND a.version > %s ORDER BY a.version LIMIT %s",
            (meeting_id, after, limit),
        )

    async def deadlines(
        self,
        programme_id: UUID,
        after: tuple[datetime, UUID, str] | None,
        limit: int,
        *,
        meeting: UUID | None = None,
        organisation: UUID | None = None,
        starts: date | None = None,
        until: date | None = None,
    ) -> list[dict[str, Any]]:
        """Return deadlines that follow from meetings, by day. starts, until: days, both included."""
        day, last, key = after or (None, None, None)
        return await self._database.fetch(
            "SELECT d.*, m.title, m.status FROM meeting_deadlines d JOIN meetings m USING (meeting_id)"
            " WHERE d.programme_id = %(programme)s"
            " AND (%(day)s::date IS NULL"
            " OR (d.day, d.meeting_id, d.key) > (%(day)s, %(last)s::uuid, %(key)s::text))"
            " AND (%(meeting)s::uuid IS NULL OR d.meeting_id = %(meeting)s)"
            " AND (%(organisation)s::uuid IS NULL OR %(organisation)s = ANY(d.organisations))"
            " AND (%(starts)s::date IS NULL OR d.day >= %(starts)s)"
            " AND (%(until)s::date IS NULL OR d.day <= %(until)s)"
            " ORDER BY d.day, d.meeting_id, d.key LIMIT %(limit)s",
            {
                "programme": programme_id,
                "day": day.date() if day else None,
                "last": last,
                "key": key,
                "limit": limit,
                "meeting": meeting,
                "organisation": organisation,
                "starts": starts,
                "until": until,
            },
        )
