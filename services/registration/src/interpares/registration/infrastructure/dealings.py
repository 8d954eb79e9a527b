"""Which programme offices deal with which organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.database import Database


# Those that wait for a decision count at once, the view of all that ever came in a moment later.
OFFICES = (
    "SELECT office_id FROM applications WHERE organisation_id = %(id)s"
    " UNION SELECT office_id FROM calls WHERE programme_id IN ("
    "SELECT programme_id FROM pending_applications WHERE organisation_id = %(id)s)"
    " UNION SELECT office_id FROM known_programmes WHERE programme_id IN ("
    "SELECT programme_id FROM known_meetings WHERE host_id = %(id)s OR invited @> ARRAY[%(id)s::uuid])"
)


class DealingsTable:
    """Implements ``Dealings``: by applications that came in, and meetings an organisation hosts or is invited to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def offices_of(self, organisation_id: UUID) -> frozenset[UUID]:
        """See the port."""
        rows = await self._database.fetch(OFFICES, {"id": organisation_id})
        return frozenset(row["office_id"] for row in rows)
