"""Who was at a meeting that was held is put right by a further decision, and what rested on it follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from services.programme.tests.domain.meetings.telling import TALK, TOUR, details

from interpares.common.context import acting
from interpares.programme.domain.meetings.correcting import Attendance, attendances
from interpares.programme.domain.meetings.errors import (
    MeetingNotHeld,
    NothingChanges,
    PartyNotFitting,
    UnknownMeeting,
)
from interpares.programme.domain.meetings.events import AttendanceCorrected, MeetingHeld

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from services.programme.tests.domain.meetings.conftest import Club


@pytest.fixture
def held(club: Club) -> Iterator[Club]:
    """The talk in Graz was held, with Wels."""
    club.programme.plan_from_duty(club.meeting(), TALK, None, details(), club.why)
    with acting(replace(club.story.occasion, now=club.story.now + timedelta(days=120))):
        club.programme.hold(club.meeting(), (club.story.id("wels"),), {}, club.later())
        club.happened()
        yield club


def recorded(club: Club) -> dict[UUID, Attendance]:
    club.happened()
    return attendances(each for each in club.told if isinstance(each, MeetingHeld | AttendanceCorrected))


def correct(club: Club, *names: str) -> AttendanceCorrected:
    there = tuple(map(club.story.id, names))
    return club.programme.correct_attendance(club.meeting(), there, recorded(club), club.why)


def test_a_correction_names_the_decision_it_corrects_and_who_was_there(held: Club) -> None:
    graz, wels, linz = map(held.story.id, ("graz", "wels", "linz"))
    holding = recorded(held)[held.meeting()].decision

    told = correct(held, "linz", "linz")

    assert (told.attended, told.removed, told.seen) == ((graz, linz), (wels,), None)
    assert (told.decision.corrects, told.decision.type) == (holding, "attendance-correction")
    assert set(held.programme.state.meetings.attended["talk"]) == {graz, linz}
    assert recorded(held)[held.meeting()].attended == (graz, linz)


def test_it_can_be_put_right_again(held: Club) -> None:
    first = correct(held, "linz")
    again = correct(held, "wels", "linz")

    assert (again.seen, again.decision.corrects) == (first.event_id, first.decision.corrects)
    assert again.removed == ()
    assert set(held.programme.state.meetings.attended["talk"]) == set(map(held.story.id, ("graz", "linz", "wels")))


@pytest.mark.parametrize(("form", "removed"), [("talk", ()), ("tour", ("wels",))])
def test_whoever_was_at_another_meeting_of_the_format_still_was(
    held: Club, form: str, removed: tuple[str, ...]
) -> None:
    known = recorded(held)
    first = known[held.meeting()]
    other = replace(first, meeting=replace(first.meeting, id=held.story.id("other"), format=form))

    told = held.programme.correct_attendance(held.meeting(), (), known | {other.meeting.id: other}, held.why)

    assert told.removed == tuple(map(held.story.id, removed))


def test_only_what_was_held_is_put_right_and_only_where_it_was_wrong(held: Club) -> None:
    with pytest.raises(NothingChanges):
        correct(held, "wels")
    with pytest.raises(PartyNotFitting) as refused:
        correct(held, "wels", "nobody")
    assert refused.value.field == "attended.1"
    with pytest.raises(UnknownMeeting):
        held.programme.correct_attendance(held.meeting("none"), (), recorded(held), held.why)
    held.programme.plan_from_duty(held.meeting("ahead"), TOUR, None, details(starts=None, ends=None, zone=""), held.why)
    with pytest.raises(MeetingNotHeld):
        held.programme.correct_attendance(held.meeting("ahead"), (), recorded(held), held.why)
