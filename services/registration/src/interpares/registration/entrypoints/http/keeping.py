"""As what somebody shows something for an organisation, and what of it they may see."""

from uuid import UUID

from interpares.common.policy import Capacity, Principal
from interpares.registration.application.ports import Dealings


async def keeper(principal: Principal, organisation_id: UUID, dealings: Dealings) -> Capacity:
    """Return the capacity in which somebody acts for an organisation: its coordinator, or an office that deals with it.

    Raises NotFound, or Forbidden where they belong to the organisation in another capacity.
    """
    if principal.of(organisation_id, Capacity.COORDINATOR):
        return Capacity.COORDINATOR
    if await _deals(principal, organisation_id, dealings):
        return Capacity.OFFICE
    return principal.require(organisation_id, Capacity.COORDINATOR).capacity


async def reads(principal: Principal, organisation_id: UUID, dealings: Dealings) -> bool:
    """Tell whether somebody may see what an organisation showed: who acts for it so, and auditors."""
    if principal.has(Capacity.AUDITOR) or principal.of(organisation_id, Capacity.COORDINATOR):
        return True
    return await _deals(principal, organisation_id, dealings)


async def check_reads(principal: Principal, organisation_id: UUID, dealings: Dealings) -> None:
    """Raise NotFound, or Forbidden, where somebody may not see what an organisation showed."""
    if not await reads(principal, organisation_id, dealings):
        principal.require(organisation_id, Capacity.COORDINATOR, Capacity.AUDITOR)


async def _deals(principal: Principal, organisation_id: UUID, dealings: Dealings) -> bool:
    offices = {each.organisation_id for each in principal.memberships if each.capacity is Capacity.OFFICE}
    return bool(offices) and (
        organisation_id in offices or not offices.isdisjoint(await dealings.offices_of(organisation_id))
    )
