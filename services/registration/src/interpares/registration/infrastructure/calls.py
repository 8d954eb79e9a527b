"""The table of calls, filled by what is heard from the programme service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from interpares.common.writes import Row
from interpares.registration.application.ports import CallNotice, ListedCall
from interpares.registration.domain.call import OpenCall

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.database import Database


class CallTable:
    """Implements ``KnownCalls``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, programme_id: UUID) -> OpenCall | None:
        """See the port. Of several open calls the latest counts."""
        rows = await self._database.fetch(
            "SELECT * FROM calls WHERE programme_id = %s AND NOT closed ORDER BY call_id DESC LIMIT 1", (programme_id,)
        )
        return _call(rows[0]) if rows else None

    async def office_of(self, programme_id: UUID) -> UUID | None:
        """See the port."""
        rows = await self._database.fetch(
            "SELECT office_id FROM calls WHERE programme_id = %s ORDER BY call_id DESC LIMIT 1", (programme_id,)
        )
        return rows[0]["office_id"] if rows else None

    async def page(self, *, after: UUID | None, limit: int) -> list[ListedCall]:
        """See the port."""
        rows = await self._database.fetch(
            "SELECT * FROM calls WHERE NOT closed AND deadline > now()"
            " AND (%(after)s::uuid IS NULL OR call_id > %(after)s) ORDER BY call_id LIMIT %(limit)s",
            {"after": after, "limit": limit},
        )
        return [
            ListedCall(_call(row), CallNotice(row["title"], row["deadline_local"], row["deadline_zone"]))
            for row in rows
        ]


class CallRows:
    """Implements ``CallBook``."""

    def opening(self, call: OpenCall, notice: CallNotice) -> Row:
        """See the port."""
        return Row(
            "INSERT INTO calls (call_id, programme_id, office_id, title, roles, strands, deadline, deadline_local,"
            " deadline_zone) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (
                call.call_id,
                call.programme_id,
                call.office_id,
                Jsonb(notice.title),
                list(call.roles),
                list(call.strands),
                call.deadline,
                notice.deadline_local,
                notice.deadline_zone,
            ),
        )

    def closing(self, call_id: UUID) -> Row:
        """See the port."""
        return Row("UPDATE calls SET closed = true WHERE call_id = %s", (call_id,))


def _call(row: dict[str, Any]) -> OpenCall:
    return OpenCall(
        call_id=row["call_id"],
        programme_id=row["programme_id"],
        office_id=row["office_id"],
        roles=tuple(row["roles"]),
        strands=tuple(row["strands"]),
        deadline=row["deadline"],
    )
