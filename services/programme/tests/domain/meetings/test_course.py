"""The course of a meeting that is owed: planned, confirmed at the gate, moved, cancelled, held."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from services.programme.tests.domain.meetings.telling import TALK, TOUR, details, wish

from interpares.common.context import acting
from interpares.programme.domain.decision import Alternative, Evidence
from interpares.programme.domain.duties import Status
from interpares.programme.domain.errors import MomentNotFitting, UnknownDuty
from interpares.programme.domain.meetings import events
from interpares.programme.domain.meetings.deadlines import Moved
from interpares.programme.domain.meetings.errors import (
    DatesNotFitting,
    DutyNotAccepted,
    GateClosed,
    HostFromDuty,
    MeetingAlreadyConfirmed,
    MeetingBegun,
    MeetingChangedMeanwhile,
    MeetingHasDate,
    MeetingNotAhead,
    MeetingNotConfirmed,
    MeetingNotFitting,
    MeetingNotOver,
    NothingChanges,
    PartyNotFitting,
    PrerequisitesMissing,
    UnknownMeeting,
)
from interpares.programme.domain.meetings.meeting import Due, Meeting, MeetingStatus, Mode, Venue
from interpares.programme.domain.meetings.planning import Changes
from interpares.programme.domain.meetings.prerequisites import Shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from services.programme.tests.conftest import Story
    from services.programme.tests.domain.meetings.conftest import Club

LINZ_TALK = "AT.visits.3"
JULY = (datetime(2026, 7, 1, 10, 0), datetime(2026, 7, 1, 12, 0), "Europe/Vienna")  # noqa: DTZ001 -- local by intent


def on(story: Story, day: datetime) -> Any:
    """Let it be another day."""
    return acting(replace(story.occasion, now=day))


@pytest.fixture
def over(confirmed: Club) -> Iterator[Club]:
    """The meeting has ended a while ago."""
    with on(confirmed.story, confirmed.story.now + timedelta(days=120)):
        yield confirmed


def test_a_meeting_is_planned_from_its_duty(club: Club) -> None:
    told = club.programme.plan_from_duty(club.meeting(), TALK, None, details(), club.why)

    graz, linz, wels = (club.story.id(name) for name in ("graz", "linz", "wels"))
    completed = details(audiences=("mayors",), themes=("energy",))
    assert told.meeting == Meeting(
        id=club.meeting(),
        revision=1,
        status=MeetingStatus.PLANNED,
        rule="hosting.visits",
        format="talk",
        strand="AT",
        duty=TALK,
        host=graz,
        organiser=graz,
        asked_by=None,
        follows="",
        details=completed,
    )
    assert told.invited == (linz, wels)
    assert told.due == (
        Due("agenda", date(2026, 5, 11), "host", (graz,)),
        Due("minutes", date(2026, 6, 18), "organiser", (graz,)),
        Due("names", date(2026, 5, 27), "participants", ()),
        Due("report", date(2026, 7, 11), "office", (club.story.office,)),
        Due("review", date(2026, 6, 24), "role:guest", (wels,)),
    )
    assert told.decision == club.story.decision(
        "meeting-planning",
        f"meeting:{club.meeting()}",
        "planned",
        concerns=(graz,),
        rule=club.programme.state.charter.hosting["visits"].ref,
        alternatives=(Alternative(ground="fits", option="not-plan"),),
    )
    assert club.happened() == ["MeetingPlanned", "DutyScheduled"]
    scheduled = club.told[-1]
    assert (scheduled.decision.follows, scheduled.decision.reason_code) == (told.event_id, "meeting-planned")
    assert club.programme.state.duties[TALK].status is Status.SCHEDULED


def test_only_a_duty_that_has_its_host_and_no_meeting_is_planned(planned: Club) -> None:
    for duty, error in ((TALK, DutyNotAccepted), (LINZ_TALK, DutyNotAccepted), ("AT.visits.9", UnknownDuty)):
        with pytest.raises(error):
            planned.programme.plan_from_duty(planned.meeting("other"), duty, None, details(), planned.why)


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"mode": Mode.ONLINE}, MeetingNotFitting, "mode"),
        ({"audiences": ("kings",)}, MeetingNotFitting, "audiences"),
        ({"themes": ("energy", "weather")}, MeetingNotFitting, "themes"),
        ({"ends": None}, DatesNotFitting, "ends"),
        ({"zone": ""}, DatesNotFitting, "zone"),
        ({"starts": None}, DatesNotFitting, "starts"),
        ({"ends": datetime(2026, 6, 10, 9, 0)}, DatesNotFitting, "ends"),  # noqa: DTZ001 -- local by intent
        ({"starts": datetime(2026, 2, 10, 9, 0)}, MomentNotFitting, "starts"),  # noqa: DTZ001 -- as above
        ({"ends": datetime(9998, 6, 10, 9, 0)}, DatesNotFitting, "starts"),  # noqa: DTZ001 -- as above
        ({"zone": "Europe/Atlantis"}, MomentNotFitting, "starts"),
    ],
)
def test_a_meeting_fits_its_format_and_lies_ahead(
    club: Club, changes: dict[str, Any], error: type[Any], field: str
) -> None:
    with pytest.raises(error) as refused:
        club.programme.plan_from_duty(club.meeting(), TOUR, None, details(**changes), club.why)
    assert refused.value.field == field


def test_an_organiser_by_rule_is_no_other(club: Club) -> None:
    with pytest.raises(PartyNotFitting):
        club.programme.plan_from_duty(club.meeting(), TALK, club.story.id("linz"), details(), club.why)


def test_a_meeting_is_confirmed_on_agreement_and_facts(agreed: Club, proofs: dict[UUID, Shown]) -> None:
    told = agreed.programme.confirm_meeting(agreed.meeting(), proofs, agreed.why)

    agreement = agreed.standing().agreement
    assert agreement is not None
    facts = proofs[agreed.story.id("graz")].facts
    assert told.decision.evidence == (
        Evidence(f"agreement:{agreed.meeting()}", 1, agreement.hash, 0),
        *(Evidence(f"prerequisite:{each.fact_id}", 2, "cd" * 32, 5) for each in facts[:2]),
    )
    assert (told.version, told.hash, told.changed) == (1, agreement.hash, ("status",))
    assert told.meeting.status is MeetingStatus.CONFIRMED
    with pytest.raises(MeetingAlreadyConfirmed):
        agreed.programme.confirm_meeting(agreed.meeting(), proofs, agreed.why)


def test_the_gate_lists_all_that_is_missing(club: Club, proofs: dict[UUID, Shown]) -> None:
    plan = wish("sequel", "talk", follows="", details=details(venue=None, starts=None, ends=None, zone=""))
    club.programme.propose(club.meeting(), club.story.id("wels"), replace(plan, occasion="mission"), club.why)
    with pytest.raises(MeetingNotAhead):
        club.programme.gate(club.meeting(), proofs, date(2026, 3, 1))
    club.programme.take_up(club.meeting(), Changes(), club.why)

    gate = club.programme.gate(club.meeting(), proofs, date(2026, 3, 1))
    assert gate.lacks == ("host", "dates", "venue", "agreement")
    assert (gate.open, gate.unapproved) == (False, ())
    with pytest.raises(GateClosed) as refused:
        club.programme.confirm_meeting(club.meeting(), proofs, club.why)
    assert [item["field"] for item in refused.value.items] == ["host", "dates", "venue", "agreement"]

    club.programme.change_meeting(
        club.meeting(), Changes({"venue": Venue("Wels", "AT")}, host=club.story.id("linz")), None, club.why
    )
    gate = club.programme.gate(club.meeting(), proofs, date(2026, 3, 1))
    assert gate.lacks == ("dates", "address", "agreement")
    assert [(each.prerequisite, each.organisation) for each in gate.due.missing] == [
        ("head", club.story.id("linz")),
        ("resolution", club.story.id("linz")),
    ]
    assert [each.prerequisite for each in gate.coming.missing] == ["team"]
    club.programme.change_meeting(club.meeting(), Changes({"mode": Mode.ONLINE, "venue": None}), None, club.why)
    assert club.programme.gate(club.meeting(), proofs, date(2026, 3, 1)).lacks == ("dates", "agreement")


def test_a_meeting_that_lost_its_organiser_has_nobody_to_agree(planned: Club, proofs: dict[UUID, Shown]) -> None:
    planned.programme.release_duty(TALK, planned.why)

    assert planned.programme.gate(planned.meeting(), proofs, date(2026, 3, 1)).lacks == (
        "host",
        "organiser",
        "agreement",
    )


def test_a_missing_approval_closes_the_gate(agreed: Club, proofs: dict[UUID, Shown]) -> None:
    agreed.programme.change_meeting(agreed.meeting(), Changes({"seats": 5}), None, agreed.why)

    gate = agreed.programme.gate(agreed.meeting(), proofs, date(2026, 3, 1))
    assert gate.lacks == ("approval",)
    assert set(gate.unapproved) == {agreed.story.id("graz"), agreed.story.office}
    with pytest.raises(GateClosed):
        agreed.programme.confirm_meeting(agreed.meeting(), proofs, agreed.why)


def test_a_meeting_that_has_begun_is_not_confirmed_but_looking_back(agreed: Club, proofs: dict[UUID, Shown]) -> None:
    with on(agreed.story, agreed.story.now + timedelta(days=120)):
        with pytest.raises(MeetingBegun):
            agreed.programme.confirm_meeting(agreed.meeting(), proofs, agreed.why)
        agreed.programme.confirm_meeting(agreed.meeting(), proofs, agreed.later())
    assert agreed.status() is MeetingStatus.CONFIRMED


def test_a_change_tells_what_differs_and_nothing_else(confirmed: Club) -> None:
    programme, meeting = confirmed.programme, confirmed.meeting()
    told = programme.change_meeting(meeting, Changes({"title": {"en": "Better"}}), 2, confirmed.why)
    assert (told.changed, told.meeting.status) == (("title",), MeetingStatus.CONFIRMED)

    invited = programme.change_meeting(meeting, Changes({"guests": (confirmed.story.id("bonn"),)}), None, confirmed.why)
    assert invited.changed == ("guests", "invited")
    assert invited.invited[-1] == confirmed.story.id("bonn")

    with pytest.raises(MeetingChangedMeanwhile):
        programme.change_meeting(meeting, Changes({"seats": 3}), 2, confirmed.why)
    with pytest.raises(NothingChanges):
        programme.change_meeting(meeting, Changes({"title": {"en": "Better"}}), None, confirmed.why)
    with pytest.raises(HostFromDuty):
        programme.change_meeting(meeting, Changes(host=confirmed.story.id("linz")), None, confirmed.why)
    with pytest.raises(MeetingHasDate):
        programme.change_meeting(meeting, Changes({"starts": JULY[0]}), None, confirmed.why)
    with pytest.raises(PartyNotFitting):
        programme.change_meeting(meeting, Changes(organiser=confirmed.story.id("linz")), None, confirmed.why)
    with pytest.raises(UnknownMeeting):
        programme.change_meeting(confirmed.meeting("?"), Changes(), None, confirmed.why)


def test_what_was_agreed_on_is_only_planned_once_it_changes(confirmed: Club) -> None:
    told = confirmed.programme.change_meeting(
        confirmed.meeting(), Changes({"venue": Venue("Graz", "AT", "Burg 2")}), None, confirmed.why
    )

    assert told.changed == ("status", "venue")
    assert told.meeting.status is MeetingStatus.PLANNED
    assert told.agreement is not None
    assert told.agreement.number == 2
    agreement = confirmed.standing().agreement
    assert agreement is not None
    assert (agreement.hash, agreement.approved_by) == (told.agreement.hash, ())


def test_a_meeting_that_moves_tells_who_owes_a_deadline_that_moves(confirmed: Club) -> None:
    told = confirmed.programme.reschedule(confirmed.meeting(), *JULY, confirmed.why)

    graz, linz, wels = (confirmed.story.id(name) for name in ("graz", "linz", "wels"))
    office = confirmed.story.office
    assert told.moved == (
        Moved("agenda", date(2026, 5, 11), date(2026, 6, 1), (graz,)),
        Moved("minutes", date(2026, 6, 18), date(2026, 7, 8), (graz,)),
        Moved("names", date(2026, 5, 27), date(2026, 6, 17), (linz, wels)),
        Moved("report", date(2026, 7, 11), date(2026, 7, 31), (office,)),
        Moved("review", date(2026, 6, 24), date(2026, 7, 15), (wels,)),
    )
    assert told.told == (graz, linz, wels, office)
    assert told.notice_days == 100
    assert told.changed == ("status", "starts_local", "ends_local")
    assert told.meeting.status is MeetingStatus.PLANNED


def test_a_meeting_that_ends_later_tells_only_who_owes_something_after_it(planned: Club) -> None:
    first = details()
    assert first.starts
    told = planned.programme.reschedule(
        planned.meeting(),
        first.starts + timedelta(hours=1),
        datetime(2026, 6, 12, 12, 0),  # noqa: DTZ001 -- local by intent
        "Europe/Vienna",
        planned.why,
    )

    assert [each.key for each in told.moved] == ["minutes", "report"]
    assert told.told == (planned.story.id("graz"), planned.story.office)


def test_only_what_has_dates_is_moved_and_to_others(club: Club) -> None:
    open_dates = details(starts=None, ends=None, zone="")
    programme = club.programme
    assert programme.plan_from_duty(club.meeting(), TALK, None, open_dates, club.why).due == ()
    with pytest.raises(MeetingNotConfirmed):
        programme.reschedule(club.meeting(), *JULY, club.why)
    starts, ends, zone = JULY
    dated = Changes({"starts": starts, "ends": ends, "zone": zone})
    assert len(programme.change_meeting(club.meeting(), dated, None, club.why).due) == 5
    with pytest.raises(NothingChanges):
        programme.reschedule(club.meeting(), *JULY, club.why)
    assert club.now().details.zone == "Europe/Vienna"


def test_a_cancelled_meeting_gives_its_duty_back(confirmed: Club) -> None:
    told = confirmed.programme.cancel_meeting(confirmed.meeting(), confirmed.why)

    assert (told.notice_days, told.changed, told.due) == (100, ("status",), ())
    assert told.meeting.details.title
    assert confirmed.happened() == ["MeetingCancelled", "DutyReturned"]
    assert confirmed.told[-1].decision.follows == told.event_id
    assert confirmed.programme.state.duties[TALK].status is Status.ACCEPTED
    assert str(confirmed.meeting()) not in confirmed.programme.state.meetings.known
    with pytest.raises(MeetingNotAhead):
        confirmed.programme.cancel_meeting(confirmed.meeting(), confirmed.why)
    confirmed.programme.plan_from_duty(confirmed.meeting("another"), TALK, None, details(), confirmed.why)


def test_a_cancelled_meeting_without_date_or_host_touches_no_duty(club: Club) -> None:
    open_dates = details(starts=None, ends=None, zone="")
    club.programme.plan_from_duty(club.meeting(), TALK, None, open_dates, club.why)
    club.programme.release_duty(TALK, club.why)
    club.happened()

    assert club.programme.cancel_meeting(club.meeting(), club.why).notice_days is None
    assert club.happened() == ["MeetingCancelled"]
    assert club.programme.state.duties[TALK].status is Status.OPEN


def test_a_meeting_is_held_with_those_who_were_there(over: Club, proofs: dict[UUID, Shown]) -> None:
    graz, wels = over.story.id("graz"), over.story.id("wels")
    told = over.programme.hold(over.meeting(), (wels, wels), proofs, over.why)

    assert told.attended == (graz, wels)
    assert len(told.decision.evidence) == 2
    assert over.happened() == ["MeetingHeld", "DutyHeld"]
    assert over.programme.state.duties[TALK].status is Status.HELD
    assert set(over.programme.state.meetings.attended["talk"]) == {graz, wels}
    assert over.told[-1].decision.reason_code == "meeting-held"


def test_a_meeting_is_held_once_it_is_over_by_those_invited(over: Club, proofs: dict[UUID, Shown]) -> None:
    story, programme, meeting = over.story, over.programme, over.meeting()
    with on(story, story.now), pytest.raises(MeetingNotOver):
        programme.hold(meeting, (), proofs, over.why)
    with pytest.raises(PartyNotFitting) as refused:
        programme.hold(meeting, (story.id("wels"), story.id("nobody")), proofs, over.why)
    assert refused.value.field == "attended.1"
    with pytest.raises(PrerequisitesMissing) as missing:
        programme.hold(meeting, (story.id("linz"),), proofs, over.why)
    assert [item["field"] for item in missing.value.items] == ["prerequisites.team"]
    assert str(story.id("linz")) in missing.value.items[0]["message"]


def test_what_was_not_confirmed_is_held_only_looking_back(planned: Club) -> None:
    with on(planned.story, planned.story.now + timedelta(days=120)):
        with pytest.raises(MeetingNotConfirmed):
            planned.programme.hold(planned.meeting(), (), {}, planned.why)
        planned.programme.hold(planned.meeting(), (), {}, planned.later())
    assert planned.status() is MeetingStatus.HELD


def test_an_event_of_a_meeting_keeps_what_the_state_forgets(over: Club, proofs: dict[UUID, Shown]) -> None:
    told = over.programme.hold(over.meeting(), (), proofs, over.why)

    assert isinstance(told, events.MeetingHeld)
    assert told.meeting.details.title == {"de": "Gespräch", "en": "Talk"}
    assert over.programme.state.meetings.over == {str(over.meeting()): "held:AT"}
