"""Applicants are chosen by criteria fixed before the deadline; ranking and lots can be computed again by anybody."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interpares.common.context import acting
from interpares.common.eventstore import MAPPER
from interpares.programme.domain import events as participation
from interpares.programme.domain.decision import Alternative, Criterion, Evidence, Interest, Source, SourceKind
from interpares.programme.domain.eligibility import Assessment, Found
from interpares.programme.domain.errors import ApplicationAlreadyDecided
from interpares.programme.domain.meetings.prerequisites import NOTHING_SHOWN
from interpares.programme.domain.moment import LocalMoment
from interpares.programme.domain.participation import Applicant
from interpares.programme.domain.programme import ProgrammeSnapshot
from interpares.programme.domain.selecting import events
from interpares.programme.domain.selecting.errors import (
    AssessedAlready,
    AssessmentNotFitting,
    AssessmentsMissing,
    AssessorExcluded,
    CallStillOpen,
    CriteriaFixedAlready,
    CriteriaTooLate,
    CriteriaWithoutWeight,
    NobodyToRank,
    NotInSelection,
    NotNextInLine,
    NotRanked,
    SelectionOver,
    SelectionRunning,
    TieUnbroken,
    UnknownSelection,
)
from interpares.programme.domain.selecting.ranking import lot, rank, seed_of, shown
from interpares.programme.domain.selecting.rules import Weighed
from interpares.programme.domain.selecting.state import Assessed, Progress, Round

if TYPE_CHECKING:
    from services.programme.tests.conftest import Story

LABEL = {"en": "x"}
ROUND = "AT.hosts"


def selection(**changes: Any) -> dict[str, Any]:
    criteria = {"concept": {"label": LABEL, "weight": 3}, "need": {"label": LABEL, "weight": 1}}
    rule = {"roles": ["host"], "criteria": criteria, "tie_break": ["concept", "lot"], "places": 1}
    return {"hosts": rule | changes}


class Jury:
    """A programme with a selection of hosts, in the words of its jury."""

    def __init__(self, story: Story, **changes: Any) -> None:
        self.story = story
        story.document = story.template(selection=selection(**changes))
        self.programme = story.running()
        self.fixed = self.programme.fix_criteria("hosts", story.grounds())

    def applicants(self, *names: str) -> tuple[Applicant, ...]:
        return tuple(self.story.applicant(name) for name in names)

    def assess(self, name: str, concept: str, need: str, assessor: str = "ann", **why: Any) -> Any:
        points = {"concept": Decimal(concept), "need": Decimal(need)}
        applicant, judge = self.story.applicant(name), self.story.id(assessor)
        return self.programme.assess(ROUND, applicant, judge, points, self.story.grounds(**why))

    def rank(self, *names: str, **more: Any) -> events.ApplicantsRanked:
        return self.programme.rank_applicants(ROUND, self.applicants(*names), self.story.grounds(), **more)

    def close(self) -> None:
        self.programme.close_call(self.story.grounds())

    def decide(self, *names: str, **more: Any) -> events.SelectionDecided:
        return self.programme.decide_selection(
            ROUND,
            self.applicants(*names),
            self.story.grounds("jury-result"),
            proofs=NOTHING_SHOWN,
            assessments={},
            **more,
        )

    def ranked(self) -> None:
        """Rank Graz before Linz before Wels."""
        for name, concept in (("graz", "9"), ("linz", "8"), ("wels", "7")):
            self.assess(name, concept, "5")
        self.close()
        self.rank("graz", "linz", "wels")


@pytest.fixture
def jury(story: Story) -> Jury:
    return Jury(story)


def test_criteria_are_fixed_before_the_deadline_for_every_strand(story: Story) -> None:
    jury = Jury(story)
    assert jury.fixed.strands == ("AT", "DE")
    assert (jury.fixed.criteria, jury.fixed.places) == ((Weighed("concept", 3), Weighed("need", 1)), 1)
    assert jury.fixed.decision.rule == jury.programme.state.charter.selection["hosts"].ref
    assert sorted(jury.programme.state.selections.rounds) == ["AT.hosts", "DE.hosts"]


def test_criteria_can_be_fixed_before_the_call(story: Story) -> None:
    story.document = story.template(selection=selection(), strands={"by": "one"})
    programme = story.past(story.drafted("all"))
    programme.fix_criteria("hosts", story.grounds(), places=4)
    assert programme.state.selections.rounds["all.hosts"].places == 4


def test_after_the_deadline_nobody_fixes_criteria(story: Story) -> None:
    story.document = story.template(selection=selection())
    programme = story.running()
    late = replace(story.occasion, now=story.now + timedelta(days=300))
    with acting(late), pytest.raises(CriteriaTooLate):
        programme.fix_criteria("hosts", story.grounds())
    programme.close_call(story.grounds())
    with pytest.raises(CriteriaTooLate):
        programme.fix_criteria("hosts", story.grounds())
    earlier = story.grounds(source=Source(SourceKind.RETROSPECTIVE), decided_at=story.now - timedelta(days=1))
    assert programme.fix_criteria("hosts", earlier).decision.source.kind is SourceKind.RETROSPECTIVE


def test_criteria_are_fixed_once_unless_the_earlier_decision_is_superseded_in_time(jury: Jury) -> None:
    story = jury.story
    with pytest.raises(CriteriaFixedAlready):
        jury.programme.fix_criteria("hosts", story.grounds())
    jury.programme.fix_criteria("hosts", story.grounds(supersedes=jury.fixed.event_id), points_at_most=Decimal(5))
    again = jury.programme.state.selections.rounds[ROUND].fixed_by
    jury.assess("graz", "5", "5")
    with pytest.raises(CriteriaFixedAlready):
        jury.programme.fix_criteria("hosts", story.grounds(supersedes=again))


@pytest.mark.parametrize(("weight", "most"), [(0, Decimal(10)), (1, Decimal(0))])
def test_criteria_weigh_something(story: Story, weight: int, most: Decimal) -> None:
    story.document = story.template(
        selection=selection(criteria={"concept": {"label": LABEL, "weight": weight}}, tie_break=["lot"])
    )
    with pytest.raises(CriteriaWithoutWeight):
        story.running().fix_criteria("hosts", story.grounds(), points_at_most=most)


def test_what_the_template_does_not_have_is_not_known(jury: Jury) -> None:
    with pytest.raises(UnknownSelection):
        jury.programme.fix_criteria("guests", jury.story.grounds())
    with pytest.raises(UnknownSelection):
        jury.programme.rank_applicants("AT.guests", (), jury.story.grounds())


def test_an_application_is_assessed_with_points_for_each_criterion(jury: Jury) -> None:
    assessed = jury.assess("graz", "9.5", "0")
    applicant = jury.story.applicant("graz")
    assert assessed.points == (events.Points("concept", Decimal("9.5")), events.Points("need", Decimal(0)))
    assert assessed.decision.concerns == (applicant.organisation_id,)
    assert assessed.decision.evidence == (Evidence(f"application:{applicant.application_id}", 1, "ab" * 32, 17),)


@pytest.mark.parametrize("points", [{"concept": 1}, {"concept": 11, "need": 1}, {"concept": -1, "need": 1}])
def test_points_fit_the_criteria(jury: Jury, points: dict[str, int]) -> None:
    given = {key: Decimal(value) for key, value in points.items()}
    with pytest.raises(AssessmentNotFitting):
        jury.programme.assess(ROUND, jury.story.applicant("graz"), jury.story.id("ann"), given, jury.story.grounds())


@pytest.mark.parametrize(
    "changes", [{"role": "guest"}, {"country": "DE"}, {"withdrawn": True}, {"programme_id": "another"}]
)
def test_only_applicants_of_the_round_are_assessed(jury: Jury, changes: dict[str, Any]) -> None:
    if "programme_id" in changes:
        changes = {"programme_id": jury.story.id("another")}
    applicant = jury.story.applicant("graz", **changes)
    with pytest.raises(NotInSelection):
        jury.programme.assess(
            ROUND, applicant, jury.story.id("ann"), {"concept": Decimal(1), "need": Decimal(1)}, jury.story.grounds()
        )


def test_an_assessment_is_replaced_only_openly(jury: Jury) -> None:
    first = jury.assess("graz", "5", "5")
    with pytest.raises(AssessedAlready):
        jury.assess("graz", "9", "9")
    list(jury.programme.collect_events())
    again = jury.assess("graz", "9", "9", supersedes=first.event_id)
    assert jury.programme.state.selections.rounds[ROUND].assessed == {
        str(jury.story.id("graz applies")): {
            str(jury.story.id("ann")): Assessed(again.event_id, {"concept": Decimal(9), "need": Decimal(9)})
        }
    }


def test_a_declared_conflict_excludes_the_assessor_and_what_they_gave(story: Story) -> None:
    jury = Jury(story)
    jury.assess("graz", "9", "9", "ann")
    jury.assess("graz", "1", "1", "ben")
    excluded = jury.programme.exclude_assessor(ROUND, story.id("ann"), story.id("graz"), "kinship", story.grounds())
    assert excluded.decision.interest == Interest("kinship", (story.id("ann"),), "excluded")
    with pytest.raises(AssessorExcluded):
        jury.assess("graz", "9", "9", "ann")
    with pytest.raises(AssessorExcluded):
        jury.programme.exclude_assessor(ROUND, story.id("ann"), story.id("graz"), "kinship", story.grounds())
    jury.assess("linz", "2", "2", "ann")
    jury.close()
    assert [each.score for each in jury.rank("graz", "linz").ranking] == ["2", "1"]


def test_the_ranking_follows_from_weights_and_means(jury: Jury) -> None:
    jury.assess("graz", "6", "10")  # 7
    jury.assess("linz", "8", "3", "ann")  # 8 and 2: 6.5
    jury.assess("linz", "8", "1", "ben")
    jury.close()
    outside = Evidence("ranking:1", 1, "cd" * 32, 40)
    ranked = jury.rank("graz", "linz", evidence=(outside,))
    assert [(each.place, each.organisation, each.score, each.tie_break) for each in ranked.ranking] == [
        (1, jury.story.id("graz"), "7", ""),
        (2, jury.story.id("linz"), "6.5", ""),
    ]
    assert ranked.decision.evidence[-1] == outside
    assert ranked.decision.concerns == (jury.story.id("graz"), jury.story.id("linz"))


def test_the_ranking_waits_for_the_deadline_and_for_every_assessment(story: Story) -> None:
    jury = Jury(story, jury={"assessments": 2})
    jury.assess("graz", "6", "10")
    with pytest.raises(CallStillOpen):
        jury.rank("graz")
    late = replace(story.occasion, now=story.now + timedelta(days=300))
    with acting(late), pytest.raises(AssessmentsMissing, match="3"):
        jury.rank("graz", "linz")
    with acting(late), pytest.raises(NobodyToRank):
        jury.rank()


def test_a_criterion_breaks_a_tie_before_lots_are_drawn(jury: Jury) -> None:
    jury.assess("graz", "6", "10")
    jury.assess("linz", "7", "7")
    jury.assess("wels", "5", "1")
    jury.close()
    assert [(each.organisation, each.tie_break) for each in jury.rank("graz", "linz", "wels").ranking] == [
        (jury.story.id("linz"), "concept"),
        (jury.story.id("graz"), "concept"),
        (jury.story.id("wels"), ""),
    ]


def test_lots_are_drawn_so_that_anybody_can_draw_them_again(jury: Jury) -> None:
    names = ("graz", "linz", "wels", "steyr", "enns")
    for name in names:
        jury.assess(name, "7", "7")
    jury.close()
    ranked = jury.rank(*names)

    assessments = sorted(
        str(each.event_id) for each in jury.programme.pending_events if isinstance(each, events.ApplicationAssessed)
    )
    stated = [str(jury.programme.id), ROUND, str(jury.fixed.event_id), assessments]
    seed = hashlib.sha256(json.dumps(stated, separators=(",", ":")).encode()).hexdigest()
    drawn = sorted(
        (hashlib.sha256(f"{seed}{jury.story.id(f'{name} applies')}".encode()).hexdigest(), jury.story.id(name))
        for name in names
    )
    assert ranked.seed == seed
    assert [each.organisation for each in ranked.ranking] == [organisation for _, organisation in drawn]
    assert {each.tie_break for each in ranked.ranking} == {"lot"}


def test_without_lots_somebody_decides_between_equals(story: Story) -> None:
    jury = Jury(story, tie_break=["need"])
    for name in ("graz", "linz"):
        jury.assess(name, "7", "7")
    jury.close()
    with pytest.raises(TieUnbroken, match=str(story.id("graz applies"))):
        jury.rank("graz", "linz")
    order = (story.id("linz applies"), story.id("graz applies"))
    ranked = jury.rank("graz", "linz", order=order)
    assert (ranked.order, [each.application for each in ranked.ranking]) == (order, list(order))
    assert {each.tie_break for each in ranked.ranking} == {"decided"}


def test_all_applicants_are_decided_about_at_once_each_with_place_and_alternatives(jury: Jury) -> None:
    jury.ranked()
    list(jury.programme.collect_events())
    decided = jury.decide("graz", "linz", "wels", waiting=1)

    result, admitted, waits, declined = jury.programme.collect_events()
    assert result == decided
    assert isinstance(admitted, participation.ParticipationAdmitted)
    assert isinstance(waits, events.ApplicationWaitlisted)
    assert isinstance(declined, participation.ApplicationDeclined)
    assert (waits.organisation, waits.place) == (jury.story.id("linz"), 1)
    for place, score, event in ((1, "8", admitted), (2, "7.25", waits), (3, "6.5", declined)):
        assert event.decision.follows == decided.event_id
        assert event.decision.criteria == (Criterion("place", str(place)), Criterion("score", score))
        assert len(event.decision.alternatives) == 2
    assert admitted.decision.alternatives == (
        Alternative("place-2", jury.story.id("linz")),
        Alternative("place-3", jury.story.id("wels")),
    )
    assert [each.decision.reason_code for each in (result, admitted, waits, declined)] == [
        "jury-result",
        "ranked-within-places",
        "ranked-beyond-places",
        "ranked-beyond-places",
    ]
    with pytest.raises(SelectionOver):
        jury.decide("graz")


def test_who_takes_part_already_gives_its_place_to_the_next(story: Story) -> None:
    story.document = story.template(selection=selection())
    jury = Jury(story)
    jury.programme.admit(story.applicant("graz", "guest"), "guest", (), story.grounds())
    other = replace(story.applicant("graz"), application_id=story.id("graz applies again"))
    points = {"concept": Decimal(10), "need": Decimal(10)}
    jury.programme.assess(ROUND, other, story.id("ann"), points, story.grounds())
    jury.assess("linz", "1", "1")
    jury.close()
    applicants = (other, *jury.applicants("linz"))
    jury.programme.rank_applicants(ROUND, applicants, story.grounds())
    decided = jury.programme.decide_selection(ROUND, applicants, story.grounds(), proofs=NOTHING_SHOWN, assessments={})
    assert decided.admitted == (story.id("linz applies"),)
    assert decided.declined == (story.id("graz applies again"),)
    last = jury.programme.pending_events[-1]
    assert isinstance(last, participation.ApplicationDeclined)
    assert last.decision.reason_code == "takes-part-already"


def test_who_withdrew_after_the_ranking_gives_way_and_who_is_not_ranked_stops_it(jury: Jury) -> None:
    jury.ranked()
    with pytest.raises(NotRanked):
        jury.decide("graz", "linz", "wels", "steyr")
    assert jury.decide("linz", "wels").admitted == (jury.story.id("linz applies"),)


def test_nothing_is_decided_without_a_ranking(jury: Jury) -> None:
    with pytest.raises(NotRanked):
        jury.decide("graz")
    jury.ranked()
    jury.assess("steyr", "1", "1")
    with pytest.raises(NotRanked):
        jury.decide("graz", "linz", "wels")


def test_who_is_not_eligible_gives_its_place_to_the_next(story: Story) -> None:
    roles = story.document["roles"]
    german = {**roles["host"], "eligibility": [{"predicate": "country", "one_of": ["DE"]}]}
    story.document = story.template(selection=selection(), roles={**roles, "host": german})
    programme = story.running()
    programme.fix_criteria("hosts", story.grounds())
    applicants = (story.applicant("graz"), story.applicant("linz"))
    points = {"concept": Decimal(1), "need": Decimal(1)}
    for applicant in applicants:
        programme.assess(ROUND, applicant, story.id("ann"), points, story.grounds())
    programme.close_call(story.grounds())
    programme.rank_applicants(ROUND, applicants, story.grounds())
    linz = applicants[1].application_id
    decided = programme.decide_selection(
        ROUND,
        applicants,
        story.grounds(),
        proofs=NOTHING_SHOWN,
        assessments={linz: Assessment((Found(0, "country", "holds", "AT"),))},
    )
    assert (decided.admitted, decided.declined) == ((linz,), (applicants[0].application_id,))
    last = programme.pending_events[-1]
    assert isinstance(last, participation.ApplicationDeclined)
    assert last.decision.reason_code == "not-eligible"


def test_without_a_limit_all_are_admitted(story: Story) -> None:
    jury = Jury(story, places=None)
    jury.ranked()
    assert len(jury.decide("graz", "linz", "wels").admitted) == 3


def test_in_an_undivided_programme_the_strand_is_the_whole(story: Story) -> None:
    story.document = story.template(selection=selection(), strands={"by": "one"})
    programme = story.past(story.drafted("all"), story.called())
    programme.fix_criteria("hosts", story.grounds())
    applicant = story.applicant("graz")
    points = {"concept": Decimal(1), "need": Decimal(1)}
    programme.assess("all.hosts", applicant, story.id("ann"), points, story.grounds())
    programme.close_call(story.grounds())
    programme.rank_applicants("all.hosts", (applicant,), story.grounds())
    programme.decide_selection("all.hosts", (applicant,), story.grounds(), proofs=NOTHING_SHOWN, assessments={})
    assert programme.state.participations[str(story.id("graz"))].strand == "all"


def test_while_a_selection_runs_nobody_is_admitted_singly(jury: Jury) -> None:
    graz = jury.story.applicant("graz")
    with pytest.raises(SelectionRunning):
        jury.programme.admit(graz, "host", (), jury.story.grounds())
    jury.programme.admit(jury.story.applicant("enns", "friend"), "friend", (), jury.story.grounds())
    jury.programme.decline_application(jury.story.applicant("steyr"), (), jury.story.grounds("not-complete"))
    jury.ranked()
    with pytest.raises(SelectionRunning):
        jury.programme.decline_application(graz, (), jury.story.grounds())


def test_a_place_that_becomes_free_goes_to_the_first_who_waits(jury: Jury) -> None:
    story, programme = jury.story, jury.programme
    graz, linz, wels = jury.applicants("graz", "linz", "wels")
    jury.ranked()
    jury.decide("graz", "linz", "wels")
    with pytest.raises(NotNextInLine):
        programme.admit(linz, "host", (), story.grounds())
    programme.withdraw(graz.organisation_id, story.grounds())
    with pytest.raises(NotNextInLine):
        programme.admit(wels, "host", (linz,), story.grounds())
    admitted = programme.admit(linz, "host", (wels,), story.grounds("place-free"))
    assert admitted.decision.alternatives[0] == Alternative("waiting", wels.organisation_id)
    with pytest.raises(ApplicationAlreadyDecided):
        programme.admit(linz, "host", (), story.grounds())
    programme.decline_application(wels, (), story.grounds())


def test_another_call_may_have_other_criteria(jury: Jury) -> None:
    jury.ranked()
    jury.decide("graz", "linz", "wels")
    jury.programme.open_call(LocalMoment(datetime(2027, 12, 1, 12, 0), "Europe/Brussels"), jury.story.grounds())  # noqa: DTZ001 -- local time by intent
    with pytest.raises(CriteriaFixedAlready):  # the round of Germany was not decided
        jury.programme.fix_criteria("hosts", jury.story.grounds())
    jury.programme.fix_criteria("hosts", jury.story.grounds(supersedes=jury.fixed.event_id), places=2)
    assert jury.programme.state.selections.rounds[ROUND].progress is Progress.FIXED


def test_a_selection_is_read_as_it_was_written(jury: Jury) -> None:
    jury.ranked()
    jury.programme.exclude_assessor("DE.hosts", jury.story.id("ann"), jury.story.id("ulm"), "kin", jury.story.grounds())
    jury.decide("graz", "linz", "wels", waiting=1)
    history = list(jury.programme.collect_events())
    assert [MAPPER.to_domain_event(MAPPER.to_stored_event(event)) for event in history] == history
    taken: Any = MAPPER.to_domain_event(MAPPER.to_stored_event(ProgrammeSnapshot.take(jury.programme)))
    assert taken.mutate(None) == jury.programme


@given(st.lists(st.tuples(*[st.decimals(min_value=0, max_value=10, places=2)] * 2), min_size=1, max_size=8))
def test_every_ranking_is_a_total_order_by_score(marks: list[tuple[Decimal, Decimal]]) -> None:
    applicants = [_applicant(number) for number in range(len(marks))]
    assessed = {
        str(applicant.application_id): {"ann": Assessed(applicant.application_id, {"a": first, "b": second})}
        for applicant, (first, second) in zip(applicants, marks, strict=True)
    }
    criteria = (Weighed("a", 2), Weighed("b", 1))
    round_ = Round("r", "all", _uuid(99), criteria, Decimal(10), 1, ("b", "lot"), None, assessed=assessed)
    seed = seed_of(_uuid(98), round_)
    ranking = rank(round_, applicants, seed)
    assert [each.place for each in ranking] == list(range(1, len(marks) + 1))
    assert {each.application for each in ranking} == {each.application_id for each in applicants}
    by_application = dict(zip((each.application_id for each in applicants), marks, strict=True))
    keys = [
        (
            -(2 * by_application[each.application][0] + by_application[each.application][1]),
            -by_application[each.application][1],
            lot(seed, each.application),
        )
        for each in ranking
    ]
    assert keys == sorted(keys)
    assert rank(round_, reversed(applicants), seed) == ranking


def test_scores_are_shown_rounded() -> None:
    assert [shown(Fraction(each)) for each in ("20/3", "7", "13/2", "0", "1/100000")] == [
        "6.6667",
        "7",
        "6.5",
        "0",
        "0",
    ]


def _uuid(number: int) -> UUID:
    return UUID(int=number)


def _applicant(number: int) -> Applicant:
    return Applicant(
        application_id=_uuid(number),
        programme_id=_uuid(98),
        organisation_id=_uuid(number + 50),
        country="AT",
        role="host",
        strand=None,
        withdrawn=False,
        version=1,
        hash="",
        position=1,
    )
