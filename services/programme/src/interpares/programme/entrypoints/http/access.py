"""In which organisation a capacity must be held: the office of the programme, or an organisation in it."""

from collections.abc import Collection
from uuid import UUID

from interpares.common.database import Database
from interpares.common.errors import NotFound
from interpares.common.eventstore import EventStore
from interpares.common.policy import Capacity, Membership, Principal
from interpares.programme.domain.programme import Programme
from interpares.programme.projections.heard import HeardApplications
from interpares.programme.projections.programmes import Programmes


class Access:
    """Answers 404 wherever somebody has nothing to do with what they name, so that ids give nothing away."""

    def __init__(self, database: Database, store: EventStore) -> None:
        self._store = store
        self._programmes = Programmes(database)
        self._applications = HeardApplications(database)
        self._offices: dict[UUID, UUID] = {}

    async def office(self, principal: Principal, programme_id: UUID) -> Membership:
        """Return the caller's membership in the programme's office. Raises NotFound."""
        office = await self._office_of(programme_id)
        for membership in principal.memberships:
            if membership.organisation_id == office and membership.capacity is Capacity.OFFICE:
                return membership
        raise _unknown()

    async def office_or(self, principal: Principal, programme_id: UUID, organisation_id: UUID | None) -> Membership:
        """Return the membership in the office, or as coordinator of an organisation. Raises NotFound."""
        for membership in principal.memberships:
            if membership.organisation_id == organisation_id and membership.capacity is Capacity.COORDINATOR:
                return membership
        return await self.office(principal, programme_id)

    async def office_or_one_of(
        self, principal: Principal, programme_id: UUID, organisations: Collection[UUID]
    ) -> Membership:
        """Return the membership as coordinator of one of some organisations, else in the office. Raises NotFound."""
        for membership in principal.memberships:
            if membership.organisation_id in organisations and membership.capacity is Capacity.COORDINATOR:
                return membership
        return await self.office(principal, programme_id)

    async def reader(self, principal: Principal, programme_id: UUID) -> None:
        """Let the office, auditors, and organisations that take part or have applied read. Raises NotFound."""
        office = await self._office_of(programme_id)
        if principal.has(Capacity.AUDITOR) or principal.of(office, Capacity.OFFICE):
            return
        organisations = own(principal)
        if organisations and (
            await self._programmes.takes_part(programme_id, organisations)
            or await self._applications.applied(programme_id, organisations)
        ):
            return
        raise _unknown()

    async def desk(self, principal: Principal, programme_id: UUID) -> None:
        """Let the office and auditors read. Raises NotFound."""
        if not principal.has(Capacity.AUDITOR):
            await self.office(principal, programme_id)
        else:
            await self._office_of(programme_id)

    async def bound(self, programme_id: UUID, duty_id: str) -> UUID | None:
        """Return who hosts a duty or, without a host, owes it; from the aggregate, so that no view can lag behind."""
        programme = await self._load(programme_id)
        duty = programme.state.duties.get(duty_id)
        return (duty.host or duty.owner) if duty else None

    async def programme(self, programme_id: UUID) -> Programme:
        """Return the aggregate as it stands, to look at. Raises NotFound."""
        return await self._load(programme_id)

    async def may_sign(self, principal: Principal, programme_id: UUID, writers: Collection[UUID]) -> None:
        """Refuse a signature under a draft. Raises SignedByPreparer, NotSignatory."""
        (await self._load(programme_id)).may_sign(principal.actor, writers)

    async def _office_of(self, programme_id: UUID) -> UUID:
        # A programme never changes its office, so one look is enough.
        if programme_id not in self._offices:
            self._offices[programme_id] = (await self._load(programme_id)).state.office
        return self._offices[programme_id]

    async def _load(self, programme_id: UUID) -> Programme:
        programme = await self._store.load(Programme, programme_id)
        if programme is None:
            raise _unknown()
        self._store.keep(programme)
        return programme


def own(principal: Principal) -> list[UUID]:
    """Return the organisations the caller coordinates or accompanies."""
    capacities = {Capacity.COORDINATOR, Capacity.FACILITATOR}
    return [each.organisation_id for each in principal.memberships if each.capacity in capacities]


def _unknown() -> NotFound:
    return NotFound("There is no such programme.")
