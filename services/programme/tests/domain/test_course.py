from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from interpares.programme.domain.course import events
from interpares.programme.domain.course.days import last_of, months_after
from interpares.programme.domain.course.errors import (
    AgreementIncomplete,
    DeliverableNotOpen,
    DeliverableNotOwed,
    MeasuredLater,
    PhaseNotFitting,
    TermNotFitting,
    UnknownDeliverable,
    UnknownIndicator,
)
from interpares.programme.domain.course.events import Agreement, Responsibility
from interpares.programme.domain.course.rules import IndicatorRule
from interpares.programme.domain.course.state import Handed
from interpares.programme.domain.decision import Alternative, Criterion, Evidence
from interpares.programme.domain.errors import (
    LifecycleNotFitting,
    NotParticipating,
    ProgrammeClosed,
    ProgrammeNotRunning,
    StepOutOfOrder,
)
from interpares.programme.domain.joining import Joiner
from interpares.programme.domain.state import Stage

if TYPE_CHECKING:
    from services.programme.tests.conftest import Story

    from interpares.programme.domain.programme import Programme

LABEL = {"en": "x"}
HASH = "cd" * 32
FUNDING = {"funder": LABEL, "carrier": LABEL, "currency": "EUR", "total": 142000}
GOALS = {
    "climate": {
        "label": LABEL,
        "indicators": {"co2": {"label": LABEL, "unit": LABEL, "value": 0, "target": -20, "by": "2020-12-31"}},
    }
}
PHASES = [
    {
        "key": "first",
        "label": LABEL,
        "milestones": {
            "start": {
                "label": LABEL,
                "due_after_months": 1,
                "deliverables": {"plan": {"label": LABEL, "roles": ["host"]}, "note": {"label": LABEL}},
            },
            "end": {"label": LABEL, "due": "2027-01-31", "deliverables": {"report": {"label": LABEL}}},
        },
    },
    {"key": "second", "label": LABEL},
    {"key": "third", "label": LABEL},
]


def constituted(story: Story, **more: Any) -> Programme:
    """Return a drafted programme that starts with its partners."""
    story.document = story.template(lifecycle="constituted", goals=GOALS, themes={"water": {"label": LABEL}}, **more)
    return story.past(story.drafted())


def with_partners(story: Story, **more: Any) -> Programme:
    programme = constituted(story, **more)
    programme.begin_initiation(story.grounds())
    for name in ("graz", "linz"):
        programme.join(Joiner(story.id(name), "AT", 1, HASH, 3), "host", story.grounds())
    return programme


def agreement(story: Story) -> Agreement:
    graz, linz = story.id("graz"), story.id("linz")
    return Agreement(
        goals=("climate",),
        themes=("water",),
        activities=("fair",),
        costs=Decimal(142000),
        currency="EUR",
        starts=date(2012, 7, 1),
        ends=date(2014, 6, 30),
        responsibilities=(Responsibility(graz, "fair-one"),),
        participants=(graz, linz),
        minutes=HASH,
    )


def running(story: Story, **more: Any) -> Programme:
    """Return a programme with a call, two hosts and a guest, and phases."""
    story.document = story.template(phases=PHASES, goals=GOALS, **more)
    return story.running(story.admitted("graz"), story.admitted("linz"), story.admitted("wels", "guest"))


def test_partners_agree_a_carrier_applies_and_the_funder_grants(story: Story) -> None:
    programme = with_partners(story, funding=FUNDING, term={"starts": "2012-07-01", "ends": "2014-06-30"})
    agreed = programme.agree_workshop(agreement(story), story.grounds())
    assert agreed.decision.concerns == (story.id("graz"), story.id("linz"))
    programme.agree_workshop(agreement(story), story.grounds())
    with pytest.raises(ProgrammeNotRunning, match="term"):
        programme.derive_duties(story.grounds())

    applied = programme.apply_for_grant(Decimal(142000), "EUR", date(2026, 2, 1), HASH, story.grounds())
    assert applied.decision == story.decision(
        "grant-application",
        "grant-application:1",
        "applied",
        rule=programme.state.charter.funding.ref,  # type: ignore[union-attr]
        alternatives=(Alternative("fits", option="not-apply"),),
    )
    programme.refuse_grant(story.grounds())
    assert programme.state.stage is Stage.AGREED
    programme.apply_for_grant(Decimal(142000), "EUR", date(2026, 2, 2), HASH, story.grounds())
    granted = programme.grant(None, None, story.grounds())

    assert (granted.number, granted.starts, granted.ends) == (2, date(2012, 7, 1), date(2014, 6, 30))
    assert programme.state.stage.value == "running"
    assert len(programme.derive_duties(story.grounds()).duties) == 5


