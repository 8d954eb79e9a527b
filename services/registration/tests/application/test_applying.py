"""Applying under an open call, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from interpares.common.aggregate import event_id
from interpares.common.errors import NotFound
from interpares.common.sealed import seal
from interpares.registration.application.decided import Decided
from interpares.registration.application.follow_calls import (
    NoteClosedCall,
    NoteOpenCall,
    note_closed_call,
    note_open_call,
)
from interpares.registration.application.follow_decisions import (
    NoteAdmission,
    NoteRefusal,
    note_admission,
    note_refusal,
)
from interpares.registration.application.ports import CallNotice
from interpares.registration.application.saying import Said
from interpares.registration.application.submit_application import (
    Applying,
    SubmitApplication,
    submit_application,
)
from interpares.registration.application.withdraw_application import WithdrawApplication, withdraw_application
from interpares.registration.domain.application import Admitted, Application, Declined, Status
from interpares.registration.domain.call import OpenCall
from interpares.registration.domain.errors import NoOpenCall
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.organisation import Facts, Key, Kind, Organisation

if TYPE_CHECKING:
    from services.registration.tests.application.conftest import FakeEligibility, FakePending, FakePorts, FakeUnit

    from interpares.common.context import Occasion

APPLICATION, PROGRAMME, OFFICE, TOWN, CALL_ID, DECISION = (UUID(int=number) for number in range(60, 66))
CALL = OpenCall(CALL_ID, PROGRAMME, OFFICE, ("follower",), ("AT",), datetime(2026, 12, 1, 11, tzinfo=UTC))
WHY = seal("We want to learn how Weiz did it.", UUID(int=1))
APPLYING = Applying(TOWN, "follower", None, "wants-to-take-part", "coordinator")
SUBMIT = SubmitApplication(APPLICATION, PROGRAMME, APPLYING, Said(WHY, {}))
pytestmark = pytest.mark.usefixtures("now_acting")


def town() -> Organisation:
    keys = (Key("LAU", "40705"),)
    return Organisation.register(TOWN, Facts(Kind.MUNICIPALITY, "AT", keys, {"de": "Gmunden"}), acting_as="office")


def application() -> Application:
    motivation = Grounds("wants-to-take-part", WHY.hash, "coordinator")
    return Application.submit(
        APPLICATION, call=CALL, applicant=town(), role="follower", strand=None, motivation=motivation
    )


async def test_an_organisation_applies(
    unit: FakeUnit, ports: FakePorts, pending: FakePending, eligibility: FakeEligibility, now_acting: Occasion
) -> None:
    ports.open_call = CALL
    unit.given(town())

    answer = await submit_application(SUBMIT, unit, calls=ports, pending=pending, eligibility=eligibility)

    assert answer == Decided(
        decision_id=event_id(APPLICATION, 1),
        type="application-submission",
        subject=f"application:{APPLICATION}",
        outcome="submitted",
        reason_code="wants-to-take-part",
        decided_at=now_acting.now,
        created_id=APPLICATION,
    )
    assert unit.written == [("pending", APPLICATION)]
    (((event,), texts),) = unit.saved
    assert (event.call_id, event.strand, event.motivation, texts) == (CALL_ID, "AT", WHY.hash, (WHY,))


async def test_without_a_call_nobody_applies(
    unit: FakeUnit, ports: FakePorts, pending: FakePending, eligibility: FakeEligibility
) -> None:
    with pytest.raises(NoOpenCall):
        await submit_application(SUBMIT, unit, calls=ports, pending=pending, eligibility=eligibility)
    assert (unit.saved, unit.written) == ([], [])


async def test_nobody_applies_for_an_unknown_organisation(
    unit: FakeUnit, ports: FakePorts, pending: FakePending, eligibility: FakeEligibility
) -> None:
    ports.open_call = CALL

    with pytest.raises(NotFound):
        await submit_application(SUBMIT, unit, calls=ports, pending=pending, eligibility=eligibility)


async def test_an_application_is_withdrawn(unit: FakeUnit, pending: FakePending, now_acting: Occasion) -> None:
    unit.given(application())
    command = WithdrawApplication(APPLICATION, "changed-its-mind", WHY, "coordinator")

    answer = await withdraw_application(command, unit, pending=pending)

    assert answer == Decided(
        decision_id=event_id(APPLICATION, 2),
        type="application-withdrawal",
        subject=f"application:{APPLICATION}",
        outcome="withdrawn",
        reason_code="changed-its-mind",
        decided_at=now_acting.now,
    )
    assert unit.written == [("settled", APPLICATION)]
    assert unit.saved[0][1] == (WHY,)


async def test_a_call_is_noted_and_closed(unit: FakeUnit, ports: FakePorts) -> None:
    notice = CallNotice({"de": "MULTIPLY"}, "2026-12-01T12:00", "Europe/Brussels")

    await note_open_call(NoteOpenCall(CALL, notice), unit, book=ports)
    await note_closed_call(NoteClosedCall(CALL_ID), unit, book=ports)

    assert unit.written == [("open", CALL, notice, "{}"), ("close", CALL_ID)]


async def test_the_programme_admits(unit: FakeUnit, pending: FakePending) -> None:
    unit.given(application())

    await note_admission(NoteAdmission(APPLICATION, DECISION, "best-fit", "follower", "AT"), unit, pending=pending)

    (((event,), _),) = unit.saved
    assert (type(event), event.decision_id, event.reason_code, event.strand) == (Admitted, DECISION, "best-fit", "AT")
    assert unit.written == [("settled", APPLICATION)]


async def test_the_programme_declines(unit: FakeUnit, pending: FakePending) -> None:
    unit.given(application())

    await note_refusal(NoteRefusal(APPLICATION, DECISION, "no-places"), unit, pending=pending)

    (((event,), _),) = unit.saved
    assert (type(event), event.decision_id, event.reason_code) == (Declined, DECISION, "no-places")
    assert unit.written == [("settled", APPLICATION)]


async def test_a_decision_that_a_withdrawal_crossed_changes_nothing(unit: FakeUnit, pending: FakePending) -> None:
    withdrawn = application()
    withdrawn.withdraw(Grounds("changed-its-mind", WHY.hash, "coordinator"))
    unit.given(withdrawn)

    await note_admission(NoteAdmission(APPLICATION, DECISION, "best-fit", "follower", "AT"), unit, pending=pending)

    assert [events for events, _ in unit.saved] == [[]]
    assert withdrawn.state.status is Status.WITHDRAWN


async def test_a_decision_on_an_application_from_elsewhere_is_passed_over(unit: FakeUnit, pending: FakePending) -> None:
    await note_admission(NoteAdmission(APPLICATION, DECISION, "best-fit", "follower", "AT"), unit, pending=pending)
    await note_refusal(NoteRefusal(APPLICATION, DECISION, "no-places"), unit, pending=pending)

    assert (unit.saved, unit.written) == ([], [])
