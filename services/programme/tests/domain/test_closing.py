"""A programme ends by a decision; what would change it afterwards is refused, what outlives it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.closing import events
from interpares.programme.domain.errors import ProgrammeClosed, ProgrammeNotRunning
from interpares.programme.domain.state import Stage

if TYPE_CHECKING:
    from services.programme.tests.conftest import Happened, Story

CLOSED: Happened = (events.Closed, {"duties_open": 0, "checks_open": 0})


def test_closing_says_who_was_in_it_and_what_is_left_open(story: Story) -> None:
    programme = story.running(
        story.admitted("graz"),
        story.derived(("AT.visits.1", "talk", "graz"), ("AT.visits.2", "tour", "graz")),
        story.offered("AT.visits.1", "graz"),
        story.accepted("AT.visits.1", "graz"),
    )
    why = story.grounds()

    closed = programme.close(why)

    assert (closed.duties_open, programme.state.stage) == (2, Stage.CLOSED)
    assert closed.decision == story.decision(
        "programme-closure",
        f"programme:{story.programme_id}",
        "closed",
        concerns=(story.id("graz"),),
        rule=programme.state.charter.call,
        alternatives=(instead("go-on", why),),
    )


def test_a_draft_is_not_closed(story: Story) -> None:
    with pytest.raises(ProgrammeNotRunning):
        story.past(story.drafted()).close(story.grounds())


def test_a_closed_programme_is_not_closed_again(story: Story) -> None:
    with pytest.raises(ProgrammeClosed):
        story.running(CLOSED).close(story.grounds())


def test_a_closed_programme_takes_no_further_decision_about_roles(story: Story) -> None:
    programme = story.running(story.admitted("graz", "friend"), CLOSED)

    with pytest.raises(ProgrammeClosed):
        programme.grant_role(story.id("graz"), "prize", story.grounds())
    assert programme.pending_events == []
