"""Memberships as every service holds them for authorisation: a table filled from registration's events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.contracts.registration import MembershipEnded, MembershipGranted
from interpares.common.policy import Capacity, Membership
from interpares.common.writes import Row

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from interpares.common.commands import UnitOfWork
    from interpares.common.database import Database
    from interpares.common.envelope import Arrived

FEED = "registration"


class ProjectedMemberships:
    """Who holds which capacity where, as last heard from registration."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, actor: UUID) -> tuple[Membership, ...]:
        """Return the memberships of an actor."""
        rows = await self._database.fetch(
            "SELECT membership_id, actor, organisation_id, capacity FROM memberships WHERE actor = %s", (actor,)
        )
        return tuple(
            Membership(row["membership_id"], row["actor"], row["organisation_id"], Capacity(row["capacity"]))
            for row in rows
        )

    async def confirmed_at(self) -> datetime | None:
        """Return up to when everything registration decided is known here, None if that was never so."""
        rows = await self._database.fetch("SELECT confirmed_at FROM inbox_positions WHERE feed = %s", (FEED,))
        return rows[0]["confirmed_at"] if rows else None


def granting(granted: MembershipGranted) -> Row:
    """Return the statement that notes a membership."""
    return Row(
        "INSERT INTO memberships (membership_id, actor, organisation_id, capacity) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        (granted.membership_id, granted.actor, granted.organisation_id, granted.capacity),
    )


def ending(membership_id: UUID) -> Row:
    """Return the statement that forgets a membership."""
    return Row("DELETE FROM memberships WHERE membership_id = %s", (membership_id,))


async def on_membership_granted(event: Arrived, unit: UnitOfWork) -> None:
    """Take up a membership."""
    unit.write(granting(MembershipGranted.model_validate(event.data)))


async def on_membership_ended(event: Arrived, unit: UnitOfWork) -> None:
    """Drop a membership: from here on its holder is refused."""
    unit.write(ending(MembershipEnded.model_validate(event.data).membership_id))


HANDLERS = {
    MembershipGranted.TYPE: on_membership_granted,
    MembershipEnded.TYPE: on_membership_ended,
}
