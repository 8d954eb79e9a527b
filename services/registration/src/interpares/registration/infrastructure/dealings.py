"""Which programme offices deal with which organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.database import Database


class DealingsTable:
    """Implements ``Dealings``: by the applications that came in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def offices_of(self, organisation_id: UUID) -> frozenset[UUID]:
        """See the port."""
        rows = await self._database.fetch(
            "SELECT DISTINCT office_id FROM applications WHERE organisation_id = %s", (organisation_id,)
        )
        return frozenset(row["office_id"] for row in rows)
