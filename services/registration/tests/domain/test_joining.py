"""Invitations, mandates, facilitators and hand-overs: past events in, new events or an error out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interpares.common.aggregate import Aggregate
from interpares.common.context import Occasion, acting
from interpares.registration.domain import invitation as invited
from interpares.registration.domain import mandate as mandated
from interpares.registration.domain.errors import CapacityNotYours, MembershipOver, OwnMembership
from interpares.registration.domain.facilitator import (
    AvailabilityWithdrawn,
    DaysGivenBack,
    Facilitator,
    QualificationRemoved,
    Window,
    facilitator_id,
)
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.invitation import Invitation
from interpares.registration.domain.joining_refusals import (
    InvitationOver,
    MandateOver,
    NotAvailable,
    QualificationUnknown,
    TermPast,
    TermUpsideDown,
    WindowUnknown,
)
from interpares.registration.domain.mandate import Kind, Mandate, Status, Term
from interpares.registration.domain.membership import Capacity, Ended, Following, HandedOver, Membership

if TYPE_CHECKING:
    from collections.abc import Callable

TOWN, PERSON, ACTOR, OTHER, ONE, TWO = (UUID(int=number) for number in range(30, 36))
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
OCCASION = Occasion(UUID(int=1), UUID(int=2), UUID(int=3), None, NOW)
pytestmark = pytest.mark.usefixtures("now_acting")


def why(capacity: str = "coordinator") -> Grounds:
    return Grounds("as-agreed", "0" * 64, capacity)


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


def at(days: int) -> Any:
    return acting(replace(OCCASION, now=NOW + timedelta(days=days)))


def events(made: Aggregate) -> list[Any]:
    return list(made.collect_events())


def invitation(acting_as: str = "coordinator") -> Invitation:
    made = Invitation.send(
        ONE,
        organisation_id=TOWN,
        capacity=Capacity.COORDINATOR,
        expires_at=NOW + timedelta(days=14),
        grounds=why(acting_as),
    )
    made.collect_events()
    return made


def mandate(starts: int = 1, ends: int = 5, kind: Kind = Kind.SUBSTITUTE) -> Mandate:
    made = Mandate.arrange(
        ONE,
        kind=kind,
        person_id=PERSON,
        actor=ACTOR,
        organisation_id=TOWN,
        capacity=Capacity.COORDINATOR,
        term=Term(in_days(starts), in_days(ends)),
        grounds=why(),
    )
    made.collect_events()
    return made


@pytest.mark.parametrize(
    ("acting_as", "may"),
    [
        ("operator", set(Capacity) - {Capacity.OPERATOR}),
        ("office", {Capacity.COORDINATOR, Capacity.FACILITATOR}),
        ("coordinator", {Capacity.COORDINATOR}),
        ("facilitator", set()),
        ("auditor", set()),
        ("partner", set()),
    ],
)
def test_who_may_let_whom_in(acting_as: str, may: set[Capacity]) -> None:
    let_in = set()
    for capacity in Capacity:
        try:
            Invitation.send(ONE, organisation_id=TOWN, capacity=capacity, expires_at=NOW, grounds=why(acting_as))
        except CapacityNotYours:
            continue
        let_in.add(capacity)
    assert let_in == may


def test_whoever_was_invited_joins_on_the_grounds_of_whoever_invited() -> None:
    made = invitation()

    with acting(replace(OCCASION, actor=ACTOR)):
        grounds = made.accept(person_id=PERSON, membership_id=TWO)

    (event,) = events(made)
    assert (event.person_id, event.actor, event.membership_id) == (PERSON, ACTOR, TWO)
    assert grounds == why()


def test_nobody_invites_themselves_but_an_operator() -> None:
    with pytest.raises(OwnMembership):
        invitation().accept(person_id=PERSON, membership_id=TWO)
    invitation("operator").accept(person_id=PERSON, membership_id=TWO)


@pytest.mark.parametrize(
    "close",
    [
        lambda made: made.withdraw(why()),
        lambda made: made.accept(person_id=PERSON, membership_id=TWO),
    ],
    ids=["withdrawn", "accepted"],
)
def test_what_is_over_stays_over(close: Callable[[Invitation], None]) -> None:
    made = invitation("operator")
    close(made)
    made.collect_events()

    for attempt in (
        lambda: made.withdraw(why()),
        lambda: made.renew(NOW, why()),
        lambda: made.accept(person_id=PERSON, membership_id=TWO),
    ):
        with pytest.raises(InvitationOver):
            attempt()
    with at(30):
        assert made.lapse() is False
    assert events(made) == []


def test_an_invitation_lapses_once_its_time_is_over() -> None:
    made = invitation()
    made.renew(NOW + timedelta(days=20), why())
    made.collect_events()

    with at(19):
        assert made.lapse() is False
    with at(20):
        assert made.lapse() is True
    (event,) = events(made)
    assert (type(event), event.acting_as, event.reason_code) == (invited.Lapsed, "time-out", "nobody-came")


def test_a_term_has_two_ends_in_order_and_is_not_past() -> None:
    with pytest.raises(TermUpsideDown):
        Term(in_days(1), in_days(0))
    with pytest.raises(TermPast):
        mandate(-5, -1)
    assert mandate(-5, 0).is_due()


@pytest.mark.parametrize(
    ("day", "due", "past"), [(0, False, False), (1, True, False), (5, True, False), (6, False, True)]
)
def test_a_mandate_begins_and_ends_on_its_days(day: int, due: bool, past: bool) -> None:  # noqa: FBT001
    with at(day):
        assert (mandate_of_today().is_due(), mandate_of_today().is_past()) == (due, past)


def mandate_of_today() -> Mandate:
    with acting(OCCASION):
        return mandate()


def test_a_mandate_runs_and_tells_what_ends_with_it() -> None:
    made = mandate(0)
    assert made.start(TWO) == why()
    assert (made.state.status, made.is_due()) == (Status.RUNNING, False)

    assert made.end(why("office")) == TWO

    started, ended = events(made)
    assert (type(started), type(ended), ended.acting_as) == (mandated.Started, mandated.Ended, "office")
    with pytest.raises(MandateOver):
        made.end(why("office"))
    with at(10):
        assert not made.is_past()


def facilitator(*windows: tuple[UUID, int, int, int]) -> Facilitator:
    made = Facilitator.know(PERSON)
    for window_id, starts, ends, days in windows:
        made.give_availability(window_id, Window(Term(in_days(starts), in_days(ends)), days), why())
    made.collect_events()
    return made


def test_qualifications_come_and_go() -> None:
    made = facilitator()
    assert made.id == facilitator_id(PERSON)
    made.add_qualification(ONE, why())
    made.remove_qualification(ONE, why())
    with pytest.raises(QualificationUnknown):
        made.remove_qualification(ONE, why())
    assert type(events(made)[-1]) is QualificationRemoved


def test_days_are_taken_out_of_the_period_that_has_fewest_to_spare() -> None:
    made = facilitator((ONE, 0, 100, 10), (TWO, 0, 100, 4))

    made.take_days(UUID(int=90), Term(in_days(1), in_days(5)), 3)
    made.take_days(UUID(int=91), Term(in_days(1), in_days(5)), 3)

    assert [event.window_id for event in events(made)] == [TWO, ONE]
    with pytest.raises(NotAvailable, match="7 days"):
        made.take_days(UUID(int=92), Term(in_days(1), in_days(5)), 8)
    with pytest.raises(NotAvailable, match="throughout"):
        made.take_days(UUID(int=92), Term(in_days(1), in_days(101)), 1)


def test_a_period_in_use_stays_until_its_days_are_given_back() -> None:
    made = facilitator((ONE, 0, 100, 10))
    made.take_days(TWO, Term(in_days(1), in_days(5)), 3)
    with pytest.raises(WindowUnknown):
        made.withdraw_availability(ONE, why())

    made.give_back(TWO)
    made.give_back(TWO)
    made.withdraw_availability(ONE, why())

    assert [type(event) for event in events(made)][1:] == [DaysGivenBack, AvailabilityWithdrawn]
    with pytest.raises(WindowUnknown):
        made.withdraw_availability(ONE, why())


@given(st.lists(st.tuples(st.integers(1, 12), st.booleans()), max_size=20))
def test_no_more_days_are_taken_than_there_are(wishes: list[tuple[int, bool]]) -> None:
    with acting(OCCASION):
        made = facilitator((ONE, 0, 50, 10), (TWO, 0, 100, 15))
        for number, (days, given_back) in enumerate(wishes):
            try:
                made.take_days(UUID(int=number), Term(in_days(1), in_days(5)), days)
            except NotAvailable:
                assert all(made.state.left(window) < days for window in (ONE, TWO))
                continue
            if given_back:
                made.give_back(UUID(int=number))
    assert all(0 <= made.state.left(window) <= made.state.windows[window].days for window in (ONE, TWO))


def test_a_membership_follows_from_what_was_decided_elsewhere() -> None:
    made = Membership.follow(
        ONE,
        person_id=PERSON,
        actor=ACTOR,
        organisation_id=TOWN,
        capacity=Capacity.COORDINATOR,
        following=Following.INVITATION,
        decided_by=TWO,
        grounds=why(),
    )
    made.collect_events()

    made.hand_over(successor=OTHER, successor_membership_id=TWO, grounds=why())

    ended, handed = events(made)
    assert (type(ended), type(handed)) == (Ended, HandedOver)
    assert (handed.actor, handed.successor, handed.successor_membership_id) == (ACTOR, OTHER, TWO)
    with pytest.raises(MembershipOver):
        made.hand_over(successor=OTHER, successor_membership_id=TWO, grounds=why())
    with pytest.raises(CapacityNotYours):
        made.hand_over(successor=OTHER, successor_membership_id=TWO, grounds=why("auditor"))
