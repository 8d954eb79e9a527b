"""Memberships over HTTP: who grants and ends what, and from when on it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from interpares.common.auth import actor_id
from interpares.common.testing.edge import ISSUER
from interpares.registration.domain.membership import PLATFORM, Capacity

if TYPE_CHECKING:
    from services.registration.tests.conftest import Registration

WHY = {"reason_code": "new-in-office", "reason": "She took over the climate desk."}
pytestmark = pytest.mark.integration


def wish(person: str, capacity: str, organisation: str, **changes: Any) -> dict[str, Any]:
    return {"person_id": person, "capacity": capacity, "organisation_id": organisation, **WHY, **changes}


async def test_a_membership_counts_at_once_and_until_it_ends(registration: Registration) -> None:
    office, town, subject = await registration.member("office"), await registration.organisation(), f"c-{uuid4()}"
    person = await registration.person(subject)
    assert (await registration.get(subject, "/organisations")).status_code == 403

    granted = await registration.post(office, "/memberships", wish(person, "coordinator", town))
    assert granted.status_code == 201, granted.text
    answer = granted.json()
    membership = answer["id"]
    assert (await registration.get(subject, "/organisations")).status_code == 200

    ended = await registration.post(office, f"/memberships/{membership}/end", {**WHY, "reason_code": "left-the-town"})
    assert ended.status_code == 200, ended.text
    assert (await registration.get(subject, "/organisations")).status_code == 403

    assert answer.keys() == {"decision", "position", "id"}
    assert {**answer["decision"], "id": "", "decided_at": ""} == {
        "id": "",
        "type": "membership-grant",
        "subject": f"membership:{membership}",
        "outcome": "granted",
        "decided_at": "",
        "reason_code": "new-in-office",
    }
    assert ended.json().keys() == {"decision", "position"}
    assert (ended.json()["decision"]["outcome"], ended.json()["decision"]["reason_code"]) == ("ended", "left-the-town")


async def test_an_office_grants_coordinators_and_facilitators_only(registration: Registration) -> None:
    office, town = await registration.member("office"), await registration.organisation()
    answers = {}
    for capacity in Capacity:
        organisation = str(PLATFORM) if capacity is Capacity.OPERATOR else town
        person = await registration.person(f"p-{uuid4()}")
        answer = await registration.post(office, "/memberships", wish(person, capacity, organisation))
        answers[capacity.value] = (answer.status_code, answer.json().get("code"))

    refused = (403, "capacity-not-yours")
    assert answers == {
        # Operators and their platform are no matter of an office.
        "operator": (404, "not-found"),
        "office": refused,
        "auditor": refused,
        "partner": refused,
        "coordinator": (201, None),
        "facilitator": (201, None),
    }


async def test_an_office_ends_no_operator(registration: Registration) -> None:
    office = await registration.member("office")
    person = await registration.person(f"p-{uuid4()}")
    membership = await registration.grant(person, "operator", str(PLATFORM))

    answer = await registration.post(office, f"/memberships/{membership}/end", WHY)

    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_an_office_grants_nothing_to_itself(registration: Registration) -> None:
    town, subject = await registration.organisation(), f"o-{uuid4()}"
    person = await registration.person(subject)
    await registration.grant(person, "office", await registration.organisation("Klimabündnis", kind="association"))

    answer = await registration.post(subject, "/memberships", wish(person, "coordinator", town))

    assert (answer.status_code, answer.json()["code"]) == (403, "own-membership")


async def test_a_capacity_is_held_once_and_can_be_granted_again_after_its_end(registration: Registration) -> None:
    town, person = await registration.organisation(), await registration.person(f"p-{uuid4()}")
    first = await registration.grant(person, "coordinator", town)

    again = await registration.post("root", "/memberships", wish(person, "coordinator", town))
    assert (again.status_code, again.json()["code"]) == (409, "capacity-held")

    assert (await registration.post("root", f"/memberships/{first}/end", WHY)).status_code == 200
    twice = await registration.post("root", f"/memberships/{first}/end", WHY)
    assert (twice.status_code, twice.json()["code"]) == (409, "membership-over")
    assert await registration.grant(person, "coordinator", town) != first


@pytest.mark.parametrize("field", ["reason", "reason_code"])
async def test_no_reason_no_membership(field: str, registration: Registration) -> None:
    body = wish(str(uuid4()), "coordinator", str(uuid4()))
    del body[field]

    answer = await registration.post("root", "/memberships", body)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_what_does_not_exist_is_not_found(registration: Registration) -> None:
    town, person = await registration.organisation(), await registration.person(f"p-{uuid4()}")

    answers = [
        await registration.post("root", "/memberships", wish(str(uuid4()), "coordinator", town)),
        await registration.post("root", "/memberships", wish(person, "coordinator", str(uuid4()))),
        await registration.post("root", f"/memberships/{uuid4()}/end", WHY),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_operators_are_of_the_platform_only(registration: Registration) -> None:
    town, person = await registration.organisation(), await registration.person(f"p-{uuid4()}")

    answer = await registration.post("root", "/memberships", wish(person, "operator", town))

    assert (answer.status_code, answer.json()["code"]) == (422, "platform-only")


async def test_the_memberships_of_an_organisation_tell_no_names(registration: Registration) -> None:
    town, subject = await registration.organisation(), f"p-{uuid4()}"
    person = await registration.person(subject, given_name="Canarina")
    membership = await registration.grant(person, "facilitator", town)
    coordinator = await registration.member("coordinator", town)
    ended = await registration.post("root", f"/memberships/{membership}/end", {**WHY, "reason_code": "left-the-town"})
    headers = {"X-At-Least-Position": str(ended.json()["position"])}

    answer = await registration.get(coordinator, f"/organisations/{town}/memberships", headers=headers)

    assert answer.status_code == 200, answer.text
    first, second = answer.json()["items"]
    assert first.pop("granted_at") < first.pop("ended_at")
    assert first == {
        "id": membership,
        "organisation_id": town,
        "person_id": person,
        "actor": str(actor_id(ISSUER, subject)),
        "capacity": "facilitator",
        "granted_as": "operator",
        "grant_reason_code": "new-in-office",
        "ended_as": "operator",
        "end_reason_code": "left-the-town",
    }
    assert (second["capacity"], second["ended_at"]) == ("coordinator", None)
    assert "anarina" not in answer.text


async def test_who_belongs_to_an_organisation_sees_its_memberships(registration: Registration) -> None:
    town = await registration.organisation()
    answers = {}
    for who, organisation in (("coordinator", None), ("office", None), ("auditor", None), ("facilitator", town)):
        reader = await registration.member(who, organisation)
        answers[who] = (await registration.get(reader, f"/organisations/{town}/memberships")).status_code

    assert answers == {"coordinator": 404, "office": 200, "auditor": 200, "facilitator": 200}
