"""Requests to be erased, and people with holds: past events in, new events or an error out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interpares.common.context import Occasion, acting
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.person import Cause, Erased, Held, HoldLifted, Person, Rectified
from interpares.registration.domain.person import State as PersonState
from interpares.registration.domain.privacy.errors import (
    DateNotAhead,
    HoldInForce,
    HoldOver,
    OwnRequest,
    PersonGone,
    RequestDecided,
)
from interpares.registration.domain.privacy.request import (
    ErasureRequest,
    Granted,
    Ground,
    Refused,
    Restricted,
    State,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Callable

PERSON, ACTOR, REQUEST, HOLD = (UUID(int=number) for number in range(10, 14))
TODAY = date(2026, 3, 1)
WHY = Grounds("as-asked", "0" * 64, "office")
OCCASION = Occasion(UUID(int=1), UUID(int=2), UUID(int=3), None, datetime(2026, 3, 1, 12, tzinfo=UTC))
pytestmark = pytest.mark.usefixtures("now_acting")


def events(made: ErasureRequest | Person) -> list[Any]:
    return list(made.collect_events())


def request() -> ErasureRequest:
    made = ErasureRequest.file(REQUEST, person_id=PERSON, actor=ACTOR, received_on=TODAY, channel="letter", grounds=WHY)
    made.collect_events()
    return made


def person() -> Person:
    made = Person.register(PERSON, ACTOR)
    made.collect_events()
    return made


def restricted() -> ErasureRequest:
    made = request()
    made.restrict(TODAY + timedelta(days=10), Ground.LEGAL_DUTY, WHY)
    made.collect_events()
    return made


def test_a_request_says_whose_data_and_when_it_came() -> None:
    made = ErasureRequest.file(REQUEST, person_id=PERSON, actor=ACTOR, received_on=TODAY, channel="letter", grounds=WHY)

    (event,) = events(made)

    assert (event.person_id, event.received_on, event.channel, event.acting_as) == (PERSON, TODAY, "letter", "office")
    assert made.state == State(PERSON, ACTOR)


@pytest.mark.parametrize(
    ("decide", "event", "status"),
    [
        (lambda made: made.grant(WHY), Granted, Status.ERASED),
        (lambda made: made.refuse(Ground.LEGAL_CLAIMS, WHY), Refused, Status.REFUSED),
        (
            lambda made: made.restrict(TODAY + timedelta(days=1), Ground.LEGAL_DUTY, WHY),
            Restricted,
            Status.RESTRICTED,
        ),
    ],
)
def test_a_request_ends_in_one_of_three_ways_once(
    decide: Callable[[ErasureRequest], None], event: type, status: Status
) -> None:
    made = request()

    decide(made)

    (decided,) = events(made)
    assert (type(decided), decided.reason_code, made.state.status) == (event, "as-asked", status)
    with pytest.raises(RequestDecided):
        made.refuse(Ground.LEGAL_CLAIMS, WHY)
    with pytest.raises(RequestDecided):
        made.restrict(TODAY, Ground.LEGAL_DUTY, WHY)


def test_what_is_restricted_can_be_erased_before_its_day() -> None:
    made = restricted()

    made.grant(WHY)

    assert made.state == State(PERSON, ACTOR, Status.ERASED)
    with pytest.raises(RequestDecided):
        made.grant(WHY)


def test_nobody_decides_their_own_request() -> None:
    made = request()
    with acting(replace(OCCASION, actor=ACTOR)), pytest.raises(OwnRequest):
        made.grant(WHY)
    assert made.collect_events() == []


def test_a_restriction_ends_in_the_future() -> None:
    with pytest.raises(DateNotAhead):
        request().restrict(TODAY, Ground.LEGAL_DUTY, WHY)


@pytest.mark.parametrize(("days", "over"), [(9, False), (10, True), (300, True)])
def test_a_restriction_ends_by_itself_on_its_day(days: int, over: bool) -> None:  # noqa: FBT001
    made = restricted()

    with acting(replace(OCCASION, now=OCCASION.now + timedelta(days=days))):
        assert made.lapse("restriction-over") is over

    found = [(type(event), event.acting_as, event.reason) for event in events(made)]
    assert found == ([(Granted, "time-out", None)] if over else [])


def test_only_a_restriction_lapses() -> None:
    assert request().lapse("restriction-over") is False


def test_a_rectification_names_fields_and_no_values() -> None:
    made = person()

    made.rectify(("email",), WHY)

    (event,) = events(made)
    assert (type(event), event.fields) == (Rectified, ("email",))
    assert made.state == PersonState(ACTOR)


def test_a_hold_stands_against_erasing_until_its_day_or_until_it_is_lifted() -> None:
    made = person()
    made.hold(HOLD, until=TODAY + timedelta(days=5), ground="proof-of-use", grounds=WHY)
    (held,) = events(made)
    assert (type(held), held.ground) == (Held, "proof-of-use")

    with pytest.raises(HoldInForce, match="2026-03-06"):
        made.erase(Cause.REQUEST, request_id=REQUEST, reason_code="as-asked", acting_as="office")
    with acting(replace(OCCASION, now=OCCASION.now + timedelta(days=6))):
        assert made.held_until() is None
    made.lift(HOLD, WHY)
    with pytest.raises(HoldOver):
        made.lift(HOLD, WHY)
    made.erase(Cause.REQUEST, request_id=REQUEST, reason_code="as-asked", acting_as="office")

    assert [type(event) for event in events(made)] == [HoldLifted, Erased]


def test_a_hold_that_a_restore_brought_back_does_not_bring_back_the_person() -> None:
    made = person()
    made.hold(HOLD, until=TODAY + timedelta(days=5), ground="proof-of-use", grounds=WHY)

    made.erase(Cause.RESTORE, request_id=None, reason_code="erased-before-restore", acting_as="time-out")

    assert made.state == PersonState(ACTOR, erased=True)


def test_a_hold_ends_in_the_future() -> None:
    with pytest.raises(DateNotAhead):
        person().hold(HOLD, until=TODAY, ground="proof-of-use", grounds=WHY)


def test_nothing_changes_about_somebody_who_is_erased() -> None:
    made = person()
    made.erase(Cause.RETENTION, request_id=None, reason_code="retention-over", acting_as="time-out")
    made.collect_events()
    attempts: list[Callable[[], Any]] = [
        lambda: made.erase(Cause.REQUEST, request_id=None, reason_code="as-asked", acting_as="office"),
        lambda: made.rectify(("email",), WHY),
        lambda: made.hold(HOLD, until=TODAY + timedelta(days=5), ground="proof-of-use", grounds=WHY),
        lambda: made.lift(HOLD, WHY),
    ]

    for attempt in attempts:
        with pytest.raises(PersonGone):
            attempt()
    assert made.collect_events() == []


@given(st.lists(st.integers(1, 400), max_size=5), st.integers(0, 500))
def test_nobody_is_erased_while_any_hold_is_in_force(holds: list[int], days: int) -> None:
    with acting(OCCASION):
        made = person()
        for number, length in enumerate(holds):
            made.hold(UUID(int=number), until=TODAY + timedelta(days=length), ground="duty", grounds=WHY)
    with acting(replace(OCCASION, now=OCCASION.now + timedelta(days=days))):
        in_force = any(length >= days for length in holds)
        if in_force:
            with pytest.raises(HoldInForce):
                made.erase(Cause.RETENTION, request_id=None, reason_code="retention-over", acting_as="time-out")
        else:
            made.erase(Cause.RETENTION, request_id=None, reason_code="retention-over", acting_as="time-out")
        assert made.state.erased is not in_force
