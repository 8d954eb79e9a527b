"""Grant a membership."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.registration.application.decided import decided
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.membership import PLATFORM, Membership
from interpares.registration.domain.organisation import Organisation
from interpares.registration.domain.person import Person

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.sealed import SealedText
    from interpares.registration.application.decided import Decided
    from interpares.registration.application.ports import Memberships, Unit
    from interpares.registration.domain.membership import Capacity


@dataclass(frozen=True)
class GrantMembership:
    """acting_as: the capacity in which whoever grants does so."""

    membership_id: UUID
    person_id: UUID
    organisation_id: UUID
    capacity: Capacity
    reason_code: str
    reason: SealedText
    acting_as: str


async def grant_membership(command: GrantMembership, unit: Unit, *, memberships: Memberships) -> Decided:
    """Let a person act for an organisation, here at once and elsewhere as soon as it is heard of.

    Raises NotFound, what ``Membership.grant`` raises, and CapacityHeld once it is written.
    """
    person = await unit.load(Person, command.person_id)
    if command.organisation_id != PLATFORM:
        await unit.load(Organisation, command.organisation_id)
    membership = Membership.grant(
        command.membership_id,
        person_id=person.id,
        actor=person.state.actor,
        organisation_id=command.organisation_id,
        capacity=command.capacity,
        grounds=Grounds(command.reason_code, command.reason.hash, command.acting_as),
    )
    unit.write(*memberships.granting(membership))
    unit.save(membership, texts=(command.reason,))
    return decided(membership, "membership-grant", "granted", command.reason_code)
