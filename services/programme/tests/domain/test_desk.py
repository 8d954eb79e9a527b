"""The work of the office: tasks, reminders to exactly those selected, signatories, drafts that are given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.decision import Alternative, Criterion
from interpares.programme.domain.desk import events
from interpares.programme.domain.desk.errors import (
    AlreadyTakenOver,
    NobodySelected,
    NotSignatory,
    NotWaiting,
    SignedByPreparer,
    TaskNotFitting,
)
from interpares.programme.domain.desk.events import Reminder
from interpares.programme.domain.errors import ProgrammeNotRunning
from interpares.programme.domain.outputs import events as outputs
from interpares.programme.domain.outputs.output import Check, CheckStatus, Kind, Output

if TYPE_CHECKING:
    from services.programme.tests.conftest import Story

    from interpares.programme.domain.programme import Programme

DUTY = "AT.circle.1"


def asked(story: Story) -> Programme:
    """Return a programme in which two guests were asked to host and have not answered."""
    return story.running(
        story.admitted("graz", "guest"),
        story.admitted("linz", "guest"),
        story.derived((DUTY, "talk", None)),
        story.offered(DUTY, "graz", "linz"),
    )


def about(story: Story, name: str, item: str = f"duty:{DUTY}") -> Reminder:
    return Reminder(item, story.id(name))


def test_a_task_has_an_owner_and_a_deputy(story: Story) -> None:
    why = story.grounds()
    assigned = story.running().assign_task("duty:AT.visits.1", story.id("clerk"), story.id("head"), why)
    assert (assigned.owner, assigned.deputy) == (story.id("clerk"), story.id("head"))
    assert assigned.decision == story.decision(
        "task-assignment", "duty:AT.visits.1", "assigned", alternatives=(instead("leave-as-it-was", why),)
    )


@pytest.mark.parametrize(("task", "deputy", "field"), [("nothing", "head", "task"), ("duty:x", "clerk", "deputy")])
def test_a_task_that_cannot_be_right_is_refused(story: Story, task: str, deputy: str, field: str) -> None:
    with pytest.raises(TaskNotFitting) as refused:
        story.running().assign_task(task, story.id("clerk"), story.id(deputy), story.grounds())
    assert refused.value.field == field


def test_exactly_those_selected_are_reminded_and_the_others_are_named(story: Story) -> None:
    why = story.grounds()
    graz, linz = about(story, "graz"), about(story, "linz")

    reminded = asked(story).remind((graz, graz), (graz, linz), "mail", why)

    assert (reminded.reminders, reminded.channel) == ((graz,), "mail")
    assert reminded.decision.concerns == (story.id("graz"),)
    assert reminded.decision.alternatives == (
        Alternative(ground="not-selected", organisation=story.id("linz")),
        instead("wait-on", why),
    )


def test_who_is_reminded_of_one_thing_is_no_alternative_for_another(story: Story) -> None:
    graz, other = about(story, "graz"), about(story, "graz", "agreement:x")
    reminded = asked(story).remind((graz,), (graz, other), "mail", story.grounds())
    assert [each.ground for each in reminded.decision.alternatives] == ["fits"]


def test_an_empty_selection_means_nobody(story: Story) -> None:
    programme = asked(story)
    with pytest.raises(NobodySelected) as refused:
        programme.remind((), (about(story, "graz"),), "mail", story.grounds())
    assert refused.value.field == "selected"
    assert programme.pending_events == []


@pytest.mark.parametrize("item", ["duty:AT.nothing.1", "check:nothing.3"])
def test_what_a_view_tells_wrongly_is_refused(story: Story, item: str) -> None:
    late = about(story, "graz", item)
    with pytest.raises(NotWaiting):
        asked(story).remind((late,), (late,), "mail", story.grounds())


def test_who_has_answered_is_not_reminded(story: Story) -> None:
    programme = asked(story)
    graz = about(story, "graz")
    programme.decline_duty(DUTY, story.id("graz"), story.grounds(capacity="coordinator"))
    with pytest.raises(NotWaiting) as refused:
        programme.remind((about(story, "linz"), graz), (about(story, "linz"), graz), "mail", story.grounds())
    assert refused.value.field == "selected.1"


@pytest.mark.parametrize(
    ("changes", "fine"),
    [
        ({}, True),
        ({"owner": "linz"}, False),
        ({"checks": (Check(3, date(2026, 1, 1), CheckStatus.ANSWERED),)}, False),
        ({"checks": (Check(6, date(2026, 1, 1)),)}, False),
    ],
)
def test_a_check_is_chased_at_its_owner_while_it_is_open(story: Story, changes: dict[str, Any], fine: bool) -> None:  # noqa: FBT001 -- a case
    owner = story.id(changes.pop("owner", "graz"))
    checks = (Check(3, date(2026, 1, 1), CheckStatus.DUE),)
    now = Output(Kind.MEASURE, f"review:{story.id('r')}", owner=owner, due=date(2025, 10, 1), checks=checks)
    recorded = {"output": story.id("advice"), "now": replace(now, **changes), "text": "7e" * 32}
    programme = story.running((outputs.OutputRecorded, recorded))
    chased = about(story, "graz", f"check:{story.id('advice')}.3")
    if fine:
        assert programme.remind((chased,), (chased,), "phone", story.grounds()).reminders == (chased,)
    else:
        with pytest.raises(NotWaiting):
            programme.remind((chased,), (chased,), "phone", story.grounds())


def test_whoever_wrote_does_not_sign_and_only_signatories_do(story: Story) -> None:
    programme = story.running()
    clerk, head, deputy = (story.id(name) for name in ("clerk", "head", "deputy"))
    programme.may_sign(deputy, (clerk,))
    with pytest.raises(SignedByPreparer):
        programme.may_sign(clerk, (clerk, head))

    named = programme.name_signatories((head, head), story.grounds())

    assert (named.persons, named.decision.outcome) == ((head,), "named")
    programme.may_sign(head, (clerk,))
    with pytest.raises(NotSignatory):
        programme.may_sign(deputy, (clerk,))
    assert programme.name_signatories((), story.grounds()).decision.outcome == "anybody"
    programme.may_sign(deputy, (clerk,))


def test_a_discarded_draft_leaves_its_reason(story: Story) -> None:
    discarded = story.running().discard_draft(story.id("draft"), "/duties", story.id("clerk"), story.grounds())
    assert isinstance(discarded, events.DraftDiscarded)
    assert discarded.decision.subject == f"draft:{story.id('draft')}"


def test_a_file_is_taken_over_once_and_into_a_programme_that_runs(story: Story) -> None:
    programme = story.running()
    taken = programme.take_over("ab" * 32, {"role": 1, "participant": 2}, story.grounds())
    assert taken.decision.criteria == (Criterion("rows-participant", "2"), Criterion("rows-role", "1"))
    assert programme.state.desk.taken_over == {"ab" * 32: taken.event_id}
    with pytest.raises(AlreadyTakenOver):
        programme.take_over("ab" * 32, {}, story.grounds())
    with pytest.raises(ProgrammeNotRunning):
        story.past(story.drafted()).take_over("ab" * 32, {}, story.grounds())


def test_the_desk_goes_on_after_the_closure(story: Story) -> None:
    programme = story.running()
    programme.close(story.grounds())
    programme.assign_task("check:x.3", story.id("clerk"), None, story.grounds())