def test_without_a_funder_the_term_begins_by_decision(story: Story) -> None:
    programme = with_partners(story)
    with pytest.raises(StepOutOfOrder):
        programme.set_term(date(2026, 4, 1), None, story.grounds())
    programme.agree_workshop(agreement(story), story.grounds())
    programme.apply_for_grant(Decimal(1), "EUR", date(2026, 2, 1), HASH, story.grounds())
    refused = programme.refuse_grant(story.grounds())
    assert refused.decision.rule == programme.state.charter.call
    programme.set_term(date(2026, 4, 1), None, story.grounds())
    assert programme.state.stage is Stage.RUNNING
    programme.set_term(date(2026, 4, 1), date(2026, 9, 30), story.grounds())
    assert programme.state.course.ends == date(2026, 9, 30)


def test_with_a_funder_the_term_begins_by_the_grant(story: Story) -> None:
    programme = with_partners(story, funding=FUNDING)
    programme.agree_workshop(agreement(story), story.grounds())
    with pytest.raises(StepOutOfOrder):
        programme.set_term(date(2026, 4, 1), None, story.grounds())
    with pytest.raises(TermNotFitting) as refused:
        programme.apply_for_grant(Decimal(1), "EUR", date(2026, 3, 2), HASH, story.grounds())
    assert refused.value.field == "submitted_on"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("goals", ()),
        ("goals", ("wealth",)),
        ("themes", ()),
        ("activities", ("party",)),
        ("costs", Decimal(0)),
        ("ends", date(2012, 6, 30)),
        ("responsibilities", ()),
        ("participants", ()),
    ],
)
def test_an_agreement_is_complete(story: Story, field: str, value: Any) -> None:
    programme = with_partners(story)
    with pytest.raises(AgreementIncomplete) as refused:
        programme.agree_workshop(replace(agreement(story), **{field: value}), story.grounds())
    assert refused.value.field == field
    with pytest.raises(NotParticipating):
        programme.agree_workshop(replace(agreement(story), participants=(story.id("nobody"),)), story.grounds())


def test_each_lifecycle_has_its_own_steps(story: Story) -> None:
    standing = story.template(lifecycle="standing")
    story.document = standing
    programme = story.past(story.drafted())
    for step in (programme.begin_initiation, programme.refuse_grant):
        with pytest.raises(LifecycleNotFitting):
            step(story.grounds())
    with pytest.raises(ProgrammeNotRunning) as refused:
        programme.derive_duties(story.grounds())
    assert refused.value.way_out == "Open the programme first."
    programme.open_programme(story.grounds())
    with pytest.raises(StepOutOfOrder):
        programme.open_programme(story.grounds())
    with pytest.raises(LifecycleNotFitting):
        programme.set_term(date(2026, 1, 1), None, story.grounds())
    with pytest.raises(LifecycleNotFitting):
        programme.open_call(story.called()[1]["deadline"], story.grounds())
    story.document = story.template()
    with pytest.raises(LifecycleNotFitting):
        story.running().open_programme(story.grounds())
    programme.close(story.grounds())
    with pytest.raises(ProgrammeClosed):
        programme.open_programme(story.grounds())


def test_a_term_counts_its_months_and_ends_after_it_begins(story: Story) -> None:
    programme = running(story, term={"months": 6})
    with pytest.raises(TermNotFitting) as refused:
        programme.set_term(None, None, story.grounds())
    assert refused.value.field == "starts"
    with pytest.raises(TermNotFitting) as refused:
        programme.set_term(date(2026, 2, 1), date(2026, 1, 31), story.grounds())
    assert refused.value.field == "ends"
    term = programme.set_term(date(2026, 8, 31), None, story.grounds())
    assert (term.starts, term.ends) == (date(2026, 8, 31), date(2027, 2, 27))
    assert programme.state.charter.course.phases[0].milestones["start"].due(term.starts) == date(2026, 9, 30)


def test_months_end_where_they_end() -> None:
    assert months_after(date(2023, 12, 31), 2) == date(2024, 2, 29)
    assert last_of(date(2026, 1, 1), 12) == date(2026, 12, 31)


