"""Outputs: recorded with their source, assigned, followed, checked for years, escalated where nobody answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interpares.common.context import acting
from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.closing import events as closing
from interpares.programme.domain.decision import Criterion, Source, SourceKind
from interpares.programme.domain.errors import MomentNotFitting, ProgrammeNotRunning
from interpares.programme.domain.meetings.meeting import Details, Meeting, MeetingStatus, Mode, Standing
from interpares.programme.domain.outputs import events
from interpares.programme.domain.outputs.errors import (
    CheckNotOpen,
    NoFollowUpMeeting,
    OutputSettled,
    ScheduleNotFitting,
    UnknownCheck,
    UnknownOutput,
    UnknownSource,
)
from interpares.programme.domain.outputs.output import (
    CHECKED_AFTER,
    Check,
    CheckStatus,
    Finding,
    Kind,
    Output,
    months_later,
    scheduled,
)
from interpares.programme.domain.outputs.output import Standing as Stands

if TYPE_CHECKING:
    from uuid import UUID

    from services.programme.tests.conftest import Happened, Story

    from interpares.programme.domain.programme import Programme

TEXT = "7e" * 32
DUE = date(2026, 3, 31)
CHECKS = (
    Check(3, date(2026, 6, 30)),
    Check(6, date(2026, 9, 30)),
    Check(12, date(2027, 3, 31)),
    Check(24, date(2028, 3, 31)),
)


def source(story: Story) -> str:
    return story.knows_a_review(story.running())


def running(story: Story, *happened: Happened) -> Programme:
    programme = story.running(*happened)
    story.knows_a_review(programme)
    return programme


def meets(story: Story, programme: Programme, name: str, status: MeetingStatus = MeetingStatus.HELD) -> UUID:
    """Let the programme know a meeting, as far as outputs care."""
    key = story.id(name)
    nobody = {"host": None, "organiser": None, "asked_by": None}
    details = Details({}, Mode.ON_SITE)
    meeting = Meeting(
        key, 1, status, rule="meetings.any", format="talk", strand="AT", duty="", follows="", details=details, **nobody
    )
    programme.state.meetings.known[str(key)] = Standing(meeting)
    return key


def recommended(story: Story, **more: Any) -> Happened:
    """Tell that a recommendation was recorded; with an owner if it has one."""
    output = replace(Output(Kind.RECOMMENDATION, source(story)), **more)
    return events.OutputRecorded, {"output": story.id("advice"), "now": output, "text": TEXT}


def assigned(story: Story, **more: Any) -> Happened:
    facts: dict[str, Any] = {"standing": Stands.ASSIGNED, "owner": story.id("graz"), "due": DUE, "checks": CHECKS}
    return recommended(story, **facts | more)


def on(story: Story, day: date) -> Any:
    """Put another day in force."""
    return acting(replace(story.occasion, now=datetime(day.year, day.month, day.day, 9, tzinfo=story.now.tzinfo)))


def now(programme: Programme, story: Story, name: str = "advice") -> Output:
    return programme.state.outputs[str(story.id(name))]


# Recorded and assigned


def test_an_output_names_its_source(story: Story) -> None:
    programme = running(story)
    why = story.grounds()
    output = Output(Kind.RECOMMENDATION, source(story), themes=("energy",))

    recorded = programme.record_output(story.id("advice"), output, (), text=TEXT, grounds=why)

    assert (recorded.now, recorded.text) == (output, TEXT)
    assert recorded.decision == story.decision(
        "output-record",
        f"output:{story.id('advice')}",
        "open",
        alternatives=(instead("no-output", why),),
    )


def test_an_owner_and_a_day_plan_the_checks(story: Story) -> None:
    programme = running(story)
    output = Output(Kind.MEASURE, source(story), owner=story.id("graz"), due=DUE)

    recorded = programme.record_output(story.id("advice"), output, CHECKED_AFTER, text=TEXT, grounds=story.grounds())

    assert recorded.now == replace(output, standing=Stands.ASSIGNED, checks=CHECKS)
    assert recorded.decision.concerns == (story.id("graz"),)


@pytest.mark.parametrize(
    ("changes", "months", "refusal", "field"),
    [
        ({"source": "hearsay"}, (), UnknownSource, "source"),
        ({"source": "output:018f0000-0000-7000-8000-000000000001"}, (), UnknownSource, "source"),
        ({"source": "meeting:018f0000-0000-7000-8000-000000000001"}, (), UnknownSource, "source"),
        ({"due": DUE}, (), ScheduleNotFitting, "owner_id"),
        ({}, (3,), ScheduleNotFitting, "owner_id"),
        ({"owner": "graz"}, (), ScheduleNotFitting, "due"),
        ({"owner": "graz", "due": date(2026, 2, 28)}, (), MomentNotFitting, "due"),
        ({"owner": "graz", "due": DUE}, (3, 3), ScheduleNotFitting, "checks_after_months"),
        ({"owner": "graz", "due": DUE}, (0,), ScheduleNotFitting, "checks_after_months"),
        ({"owner": "graz", "due": DUE}, (121,), ScheduleNotFitting, "checks_after_months"),
        ({"owner": "graz", "due": DUE}, tuple(range(1, 14)), ScheduleNotFitting, "checks_after_months"),
    ],
)
def test_what_cannot_be_right_is_refused_by_field(
    story: Story, changes: dict[str, Any], months: tuple[int, ...], refusal: Any, field: str
) -> None:
    if "owner" in changes:
        changes = changes | {"owner": story.id("graz")}
    output = replace(Output(Kind.RECOMMENDATION, source(story)), **changes)
    with pytest.raises(refusal) as refused:
        running(story).record_output(story.id("advice"), output, months, text=TEXT, grounds=story.grounds())
    assert refused.value.field == field


def test_what_came_out_earlier_can_be_entered_later(story: Story) -> None:
    output = Output(Kind.MEASURE, source(story), owner=story.id("graz"), due=date(2024, 1, 31))
    looking_back = story.grounds(source=Source(SourceKind.RETROSPECTIVE, entered_by=story.id("clerk")))
    recorded = running(story).record_output(story.id("advice"), output, (1,), text=TEXT, grounds=looking_back)
    assert recorded.now.checks == (Check(1, date(2024, 2, 29)),)


def test_a_draft_has_no_outputs(story: Story) -> None:
    output = Output(Kind.RECOMMENDATION, source(story))
    with pytest.raises(ProgrammeNotRunning):
        story.past(story.drafted()).record_output(story.id("a"), output, (), text=TEXT, grounds=story.grounds())


def test_a_new_owner_and_day_keep_what_was_answered(story: Story) -> None:
    answered = replace(CHECKS[0], status=CheckStatus.ANSWERED)
    programme = running(story, assigned(story, checks=(answered, *CHECKS[1:])))

    changed = programme.assign_output(story.id("advice"), story.id("linz"), date(2026, 5, 31), (6,), story.grounds())

    assert changed.now.owner == story.id("linz")
    assert changed.now.checks == (answered, Check(6, date(2026, 11, 30)))
    assert changed.now.standing is Stands.ASSIGNED


def test_an_open_output_is_assigned(story: Story) -> None:
    programme = running(story, recommended(story))
    changed = programme.assign_output(story.id("advice"), story.id("graz"), DUE, CHECKED_AFTER, story.grounds())
    assert (changed.now.standing, changed.now.checks) == (Stands.ASSIGNED, CHECKS)


@pytest.mark.parametrize("status", [MeetingStatus.CANCELLED, MeetingStatus.DECLINED, MeetingStatus.WITHDRAWN])
def test_nothing_comes_out_of_a_meeting_that_did_not_come_about(story: Story, status: MeetingStatus) -> None:
    programme = running(story)
    meeting = meets(story, programme, "visit", status)
    with pytest.raises(UnknownSource):
        programme.record_output(
            story.id("a"), Output(Kind.MEASURE, f"meeting:{meeting}"), (), text=TEXT, grounds=story.grounds()
        )


def test_an_output_comes_from_a_meeting_of_the_programme(story: Story) -> None:
    programme = running(story)
    output = Output(Kind.MEASURE, f"meeting:{meets(story, programme, 'visit')}")
    assert programme.record_output(story.id("a"), output, (), text=TEXT, grounds=story.grounds()).now == output


# What grows out of it


def test_a_measure_grows_out_of_a_recommendation(story: Story) -> None:
    programme = running(story, assigned(story))
    measure = Output(Kind.MEASURE, f"output:{story.id('advice')}")

    recorded = programme.record_output(story.id("measure"), measure, (), text=TEXT, grounds=story.grounds())
    programme.record_output(story.id("second"), measure, (), text=TEXT, grounds=story.grounds())

    first, followed, second = programme.pending_events
    assert isinstance(followed, events.OutputChanged)
    assert (followed.decision.follows, followed.decision.reason_code) == (recorded.event_id, "output-followed")
    assert now(programme, story).standing is Stands.FOLLOWED
    assert {type(first), type(second)} == {events.OutputRecorded}


def test_nothing_grows_out_of_what_was_dropped(story: Story) -> None:
    programme = running(story, recommended(story, standing=Stands.DROPPED))
    measure = Output(Kind.MEASURE, f"output:{story.id('advice')}")
    with pytest.raises(OutputSettled):
        programme.record_output(story.id("measure"), measure, (), text=TEXT, grounds=story.grounds())


def test_a_follow_up_becomes_a_meeting_once(story: Story) -> None:
    programme = running(story, recommended(story, kind=Kind.FOLLOW_UP))
    with pytest.raises(UnknownSource) as refused:
        programme.meet_for(story.id("advice"), story.id("workshop"), story.grounds())
    assert refused.value.field == "meeting_id"
    meets(story, programme, "workshop", MeetingStatus.PLANNED)
    changed = programme.meet_for(story.id("advice"), story.id("workshop"), story.grounds())
    assert (changed.now.meeting, changed.now.standing) == (story.id("workshop"), Stands.FOLLOWED)
    with pytest.raises(NoFollowUpMeeting):
        programme.meet_for(story.id("advice"), story.id("another"), story.grounds())
    with pytest.raises(NoFollowUpMeeting):
        running(story, recommended(story)).meet_for(story.id("advice"), story.id("workshop"), story.grounds())


def test_what_is_done_is_checked_further_and_what_was_dropped_is_not(story: Story) -> None:
    done = running(story, assigned(story)).finish_output(story.id("advice"), story.grounds())
    dropped = running(story, assigned(story)).drop_output(story.id("advice"), story.grounds())

    assert (done.now.standing, done.now.open_checks) == (Stands.DONE, 4)
    assert (dropped.now.standing, dropped.now.open_checks) == (Stands.DROPPED, 0)


def test_an_output_nobody_recorded_is_not_found(story: Story) -> None:
    with pytest.raises(UnknownOutput):
        running(story).finish_output(story.id("advice"), story.grounds())


# Checks


@pytest.mark.parametrize(
    ("finding", "standing", "left"),
    [
        (Finding.DONE, Stands.DONE, 3),
        (Finding.IN_PROGRESS, Stands.ASSIGNED, 3),
        (Finding.NOT_STARTED, Stands.ASSIGNED, 3),
        (Finding.ABANDONED, Stands.DROPPED, 0),
    ],
)
def test_a_check_is_answered_when_it_is_due(story: Story, finding: Finding, standing: Stands, left: int) -> None:
    programme = running(story, assigned(story))
    why = story.grounds()
    with on(story, CHECKS[0].due):
        answered = programme.answer_check(story.id("advice"), 3, finding, TEXT, why)
        with pytest.raises(CheckNotOpen):
            programme.answer_check(story.id("advice"), 3, finding, TEXT, why)

    assert (answered.now.standing, answered.now.open_checks, answered.note) == (standing, left, TEXT)
    assert answered.decision.subject == f"check:{story.id('advice')}.3"
    assert {each.option for each in answered.decision.alternatives} == set(Finding) - {finding}


def test_what_is_done_stays_done(story: Story) -> None:
    programme = running(story, assigned(story, standing=Stands.DONE))
    with on(story, CHECKS[0].due):
        answered = programme.answer_check(story.id("advice"), 3, Finding.DONE, "", story.grounds())
    assert answered.now.standing is Stands.DONE


def test_a_check_is_not_answered_before_its_day_nor_without_being_planned(story: Story) -> None:
    programme = running(story, assigned(story))
    with pytest.raises(CheckNotOpen):
        programme.answer_check(story.id("advice"), 3, Finding.DONE, "", story.grounds())
    with pytest.raises(UnknownCheck):
        programme.answer_check(story.id("advice"), 4, Finding.DONE, "", story.grounds())


def test_checks_fall_due_and_escalate_step_by_step_and_never_twice(story: Story) -> None:
    programme = running(story, assigned(story))
    seen: list[tuple[date, list[tuple[str, int]]]] = []
    first = CHECKS[0].due
    for days in (-1, 0, 0, 20, 21, 41, 42, 80):
        with on(story, first + timedelta(days=days)):
            happened = programme.tend_checks(story.grounds("nobody-answered", "system"))
        told = [(type(event).__name__, getattr(event, "level", 0)) for event in happened]
        seen.append((first + timedelta(days=days), told))
    assert [told for _, told in seen] == [
        [],
        [("CheckFellDue", 0)],
        [],
        [],
        [("CheckEscalated", 1)],
        [],
        [("CheckEscalated", 2)],
        [],
    ]


def test_a_check_that_was_missed_for_long_goes_all_the_way_at_once(story: Story) -> None:
    programme = running(story, assigned(story, checks=(CHECKS[0],)))
    with on(story, date(2027, 1, 1)):
        due, first, second = programme.tend_checks(story.grounds("nobody-answered", "system"))
    assert isinstance(due, events.CheckFellDue)
    assert isinstance(first, events.CheckEscalated)
    assert isinstance(second, events.CheckEscalated)
    assert (first.level, second.level) == (1, 2)
    assert second.decision.criteria == (Criterion("escalation-level", "2"), Criterion("was-due", "2026-06-30"))
    assert now(programme, story).checks == (replace(CHECKS[0], status=CheckStatus.ESCALATED, level=2),)
    with on(story, date(2027, 1, 1)):
        assert programme.answer_check(story.id("advice"), 3, Finding.DONE, "", story.grounds()).now.open_checks == 0


def test_checks_outlive_the_programme(story: Story) -> None:
    programme = running(story, assigned(story))
    assert programme.close(story.grounds()).checks_open == 4
    with on(story, CHECKS[0].due):
        programme.tend_checks(story.grounds("nobody-answered", "system"))
        programme.answer_check(story.id("advice"), 3, Finding.IN_PROGRESS, "", story.grounds())
    assert isinstance(programme.pending_events[0], closing.Closed)
    assert now(programme, story).open_checks == 3


@given(day=st.dates(date(1990, 1, 1), date(2100, 1, 1)), months=st.integers(1, 120))
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or ((later + timedelta(days=1)).day == 1 and later.day < day.day)


@given(
    months=st.lists(st.integers(1, 120), unique=True, max_size=12),
    answered=st.lists(st.integers(1, 120), unique=True, max_size=5),
)
def test_a_plan_holds_each_check_once_in_order_and_loses_no_answer(months: list[int], answered: list[int]) -> None:
    kept = tuple(Check(each, DUE, CheckStatus.ANSWERED) for each in answered)
    planned = scheduled(DUE, tuple(months), kept)
    assert [check.months for check in planned] == sorted({*months, *answered})
    assert set(kept) <= set(planned)
