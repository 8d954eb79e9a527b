"""Prerequisites: what each kind consists of, who confirms it, and what keeps it from counting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interpares.common.aggregate import Metadata
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.organisation import Kind as OrganisationKind
from interpares.registration.domain.prerequisites import fact as events
from interpares.registration.domain.prerequisites.fact import Evidence, Fact, FactSnapshot, State, Validity
from interpares.registration.domain.prerequisites.refusals import (
    BudgetUnbalanced,
    ConfirmedByOthers,
    EvidenceMissing,
    FactConfirmed,
    FactIncomplete,
    FactRevoked,
    FactSuperseded,
    OrganNotOfKind,
    PartMissing,
    PartTooMany,
    TaskOutsideTerm,
    ValidityReversed,
)
from interpares.registration.domain.prerequisites.shown import (
    ORGANS,
    Budget,
    Kind,
    Line,
    Member,
    NamedHead,
    Organ,
    Resolution,
    Result,
    Shown,
    Task,
    Team,
    WorkPlan,
)

if TYPE_CHECKING:
    from interpares.common.context import Occasion

FACT, TOWN, PROGRAMME, PERSON = (UUID(int=number) for number in range(90, 94))
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAPER = Evidence(UUID(int=95), None, "e" * 64)
YEAR = Validity(date(2026, 1, 1), date(2026, 12, 31))
RESOLUTION = Resolution(Organ.COUNCIL, date(2026, 2, 1), "VO/2026/17", Result.ADOPTED)
TASK = Task("t" * 64, PERSON, date(2026, 2, 1), date(2026, 3, 1))
PLAN = WorkPlan(date(2026, 1, 1), date(2027, 12, 31), (TASK,))
BUDGET = Budget("EUR", Decimal(25000), Decimal(5000), Decimal(20000), Decimal(40), (Line("travel", Decimal(9000)),))
TEAM = Team((Member(PERSON, ("energy", "finance")),), ("energy",))
SHOWN = {
    Kind.NAMED_HEAD: Shown(head=NamedHead(PERSON, "mayor")),
    Kind.POLITICAL_RESOLUTION: Shown(resolution=RESOLUTION),
    Kind.TEAM: Shown(team=TEAM),
    Kind.PLAN: Shown(plan=PLAN),
    Kind.BUDGET: Shown(budget=BUDGET),
    Kind.OTHER: Shown(),
}


def why(capacity: str = "office") -> Grounds:
    return Grounds("as-asked", "a" * 64, capacity)


def made(event_class: Any, number: int, /, **fields: Any) -> Any:
    metadata = Metadata(UUID(int=1), UUID(int=2), UUID(int=3), None, "", "")
    return event_class(originator_id=FACT, originator_version=number, timestamp=NOW, metadata=metadata, **fields)


def shown(kind: Kind = Kind.POLITICAL_RESOLUTION, what: Shown | None = None, **changes: Any) -> Fact:
    facts: dict[str, Any] = {
        "organisation_id": TOWN,
        "organisation_kind": OrganisationKind.MUNICIPALITY,
        "programme_id": PROGRAMME,
        "prerequisite": "resolution",
        "kind": kind,
        "shown": what or SHOWN[kind],
        "evidence": PAPER,
        "validity": YEAR,
        "grounds": why("coordinator"),
    }
    return Fact.show(FACT, **facts | changes)


def test_a_prerequisite_is_shown(now_acting: Occasion) -> None:
    fact = shown()

    expected = made(
        Fact.Created,
        1,
        originator_topic="registration.prerequisite",
        organisation_id=TOWN,
        organisation_kind=OrganisationKind.MUNICIPALITY,
        programme_id=PROGRAMME,
        prerequisite="resolution",
        kind=Kind.POLITICAL_RESOLUTION,
        shown=Shown(resolution=RESOLUTION),
        evidence=PAPER,
        validity=YEAR,
        note="a" * 64,
        reason_code="as-asked",
        acting_as="coordinator",
    )
    assert fact.collect_events() == [expected]
    assert fact.state == State(
        organisation_id=TOWN,
        organisation_kind=OrganisationKind.MUNICIPALITY,
        programme_id=PROGRAMME,
        prerequisite="resolution",
        kind=Kind.POLITICAL_RESOLUTION,
        version=1,
        validity=YEAR,
        evidence_hash="e" * 64,
        lacking=(),
        organ=Organ.COUNCIL,
    )


def test_the_office_confirms_and_the_event_can_be_read_alone(now_acting: Occasion) -> None:
    fact = shown(Kind.TEAM)
    fact.collect_events()

    fact.confirm(1, why())

    expected = made(
        events.Confirmed,
        2,
        organisation_id=TOWN,
        programme_id=PROGRAMME,
        prerequisite="resolution",
        kind=Kind.TEAM,
        version=1,
        validity=YEAR,
        evidence_hash="e" * 64,
        by="office",
        reason_code="as-asked",
        reason="a" * 64,
        acting_as="office",
    )
    assert fact.collect_events() == [expected]
    assert fact.state.confirmed == 1


@pytest.mark.usefixtures("now_acting")
@pytest.mark.parametrize(
    ("kind", "capacity", "by"),
    [
        (Kind.POLITICAL_RESOLUTION, "coordinator", "council"),
        (Kind.POLITICAL_RESOLUTION, "office", "office"),
        (Kind.OTHER, "office", "office"),
    ],
)
def test_who_confirmed_is_on_record(kind: Kind, capacity: str, by: str) -> None:
    fact = shown(kind)
    fact.confirm(1, why(capacity))

    (*_, confirmed) = fact.collect_events()
    assert vars(confirmed)["by"] == by


@pytest.mark.usefixtures("now_acting")
@pytest.mark.parametrize("kind", [each for each in Kind if each is not Kind.POLITICAL_RESOLUTION])
def test_nobody_confirms_what_they_show_themselves(kind: Kind) -> None:
    fact = shown(kind)

    with pytest.raises(ConfirmedByOthers):
        fact.confirm(1, why("coordinator"))


def test_a_new_version_counts_once_it_is_confirmed(now_acting: Occasion) -> None:
    fact = shown()
    fact.confirm(1, why())
    fact.collect_events()
    later = Validity(date(2027, 1, 1))

    fact.show_anew(shown=SHOWN[fact.state.kind], evidence=PAPER, validity=later, grounds=why("coordinator"))

    expected = made(
        events.ShownAnew,
        3,
        version=2,
        shown=SHOWN[Kind.POLITICAL_RESOLUTION],
        evidence=PAPER,
        validity=later,
        note="a" * 64,
        reason_code="as-asked",
        acting_as="coordinator",
    )
    assert fact.collect_events() == [expected]
    assert (fact.state.version, fact.state.confirmed, fact.state.validity) == (2, 1, later)
    with pytest.raises(FactSuperseded, match="newer") as refused:
        fact.confirm(1, why())
    assert "version 2" in refused.value.way_out
    fact.confirm(2, why())
    assert fact.state.confirmed == 2


@pytest.mark.usefixtures("now_acting")
def test_a_version_of_another_kind_has_no_organ() -> None:
    fact = shown(Kind.PLAN)
    fact.show_anew(shown=SHOWN[Kind.PLAN], evidence=PAPER, validity=YEAR, grounds=why())

    assert fact.state.organ is None


@pytest.mark.usefixtures("now_acting")
def test_a_version_is_confirmed_once() -> None:
    fact = shown()
    fact.confirm(1, why())

    with pytest.raises(FactConfirmed):
        fact.confirm(1, why())


def test_what_is_revoked_is_over(now_acting: Occasion) -> None:
    fact = shown()
    fact.confirm(1, why())
    fact.collect_events()

    fact.revoke(why("coordinator"))

    expected = made(
        events.Revoked,
        3,
        organisation_id=TOWN,
        programme_id=PROGRAMME,
        prerequisite="resolution",
        kind=Kind.POLITICAL_RESOLUTION,
        version=1,
        reason_code="as-asked",
        reason="a" * 64,
        acting_as="coordinator",
    )
    assert fact.collect_events() == [expected]
    with pytest.raises(FactRevoked):
        fact.revoke(why())
    with pytest.raises(FactRevoked):
        fact.confirm(1, why())
    with pytest.raises(FactRevoked):
        fact.show_anew(shown=SHOWN[Kind.POLITICAL_RESOLUTION], evidence=PAPER, validity=YEAR, grounds=why())


@pytest.mark.usefixtures("now_acting")
@pytest.mark.parametrize(
    ("kind", "what", "lacking"),
    [
        (
            Kind.POLITICAL_RESOLUTION,
            Shown(resolution=replace(RESOLUTION, result=Result.REJECTED)),
            "resolution-adopted",
        ),
        (
            Kind.POLITICAL_RESOLUTION,
            Shown(resolution=replace(RESOLUTION, result=Result.POSTPONED)),
            "resolution-adopted",
        ),
        (Kind.TEAM, Shown(team=replace(TEAM, asked=("energy", "mobility"))), "discipline-mobility"),
        (Kind.BUDGET, Shown(budget=replace(BUDGET, grant=Decimal(1))), "budget-covered"),
    ],
)
def test_what_does_not_suffice_is_shown_and_not_confirmed(kind: Kind, what: Shown, lacking: str) -> None:
    fact = shown(kind, what)

    assert fact.state.lacking == (lacking,)
    with pytest.raises(FactIncomplete) as refused:
        fact.confirm(1, why())
    assert lacking in refused.value.way_out


@pytest.mark.usefixtures("now_acting")
@pytest.mark.parametrize("kind", Kind)
def test_a_prerequisite_consists_of_what_belongs_to_its_kind(kind: Kind) -> None:
    for other in Kind:
        if other is not kind and other is not Kind.OTHER:
            both = replace(SHOWN[kind], **{name: value for name, value in vars(SHOWN[other]).items() if value})
            with pytest.raises(PartTooMany):
                shown(kind, both)
    if kind is not Kind.OTHER:
        with pytest.raises(PartMissing):
            shown(kind, Shown())


@pytest.mark.usefixtures("now_acting")
@pytest.mark.parametrize("kind", OrganisationKind)
def test_every_kind_of_organisation_has_its_own_organs(kind: OrganisationKind) -> None:
    for organ in Organ:
        what = Shown(resolution=replace(RESOLUTION, organ=organ))
        if organ in ORGANS[kind]:
            assert shown(Kind.POLITICAL_RESOLUTION, what, organisation_kind=kind).state.organ is organ
        else:
            with pytest.raises(OrganNotOfKind) as refused:
                shown(Kind.POLITICAL_RESOLUTION, what, organisation_kind=kind)
            assert refused.value.field == "resolution.organ"


@pytest.mark.usefixtures("now_acting")
@pytest.mark.parametrize(
    ("starts", "due"),
    [
        (date(2025, 12, 31), date(2026, 2, 1)),
        (date(2026, 2, 1), date(2028, 1, 1)),
        (date(2026, 3, 1), date(2026, 2, 1)),
    ],
)
def test_every_task_lies_within_the_term(starts: date, due: date) -> None:
    plan = replace(PLAN, tasks=(TASK, replace(TASK, starts=starts, due=due)))

    with pytest.raises(TaskOutsideTerm) as refused:
        shown(Kind.PLAN, Shown(plan=plan))
    assert refused.value.field == "plan.tasks.1.due"


@pytest.mark.usefixtures("now_acting")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lines": (Line("travel", Decimal(25001)),)}, "budget.lines"),
        ({"own_share": Decimal("5000.01")}, "budget.own_share"),
    ],
)
def test_parts_of_a_budget_come_to_no_more_than_the_whole(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BudgetUnbalanced) as refused:
        shown(Kind.BUDGET, Shown(budget=replace(BUDGET, **changes)))
    assert refused.value.field == field


def test_what_no_line_is_planned_for_is_no_error() -> None:
    assert (BUDGET.unallocated, BUDGET.uncovered) == (Decimal(16000), Decimal(0))


@pytest.mark.usefixtures("now_acting")
def test_evidence_is_needed() -> None:
    with pytest.raises(EvidenceMissing):
        shown(evidence=None)
    with pytest.raises(EvidenceMissing):
        shown().show_anew(
            shown=SHOWN[Kind.POLITICAL_RESOLUTION], evidence=None, validity=YEAR, grounds=why("coordinator")
        )


def test_a_validity_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValidityReversed):
        Validity(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.usefixtures("now_acting")
def test_a_snapshot_is_the_fact_again() -> None:
    fact = shown()
    fact.confirm(1, why())
    fact.collect_events()

    assert FactSnapshot.take(fact).mutate(None) == fact


WORDS = st.lists(st.sampled_from(["energy", "finance", "mobility", "it", "participation"]), max_size=5)


@given(members=st.lists(WORDS, max_size=4), asked=WORDS)
def test_a_discipline_is_missing_or_somebody_stands_for_it(members: list[list[str]], asked: list[str]) -> None:
    team = Team(tuple(Member(PERSON, tuple(each)) for each in members), tuple(asked))

    assert set(team.missing) | team.present >= set(asked)
    assert not set(team.missing) & team.present
    assert set(team.missing) <= set(asked)
