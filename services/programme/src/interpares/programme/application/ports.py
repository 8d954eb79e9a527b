"""What use cases need from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from interpares.common.aggregate import Aggregate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from interpares.common.sealed import SealedText
    from interpares.programme.domain.decision import Evidence
    from interpares.programme.domain.eligibility import Found
    from interpares.programme.domain.events import Event
    from interpares.programme.domain.known import Circumstances, Known
    from interpares.programme.domain.meetings.events import AttendanceCorrected, MeetingHeld
    from interpares.programme.domain.meetings.prerequisites import Proofs
    from interpares.programme.domain.participation import Applicant

A = TypeVar("A", bound=Aggregate)


class Unit(Protocol):
    """The unit of work: ``interpares.common.commands.UnitOfWork`` as use cases see it."""

    async def load(self, aggregate_class: type[A], aggregate_id: UUID, /) -> A:
        """Return the aggregate. Raises NotFound."""

    async def find(self, aggregate_class: type[A], aggregate_id: UUID, /) -> A | None:
        """Return the aggregate, None if there is none."""

    def save(self, aggregate: Aggregate, /, *, texts: Sequence[SealedText] = ()) -> None:
        """Queue the aggregate's new events and the texts they refer to; the runner writes all of it or nothing."""


class Applicants(Protocol):
    """What registration told of applications to the programmes of this service."""

    async def get(self, application_id: UUID) -> Applicant | None:
        """Return one application, None if it is not known here (yet)."""

    async def competing(self, programme_id: UUID, role: str, strand: str | None) -> tuple[Applicant, ...]:
        """Return the applications to a programme for a role, in the order they came in.

        strand: only those of applicants in this strand; None for all of them. Withdrawn ones are among them.
        """


class Prerequisites(Protocol):
    """What registration told of prerequisites that organisations showed."""

    async def shown(self, programme_id: UUID, organisations: Sequence[UUID]) -> Proofs:
        """Return what is known of organisations: their kind, and what they showed for this programme or for all."""


class Organisations(Protocol):
    """What registration told of organisations."""

    async def told(self, organisation_id: UUID) -> Known | None:
        """Return one organisation, None if it is not known here (yet)."""


class Past(Protocol):
    """What organisations have done, in all programmes of this service."""

    async def of(self, organisation_id: UUID) -> tuple[dict[str, int], dict[str, int]]:
        """Return how many meetings an organisation attended and how many it hosted, by format."""


class Evaluate(Protocol):
    """What the predicates of the template language mean."""

    def __call__(self, predicates: tuple[str, ...], circumstances: Circumstances, /) -> tuple[Found, ...]:
        """Return what each predicate, canonical JSON, finds; in their order."""


class Applications(Protocol):
    """Which decisions applied which rules."""

    async def of_rules(self, programme_id: UUID, paths: tuple[str, ...], version: int) -> tuple[UUID, ...]:
        """Return the decisions that applied a rule at one of the paths or below, in the order they were recorded.

        version: of the programme; what it decided up to there has been looked at. Raises Busy if that takes too long.
        """


class History(Protocol):
    """The events of a programme, as they were recorded."""

    async def event(self, programme_id: UUID, number: int) -> Event:
        """Return one event by its number, counted from 1. Raises LookupError where there is none."""


class Holdings(Protocol):
    """What was recorded of the meetings of a programme that were held."""

    async def holdings(self, programme_id: UUID) -> Sequence[MeetingHeld | AttendanceCorrected]:
        """Return what was recorded of who was there, in its order."""


class Attendances(Protocol):
    """Who came to meetings, as registration recorded it."""

    async def came(self, meeting_id: UUID) -> tuple[UUID, ...]:
        """Return the organisations of which somebody came."""


class Rankings(Protocol):
    """What registration told of rankings it made."""

    async def latest(self, programme_id: UUID, role: str, strand: str | None) -> Evidence | None:
        """Return the last ranking of the applicants for a role as evidence, None if there is none."""
