"""Which programme offices deal with which organisations, and so see to them and to whoever acts for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
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


# Whoever runs something sees to itself: an office, and the organisation operators belong to.
SEEN_TO = (
    "SELECT office_id FROM applications WHERE organisation_id = ANY(%(ids)s)"
    " UNION SELECT office_id FROM calls WHERE programme_id IN ("
    "SELECT programme_id FROM pending_applications WHERE organisation_id = ANY(%(ids)s))"
    " UNION SELECT office_id FROM known_programmes WHERE programme_id IN ("
    "SELECT programme_id FROM known_meetings WHERE host_id = ANY(%(ids)s) OR invited && %(ids)s)"
    " UNION SELECT organisation_id FROM held_capacities"
    " WHERE organisation_id = ANY(%(ids)s) AND capacity IN ('office', 'operator')"
)
# Those that somebody acts for, once acted for, or is sent to a meeting by.
ORGANISATIONS = (
    "SELECT organisation_id FROM organisation_memberships WHERE person_id = %(id)s"
    " UNION SELECT organisation_id FROM held_capacities JOIN people USING (actor) WHERE person_id = %(id)s"
    " UNION SELECT organisation_id FROM participants WHERE participant_id = %(id)s"
)


# Each organisation has a key from its first moment on, before any view knows of it.
KNOWN = "SELECT 1 FROM organisation_keys WHERE organisation_id = %s LIMIT 1"


class ReachTable:
    """Implements ``Reach``: by the same dealings, and by whom somebody acts for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_organisation(self, organisation_id: UUID) -> frozenset[UUID] | None:
        """See the port."""
        rows = await self._database.fetch(KNOWN, (organisation_id,))
        return await self._of([organisation_id]) if rows else None

    async def of_person(self, person_id: UUID) -> frozenset[UUID]:
        """See the port."""
        rows = await self._database.fetch(ORGANISATIONS, {"id": person_id})
        return await self._of([row["organisation_id"] for row in rows])

    async def _of(self, organisations: Sequence[UUID]) -> frozenset[UUID]:
        rows = await self._database.fetch(SEEN_TO, {"ids": list(organisations)})
        return frozenset(row["office_id"] for row in rows)
