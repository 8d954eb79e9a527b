"""Registering organisations and people, granting and ending memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from interpares.common.aggregate import event_id
from interpares.common.errors import NotFound
from interpares.common.sealed import seal
from interpares.registration.application.decided import (
    Decided,
    OperatorNamed,
    OrganisationRegistered,
    PersonRegistered,
)
from interpares.registration.application.end_membership import EndMembership, end_membership
from interpares.registration.application.grant_membership import GrantMembership, grant_membership
from interpares.registration.application.name_operator import NameOperator, name_operator
from interpares.registration.application.ports import PersonalData
from interpares.registration.application.register_organisation import RegisterOrganisation, register_organisation
from interpares.registration.application.register_person import RegisterPerson, register_person
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.membership import PLATFORM, Capacity, Ended, Membership
from interpares.registration.domain.organisation import Facts, Key, Kind, Organisation
from interpares.registration.domain.person import Person

if TYPE_CHECKING:
    from services.registration.tests.application.conftest import FakePorts, FakeUnit

    from interpares.common.context import Occasion

TOWN, PERSON, ACTOR, MEMBERSHIP = (UUID(int=number) for number in range(50, 54))
WHY = seal("She took over the climate desk.", UUID(int=1), [PERSON])
KEYS = (Key("LAU", "40705"), Key("Wikidata", "Q493719"))
pytestmark = pytest.mark.usefixtures("now_acting")


def town() -> Organisation:
    return Organisation.register(TOWN, Facts(Kind.MUNICIPALITY, "AT", KEYS, {"de": "Gmunden"}), acting_as="office")


def membership(capacity: Capacity = Capacity.COORDINATOR) -> Membership:
    return Membership.grant(
        MEMBERSHIP,
        person_id=PERSON,
        actor=ACTOR,
        organisation_id=TOWN,
        capacity=capacity,
        grounds=Grounds("new-in-office", WHY.hash, "operator"),
    )


async def test_an_organisation_claims_its_keys(unit: FakeUnit, ports: FakePorts) -> None:
    command = RegisterOrganisation(
        TOWN, Facts(Kind.MUNICIPALITY, "AT", KEYS, {"de": "Gmunden"}, languages=("de",)), "office"
    )

    answer = await register_organisation(command, unit, keys=ports)

    assert answer == OrganisationRegistered(TOWN)
    assert unit.written == [("claim", TOWN, KEYS[0]), ("claim", TOWN, KEYS[1])]
    (((event,), texts),) = unit.saved
    assert (type(event), event.originator_id, event.languages, texts) == (Organisation.Created, TOWN, ("de",), ())


async def test_a_person_goes_into_the_table_and_only_ids_into_the_log(unit: FakeUnit, ports: FakePorts) -> None:
    data = PersonalData("Canary", "Bird", "canary@example.org", "canary-sub")

    answer = await register_person(RegisterPerson(PERSON, ACTOR, data), unit, people=ports)

    assert answer == PersonRegistered(PERSON, ACTOR)
    assert unit.written == [("enter", PERSON, ACTOR, data)]
    (((event,), texts),) = unit.saved
    assert (type(event), event.originator_id, event.actor, texts) == (Person.Created, PERSON, ACTOR, ())
    assert "anary" not in repr(event) + repr(data)


def granting(organisation_id: UUID = TOWN, capacity: Capacity = Capacity.COORDINATOR) -> GrantMembership:
    return GrantMembership(MEMBERSHIP, PERSON, organisation_id, capacity, "new-in-office", WHY, "operator")


async def test_a_membership_counts_with_its_grant(unit: FakeUnit, ports: FakePorts, now_acting: Occasion) -> None:
    unit.given(Person.register(PERSON, ACTOR))
    unit.given(town())

    answer = await grant_membership(granting(), unit, memberships=ports)

    assert answer == Decided(
        decision_id=event_id(MEMBERSHIP, 1),
        type="membership-grant",
        subject=f"membership:{MEMBERSHIP}",
        outcome="granted",
        reason_code="new-in-office",
        decided_at=now_acting.now,
        created_id=MEMBERSHIP,
    )
    assert unit.written == [("grant", MEMBERSHIP)]
    (((event,), texts),) = unit.saved
    assert (event.person_id, event.actor, event.reason, texts) == (PERSON, ACTOR, WHY.hash, (WHY,))


async def test_the_platform_need_not_be_registered(unit: FakeUnit, ports: FakePorts) -> None:
    unit.given(Person.register(PERSON, ACTOR))

    await grant_membership(granting(PLATFORM, Capacity.OPERATOR), unit, memberships=ports)

    assert unit.written == [("grant", MEMBERSHIP)]


@pytest.mark.parametrize("missing", ["Person", "Organisation"])
async def test_a_membership_joins_what_there_is(missing: str, unit: FakeUnit, ports: FakePorts) -> None:
    if missing == "Organisation":
        unit.given(Person.register(PERSON, ACTOR))

    with pytest.raises(NotFound, match=missing):
        await grant_membership(granting(), unit, memberships=ports)
    assert (unit.saved, unit.written) == ([], [])


async def test_a_membership_stops_counting_with_its_end(unit: FakeUnit, ports: FakePorts, now_acting: Occasion) -> None:
    unit.given(membership())

    answer = await end_membership(EndMembership(MEMBERSHIP, "left-the-town", WHY, "office"), unit, memberships=ports)

    assert answer == Decided(
        decision_id=event_id(MEMBERSHIP, 2),
        type="membership-end",
        subject=f"membership:{MEMBERSHIP}",
        outcome="ended",
        reason_code="left-the-town",
        decided_at=now_acting.now,
    )
    assert unit.written == [("end", MEMBERSHIP)]
    (((event,), texts),) = unit.saved
    assert (type(event), event.acting_as, texts) == (Ended, "office", (WHY,))


async def test_an_operator_is_named_once(unit: FakeUnit, ports: FakePorts) -> None:
    command = NameOperator(MEMBERSHIP, ACTOR, WHY)

    assert await name_operator(command, unit, memberships=ports) == OperatorNamed(anew=True)
    ports.held_now.add((ACTOR, PLATFORM, Capacity.OPERATOR))
    assert await name_operator(command, unit, memberships=ports) == OperatorNamed(anew=False)

    assert unit.written == [("grant", MEMBERSHIP)]
    (((event,), texts),) = unit.saved
    assert (event.person_id, event.organisation_id, event.capacity, texts) == (
        None,
        PLATFORM,
        Capacity.OPERATOR,
        (WHY,),
    )
