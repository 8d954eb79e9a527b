"""Applications: submitted, then withdrawn, admitted or declined, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from interpares.common.aggregate import Metadata
from interpares.common.context import Occasion, acting
from interpares.common.eventstore import MAPPER
from interpares.registration.domain.application import (
    Admitted,
    Application,
    ApplicationSnapshot,
    Declined,
    PointsGiven,
    PriorityChanged,
    State,
    Status,
    Withdrawn,
)
from interpares.registration.domain.applying.content import Channel, Content, Found, OnBehalf, Signature, Submission
from interpares.registration.domain.applying.errors import (
    AnswerMissing,
    ConsortiumUnfit,
    CriterionUnknown,
    NotEligible,
    PaperMissing,
    PriorityUnchanged,
    SignaturesMissing,
)
from interpares.registration.domain.applying.form import Form, Question
from interpares.registration.domain.applying.ranking_rule import Rule
from interpares.registration.domain.call import OpenCall
from interpares.registration.domain.errors import (
    ApplicationSettled,
    DeadlinePassed,
    RoleNotSought,
    StrandNotSought,
)
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.organisation import Facts, Key, Kind, Organisation

APPLICATION, PROGRAMME, OFFICE, TOWN, CALL_ID, DECISION = (UUID(int=number) for number in range(40, 46))
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OCCASION = Occasion(UUID(int=1), UUID(int=2), UUID(int=3), None, NOW)
MOTIVATION = Grounds("wants-to-take-part", "a" * 64, "coordinator")
WHY = Grounds("changed-its-mind", "b" * 64, "coordinator")
CALL = OpenCall(CALL_ID, PROGRAMME, OFFICE, ("front-runner",), ("AT", "DE"), datetime(2026, 12, 1, 11, tzinfo=UTC))


def made(event_class: Any, version: int, **fields: Any) -> Any:
    metadata = Metadata(UUID(int=1), UUID(int=2), UUID(int=3), None, "", "")
    return event_class(
        originator_id=APPLICATION, originator_version=version, timestamp=NOW, metadata=metadata, **fields
    )


def town(country: str = "AT") -> Organisation:
    return Organisation.register(
        TOWN, Facts(Kind.MUNICIPALITY, country, (Key("LAU", "40705"),), {"de": "Gmunden"}), acting_as="office"
    )


def submit(call: OpenCall = CALL, strand: str | None = None) -> Application:
    with acting(OCCASION):
        return Application.submit(
            APPLICATION, call=call, applicant=town(), role="front-runner", strand=strand, motivation=MOTIVATION
        )


def submitted() -> Application:
    application = submit()
    application.collect_events()
    return application


def test_an_organisation_applies() -> None:
    application = submit()

    expected = made(
        Application.Created,
        1,
        originator_topic="registration.application",
        call_id=CALL_ID,
        programme_id=PROGRAMME,
        office_id=OFFICE,
        organisation_id=TOWN,
        kind="municipality",
        country="AT",
        role="front-runner",
        strand="AT",
        reason_code="wants-to-take-part",
        motivation="a" * 64,
        acting_as="coordinator",
    )
    assert application.state == State(CALL_ID, PROGRAMME, OFFICE, TOWN, "front-runner", "AT", NOW)
    assert application.collect_events() == [expected]


@pytest.mark.parametrize(
    ("call", "strand", "refusal"),
    [
        (replace(CALL, deadline=NOW), None, DeadlinePassed),
        (replace(CALL, roles=("follower",)), None, RoleNotSought),
        (CALL, "IT", StrandNotSought),
    ],
)
def test_an_application_must_fit_its_call(
    call: OpenCall, strand: str | None, refusal: type[DeadlinePassed | RoleNotSought | StrandNotSought]
) -> None:
    with pytest.raises(refusal):
        submit(call, strand)


def test_an_application_is_withdrawn() -> None:
    application = submitted()

    with acting(OCCASION):
        application.withdraw(WHY)

    expected = made(
        Withdrawn,
        2,
        programme_id=PROGRAMME,
        organisation_id=TOWN,
        reason_code="changed-its-mind",
        reason="b" * 64,
        acting_as="coordinator",
    )
    assert application.state.status is Status.WITHDRAWN
    assert application.collect_events() == [expected]


def test_an_application_is_admitted_by_the_programme() -> None:
    application = submitted()

    with acting(OCCASION):
        application.note_admission(decision_id=DECISION, reason_code="best-fit", role="front-runner", strand="AT")

    expected = made(
        Admitted,
        2,
        decision_id=DECISION,
        reason_code="best-fit",
        role="front-runner",
        strand="AT",
    )
    assert application.state.status is Status.ADMITTED
    assert application.collect_events() == [expected]


def test_an_application_is_declined_by_the_programme() -> None:
    application = submitted()

    with acting(OCCASION):
        application.note_refusal(decision_id=DECISION, reason_code="no-places")

    expected = made(
        Declined,
        2,
        decision_id=DECISION,
        reason_code="no-places",
    )
    assert application.state.status is Status.DECLINED
    assert application.collect_events() == [expected]


def test_an_admitted_organisation_leaves_through_the_programme() -> None:
    application = submitted()
    with acting(OCCASION):
        application.note_admission(decision_id=DECISION, reason_code="best-fit", role="front-runner", strand="AT")
        with pytest.raises(ApplicationSettled) as refused:
            application.withdraw(WHY)

    assert str(refused.value) == "This application is admitted already."
    assert refused.value.way_out == "Withdraw from the programme instead."


def test_a_snapshot_is_the_application_again() -> None:
    application = submitted()

    assert ApplicationSnapshot.take(application).mutate(None) == application


class Course(RuleBasedStateMachine):
    """Whatever comes in whatever order: the first thing settles the application, all later ones change nothing."""

    @initialize(strand=st.sampled_from([None, "AT", "DE"]))
    def apply(self, strand: str | None) -> None:
        self.application = submit(strand=strand)
        self.history: list[Any] = [*self.application.collect_events()]
        self.settled = Status.SUBMITTED

    @rule()
    def withdraw(self) -> None:
        with acting(OCCASION):
            if self.settled is Status.SUBMITTED:
                self.application.withdraw(WHY)
                self.settled = Status.WITHDRAWN
            else:
                with pytest.raises(ApplicationSettled):
                    self.application.withdraw(WHY)

    @rule(decision=st.uuids())
    def admit(self, decision: UUID) -> None:
        with acting(OCCASION):
            self.application.note_admission(
                decision_id=decision, reason_code="best-fit", role="front-runner", strand="AT"
            )
        self.settled = Status.ADMITTED if self.settled is Status.SUBMITTED else self.settled

    @rule(decision=st.uuids())
    def decline(self, decision: UUID) -> None:
        with acting(OCCASION):
            self.application.note_refusal(decision_id=decision, reason_code="no-places")
        self.settled = Status.DECLINED if self.settled is Status.SUBMITTED else self.settled

    @invariant()
    def stands_as_its_history_tells(self) -> None:
        if not hasattr(self, "application"):
            return
        self.history += self.application.collect_events()
        again: Application | None = None
        for event in self.history:
            read = MAPPER.to_domain_event(MAPPER.to_stored_event(event))
            assert read == event
            again = read.mutate(again)
        assert again == self.application
        assert self.application.state.status is self.settled
        assert len(self.history) == (1 if self.settled is Status.SUBMITTED else 2)


TestCourse = Course.TestCase


MEASURED = replace(CALL, rules={"front-runner": Rule.of({"quality": 2, "reach": 1}, ())})


def test_an_application_is_measured_by_the_criteria_of_its_call() -> None:
    application = submitted()
    with acting(OCCASION):
        application.give_points({"quality": "80"}, MEASURED, WHY)
        application.give_points({"reach": "20.5"}, MEASURED, WHY)

    first, second = application.collect_events()
    assert isinstance(first, PointsGiven)
    assert isinstance(second, PointsGiven)
    assert (first.points, second.points) == ({"quality": "80"}, {"quality": "80", "reach": "20.5"})
    assert application.state.points == second.points


@pytest.mark.parametrize("points", [{"beauty": "1"}, {}])
def test_no_other_criterion_counts(points: dict[str, str]) -> None:
    with pytest.raises(CriterionUnknown) as refused:
        submitted().give_points(points, MEASURED, WHY)
    assert "quality, reach" in refused.value.way_out
    with pytest.raises(CriterionUnknown, match="no such"):
        submitted().give_points({"quality": "1"}, CALL, WHY)


def test_priority_changes_with_a_reason_and_only_then() -> None:
    application = submitted()
    with acting(OCCASION):
        application.prioritise(2, WHY)

    (event,) = application.collect_events()
    assert isinstance(event, PriorityChanged)
    assert (event.priority, event.before, event.reason) == (2, 0, WHY.reason)
    with pytest.raises(PriorityUnchanged):
        application.prioritise(2, WHY)


def test_what_is_settled_is_neither_measured_nor_moved() -> None:
    application = submitted()
    with acting(OCCASION):
        application.withdraw(WHY)
    with pytest.raises(ApplicationSettled):
        application.give_points({"quality": "1"}, MEASURED, WHY)
    with pytest.raises(ApplicationSettled):
        application.prioritise(1, WHY)


def apply_with(form: Form, **said: Any) -> Application:
    content = said.pop("content", Content("a" * 64))
    with acting(OCCASION):
        return Application.submit(
            APPLICATION,
            call=replace(CALL, form=form),
            applicant=town(),
            role="front-runner",
            strand=None,
            motivation=MOTIVATION,
            submission=Submission(content, **said),
        )


def test_an_application_has_all_that_the_form_asks_for() -> None:
    form = Form(questions=(Question("why-now"), Question("budget", "number", required=False)))
    with pytest.raises(AnswerMissing) as missing:
        apply_with(form)
    assert missing.value.field == "answers.why-now"
    assert apply_with(form, content=Content("a" * 64, {"why-now": "c" * 64})).version == 1


def test_as_many_sign_as_the_call_asks_for() -> None:
    form = Form(signatories_at_least=2)
    signatures = tuple(Signature(UUID(int=each), NOW, "c" * 64, "coordinator") for each in (1, 2))
    on_paper = OnBehalf(Channel.LETTER, NOW.date(), "d" * 64, signatories=2)

    with pytest.raises(SignaturesMissing, match="2 signatories; 1 signed"):
        apply_with(form, signatures=signatures[:1])
    assert apply_with(form, signatures=signatures).version == 1
    assert apply_with(form, source=on_paper).version == 1
    assert apply_with(Form(), source=OnBehalf(Channel.PHONE, NOW.date())).version == 1
    with pytest.raises(PaperMissing):
        OnBehalf(Channel.PHONE, NOW.date(), None, signatories=2)


def test_consortia_apply_where_the_call_takes_them() -> None:
    other = Content("a" * 64, members=(UUID(int=7),))
    with pytest.raises(ConsortiumUnfit):
        apply_with(Form(), content=other)
    with pytest.raises(ConsortiumUnfit, match="of 2"):
        apply_with(Form(members_at_least=3), content=other)
    with pytest.raises(ConsortiumUnfit):
        apply_with(
            Form(members_at_least=2, members_at_most=2),
            content=replace(other, members=(TOWN, *other.members, UUID(int=8))),
        )
    assert apply_with(Form(members_at_least=2), content=other).version == 1


def test_who_fails_a_condition_does_not_apply_and_what_nobody_knows_is_noted() -> None:
    holds, unknown = Found(0, "kind", "holds", "municipality"), Found(1, "population", "unknown", "unknown")

    event: Any = apply_with(Form(), findings=(holds, unknown)).collect_events()[0]

    assert event.findings == (holds, unknown)
    failing = (
        Found(2, "funding", "fails", "funded:2026-03-01"),
        Found(3, "membership", "fails", "not-member:eurocities"),
    )
    told = r"funding \(found funded on 2026-03-01\), membership \(found not-member of eurocities\)"
    with pytest.raises(NotEligible, match=told):
        apply_with(Form(), findings=(holds, *failing))
