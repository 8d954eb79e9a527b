"""In what capacity somebody acts for an organisation, and what they may see.

What lies outside somebody's organisations looks as if it did not exist: NotFound, with the same words as for an id that
leads nowhere.
"""

from typing import TypeVar
from uuid import UUID

from interpares.common.errors import NotFound
from interpares.common.policy import Capacity, Principal
from interpares.registration.domain.application import Application
from interpares.registration.domain.errors import NoOpenCall
from interpares.registration.projections.applications import Sight

T = TypeVar("T")


def registrar(principal: Principal) -> Capacity:
    """Return the capacity in which somebody grants and ends memberships; the wider one where both are held."""
    return Capacity.OPERATOR if principal.has(Capacity.OPERATOR) else Capacity.OFFICE


def applicant(principal: Principal, organisation_id: UUID, office_id: UUID | None) -> Capacity:
    """Return the capacity in which somebody applies for an organisation.

    office_id: the programme's office, which may apply on an organisation's behalf; None where no call was heard of.
    Raises NotFound, Forbidden where they belong to the organisation in another capacity, or NoOpenCall.
    """
    if principal.of(organisation_id, Capacity.COORDINATOR):
        return Capacity.COORDINATOR
    if office_id is None and principal.has(Capacity.OFFICE):
        raise NoOpenCall
    if office_id is not None and principal.of(office_id, Capacity.OFFICE):
        return Capacity.OFFICE
    return principal.require(organisation_id, Capacity.COORDINATOR).capacity


def withdrawer(principal: Principal, application: Application | None) -> Capacity:
    """Return the capacity in which somebody withdraws an application; raises as ``applicant`` does."""
    state = known(application, "application").state
    try:
        return applicant(principal, state.organisation_id, state.office_id)
    except NotFound:
        return known(None, "application")


def sight(principal: Principal) -> Sight:
    """Return whose applications somebody may see."""
    return Sight(
        all=principal.has(Capacity.AUDITOR),
        offices=organisations(principal, Capacity.OFFICE),
        organisations=organisations(principal, Capacity.COORDINATOR, Capacity.FACILITATOR),
    )


def organisations(principal: Principal, *capacities: Capacity) -> frozenset[UUID]:
    """Return the organisations in which somebody holds one of the capacities."""
    return frozenset(each.organisation_id for each in principal.memberships if each.capacity in capacities)


def known(thing: T | None, kind: str) -> T:
    """Return the thing. Raises NotFound where there is none, or none that whoever asks may know of."""
    if thing is None:
        message = f"There is no {kind} with this id."
        raise NotFound(message)
    return thing
