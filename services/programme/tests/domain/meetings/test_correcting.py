"""Who was at a meeting that was held is put right by a further decision, and what rested on it follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from services.programme.tests.domain.meetings.telling import TALK, TOUR, details, wish

from interpares.common.context import acting
from interpares.programme.domain.decision import Evidence
from interpares.programme.domain.meetings.correcting import Attendance, attendances
from interpares.programme.domain.meetings.errors import (
    MeetingNotHeld,
    NothingChanges,
    PartyNotFitting,
    UnknownMeeting,
)
from interpares.programme.domain.meetings.events import AttendanceCorrected, MeetingChanged, MeetingHeld

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


# What registration recorded


def tell(club: Club, name: str, *, came: bool = True, meeting: str = "talk in graz") -> bool:
    """Let registration tell of an organisation; return whether that was noted."""
    fact = Evidence("attendance:x", 1, "cd" * 32, 7)
    noted = club.programme.note_attendance(
        club.meeting(meeting), club.story.id(name), fact, club.story.grounds(capacity="system"), came=came
    )
    assert noted is None or (noted.decision.evidence, noted.decision.concerns) == ((fact,), (club.story.id(name),))
    return noted is not None


def hold(club: Club, *names: str, meeting: str = "talk in graz") -> None:
    """Record a meeting as held, that in Graz unless said otherwise."""
    with acting(replace(club.story.occasion, now=club.story.now + timedelta(days=120))):
        club.programme.hold(club.meeting(meeting), tuple(map(club.story.id, names)), {}, club.later())


def invited(club: Club) -> set[UUID]:
    """Return who is invited to what follows the talk, for those who were there."""
    follows = f"meeting:{club.meeting()}"
    sequel = wish("sequel", "talk", follows=follows, host=club.story.office)
    return set(club.programme.plan_on_occasion(club.meeting("sequel"), sequel, club.why).invited)


@pytest.fixture
def planned_talk(club: Club) -> Club:
    club.programme.plan_from_duty(club.meeting(), TALK, None, details(), club.why)
    return club


def guests(club: Club) -> list[set[UUID]]:
    """Return who is invited to what follows the talk, by each decision that has changed it since this was asked."""
    club.happened()
    told = [each for each in club.told if isinstance(each, MeetingChanged) and each.changed == ("invited",)]
    club.told.clear()
    assert all(each.decision.follows and each.decision.reason_code == "attendance-known" for each in told)
    return [set(each.invited) for each in told]


def test_whoever_was_at_a_meeting_is_invited_to_what_was_planned_for_those_who_were_there(planned_talk: Club) -> None:
    club = planned_talk
    graz, linz, wels = map(club.story.id, ("graz", "linz", "wels"))
    hold(club, "wels")
    known = recorded(club)
    assert invited(club) == {graz, wels}
    guests(club)

    club.programme.plan_from_duty(club.meeting("tour"), TOUR, None, details(), club.why)
    hold(club, "linz", meeting="tour")
    assert guests(club) == []  # that was no talk

    corrected = club.programme.correct_attendance(club.meeting(), (linz,), known, club.why)
    assert guests(club) == [{graz, linz}]
    known[club.meeting()] = replace(known[club.meeting()], attended=corrected.attended)
    club.programme.correct_attendance(club.meeting(), (), known, club.why)
    assert [tell(club, "wels"), tell(club, "wels", came=False)] == [True, True]
    assert guests(club) == [{graz}, {graz, wels}, {graz}]


def test_a_holding_invites_to_a_meeting_that_is_planned_already(planned_talk: Club) -> None:
    club = planned_talk
    graz, linz, wels = map(club.story.id, ("graz", "linz", "wels"))
    hold(club, "wels")
    assert invited(club) == {graz, wels}
    before = club.now("sequel")
    club.programme.offer_duty("AT.visits.3", (linz,), None, club.later())
    club.programme.accept_duty("AT.visits.3", linz, club.later())
    club.programme.plan_from_duty(club.meeting("another"), "AT.visits.3", None, details(), club.why)
    guests(club)

    hold(club, "wels", meeting="another")

    assert guests(club) == [{graz, linz, wels}]
    assert club.now("sequel") == replace(before, revision=before.revision + 1)


def test_nobody_is_invited_once_the_programme_is_closed(planned_talk: Club) -> None:
    club = planned_talk
    hold(club, "wels")
    known = recorded(club)
    invited(club)
    club.programme.close(club.why)
    club.happened()
    club.programme.correct_attendance(club.meeting(), (club.story.id("linz"),), known, club.why)
    assert club.happened() == ["AttendanceCorrected"]


@pytest.mark.parametrize("when", ["before it was held", "afterwards"])
def test_where_the_own_list_is_empty_those_count_of_whom_registration_told(planned_talk: Club, when: str) -> None:
    club = planned_talk
    if when != "afterwards":
        assert [tell(club, "wels"), tell(club, "wels"), tell(club, "linz", came=False)] == [True, False, False]
    hold(club)
    if when == "afterwards":
        assert [tell(club, "wels"), tell(club, "wels"), tell(club, "linz", came=False)] == [True, False, False]
    assert invited(club) == {club.story.id("graz"), club.story.id("wels")}


def test_what_registration_corrects_counts_as_corrected(planned_talk: Club) -> None:
    tell(planned_talk, "linz")
    hold(planned_talk)
    assert [tell(planned_talk, "wels"), tell(planned_talk, "wels", came=False)] == [True, True]
    assert invited(planned_talk) == {planned_talk.story.id("graz"), planned_talk.story.id("linz")}


def test_the_own_list_of_a_meeting_goes_before_what_registration_tells(planned_talk: Club) -> None:
    tell(planned_talk, "linz")
    hold(planned_talk, "wels")
    assert not tell(planned_talk, "bonn")
    assert planned_talk.programme.state.meetings.told == {}
    assert invited(planned_talk) == {planned_talk.story.id("graz"), planned_talk.story.id("wels")}


def test_a_list_that_is_emptied_or_filled_changes_what_counts(held: Club) -> None:
    emptied = held.programme.correct_attendance(
        held.meeting(), (), recorded(held), held.why, told=(held.story.id("linz"),)
    )
    assert emptied.told == (held.story.id("linz"),)
    assert held.programme.state.meetings.were_at("talk") == {held.story.id("graz"), held.story.id("linz")}
    assert tell(held, "linz", came=False)

    filled = held.programme.correct_attendance(
        held.meeting(), (held.story.id("wels"),), recorded(held), held.why, told=(held.story.id("linz"),)
    )
    assert filled.told == ()
    assert held.programme.state.meetings.were_at("talk") == {held.story.id("graz"), held.story.id("wels")}


def test_of_no_meeting_or_one_that_was_called_off_nothing_is_noted(planned_talk: Club) -> None:
    assert not tell(planned_talk, "wels", meeting="nowhere")
    tell(planned_talk, "wels")
    assert planned_talk.programme.state.meetings.were_at("talk") == frozenset()
    planned_talk.programme.cancel_meeting(planned_talk.meeting(), planned_talk.why)
    assert not tell(planned_talk, "linz")
    assert planned_talk.programme.state.meetings.were_at("talk") == frozenset()
