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
    State,
    Status,
    Withdrawn,
)
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
    assert application.state == State(PROGRAMME, OFFICE, TOWN, "front-runner", Status.SUBMITTED)
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
