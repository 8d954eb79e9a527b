"""Whom registrars see to: operators everybody, an office those of its programmes and those nobody deals with yet.

An office registers organisations and people before they have anything to do with a programme; from the first
application or invitation to a meeting on they are the matter of the offices that deal with them, and of operators. To
any other office they look as if they did not exist.
"""

from uuid import UUID

from interpares.common.policy import Capacity, Principal
from interpares.registration.application.ports import KnownPerson, Reach
from interpares.registration.entrypoints.http.authority import known, organisations


class Registrars:
    """Tells as what somebody sees to an organisation or a person, if they do."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def over(self, principal: Principal, organisation_id: UUID, kind: str) -> Capacity:
        """Return the capacity in which a registrar sees to an organisation, the wider one where both are held.

        kind: of what was named, for the answer to whoever has nothing to do with it. Raises NotFound.
        """
        if principal.has(Capacity.OPERATOR):
            return Capacity.OPERATOR
        offices = organisations(principal, Capacity.OFFICE)
        return known(_seen_to(offices, await self._reach.of_organisation(organisation_id)) if offices else None, kind)

    async def opener(self, principal: Principal, organisation_id: UUID, kind: str) -> Capacity:
        """Return the capacity in which somebody sees to an organisation: as registrar, or as its coordinator.

        Raises NotFound.
        """
        if not principal.has(Capacity.OPERATOR, Capacity.OFFICE):
            return known(_own(principal, organisation_id), kind)
        if principal.has(Capacity.OPERATOR) or _own(principal, organisation_id) is None:
            return await self.over(principal, organisation_id, kind)
        offices = organisations(principal, Capacity.OFFICE)
        return _seen_to(offices, await self._reach.of_organisation(organisation_id)) or Capacity.COORDINATOR

    async def check_sees_members(self, principal: Principal, organisation_id: UUID) -> None:
        """Raise NotFound, or Forbidden, where somebody may not see who acts for an organisation."""
        if principal.has(Capacity.OPERATOR, Capacity.AUDITOR) or principal.of(
            organisation_id, Capacity.COORDINATOR, Capacity.FACILITATOR
        ):
            return
        if principal.has(Capacity.OFFICE):
            await self.over(principal, organisation_id, "organisation")
        else:
            principal.require(organisation_id, Capacity.COORDINATOR, Capacity.FACILITATOR)

    async def of_person(self, principal: Principal, person_id: UUID) -> Capacity | None:
        """Return the capacity in which a registrar sees to a person, registered or a guest; None where they do not."""
        if principal.has(Capacity.OPERATOR):
            return Capacity.OPERATOR
        offices = organisations(principal, Capacity.OFFICE)
        return _seen_to(offices, await self._reach.of_person(person_id)) if offices else None

    async def over_person(self, principal: Principal, person: KnownPerson | None) -> str:
        """Return as what somebody decides about a person's data: ``oneself`` or a registrar. Raises NotFound."""
        person = known(person, "person")
        if principal.actor == person.actor:
            return "oneself"
        return known(await self.of_person(principal, person.person_id), "person")

    async def sees(self, principal: Principal, person: KnownPerson) -> bool:
        """Tell whether somebody may see a person's data: their own, those of their organisation, as registrar others.

        Data that are restricted are shown to the person and to operators only.
        """
        if principal.actor == person.actor or principal.has(Capacity.OPERATOR):
            return True
        if person.restricted:
            return False
        if not organisations(principal, Capacity.COORDINATOR).isdisjoint(person.organisations):
            return True
        return await self.of_person(principal, person.person_id) is not None


def _own(principal: Principal, organisation_id: UUID) -> Capacity | None:
    return Capacity.COORDINATOR if principal.of(organisation_id, Capacity.COORDINATOR) else None


def _seen_to(offices: frozenset[UUID], dealing: frozenset[UUID] | None) -> Capacity | None:
    if dealing is None:
        return None
    return Capacity.OFFICE if not dealing or not offices.isdisjoint(dealing) else None
