"""Hand over what somebody who leaves held in an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 -- commands are read by their annotations

from interpares.registration.application.decided import Decided, decided
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.joining_refusals import NothingToHandOver
from interpares.registration.domain.membership import Following, Membership
from interpares.registration.domain.person import Person

if TYPE_CHECKING:
    from interpares.common.sealed import SealedText
    from interpares.registration.application.joining.ports import MembershipsOfOne
    from interpares.registration.application.ports import Unit


@dataclass(frozen=True)
class HandOver:
    """leaving, successor: people. membership_ids: for what the successor does not hold yet, one for every capacity."""

    organisation_id: UUID
    leaving: UUID
    successor: UUID
    membership_ids: tuple[UUID, ...]
    reason_code: str
    reason: SealedText
    acting_as: str


async def hand_over(command: HandOver, unit: Unit, *, memberships: MembershipsOfOne) -> Decided:
    """End all that one person holds in an organisation, and let another go on with it; history stays where it is.

    Raises NotFound, NothingToHandOver, CapacityNotYours.
    """
    leaving = await unit.load(Person, command.leaving)
    successor = await unit.load(Person, command.successor)
    grounds = Grounds(command.reason_code, command.reason.hash, command.acting_as)
    held = await memberships.ids_in(leaving.state.actor, command.organisation_id)
    theirs = await memberships.ids_in(successor.state.actor, command.organisation_id)
    if not held or leaving.id == successor.id:
        raise NothingToHandOver
    new_ids, handed = iter(command.membership_ids), list[Membership]()
    for capacity, membership_id in sorted(held.items()):
        ended = await unit.load(Membership, membership_id)
        next_id = theirs.get(capacity) or next(new_ids)
        ended.hand_over(successor=successor.state.actor, successor_membership_id=next_id, grounds=grounds)
        unit.write(*memberships.ending(ended))
        unit.save(ended)
        if capacity not in theirs:
            granted = Membership.follow(
                next_id,
                person_id=successor.id,
                actor=successor.state.actor,
                organisation_id=command.organisation_id,
                capacity=capacity,
                following=Following.HANDOVER,
                decided_by=ended.id,
                grounds=grounds,
            )
            unit.write(*memberships.granting(granted))
            unit.save(granted)
        handed.append(ended)
    unit.save(handed[-1], texts=(command.reason,))
    return decided(handed[-1], "hand-over", "handed-over", command.reason_code)
