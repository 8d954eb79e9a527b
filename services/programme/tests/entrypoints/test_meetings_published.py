"""Every decision about meetings leaves the service as its contract says, the meeting whole."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from services.programme.tests.domain.meetings.telling import TALK, TERMS, TOUR, details, fact, society, wish

from interpares.common.context import acting
from interpares.common.contracts.programme import Decided, meetings
from interpares.common.eventstore import Recorded
from interpares.programme.domain.decision import Evidence, Source, SourceKind
from interpares.programme.domain.meetings.correcting import attendances
from interpares.programme.domain.meetings.planning import Changes
from interpares.programme.domain.meetings.prerequisites import Shown
from interpares.programme.entrypoints.publications import publish

if TYPE_CHECKING:
    from services.programme.tests.conftest import Story

    from interpares.common.contracts.contract import Contract

CONTRACTS = {
    contract
    for _, contract in inspect.getmembers(meetings, inspect.isclass)
    if issubclass(contract, Decided) and contract not in {Decided, meetings.MeetingDecided}
}


@pytest.fixture
def told(story: Story) -> list[Contract]:
    """Everything that can be decided about meetings, as others hear of it."""
    programme = story.running(*society(story))
    why, wels, graz = story.grounds(), story.id("wels"), story.id("graz")
    later = story.grounds(source=Source(SourceKind.RETROSPECTIVE))
    needed = tuple(fact(kind) for kind in ("named-head", "political-resolution", "team"))
    talk, tour = story.id("talk"), story.id("tour")
    programme.propose(story.id("asked"), wels, wish("mission", "talk"), why)
    programme.refuse_proposal(story.id("asked"), why)
    programme.plan_from_duty(talk, TALK, None, details(venue=None), why)
    programme.change_meeting(talk, Changes({"venue": details().venue}), None, why)
    made = programme.draft_agreement(talk, TERMS, why).agreement
    programme.grant_exception(graz, "resolution", date(2026, 4, 1), why)
    programme.end_exception(graz, "resolution", why)
    for side in made.sides:
        programme.approve_agreement(talk, side, made.hash, why)
    programme.confirm_meeting(talk, {graz: Shown("", needed)}, why)
    starts = datetime(2026, 7, 1, 9, 0)  # noqa: DTZ001 -- local by intent
    programme.reschedule(talk, starts, starts + timedelta(hours=3), "Europe/Vienna", why)
    with acting(replace(story.occasion, now=story.now + timedelta(days=200))):
        held = programme.hold(talk, (wels,), {}, later)
        programme.correct_attendance(talk, (), attendances([held]), why)
        programme.note_attendance(talk, wels, Evidence("attendance:x", 1, "cd" * 32, 7), why, came=True)
    programme.plan_from_duty(tour, TOUR, None, details(starts=None, ends=None, zone=""), why)
    programme.cancel_meeting(tour, why)
    published = [publish(Recorded(1, event)) for event in programme.collect_events()]
    assert all(published)
    return [each.contract for each in published if each]


def of(told: list[Contract], kind: type[Contract]) -> Any:
    return next(each for each in told if type(each) is kind)


def test_every_kind_of_decision_is_published(told: list[Contract]) -> None:
    assert {type(each) for each in told} == CONTRACTS


def test_a_meeting_is_told_whole_and_its_address_once_it_is_confirmed(told: list[Contract], story: Story) -> None:
    confirmed = of(told, meetings.MeetingConfirmed)
    assert confirmed.meeting.model_dump(mode="json") == {
        "meeting_id": str(story.id("talk")),
        "revision": 3,
        "status": "confirmed",
        "title": {"de": "Gespräch", "en": "Talk"},
        "format": "talk",
        "mode": "on-site",
        "strand": "AT",
        "duty": TALK,
        "host_id": str(story.id("graz")),
        "organiser_id": str(story.id("graz")),
        "venue": {"place": "Graz", "country": "AT", "address": "Hauptplatz 1"},
        "starts_local": "2026-06-10T09:00:00",
        "ends_local": "2026-06-11T16:00:00",
        "zone": "Europe/Vienna",
        "audiences": ["mayors"],
        "themes": ["energy"],
        "languages": ["de"],
        "invited": [str(story.id("linz")), str(story.id("wels"))],
        "seats": 40,
        "follows": None,
    }
    assert len(confirmed.deadlines) == 5
    assert of(told, meetings.MeetingChanged).meeting.venue.address == ""
    assert of(told, meetings.MeetingPlanned).meeting.venue is None
    assert of(told, meetings.MeetingHeld).meeting.venue.address == "Hauptplatz 1"


def test_deadlines_that_move_are_told_with_those_who_owe_them(told: list[Contract], story: Story) -> None:
    moved = of(told, meetings.MeetingRescheduled)
    names = next(each for each in moved.moved if each.key == "names")
    assert (names.was, names.day, names.owed_by) == (date(2026, 5, 27), date(2026, 6, 17), "participants")
    assert names.organisations == moved.meeting.invited
    assert set(moved.told) == {story.id(name) for name in ("graz", "linz", "wels")} | {story.office}
    assert moved.meeting.status == "planned"


def test_what_has_no_dates_yet_says_so(told: list[Contract]) -> None:
    cancelled = of(told, meetings.MeetingCancelled)
    assert (cancelled.notice_days, cancelled.meeting.starts_local, cancelled.meeting.zone) == (None, None, None)
    assert cancelled.deadlines == ()