def test_phases_follow_each_other_and_can_be_left_out(story: Story) -> None:
    programme = running(story)
    programme.begin_phase("first", story.grounds())
    programme.begin_phase("third", story.grounds())
    assert programme.state.course.phase == "third"
    for phase in ("second", "third", "fourth"):
        with pytest.raises(PhaseNotFitting):
            programme.begin_phase(phase, story.grounds())
    story.document = story.template()
    with pytest.raises(PhaseNotFitting):
        story.running().begin_phase("first", story.grounds())


def test_a_deliverable_is_handed_in_sent_back_handed_in_again_and_accepted(story: Story) -> None:
    programme = running(story)
    graz = story.id("graz")
    programme.set_term(date(2026, 1, 1), None, story.grounds())
    handed = programme.hand_in("first.start.plan", graz, HASH, story.grounds())
    assert handed.decision == story.decision(
        "deliverable",
        f"deliverable:first.start.plan.{graz}",
        "handed-in",
        concerns=(graz,),
        rule=programme.state.charter.course.phases[0].ref,
        criteria=(Criterion("due", "2026-02-01"),),
        evidence=(Evidence("deliverable:first.start.plan", 1, HASH, 0),),
        alternatives=(Alternative("fits", option="hand-in-later"),),
    )
    returned = programme.return_deliverable("first.start.plan", graz, story.grounds())
    assert returned.decision.criteria == (Criterion("due", "2026-02-01"), Criterion("version", "1"))
    assert programme.hand_in("first.start.plan", graz, HASH, story.grounds()).version == 2
    programme.accept_deliverable("first.start.plan", graz, story.grounds())
    assert programme.state.course.deliverables[f"first.start.plan.{graz}"].status is Handed.ACCEPTED
    with pytest.raises(DeliverableNotOpen):
        programme.hand_in("first.start.plan", graz, HASH, story.grounds())
    with pytest.raises(DeliverableNotOpen):
        programme.accept_deliverable("first.start.plan", graz, story.grounds())


def test_only_what_is_asked_for_is_handed_in_and_by_whom_it_is_asked_of(story: Story) -> None:
    programme = running(story)
    wels = story.id("wels")
    with pytest.raises(DeliverableNotOwed):
        programme.hand_in("first.start.plan", wels, HASH, story.grounds())
    noted = programme.hand_in("first.start.note", wels, HASH, story.grounds())
    assert noted.decision.criteria == (Criterion("due", "open"),)
    programme.hand_in("first.end.report", wels, HASH, story.grounds())
    for path in ("none.start.plan", "first.none.plan", "first.start.none", "first"):
        with pytest.raises(UnknownDeliverable):
            programme.hand_in(path, wels, HASH, story.grounds())
    with pytest.raises(DeliverableNotOpen):
        programme.return_deliverable("first.start.plan", story.id("graz"), story.grounds())


def test_an_indicator_is_measured_also_after_the_programme_was_closed(story: Story) -> None:
    programme = running(story)
    measured = programme.record_indicator("climate", "co2", Decimal("-12.5"), date(2026, 3, 1), story.grounds())
    assert (measured.reached, measured.decision.outcome) == (False, "measured")
    assert measured.decision.criteria == (Criterion("value", "-12.5"), Criterion("measured-on", "2026-03-01"))
    programme.close(story.grounds())
    reached = programme.record_indicator("climate", "co2", Decimal(-21), date(2026, 3, 1), story.grounds())
    assert (reached.reached, reached.decision.outcome) == (True, "reached")
    with pytest.raises(MeasuredLater):
        programme.record_indicator("climate", "co2", Decimal(0), date(2026, 3, 2), story.grounds())
    for goal, indicator in (("climate", "rain"), ("wealth", "co2")):
        with pytest.raises(UnknownIndicator):
            programme.record_indicator(goal, indicator, Decimal(0), date(2026, 3, 1), story.grounds())


def test_a_target_is_reached_from_the_side_it_is_on() -> None:
    assert IndicatorRule(None, Decimal(5), date(2030, 1, 1)).reached(Decimal(5))
    assert not IndicatorRule(Decimal(0), Decimal(5), date(2030, 1, 1)).reached(Decimal(4))
    assert IndicatorRule(Decimal(0), Decimal(-20), date(2030, 1, 1)).reached(Decimal(-20))


def test_closing_is_an_event_of_its_own(story: Story) -> None:
    programme = running(story)
    assert isinstance(programme.begin_phase("first", story.grounds()), events.PhaseBegun)
    programme.close(story.grounds())
    with pytest.raises(ProgrammeClosed):
        programme.begin_phase("second", story.grounds())
    with pytest.raises(ProgrammeClosed):
        programme.withdraw(story.id("graz"), story.grounds())
