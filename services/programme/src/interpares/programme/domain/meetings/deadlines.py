"""Deadlines counted from a meeting: which days follow, who owes them, and who is affected when they move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.programme.domain.charter import WHOLE
from interpares.programme.domain.meetings.meeting import Due
from interpares.programme.domain.meetings.rules import HOST, OFFICE, PARTICIPANTS, ROLE
from interpares.programme.domain.participation import holders

if TYPE_CHECKING:
    from interpares.programme.domain.meetings.meeting import Meeting
    from interpares.programme.domain.state import State


@dataclass(frozen=True)
class Moved:
    """A deadline that falls on another day than before. organisations: who owes it, those invited included."""

    key: str
    was: date | None
    day: date
    organisations: tuple[UUID, ...]


def deadlines(meeting: Meeting, state: State) -> tuple[Due, ...]:
    """Return the days that follow from the dates of a meeting, on the calendar of its place; none while they are open.

    A deadline before a meeting is counted back from the day of its start (or end), one behind it forward.
    """
    starts, ends = meeting.details.starts, meeting.details.ends
    if starts is None or ends is None:
        return ()
    rules = sorted(state.charter.meetings.deadlines.values(), key=lambda rule: rule.key)
    return tuple(
        Due(
            key=rule.key,
            day=(ends if rule.from_end else starts).date() + timedelta(days=rule.days),
            owed_by=rule.owed_by,
            organisations=_owed_by(rule.owed_by, meeting, state),
        )
        for rule in rules
        if not rule.formats or meeting.format in rule.formats
    )


def _owed_by(who: str, meeting: Meeting, state: State) -> tuple[UUID, ...]:
    if who.startswith(ROLE):
        strand = None if meeting.strand == WHOLE else meeting.strand
        return tuple(member.organisation for member in holders(state.participations, who.removeprefix(ROLE), strand))
    party = {HOST: meeting.host, OFFICE: state.office, PARTICIPANTS: None}.get(who, meeting.organiser)
    return () if party is None else (party,)


def moved(before: tuple[Due, ...], after: tuple[Due, ...], invited: tuple[UUID, ...]) -> tuple[Moved, ...]:
    """Return the deadlines that fall on another day now, each with those who owe it."""
    was = {due.key: due.day for due in before}
    return tuple(
        Moved(due.key, was.get(due.key), due.day, invited if due.owed_by == PARTICIPANTS else due.organisations)
        for due in after
        if was.get(due.key) != due.day
    )
