"""Name an operator of the platform: the one membership nobody has to grant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.registration.application.decided import OperatorNamed
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.membership import PLATFORM, Capacity, Membership

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.sealed import SealedText
    from interpares.registration.application.ports import Memberships, Unit


REASON_CODE = "platform-set-up"


@dataclass(frozen=True)
class NameOperator:
    """actor: opaque id of the account that shall operate the platform."""

    membership_id: UUID
    actor: UUID
    reason: SealedText


async def name_operator(command: NameOperator, unit: Unit, *, memberships: Memberships) -> OperatorNamed:
    """Make an account an operator, unless it is one. Only whoever sets up the service may do this."""
    if await memberships.held(command.actor, PLATFORM, Capacity.OPERATOR):
        return OperatorNamed(anew=False)
    membership = Membership.grant(
        command.membership_id,
        person_id=None,
        actor=command.actor,
        organisation_id=PLATFORM,
        capacity=Capacity.OPERATOR,
        grounds=Grounds(REASON_CODE, command.reason.hash, Capacity.OPERATOR),
    )
    unit.write(*memberships.granting(membership))
    unit.save(membership, texts=(command.reason,))
    return OperatorNamed(anew=True)
