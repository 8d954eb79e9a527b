"""End a membership."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.registration.application.decided import decided
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.membership import Membership

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.sealed import SealedText
    from interpares.registration.application.decided import Decided
    from interpares.registration.application.ports import Memberships, Unit


@dataclass(frozen=True)
class EndMembership:
    """acting_as: the capacity in which whoever ends it does so."""

    membership_id: UUID
    reason_code: str
    reason: SealedText
    acting_as: str


async def end_membership(command: EndMembership, unit: Unit, *, memberships: Memberships) -> Decided:
    """Stop a person from acting for an organisation, here at once.

    Raises NotFound, CapacityNotYours, MembershipOver.
    """
    membership = await unit.load(Membership, command.membership_id)
    membership.end(Grounds(command.reason_code, command.reason.hash, command.acting_as))
    unit.write(*memberships.ending(membership))
    unit.save(membership, texts=(command.reason,))
    return decided(membership, "membership-end", "ended", command.reason_code)
