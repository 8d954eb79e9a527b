"""Meetings nobody owes: asked for, offered, following others; taken up, declined, withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from services.programme.tests.domain.meetings.telling import TALK, details, wish

from interpares.programme.domain.errors import NotParticipating, ProgrammeNotRunning, UnknownStrand
from interpares.programme.domain.meetings.errors import (
    MeetingNotFitting,
    MeetingNotProposed,
    PartyNotFitting,
    SourceNotFitting,
    UnknownMeeting,
    UnknownOccasion,
)
from interpares.programme.domain.meetings.meeting import MeetingStatus
from interpares.programme.domain.meetings.planning import Changes

if TYPE_CHECKING:
    from services.programme.tests.domain.meetings.conftest import Club

JANUARY = details(
    starts=datetime(2026, 1, 10, 9, 0),  # noqa: DTZ001 -- local by intent
    ends=datetime(2026, 1, 10, 16, 0),  # noqa: DTZ001 -- as above
)


def test_a_request_has_no_host_and_an_offer_has(club: Club) -> None:
    wels, linz = club.story.id("wels"), club.story.id("linz")
    asked = club.programme.propose(club.meeting("a"), wels, wish("mission", "talk"), club.why)
    offered = club.programme.propose(club.meeting("b"), linz, wish("open-door", "tour"), club.why)

    assert (asked.opened_by, asked.meeting.status, asked.meeting.asked_by) == ("request", MeetingStatus.PROPOSED, wels)
    assert (asked.meeting.host, asked.meeting.organiser, asked.due) == (None, None, ())
    assert (offered.opened_by, offered.meeting.host, offered.meeting.strand) == ("offer", linz, "AT")
    assert offered.decision.rule == club.programme.state.charter.meetings.occasions["open-door"].ref


def test_a_proposal_is_taken_up_as_it_was_or_changed(club: Club) -> None:
    story, programme = club.story, club.programme
    programme.propose(club.meeting(), story.id("wels"), wish("mission", "talk"), club.why)
    taken = programme.take_up(club.meeting(), Changes({"seats": 12}, host=story.id("bonn")), club.why)

    assert (taken.meeting.status, taken.meeting.revision) == (MeetingStatus.PLANNED, 2)
    assert (taken.meeting.host, taken.meeting.organiser) == (story.id("bonn"), story.office)
    assert taken.changed == ("status", "host_id", "organiser_id", "seats")
    assert taken.invited == (story.id("wels"),)
    assert taken.decision.outcome == "taken-up"
    with pytest.raises(MeetingNotProposed):
        programme.take_up(club.meeting(), Changes(), club.why)
    organised = programme.change_meeting(club.meeting(), Changes(organiser=story.id("linz")), None, club.why)
    assert organised.meeting.organiser == story.id("linz")


def test_a_proposal_is_declined_or_withdrawn(club: Club) -> None:
    for name, act, status in (
        ("a", club.programme.refuse_proposal, MeetingStatus.DECLINED),
        ("b", club.programme.withdraw_proposal, MeetingStatus.WITHDRAWN),
    ):
        club.programme.propose(club.meeting(name), club.story.id("wels"), wish("mission", "talk"), club.why)
        told = act(club.meeting(name), club.why)
        assert (told.meeting.status, told.decision.outcome, told.due) == (status, status.value, ())
        with pytest.raises(MeetingNotProposed):
            act(club.meeting(name), club.why)


def test_only_what_the_rule_allows_is_asked_for(club: Club) -> None:
    programme, story, why = club.programme, club.story, club.why
    refusals: tuple[tuple[str, Any, type[Any]], ...] = (
        ("nobody", wish("mission", "talk"), NotParticipating),
        ("wels", wish("unheard-of", "talk"), UnknownOccasion),
        ("linz", wish("mission", "talk"), PartyNotFitting),
        ("wels", wish("mission", "tour"), MeetingNotFitting),
        ("wels", wish("mission", "talk", strand="FR"), UnknownStrand),
        ("wels", wish("sequel", "talk"), SourceNotFitting),
        ("wels", wish("mission", "talk", follows=f"output:{story.id('?')}"), SourceNotFitting),
        ("wels", wish("mission", "talk", follows="rumour"), SourceNotFitting),
    )
    for who, wanted, error in refusals:
        with pytest.raises(error):
            programme.propose(club.meeting(), story.id(who), wanted, why)
    with pytest.raises(PartyNotFitting):
        programme.plan_on_occasion(club.meeting(), wish("mission", "talk", host=story.id("nobody")), why)
    with pytest.raises(UnknownMeeting):
        programme.refuse_proposal(club.meeting(), why)
    drafted = story.past(story.drafted())
    with pytest.raises(ProgrammeNotRunning):
        drafted.plan_on_occasion(club.meeting(), wish("mission", "talk"), why)


def test_a_sequel_follows_what_was_held_in_its_strand_for_those_who_were_there(club: Club) -> None:
    story, programme = club.story, club.programme
    programme.plan_from_duty(club.meeting(), TALK, None, JANUARY, club.later())
    follows = f"meeting:{club.meeting()}"
    sequel = wish("sequel", "talk", follows=follows, host=story.office)
    with pytest.raises(SourceNotFitting):
        programme.plan_on_occasion(club.meeting("b"), sequel, club.why)
    programme.hold(club.meeting(), (story.id("wels"),), {}, club.later())

    told = programme.plan_on_occasion(club.meeting("b"), sequel, club.why)
    assert (told.meeting.strand, told.meeting.follows) == ("AT", follows)
    assert told.invited == (story.id("graz"), story.id("wels"))


def test_who_belongs_to_no_one_strand_asks_for_all(club: Club) -> None:
    told = club.programme.plan_on_occasion(club.meeting(), wish("mission", "fair"), club.why)
    assert told.meeting.strand == "all"
    named = club.programme.plan_on_occasion(club.meeting("b"), wish("mission", "fair", strand="DE"), club.why)
    assert named.meeting.strand == "DE"


def test_guests_come_besides_those_of_the_rule_and_the_host_is_none(club: Club) -> None:
    story = club.story
    guests = (story.id("university"), story.id("linz"), story.id("wels"))
    wanted = wish("mission", "talk", host=story.id("linz"), details=replace(details(), guests=guests))
    told = club.programme.plan_on_occasion(club.meeting(), wanted, club.why)
    assert told.invited == (story.id("wels"), story.id("university"))


def test_a_meeting_nobody_owes_is_held_and_called_off_without_a_duty(club: Club) -> None:
    wanted = wish("mission", "talk", host=club.story.id("wels"), details=JANUARY)
    for name in ("a", "b"):
        club.programme.plan_on_occasion(club.meeting(name), wanted, club.later())
    club.happened()
    club.programme.hold(club.meeting("a"), (), {}, club.later())
    club.programme.cancel_meeting(club.meeting("b"), club.why)
    assert club.happened() == ["MeetingHeld", "MeetingCancelled"]
