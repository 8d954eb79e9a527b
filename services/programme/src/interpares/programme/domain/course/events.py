"""What happens in the course of a programme; stored for ever like all events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.programme.domain.course.state import Deliverable, Handed
from interpares.programme.domain.events import Event
from interpares.programme.domain.state import Stage

if TYPE_CHECKING:
    from interpares.programme.domain.programme import Programme
    from interpares.programme.domain.state import State


@dataclass(frozen=True)
class Responsibility:
    """A participant is in charge of a task, which is a code such as ``conference-2``."""

    organisation: UUID
    task: str


@dataclass(frozen=True)
class Agreement:
    """What the partners agreed in their joint workshop.

    goals, themes, activities: keys of the template; activities are formats. costs: in the currency, for the whole
    programme. starts, ends: of the schedule, both included. minutes: hex SHA-256 of them, empty if there are none.
    """

    goals: tuple[str, ...]
    themes: tuple[str, ...]
    activities: tuple[str, ...]
    costs: Decimal
    currency: str
    starts: date
    ends: date
    responsibilities: tuple[Responsibility, ...]
    participants: tuple[UUID, ...]
    minutes: str = ""


class InitiationBegan(Event):
    """Partners are won, committees involved, visits made."""

    TOPIC = "programme.programme.initiation-begun.v1"

    def apply(self, aggregate: Programme) -> None:
        """Let partners join."""
        aggregate.state.stage = Stage.INITIATION


class WorkshopAgreed(Event):
    """The partners agreed what they want; agreed again, it replaces what was agreed before."""

    TOPIC = "programme.programme.workshop-agreed.v1"
    agreement: Agreement

    def apply(self, aggregate: Programme) -> None:
        """Open the way to the grant application."""
        aggregate.state.stage = Stage.AGREED


class GrantApplied(Event):
    """The carrier applied to the funder. ``number`` counts from 1; document_hash: hex SHA-256 of the application."""

    TOPIC = "programme.programme.grant-applied.v1"
    number: int
    amount: Decimal
    currency: str
    submitted_on: date
    document_hash: str

    def apply(self, aggregate: Programme) -> None:
        """Wait for the funder."""
        aggregate.state.stage = Stage.GRANT_APPLIED
        aggregate.state.course.grant_applications = self.number


class GrantGranted(Event):
    """The funder grants; the term is fixed by that. How much is granted is a decision on money."""

    TOPIC = "programme.programme.grant-granted.v1"
    number: int
    starts: date
    ends: date | None

    def apply(self, aggregate: Programme) -> None:
        """Run the programme from here on."""
        aggregate.state.stage = Stage.RUNNING
        _set_term(aggregate.state, self.starts, self.ends)


class GrantRefused(Event):
    """The funder refuses; another application can follow."""

    TOPIC = "programme.programme.grant-refused.v1"
    number: int

    def apply(self, aggregate: Programme) -> None:
        """Go back to what was agreed."""
        aggregate.state.stage = Stage.AGREED


class ProgrammeOpened(Event):
    """A standing programme is open to those who want to join."""

    TOPIC = "programme.programme.opened.v1"

    def apply(self, aggregate: Programme) -> None:
        """Run the programme from here on."""
        aggregate.state.stage = Stage.RUNNING


class TermSet(Event):
    """The term is fixed, or changed. ``ends``: None if it is open."""

    TOPIC = "programme.programme.term-set.v1"
    starts: date
    ends: date | None

    def apply(self, aggregate: Programme) -> None:
        """Count milestones from it; a constituted programme that needs no grant runs from here on."""
        state = aggregate.state
        if state.stage is Stage.AGREED:
            state.stage = Stage.RUNNING
        _set_term(state, self.starts, self.ends)


class PhaseBegun(Event):
    """The programme is in another phase."""

    TOPIC = "programme.programme.phase-begun.v1"
    phase: str

    def apply(self, aggregate: Programme) -> None:
        """Remember it."""
        aggregate.state.course.phase = self.phase


class DeliverableHandedIn(Event):
    """A participant handed in. deliverable: phase, milestone and key with dots; document_hash: hex SHA-256."""

    TOPIC = "programme.programme.deliverable-handed-in.v1"
    deliverable: str
    organisation: UUID
    version: int
    document_hash: str

    def apply(self, aggregate: Programme) -> None:
        """Wait for the office."""
        _hand(aggregate.state, self, Handed.HANDED_IN)


class DeliverableAccepted(Event):
    """The office accepts what was handed in."""

    TOPIC = "programme.programme.deliverable-accepted.v1"
    deliverable: str
    organisation: UUID
    version: int

    def apply(self, aggregate: Programme) -> None:
        """Close it."""
        _hand(aggregate.state, self, Handed.ACCEPTED)


class DeliverableReturned(Event):
    """The office sends back what was handed in; another version is due."""

    TOPIC = "programme.programme.deliverable-returned.v1"
    deliverable: str
    organisation: UUID
    version: int

    def apply(self, aggregate: Programme) -> None:
        """Wait for another version."""
        _hand(aggregate.state, self, Handed.RETURNED)


class IndicatorRecorded(Event):
    """What a goal is measured by was measured. ``reached``: the target is."""

    TOPIC = "programme.programme.indicator-recorded.v1"
    OUTLIVES = True
    goal: str
    indicator: str
    value: Decimal
    measured_on: date
    reached: bool

    def apply(self, aggregate: Programme) -> None:
        """Change nothing: values are for readers."""


def _set_term(state: State, starts: date, ends: date | None) -> None:
    state.course.starts, state.course.ends = starts, ends


def _hand(state: State, event: DeliverableHandedIn | DeliverableAccepted | DeliverableReturned, status: Handed) -> None:
    state.course.deliverables[f"{event.deliverable}.{event.organisation}"] = Deliverable(event.version, status)
