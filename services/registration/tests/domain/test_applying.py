"""What is asked of applicants, drafts that are signed, and the order in which they rank."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interpares.common.context import Occasion, acting
from interpares.registration.domain.applying.content import Content, Evidence
from interpares.registration.domain.applying.errors import (
    AnswerUnfit,
    DraftSettled,
    NobodyToRank,
    QuestionUnknown,
    SignedAlready,
)
from interpares.registration.domain.applying.form import Answer, Form, Question
from interpares.registration.domain.applying.ranking_rule import Candidate, Rule, rank
from interpares.registration.domain.call import OpenCall
from interpares.registration.domain.draft import Draft, DraftSnapshot
from interpares.registration.domain.errors import DeadlinePassed, RoleNotSought, StrandNotSought
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.ranking import Ranked, Ranking, RankingSnapshot, ranking_id

if TYPE_CHECKING:
    from collections.abc import Sequence

DRAFT, CALL_ID, PROGRAMME, OFFICE, TOWN, APPLICATION = (UUID(int=number) for number in range(40, 46))
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CALL = OpenCall(CALL_ID, PROGRAMME, OFFICE, ("follower",), ("AT",), NOW + timedelta(days=9))
CONTENT = Content("a" * 64, {"why": "b" * 64}, (Evidence(UUID(int=9), "c" * 64, "plan"),), (UUID(int=8),))
WHY = Grounds("published-criteria", "d" * 64, "office")


def occasion(actor: int = 1) -> Occasion:
    return Occasion(UUID(int=actor), UUID(int=2), UUID(int=3), causation_id=None, now=NOW)


QUESTIONS = (
    Question("text", characters_at_most=5),
    Question("number", "number"),
    Question("day", "day"),
    Question("sure", "yes-no"),
    Question("one", "choice", choices=("red", "blue")),
    Question("plan", "file"),
)


@pytest.mark.parametrize(
    ("question", "fits", "unfit"),
    [
        ("text", ["five5", "é"], ["sixsix", "  ", 5]),
        ("number", [0, -7], ["7", True, "x"]),
        ("day", ["2026-02-28"], ["2026-02-30", "tomorrow", 20260228]),
        ("sure", [True, False], ["true", 1]),
        ("one", ["red"], ["green", 1]),
        ("plan", [str(UUID(int=1))], ["plan.pdf", 1]),
    ],
)
def test_an_answer_is_what_the_question_takes(question: str, fits: list[Answer], unfit: list[Answer]) -> None:
    form = Form(QUESTIONS)
    for each in fits:
        form.check_answers("follower", "municipality", {question: each})
    for each in unfit:
        with pytest.raises(AnswerUnfit) as refused:
            form.check_answers("follower", "municipality", {question: each})
        assert refused.value.field == f"answers.{question}"
        assert refused.value.way_out.startswith("Answer with ")
    assert form.files() == {"plan"}


def test_questions_are_asked_by_role_and_kind() -> None:
    form = Form((Question("a", roles=("follower",)), Question("b", kinds=("university",))))
    form.check_answers("follower", "municipality", {"a": "yes"})
    form.check_complete("front-runner", "municipality", {})
    for role, kind, key in (("front-runner", "municipality", "a"), ("follower", "municipality", "b")):
        with pytest.raises(QuestionUnknown):
            form.check_answers(role, kind, {key: "yes"})
    with pytest.raises(QuestionUnknown):
        form.check_answers("follower", "municipality", {"c": "yes"})


def begun(content: Content = CONTENT) -> Draft:
    with acting(occasion()):
        draft = Draft.begin(
            DRAFT,
            call=CALL,
            organisation_id=TOWN,
            role="follower",
            strand=None,
            content=content,
            acting_as="coordinator",
        )
    draft.collect_events()
    return draft


def test_a_draft_begins_under_an_open_call() -> None:
    for call, refusal in ((replace(CALL, deadline=NOW), DeadlinePassed), (replace(CALL, roles=()), RoleNotSought)):
        with acting(occasion()), pytest.raises(refusal):
            Draft.begin(
                DRAFT, call=call, organisation_id=TOWN, role="follower", strand=None, content=CONTENT, acting_as="x"
            )


def test_several_sign_and_another_content_voids_what_they_signed() -> None:
    draft = begun()
    for actor in (1, 2):
        with acting(occasion(actor)):
            draft.sign("coordinator")
    assert [each.content for each in draft.state.signatures] == [CONTENT.hash] * 2
    with acting(occasion(2)), pytest.raises(SignedAlready):
        draft.sign("coordinator")

    with acting(occasion()):
        draft.write(CONTENT, "coordinator")
        assert len(draft.state.signatures) == 2
        draft.write(replace(CONTENT, members=()), "coordinator")

    assert not draft.state.signatures
    assert draft.state.content.hash != CONTENT.hash


def test_a_submitted_draft_stays_as_it_is() -> None:
    draft = begun()
    with acting(occasion()):
        draft.submit(APPLICATION)
        with pytest.raises(DraftSettled):
            draft.write(CONTENT, "coordinator")
        with pytest.raises(DraftSettled):
            draft.sign("coordinator")
        with pytest.raises(DraftSettled):
            draft.submit(APPLICATION)


def test_a_snapshot_is_the_draft_again() -> None:
    draft = begun()
    assert DraftSnapshot.take(draft).mutate(None) == draft


def candidate(number: int, points: dict[str, str] | None = None, **changes: Any) -> Candidate:
    known = {"received_at": NOW + timedelta(hours=number), "points": points or {}}
    return Candidate(UUID(int=number), UUID(int=100 + number), **{**known, **changes})


def order(rule: Rule, candidates: Sequence[Candidate]) -> list[int]:
    return [each.candidate.application_id.int for each in rank(rule, CALL_ID, candidates)]


def test_without_criteria_whoever_came_first_is_first_but_for_priority() -> None:
    assert order(Rule(), [candidate(3), candidate(1), candidate(2)]) == [1, 2, 3]
    assert order(Rule(), [candidate(3, priority=1), candidate(1), candidate(2, priority=-1)]) == [3, 1, 2]


def test_points_count_by_their_weights_and_ties_are_broken_as_published() -> None:
    rule = Rule.of({"quality": 3, "reach": 1}, ("reach",))
    first = candidate(1, {"quality": "60", "reach": "100"})
    second = candidate(2, {"quality": "80", "reach": "40"})
    third = candidate(3, {"quality": "90.5"})

    entries = rank(rule, CALL_ID, [third, second, first])

    assert [(each.place, each.candidate, each.total) for each in entries] == [
        (1, first, "70.00"),
        (2, second, "70.00"),
        (3, third, "67.88"),
    ]
    assert rule.order == ("priority", "points", "reach", "received")
    assert rule.text == '{"order":["priority","points","reach","received"],"weights":{"quality":3,"reach":1}}'
    assert len(rule.hash) == 64


def test_lots_are_drawn_the_same_whoever_draws_them() -> None:
    rule = Rule.of({"quality": 0}, ("lot",))
    candidates = [candidate(number) for number in range(1, 30)]
    drawn = order(rule, candidates)
    assert drawn == order(rule, candidates[::-1])
    assert drawn != sorted(drawn)
    other = [each.candidate.application_id.int for each in rank(rule, UUID(int=1), candidates)]
    assert drawn != other


points_given = st.dictionaries(st.sampled_from(["quality", "reach"]), st.integers(0, 100).map(str))
candidates_known = st.lists(
    st.builds(
        Candidate,
        st.uuids(),
        st.uuids(),
        st.integers(0, 5).map(lambda hours: NOW + timedelta(hours=hours)),
        st.integers(-2, 2),
        points_given,
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda each: each.application_id,
)


@given(candidates_known, st.randoms(), st.sampled_from([(), ("lot",), ("reach", "lot")]))
def test_a_ranking_can_be_computed_again_from_what_is_recorded(
    candidates: list[Candidate], chance: Any, tie_break: tuple[str, ...]
) -> None:
    rule = Rule.of({"quality": 2, "reach": 1}, tie_break)
    call = replace(CALL, rules={"follower": rule})
    with acting(occasion()):
        ranking = Ranking.begin(call, "follower", "AT")
        ranking.rank(call, tuple(candidates), WHY)
    _, event = ranking.collect_events()
    assert isinstance(event, Ranked)

    assert event.recomputed() == event.entries
    assert [each.place for each in event.entries] == list(range(1, len(candidates) + 1))
    assert event.rule_hash == rule.hash
    shuffled = candidates.copy()
    chance.shuffle(shuffled)
    assert rank(rule, CALL_ID, shuffled) == event.entries


def test_there_is_one_ranking_for_each_role_and_strand() -> None:
    assert ranking_id(PROGRAMME, "follower", None) != ranking_id(PROGRAMME, "follower", "AT")
    with acting(occasion()):
        ranking = Ranking.begin(CALL, "follower", "AT")
        with pytest.raises(NobodyToRank):
            ranking.rank(CALL, (), WHY)
    ranking.collect_events()
    assert ranking.id == ranking_id(PROGRAMME, "follower", "AT")
    assert RankingSnapshot.take(ranking).mutate(None) == ranking


def test_a_call_knows_its_roles_and_strands() -> None:
    CALL.check_knows("follower", "AT")
    CALL.check_knows("follower", None)
    with pytest.raises(RoleNotSought):
        CALL.check_knows("host", None)
    with pytest.raises(StrandNotSought):
        CALL.check_knows("follower", "DE")
