"""What happens to meetings when a host drops out, another comes, a duty lapses, or a participant leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from services.programme.tests.domain.meetings.telling import LABEL, TALK, TERMS, TOUR, details, wish

from interpares.programme.domain.duties import Status
from interpares.programme.domain.meetings import events
from interpares.programme.domain.meetings.errors import PartyNotFitting
from interpares.programme.domain.meetings.meeting import MeetingStatus
from interpares.programme.domain.meetings.planning import Changes
from interpares.programme.domain.meetings.prerequisites import Shown

if TYPE_CHECKING:
    from uuid import UUID

    from services.programme.tests.conftest import Story
    from services.programme.tests.domain.meetings.conftest import Club


def test_a_host_that_drops_out_leaves_the_meeting_planned_for_another(
    confirmed: Club, proofs: dict[UUID, Shown]
) -> None:
    story, programme = confirmed.story, confirmed.programme
    released = programme.release_duty(TALK, confirmed.why)

    assert confirmed.happened() == ["DutyReleased", "MeetingChanged", "DutyReopened"]
    lost = confirmed.told[-2]
    assert (lost.decision.follows, lost.decision.reason_code) == (released.event_id, "party-left")
    assert lost.decision.concerns == (story.id("graz"),)
    assert (lost.changed, lost.void) == (("status", "host_id", "organiser_id", "invited"), True)
    assert (lost.meeting.status, lost.meeting.host) == (MeetingStatus.PLANNED, None)

    programme.offer_duty(TALK, (story.id("linz"),), None, confirmed.why)
    shown = {story.id("linz"): proofs[story.id("graz")]}
    accepted = programme.accept_duty(TALK, story.id("linz"), confirmed.why, shown)
    assert confirmed.happened()[1:] == ["DutyAccepted", "MeetingChanged", "DutyScheduled"]
    found = confirmed.told[-2]
    assert (found.decision.follows, found.decision.reason_code) == (accepted.event_id, "host-found")
    assert (found.meeting.host, found.meeting.organiser) == (story.id("linz"), story.id("linz"))
    assert programme.state.duties[TALK].status is Status.SCHEDULED
    assert found.invited == (story.id("graz"), story.id("wels"))


def test_a_duty_that_lapses_cancels_its_meeting(confirmed: Club) -> None:
    programme = confirmed.programme
    programme.release_duty(TALK, confirmed.why)
    confirmed.happened()
    lapsed = programme.lapse_duty(TALK, confirmed.why)

    assert confirmed.happened() == ["DutyLapsed", "MeetingCancelled"]
    cancelled = confirmed.told[-1]
    assert (cancelled.decision.follows, cancelled.decision.reason_code) == (lapsed.event_id, "duty-lapsed")
    assert (cancelled.notice_days, confirmed.status()) == (100, MeetingStatus.CANCELLED)


def test_who_leaves_the_programme_leaves_its_meetings_and_only_those(confirmed: Club) -> None:
    story, programme = confirmed.story, confirmed.programme
    linz = story.id("linz")
    programme.plan_on_occasion(confirmed.meeting("b"), wish("mission", "talk", host=linz), confirmed.why)
    programme.plan_on_occasion(
        confirmed.meeting("c"), wish("mission", "talk", host=story.id("wels"), organiser=linz), confirmed.why
    )
    confirmed.happened()
    left = programme.withdraw(linz, confirmed.why)

    confirmed.happened()
    changed = [event for event in confirmed.told if isinstance(event, events.MeetingChanged)]
    assert {event.meeting.id for event in changed} == {confirmed.meeting("b"), confirmed.meeting("c")}
    assert {event.decision.follows for event in changed} == {left.event_id}
    assert confirmed.now("b").host is None
    assert confirmed.now("b").organiser == story.office
    assert (confirmed.now("c").host, confirmed.now("c").organiser) == (story.id("wels"), None)
    assert confirmed.status() is MeetingStatus.CONFIRMED


def organised(story: Story, organiser: Any, *, concurrent: bool = False) -> Any:
    """Return a programme whose visits are organised by somebody else than their host."""
    story.document = story.template(
        prerequisites={}, formats={"talk": {"label": LABEL}, "tour": {"label": LABEL}, "fair": {"label": LABEL}}
    )
    story.with_rule("visits", organiser=organiser)
    if concurrent:
        story.document["roles"]["host"]["holding"] = "concurrent"
    return story.running(
        story.admitted("graz"),
        story.admitted("linz"),
        story.admitted("wels", "guest"),
        story.admitted("enns", "guest", "DE"),
        story.derived((TALK, "talk", "graz"), (TOUR, "tour", "graz")),
        story.offered(TALK, "graz"),
        story.accepted(TALK, "graz"),
        story.offered(TOUR, "graz"),
        story.accepted(TOUR, "graz", "tour"),
    )


def test_an_organiser_by_role_is_the_only_holder_or_named(story: Story) -> None:
    programme = organised(story, {"role": "guest"})
    programme.plan_from_duty(story.id("a"), TALK, None, details(), story.grounds())
    assert programme.state.meetings.known[str(story.id("a"))].meeting.organiser == story.id("wels")
    with pytest.raises(PartyNotFitting):
        programme.plan_from_duty(story.id("b"), TOUR, story.id("enns"), details(), story.grounds())
    programme.admit(story.applicant("ried", "guest"), "guest", (), story.grounds())
    programme.plan_from_duty(story.id("b"), TOUR, None, details(), story.grounds())
    assert programme.state.meetings.known[str(story.id("b"))].meeting.organiser is None
    programme.change_meeting(story.id("b"), Changes(organiser=story.id("ried")), None, story.grounds())
    assert programme.state.meetings.known[str(story.id("b"))].meeting.organiser == story.id("ried")


def test_an_organiser_that_loses_the_role_organises_no_longer(story: Story) -> None:
    programme = organised(story, {"role": "guest"})
    programme.plan_from_duty(story.id("a"), TALK, None, details(), story.grounds())
    programme.end_role(story.id("wels"), "guest", story.grounds())
    meeting = programme.state.meetings.known[str(story.id("a"))].meeting
    assert (meeting.host, meeting.organiser) == (story.id("graz"), None)


def test_a_host_that_loses_the_role_of_another_who_organises_stays(story: Story) -> None:
    programme = organised(story, {"role": "friend"}, concurrent=True)
    why = story.grounds()
    for name in ("graz", "linz"):
        programme.grant_role(story.id(name), "friend", why)
    programme.plan_from_duty(story.id("a"), TALK, story.id("linz"), details(), why)
    made = programme.draft_agreement(story.id("a"), TERMS, why).agreement
    for side in made.sides:
        programme.approve_agreement(story.id("a"), side, made.hash, why)
    programme.confirm_meeting(story.id("a"), {}, why)
    before = programme.state.meetings.known[str(story.id("a"))]

    programme.end_role(story.id("graz"), "friend", why)

    assert programme.state.meetings.known[str(story.id("a"))] == before
    assert before.meeting.status is MeetingStatus.CONFIRMED


def test_whoever_owed_a_duty_is_released_without_a_word_about_its_meeting(story: Story) -> None:
    programme = organised(story, "host")
    why = story.grounds()
    programme.plan_from_duty(story.id("a"), TALK, None, details(), why)
    programme.release_duty(TALK, why)
    programme.derive_duties(why)
    assert programme.state.duties[TALK].owner == story.id("linz")
    before = programme.state.meetings.known[str(story.id("a"))]

    programme.release_duty(TALK, why)

    assert programme.state.meetings.known[str(story.id("a"))] == before


def test_a_role_that_organises_nothing_leaves_meetings_alone(story: Story) -> None:
    programme = organised(story, "office")
    programme.plan_from_duty(story.id("a"), TALK, None, details(), story.grounds())
    before = programme.state.meetings.known[str(story.id("a"))]
    assert before.meeting.organiser == story.office
    programme.end_role(story.id("wels"), "guest", story.grounds())
    assert programme.state.meetings.known[str(story.id("a"))] == before
    programme.end_role(story.id("graz"), "host", story.grounds())
    after = programme.state.meetings.known[str(story.id("a"))].meeting
    assert (after.host, after.organiser) == (None, story.office)


def test_a_new_host_of_a_meeting_the_office_organises_does_not_organise(story: Story) -> None:
    programme = organised(story, "office")
    programme.plan_from_duty(story.id("a"), TALK, None, details(), story.grounds())
    programme.release_duty(TALK, story.grounds())
    programme.offer_duty(TALK, (story.id("linz"),), None, story.grounds())
    programme.accept_duty(TALK, story.id("linz"), story.grounds())
    meeting = programme.state.meetings.known[str(story.id("a"))].meeting
    assert (meeting.host, meeting.organiser) == (story.id("linz"), story.office)
