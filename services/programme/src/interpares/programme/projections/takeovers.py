"""Files that were looked at and may be taken over: their lines, until somebody confirms them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg.types.json import Jsonb

from interpares.common.writes import Row
from interpares.programme.application.sheet import Line

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.commands import UnitOfWork
    from interpares.common.database import Database


class KeptSheets:
    """The port ``Sheets``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, unit: UnitOfWork, programme_id: UUID, document_hash: str, lines: tuple[Line, ...]) -> None:
        """Queue the lines of a file; looked at again, it is the same file."""
        unit.write(
            Row(
                "INSERT INTO takeovers VALUES (%s, %s, %s, now()) ON CONFLICT (programme_id, document_hash)"
                " DO UPDATE SET looked_at = excluded.looked_at",
                (programme_id, document_hash, Jsonb([[line.number, line.cells] for line in lines])),
            )
        )

    async def kept(self, programme_id: UUID, document_hash: str) -> tuple[Line, ...] | None:
        """Return the lines of a file, None if it was never looked at."""
        rows = await self._database.fetch(
            "SELECT lines FROM takeovers WHERE programme_id = %s AND document_hash = %s", (programme_id, document_hash)
        )
        return tuple(Line(number, cells) for number, cells in rows[0]["lines"]) if rows else None
