"""Memberships in the service that decides about them: they count, and stop counting, with the decision itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from interpares.common.contracts.registration import MembershipGranted
from interpares.common.memberships import ProjectedMemberships, ending, granting
from interpares.common.writes import Row
from interpares.registration.domain.errors import CapacityHeld
from interpares.registration.domain.membership import Capacity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.registration.domain.membership import Membership


class OwnMemberships(ProjectedMemberships):
    """Implements ``Memberships`` of the application and of the policy."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._held_in = database

    async def confirmed_at(self) -> datetime | None:
        """Return now: nobody knows better."""
        return datetime.now(UTC)

    async def held(self, actor: UUID, organisation_id: UUID, capacity: Capacity) -> bool:
        """See the port."""
        rows = await self._held_in.fetch(
            "SELECT 1 FROM held_capacities WHERE actor = %s AND organisation_id = %s AND capacity = %s",
            (actor, organisation_id, capacity.value),
        )
        return bool(rows)

    async def ids_of(self, actor: UUID) -> tuple[UUID, ...]:
        """See ``HeldMemberships``."""
        rows = await self._held_in.fetch(
            "SELECT membership_id FROM held_capacities WHERE actor = %s ORDER BY membership_id", (actor,)
        )
        return tuple(row["membership_id"] for row in rows)

    async def ids_in(self, actor: UUID, organisation_id: UUID) -> dict[Capacity, UUID]:
        """See ``MembershipsOfOne``."""
        rows = await self._held_in.fetch(
            "SELECT capacity, membership_id FROM held_capacities WHERE actor = %s AND organisation_id = %s",
            (actor, organisation_id),
        )
        return {Capacity(row["capacity"]): row["membership_id"] for row in rows}

    def granting(self, membership: Membership) -> Sequence[Row]:
        """See the port."""
        state = membership.state
        granted = MembershipGranted(
            membership_id=membership.id,
            actor=state.actor,
            organisation_id=state.organisation_id,
            capacity=state.capacity.value,
        )
        held = Row(
            "INSERT INTO held_capacities (membership_id, actor, organisation_id, capacity) VALUES (%s, %s, %s, %s)",
            (membership.id, state.actor, state.organisation_id, state.capacity.value),
            CapacityHeld(),
        )
        return held, granting(granted)

    def ending(self, membership: Membership) -> Sequence[Row]:
        """See the port."""
        return Row("DELETE FROM held_capacities WHERE membership_id = %s", (membership.id,)), ending(membership.id)
