"""Memberships: who may grant and end what."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from interpares.common import policy
from interpares.common.aggregate import Metadata
from interpares.common.errors import DomainError
from interpares.registration.domain.errors import CapacityNotYours, MembershipOver, OwnMembership, PlatformOnly
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.membership import (
    PLATFORM,
    Capacity,
    Ended,
    Membership,
    MembershipSnapshot,
    State,
)

if TYPE_CHECKING:
    from interpares.common.context import Occasion

MEMBERSHIP, PERSON, ACTOR, TOWN = (UUID(int=number) for number in (20, 21, 22, 23))
WHY = "a" * 64
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def made(event_class: Any, version: int, **fields: Any) -> Any:
    metadata = Metadata(UUID(int=1), UUID(int=2), UUID(int=3), None, "", "")
    return event_class(originator_id=MEMBERSHIP, originator_version=version, timestamp=NOW, metadata=metadata, **fields)


def grounds(acting_as: str = Capacity.OFFICE.value) -> Grounds:
    return Grounds("new-in-office", WHY, acting_as)


def grant(capacity: Capacity = Capacity.COORDINATOR, acting_as: str = "office", **changes: Any) -> Membership:
    facts = {"person_id": PERSON, "actor": ACTOR, "organisation_id": TOWN, **changes}
    return Membership.grant(MEMBERSHIP, capacity=capacity, grounds=grounds(acting_as), **facts)


def test_a_membership_is_granted(now_acting: Occasion) -> None:
    membership = grant()

    expected = made(
        Membership.Created,
        1,
        originator_topic="registration.membership",
        person_id=PERSON,
        actor=ACTOR,
        organisation_id=TOWN,
        capacity=Capacity.COORDINATOR,
        reason_code="new-in-office",
        reason=WHY,
        acting_as="office",
    )
    assert membership.state == State(ACTOR, TOWN, Capacity.COORDINATOR)
    assert membership.collect_events() == [expected]


def test_a_membership_ends(now_acting: Occasion) -> None:
    membership = grant()
    membership.collect_events()

    membership.end(grounds("operator"))

    expected = made(
        Ended,
        2,
        actor=ACTOR,
        organisation_id=TOWN,
        capacity=Capacity.COORDINATOR,
        reason_code="new-in-office",
        reason=WHY,
        acting_as="operator",
    )
    assert membership.state == State(ACTOR, TOWN, Capacity.COORDINATOR, ended=True)
    assert membership.collect_events() == [expected]


@pytest.mark.usefixtures("now_acting")
def test_a_membership_ends_once() -> None:
    membership = grant()
    membership.end(grounds())

    with pytest.raises(MembershipOver):
        membership.end(grounds())


@pytest.mark.usefixtures("now_acting")
def test_operators_grant_everything_offices_two_capacities_others_nothing() -> None:
    def granted(acting_as: Capacity, capacity: Capacity) -> bool:
        organisation = PLATFORM if capacity is Capacity.OPERATOR else TOWN
        try:
            grant(capacity, acting_as.value, organisation_id=organisation)
        except CapacityNotYours:
            return False
        return True

    allowed = {pair for pair in product(Capacity, Capacity) if granted(*pair)}

    assert allowed == {
        *((Capacity.OPERATOR, capacity) for capacity in Capacity),
        (Capacity.OFFICE, Capacity.COORDINATOR),
        (Capacity.OFFICE, Capacity.FACILITATOR),
    }


@pytest.mark.usefixtures("now_acting")
def test_what_one_may_not_grant_one_may_not_end() -> None:
    membership = grant(Capacity.AUDITOR, "operator")

    with pytest.raises(CapacityNotYours):
        membership.end(grounds("office"))
    assert not membership.state.ended


def test_an_office_grants_nothing_to_whoever_acts_for_it(now_acting: Occasion) -> None:
    with pytest.raises(OwnMembership):
        grant(actor=now_acting.actor)


def test_an_operator_may_take_a_capacity(now_acting: Occasion) -> None:
    assert grant(Capacity.OFFICE, "operator", actor=now_acting.actor).state.actor == now_acting.actor


@pytest.mark.usefixtures("now_acting")
@pytest.mark.parametrize(("capacity", "organisation"), [(Capacity.OPERATOR, TOWN), (Capacity.OFFICE, PLATFORM)])
def test_operators_act_for_the_platform_and_nobody_else_does(capacity: Capacity, organisation: UUID) -> None:
    with pytest.raises(PlatformOnly) as refused:
        grant(capacity, "operator", organisation_id=organisation)
    assert refused.value.field == "capacity"


@pytest.mark.usefixtures("now_acting")
def test_a_snapshot_is_the_membership_again() -> None:
    membership = grant()
    membership.end(grounds())
    membership.collect_events()

    assert MembershipSnapshot.take(membership).mutate(None) == membership


def test_capacities_are_those_that_policies_speak_of() -> None:
    assert {capacity.value for capacity in Capacity} == {capacity.value for capacity in policy.Capacity}


@pytest.mark.parametrize(
    ("code", "reason", "field"),
    [
        ("", WHY, "reason_code"),
        ("New", WHY, "reason_code"),
        ("x" * 65, WHY, "reason_code"),
        ("new-in-office\n", WHY, "reason_code"),
        ("new-in-office", "", "reason"),
        ("new-in-office", "because", "reason"),
    ],
)
def test_no_reason_no_decision(code: str, reason: str, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        Grounds(code, reason, "office")
    assert vars(refused.value)["field"] == field
