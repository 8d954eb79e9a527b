"""A role held for a time ends by itself the day after, once, and takes its duties along as any role that ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from services.programme.tests.domain.meetings.telling import details
from services.programme.tests.domain.test_holding import joiner, role, standing

from interpares.common.context import acting
from interpares.programme.domain import events
from interpares.programme.domain.charter import Held
from interpares.programme.domain.decision import Source, SourceKind
from interpares.programme.domain.duties import LossCause, Status
from interpares.programme.domain.holding import Terms

if TYPE_CHECKING:
    from services.programme.tests.conftest import Story

    from interpares.programme.domain.programme import Programme

LAST, AFTER = date(2026, 3, 31), datetime(2026, 4, 1, tzinfo=UTC)
SHORT = Terms(held=Held(None, LAST))


def on(story: Story, moment: datetime) -> Any:
    return acting(replace(story.occasion, now=moment))


def passes(programme: Programme, story: Story) -> tuple[events.RoleEnded, ...]:
    return programme.end_roles_over(story.grounds("time-passed", "system", source=Source(SourceKind.TIME_OUT)))


@pytest.fixture
def hosted(story: Story) -> Programme:
    """Graz hosts for a time, Linz for good; both owe two visits."""
    programme = standing(story, {"chair": role()})
    programme.join(joiner(story, "graz"), "host", story.grounds(), terms=SHORT)
    programme.join(joiner(story, "linz"), "host", story.grounds())
    programme.derive_duties(story.grounds())
    return programme


def test_a_role_ends_the_day_after_its_last_and_only_once(story: Story, hosted: Programme) -> None:
    with on(story, datetime(2026, 3, 31, 23, 59, tzinfo=UTC)):
        assert passes(hosted, story) == ()
    with on(story, datetime(2026, 4, 3, 9, tzinfo=UTC)):
        [ended] = passes(hosted, story)
        assert passes(hosted, story) == ()

    decision = ended.decision
    assert (ended.organisation, ended.role) == (story.id("graz"), "host")
    assert (decision.type, decision.source.kind, decision.effective_at) == ("role-end", SourceKind.TIME_OUT, AFTER)
    assert hosted.state.participations[str(story.id("graz"))].roles == ()
    assert hosted.state.participations[str(story.id("linz"))].roles == ("host",)


def test_its_duties_follow_their_rule_as_with_any_role_that_ends(story: Story, hosted: Programme) -> None:
    before = dict(hosted.state.duties)
    hosted.collect_events()
    with on(story, AFTER):
        [ended] = passes(hosted, story)

    released = [each for each in hosted.collect_events() if isinstance(each, events.DutyReleased)]
    owed = {duty.id for duty in before.values() if duty.owner == story.id("graz")}
    assert {each.duty for each in released} == owed
    assert {(each.cause, each.decision.follows) for each in released} == {(LossCause.ROLE_END, ended.event_id)}
    kept = {key: duty for key, duty in hosted.state.duties.items() if key not in owed}
    assert kept == {key: duty for key, duty in before.items() if key not in owed}


@pytest.mark.parametrize(
    ("starts", "waits"),
    [(datetime(2026, 3, 31, 9), True), (datetime(2026, 4, 1, 9), False), (None, False)],  # noqa: DTZ001 -- local time
)
def test_a_role_waits_for_the_record_of_meetings_that_began_within_its_time(
    story: Story, hosted: Programme, starts: datetime | None, *, waits: bool
) -> None:
    graz, duty = story.id("graz"), next(each for each in hosted.state.duties.values() if each.owner == story.id("graz"))
    hosted.offer_duty(duty.id, (graz,), None, story.grounds())
    hosted.accept_duty(duty.id, graz, story.grounds())
    when = {"starts": starts, "ends": starts and starts.replace(hour=16), "zone": "Europe/Vienna" if starts else ""}
    hosted.plan_from_duty(story.id("a"), duty.id, None, details(**when), story.grounds())

    with on(story, AFTER):
        assert len(passes(hosted, story)) == (0 if waits else 1)
        if waits:
            assert hosted.state.duties[duty.id].status is Status.SCHEDULED
            hosted.cancel_meeting(story.id("a"), story.grounds())
            assert len(passes(hosted, story)) == 1


def test_whoever_left_and_what_is_closed_have_no_roles_to_end(story: Story, hosted: Programme) -> None:
    hosted.grant_role(story.id("linz"), "chair", story.grounds(), terms=SHORT)
    hosted.withdraw(story.id("graz"), story.grounds())
    with on(story, AFTER):
        [ended] = passes(hosted, story)
        assert ended.organisation == story.id("linz")
    hosted.grant_role(story.id("linz"), "chair", story.grounds(), terms=SHORT)
    for duty in list(hosted.state.duties):
        if hosted.state.duties[duty].status is not Status.LAPSED:
            hosted.lapse_duty(duty, story.grounds())
    hosted.close(story.grounds())
    with on(story, AFTER):
        assert passes(hosted, story) == ()
