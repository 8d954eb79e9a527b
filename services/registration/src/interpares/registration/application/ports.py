"""The service's own tables as use cases see them.

A port never writes by itself: it returns statements, which the unit of work writes with the events, all or nothing. A
statement that meets a unique constraint becomes the conflict named here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from interpares.common.aggregate import Aggregate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from interpares.common.sealed import SealedText
    from interpares.common.writes import Row
    from interpares.registration.domain.application import Application
    from interpares.registration.domain.call import OpenCall
    from interpares.registration.domain.membership import Capacity, Membership
    from interpares.registration.domain.organisation import Key


A = TypeVar("A", bound=Aggregate)


class Unit(Protocol):
    """The unit of work: ``interpares.common.commands.UnitOfWork`` as use cases see it."""

    async def find(self, aggregate_class: type[A], aggregate_id: UUID, /) -> A | None:
        """Return the aggregate, None if there is none."""
        ...

    async def load(self, aggregate_class: type[A], aggregate_id: UUID, /) -> A:
        """Return the aggregate. Raises NotFound."""
        ...

    def save(self, aggregate: Aggregate, /, *, texts: Sequence[SealedText] = ()) -> None:
        """Queue the aggregate's new events and the texts they refer to; the runner writes all of it or nothing."""
        ...

    def write(self, *rows: Row) -> None:
        """Queue statements on the service's own tables, to be written with the events."""
        ...


class OrganisationKeys(Protocol):
    """Which keys are taken."""

    def claiming(self, organisation_id: UUID, keys: Sequence[Key]) -> Sequence[Row]:
        """Claim keys for an organisation; KeyTaken for one that is."""
        ...


@dataclass(frozen=True)
class PersonalData:
    """Who somebody is. subject: of the account at the identity provider. Kept in one table and nowhere else."""

    given_name: str = field(repr=False)
    family_name: str = field(repr=False)
    email: str = field(repr=False)
    subject: str = field(repr=False)


@dataclass(frozen=True)
class KnownPerson:
    """A person as registered. organisations: those they act for now. restricted: their data are shown no more."""

    person_id: UUID
    actor: UUID
    data: PersonalData
    organisations: tuple[UUID, ...]
    restricted: bool = False


class People(Protocol):
    """The only home of personal data."""

    async def one(self, person_id: UUID) -> KnownPerson | None:
        """Return a person, None if there is none under the id."""
        ...

    async def acting_as(self, actor: UUID) -> KnownPerson | None:
        """Return the person who acts under an id, None if nobody known does."""
        ...

    def entering(self, person_id: UUID, actor: UUID, data: PersonalData) -> Row:
        """Enter a person; PersonKnown where the actor is somebody already."""
        ...


class Memberships(Protocol):
    """Who may act for which organisation, as this service's own authorisation reads it."""

    async def held(self, actor: UUID, organisation_id: UUID, capacity: Capacity) -> bool:
        """Tell whether the capacity is held now."""
        ...

    def granting(self, membership: Membership) -> Sequence[Row]:
        """Let the membership count; CapacityHeld where it does already."""
        ...

    def ending(self, membership: Membership) -> Sequence[Row]:
        """Let the membership count no more."""
        ...


@dataclass(frozen=True)
class CallNotice:
    """What is shown of a call besides what applications depend on.

    title: language to text. deadline_local, deadline_zone: as in ``2026-12-01T12:00`` and ``Europe/Brussels``.
    """

    title: dict[str, str]
    deadline_local: str
    deadline_zone: str


class OpenCalls(Protocol):
    """The calls one can apply under."""

    async def of(self, programme_id: UUID) -> OpenCall | None:
        """Return the programme's open call, None where there is none."""
        ...


@dataclass(frozen=True)
class ListedCall:
    """A call with what is shown of it."""

    call: OpenCall
    notice: CallNotice


class KnownCalls(OpenCalls, Protocol):
    """All that is known of calls."""

    async def office_of(self, programme_id: UUID) -> UUID | None:
        """Return the organisation that runs a programme, None where no call of it was heard of."""
        ...

    async def by_id(self, call_id: UUID) -> OpenCall | None:
        """Return a call, whether it is open still or not; None where nobody told of it."""
        ...

    async def page(self, *, after: UUID | None, limit: int) -> list[ListedCall]:
        """Return the calls one can apply under now, in order of their ids, from behind ``after``."""
        ...


class CallBook(Protocol):
    """Where calls are noted that were heard of from the programme service."""

    def opening(self, call: OpenCall, notice: CallNotice, conditions: str) -> Row:
        """Note that a call is open. conditions: JSON, as published; form and rules of the call are read from it."""
        ...

    def closing(self, call_id: UUID) -> Row:
        """Note that a call is closed."""
        ...


class PendingApplications(Protocol):
    """Which applications wait for a decision: one per organisation, programme and role."""

    def entering(self, application: Application) -> Row:
        """Note an application that waits; ApplicationPending where one does already."""
        ...

    def removing(self, application_id: UUID) -> Row:
        """Note that an application waits no more."""
        ...


class SealedTexts(Protocol):
    """What people typed, by the hash that stands for it in events."""

    async def opened(self, sealed_hash: str) -> str | None:
        """Return the text, None where it was erased."""
        ...


class Dealings(Protocol):
    """Which programme offices deal with which organisations."""

    async def offices_of(self, organisation_id: UUID) -> frozenset[UUID]:
        """Return the offices of the programmes an organisation applied to or is invited by."""
        ...


class Reach(Protocol):
    """Which programme offices see to an organisation, or to a person, because it is about their programmes."""

    async def of_organisation(self, organisation_id: UUID) -> frozenset[UUID] | None:
        """Return the offices an organisation deals with, and itself where it is one; empty where there is none yet.

        None where there is no such organisation.
        """
        ...

    async def of_person(self, person_id: UUID) -> frozenset[UUID]:
        """Return the offices that see to the organisations somebody acts or acted for, or is sent by."""
        ...
