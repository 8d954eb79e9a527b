"""What happens to the seats of a meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.aggregate import Aggregate
from interpares.registration.domain.seats.parts import TOOK_PART, Parts
from interpares.registration.domain.seats.rules import Facts, Group, Place, Rules
from interpares.registration.domain.seats.state import Nominee, found, group_of

if TYPE_CHECKING:
    from interpares.registration.domain.seats.plan import SeatPlan


class Change(Aggregate.Event):
    """A change of the seats of a meeting."""


class MeetingNoted(Change):
    """The programme changed the meeting."""

    TOPIC = "registration.seats.meeting-noted.v1"

    revision: int
    facts: Facts

    def apply(self, aggregate: SeatPlan) -> None:
        """Take it up."""
        aggregate.state = replace(aggregate.state, facts=self.facts)


class Freed(Change):
    """All seats are free: the meeting was cancelled."""

    TOPIC = "registration.seats.freed.v1"

    cause: str

    def apply(self, aggregate: SeatPlan) -> None:
        """Nobody has a seat, nobody waits."""
        aggregate.state = replace(aggregate.state, groups=())


class AskedAgain(Change):
    """Whoever has a seat is asked again: the meeting is at another time."""

    TOPIC = "registration.seats.asked-again.v1"

    cause: str
    respond_by: datetime

    def apply(self, aggregate: SeatPlan) -> None:
        """Every seat waits for an answer."""
        state = aggregate.state
        aggregate.state = replace(
            state,
            groups=tuple(
                replace(
                    group,
                    places=tuple(replace(place, accepted=False, respond_by=self.respond_by) for place in group.places),
                )
                if group.seated
                else group
                for group in state.groups
            ),
        )


class RulesSet(Change):
    """The rules seats are given by were set. reason: hex hash of the sealed text."""

    TOPIC = "registration.seats.rules-set.v1"

    rules: Rules
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: SeatPlan) -> None:
        """They hold from here on."""
        aggregate.state = replace(aggregate.state, rules=self.rules)


class Nominated(Change):
    """An organisation nominated people together. number: in the order nominations came. reason: as above."""

    TOPIC = "registration.seats.nominated.v1"

    nomination_id: UUID
    number: int
    organisation_id: UUID
    people: tuple[Nominee, ...]
    waits: bool
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: SeatPlan) -> None:
        """They wait; whether there are seats for them the rules tell next."""
        places = tuple(
            Place(each.seat_id, each.participant_id, self.organisation_id, each.audience, each.language)
            for each in self.people
        )
        group = Group(self.nomination_id, self.number, self.organisation_id, places)
        state = aggregate.state
        aggregate.state = replace(state, groups=(*state.groups, group), nominated=self.number)


class Seated(Change):
    """A group has its seats. cause: ``nominated``, or what made room. respond_by: until when they are held."""

    TOPIC = "registration.seats.seated.v1"

    nomination_id: UUID
    cause: str
    respond_by: datetime

    def apply(self, aggregate: SeatPlan) -> None:
        """It waits no more."""
        state = aggregate.state
        group = group_of(state, self.nomination_id)
        places = tuple(replace(place, respond_by=self.respond_by) for place in group.places)
        aggregate.state = state.changed(self.nomination_id, replace(group, seated=True, places=places))


class Displaced(Change):
    """A group lost its seats and waits again, at the place its number gives it. cause: why there are fewer seats."""

    TOPIC = "registration.seats.displaced.v1"

    nomination_id: UUID
    cause: str

    def apply(self, aggregate: SeatPlan) -> None:
        """It waits."""
        state = aggregate.state
        group = group_of(state, self.nomination_id)
        places = tuple(replace(place, accepted=False, respond_by=None) for place in group.places)
        aggregate.state = state.changed(self.nomination_id, replace(group, seated=False, places=places))


class Accepted(Change):
    """Somebody will come. by: ``person`` through a personal link, or the capacity of whoever said so for them."""

    TOPIC = "registration.seats.accepted.v1"

    seat_id: UUID
    participant_id: UUID
    by: str

    def apply(self, aggregate: SeatPlan) -> None:
        """The seat is theirs."""
        _change_place(aggregate, self.seat_id, accepted=True, respond_by=None)


class Released(Change):
    """A seat, or a place on the waiting list, was given up. cause: declined, withdrawn, expired. reason: may be empty.

    by: as in ``Accepted``; ``rule`` where time ran out.
    """

    TOPIC = "registration.seats.released.v1"

    seat_id: UUID
    participant_id: UUID
    cause: str
    reason_code: str
    reason: str
    by: str

    def apply(self, aggregate: SeatPlan) -> None:
        """It is free."""
        state = aggregate.state
        group, _ = found(state, self.seat_id)
        places = tuple(place for place in group.places if place.seat_id != self.seat_id)
        aggregate.state = state.changed(group.nomination_id, replace(group, places=places))


class Substituted(Change):
    """Somebody else comes instead, on the same seat, and has to answer. by: as in ``Accepted``."""

    TOPIC = "registration.seats.substituted.v1"

    seat_id: UUID
    participant_id: UUID
    substitute_id: UUID
    by: str
    respond_by: datetime

    def apply(self, aggregate: SeatPlan) -> None:
        """The seat is held for the substitute."""
        _change_place(
            aggregate, self.seat_id, participant_id=self.substitute_id, accepted=False, respond_by=self.respond_by
        )


class AttendanceNoted(Change):
    """Who of an organisation attended. attended: people by audience. participants: who, as far as it is known.

    parts: what some of them did beyond taking part.
    """

    TOPIC = "registration.seats.attendance-noted.v1"

    programme_id: UUID
    meeting_id: UUID
    organisation_id: UUID
    version: int
    attended: dict[str, int]
    participants: tuple[UUID, ...]
    reason_code: str
    reason: str
    acting_as: str
    parts: Parts = TOOK_PART

    def apply(self, aggregate: SeatPlan) -> None:
        """Take note of the version."""
        state = aggregate.state
        aggregate.state = replace(state, attended={**state.attended, str(self.organisation_id): self.version})


def _change_place(aggregate: SeatPlan, seat_id: UUID, **changes: object) -> None:
    state = aggregate.state
    group, _ = found(state, seat_id)
    places = tuple(
        replace(place, **changes) if place.seat_id == seat_id else place  # type: ignore[arg-type]
        for place in group.places
    )
    aggregate.state = state.changed(group.nomination_id, replace(group, places=places))
