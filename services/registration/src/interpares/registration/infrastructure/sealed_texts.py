"""Reading sealed texts: straight from their table, so that an erased text is gone everywhere at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interpares.common.database import Database


class SealedTextTable:
    """Implements ``SealedTexts``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def opened(self, sealed_hash: str) -> str | None:
        """See the port."""
        rows = await self._database.fetch("SELECT text FROM sealed_texts WHERE hash = %s", (sealed_hash,))
        return rows[0]["text"] if rows else None
