"""What decisions about seats rest on: the groups that have seats or wait for them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

from interpares.registration.domain.seats.refusals import SeatGone
from interpares.registration.domain.seats.rules import Facts, Group, Place, Rules


@dataclass(frozen=True)
class Nominee:
    """Somebody who is nominated."""

    seat_id: UUID
    participant_id: UUID
    audience: str
    language: str


@dataclass(frozen=True)
class State:
    """What decisions about seats rest on. groups: in the order they came. attended: version by organisation."""

    programme_id: UUID
    meeting_id: UUID
    facts: Facts
    rules: Rules = field(default_factory=Rules)
    groups: tuple[Group, ...] = ()
    nominated: int = 0
    attended: dict[str, int] = field(default_factory=dict)

    def changed(self, nomination_id: UUID, group: Group | None) -> State:
        """Return the state with another group in place of one; None leaves it out."""
        found = [group if each.nomination_id == nomination_id else each for each in self.groups]
        return replace(self, groups=tuple(each for each in found if each is not None and each.places))


def group_of(state: State, nomination_id: UUID) -> Group:
    """Return the group of a nomination that was not given up."""
    return next(group for group in state.groups if group.nomination_id == nomination_id)


def found(state: State, seat_id: UUID) -> tuple[Group, Place]:
    """Return a seat, or a place on the waiting list, with its group. Raises SeatGone."""
    for group in state.groups:
        for place in group.places:
            if place.seat_id == seat_id:
                return group, place
    raise SeatGone
