"""Facilitators: what they are qualified for, when they are available, and for how many days they are taken."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from interpares.common.aggregate import Aggregate, Snapshot
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.joining_refusals import NotAvailable, QualificationUnknown, WindowUnknown
from interpares.registration.domain.mandate import Term

FACILITATORS = UUID("7a0d7c52-51a1-5f0e-9c36-3a4f6b7d1e02")


def facilitator_id(person_id: UUID) -> UUID:
    """Return the id of what is known of a person as a facilitator; it follows from theirs."""
    return uuid5(FACILITATORS, str(person_id))


@dataclass(frozen=True)
class Window:
    """A period in which a facilitator can be had, for some days in all."""

    term: Term
    days: int


@dataclass(frozen=True)
class Booking:
    """Days that are taken, out of which window."""

    window_id: UUID
    days: int


@dataclass(frozen=True)
class State:
    """What decisions about a facilitator rest on. bookings: by mandate."""

    person_id: UUID
    qualifications: tuple[UUID, ...] = ()
    windows: dict[UUID, Window] = field(default_factory=dict)
    bookings: dict[UUID, Booking] = field(default_factory=dict)

    def left(self, window_id: UUID) -> int:
        """Return how many days of a window are not taken."""
        taken = sum(booking.days for booking in self.bookings.values() if booking.window_id == window_id)
        return self.windows[window_id].days - taken


class Change(Aggregate.Event):
    """A change of what is known of a facilitator; titles of qualifications lie in a table."""


class Noted(Change):
    """A base for what somebody noted with a reason."""

    reason_code: str
    reason: str
    acting_as: str


class QualificationAdded(Noted):
    """There is a qualification."""

    TOPIC = "registration.facilitator.qualification-added.v1"

    qualification_id: UUID

    def apply(self, aggregate: Facilitator) -> None:
        """It counts."""
        known = (*aggregate.state.qualifications, self.qualification_id)
        aggregate.state = replace(aggregate.state, qualifications=known)


class QualificationRemoved(Noted):
    """It was none, or is no longer."""

    TOPIC = "registration.facilitator.qualification-removed.v1"

    qualification_id: UUID

    def apply(self, aggregate: Facilitator) -> None:
        """It counts no more."""
        left = tuple(each for each in aggregate.state.qualifications if each != self.qualification_id)
        aggregate.state = replace(aggregate.state, qualifications=left)


class AvailabilityGiven(Noted):
    """There is a period in which the facilitator can be had."""

    TOPIC = "registration.facilitator.availability-given.v1"

    window_id: UUID
    window: Window

    def apply(self, aggregate: Facilitator) -> None:
        """It can be taken."""
        aggregate.state = replace(aggregate.state, windows={**aggregate.state.windows, self.window_id: self.window})


class AvailabilityWithdrawn(Noted):
    """The period is gone."""

    TOPIC = "registration.facilitator.availability-withdrawn.v1"

    window_id: UUID

    def apply(self, aggregate: Facilitator) -> None:
        """It can be taken no more."""
        left = {each: window for each, window in aggregate.state.windows.items() if each != self.window_id}
        aggregate.state = replace(aggregate.state, windows=left)


class DaysTaken(Change):
    """Days were agreed for an accompaniment."""

    TOPIC = "registration.facilitator.days-taken.v1"

    mandate_id: UUID
    window_id: UUID
    days: int

    def apply(self, aggregate: Facilitator) -> None:
        """They are not free any more."""
        booking = Booking(self.window_id, self.days)
        aggregate.state = replace(aggregate.state, bookings={**aggregate.state.bookings, self.mandate_id: booking})


class DaysGivenBack(Change):
    """An accompaniment was ended before its time: its days are free again."""

    TOPIC = "registration.facilitator.days-given-back.v1"

    mandate_id: UUID

    def apply(self, aggregate: Facilitator) -> None:
        """They can be taken again."""
        left = {each: booking for each, booking in aggregate.state.bookings.items() if each != self.mandate_id}
        aggregate.state = replace(aggregate.state, bookings=left)


class Facilitator(Aggregate):
    """One person as a facilitator."""

    TOPIC = "registration.facilitator"
    Event = Change
    if TYPE_CHECKING:
        state: State

    class Created(Change, Aggregate.Created):
        """A person is known as a facilitator."""

        TOPIC = "registration.facilitator.known.v1"

        person_id: UUID

        def apply(self, aggregate: Facilitator) -> None:
            """Take up what decisions rest on."""
            aggregate.state = State(self.person_id)

    @classmethod
    def know(cls, person_id: UUID) -> Facilitator:
        """Know somebody as a facilitator."""
        return cls._create(cls.Created, id=facilitator_id(person_id), person_id=person_id)

    def add_qualification(self, qualification_id: UUID, grounds: Grounds) -> None:
        """Note a qualification."""
        self.trigger_event(QualificationAdded, qualification_id=qualification_id, **_told(grounds))

    def remove_qualification(self, qualification_id: UUID, grounds: Grounds) -> None:
        """Note that it counts no more. Raises QualificationUnknown."""
        if qualification_id not in self.state.qualifications:
            raise QualificationUnknown
        self.trigger_event(QualificationRemoved, qualification_id=qualification_id, **_told(grounds))

    def give_availability(self, window_id: UUID, window: Window, grounds: Grounds) -> None:
        """Note a period in which the facilitator can be had."""
        self.trigger_event(AvailabilityGiven, window_id=window_id, window=window, **_told(grounds))

    def withdraw_availability(self, window_id: UUID, grounds: Grounds) -> None:
        """Note that the period is gone. Raises WindowUnknown where there is none, or days of it are taken."""
        state = self.state
        if window_id not in state.windows or state.left(window_id) < state.windows[window_id].days:
            raise WindowUnknown
        self.trigger_event(AvailabilityWithdrawn, window_id=window_id, **_told(grounds))

    def take_days(self, mandate_id: UUID, term: Term, days: int) -> None:
        """Take days out of the period a term lies in, the fullest of several that suit. Raises NotAvailable."""
        around = [
            window_id
            for window_id, window in self.state.windows.items()
            if window.term.starts_on <= term.starts_on and term.ends_on <= window.term.ends_on
        ]
        left = {window_id: self.state.left(window_id) for window_id in around}
        fitting = [window_id for window_id in around if left[window_id] >= days]
        if not fitting:
            raise NotAvailable.with_days(max(left.values(), default=None))
        window_id = min(fitting, key=lambda each: (left[each], str(each)))
        self.trigger_event(DaysTaken, mandate_id=mandate_id, window_id=window_id, days=days)

    def give_back(self, mandate_id: UUID) -> None:
        """Free the days of an accompaniment that was ended before its time; none were taken for any other."""
        if mandate_id in self.state.bookings:
            self.trigger_event(DaysGivenBack, mandate_id=mandate_id)


def _told(grounds: Grounds) -> dict[str, str]:
    return {"reason_code": grounds.reason_code, "reason": grounds.reason, "acting_as": grounds.capacity}


class FacilitatorSnapshot(Snapshot):
    """A facilitator at a version."""

    TOPIC = "registration.facilitator.snapshot"
    AGGREGATE = Facilitator
    state: State
