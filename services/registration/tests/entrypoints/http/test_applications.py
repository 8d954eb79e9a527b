"""Calls and applications over HTTP: who applies for whom, once, while a call is open, and who sees it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from services.registration.tests.conftest import Registration

    from interpares.common.contracts.programme import CallOpened

WHY = {"reason_code": "changed-its-mind", "reason": "The council decided otherwise."}
pytestmark = pytest.mark.integration


def wish(call: CallOpened, organisation: str, **changes: Any) -> dict[str, Any]:
    return {
        "programme_id": str(call.programme_id),
        "organisation_id": organisation,
        "role": "follower",
        "motivation": "We want to learn how Weiz did it.",
        **changes,
    }


async def test_a_coordinator_applies_and_everybody_concerned_reads_it(registration: Registration) -> None:
    office_id = await registration.organisation("Klimabündnis", kind="association")
    call = await registration.open_call(office_id)
    town = await registration.organisation()
    coordinator, office = await registration.member("coordinator", town), await registration.member("office", office_id)
    readers = [coordinator, office, await registration.member("auditor")]
    others = [await registration.member("coordinator"), await registration.member("office")]

    answer = await registration.post(coordinator, "/applications", wish(call, town))

    assert answer.status_code == 201, answer.text
    application = answer.json()["id"]
    assert answer.json()["decision"]["subject"] == f"application:{application}"
    assert answer.json()["decision"]["outcome"] == "submitted"
    headers = {"X-At-Least-Position": str(answer.json()["position"])}
    for reader in readers:
        listed = await registration.get(
            reader, "/applications", params={"programme_id": str(call.programme_id)}, headers=headers
        )
        one = await registration.get(reader, f"/applications/{application}", headers=headers)
        assert [item["id"] for item in listed.json()["items"]] == [application]
        assert (one.status_code, one.json()["motivation"]) == (200, "We want to learn how Weiz did it.")
    for reader in others:
        listed = await registration.get(reader, "/applications", params={"programme_id": str(call.programme_id)})
        assert listed.json() == {"items": [], "next": None}
        there = await registration.get(reader, f"/applications/{application}")
        nowhere = await registration.get(reader, f"/applications/{uuid4()}")
        assert there.status_code == nowhere.status_code == 404
        assert {**there.json(), "trace_id": ""} == {**nowhere.json(), "trace_id": ""}

    shown = (await registration.get(coordinator, f"/applications/{application}")).json()
    assert {key: value for key, value in shown.items() if key not in {"motivation_hash", "submitted_at"}} == {
        "id": application,
        "call_id": str(call.call_id),
        "programme_id": str(call.programme_id),
        "office_id": office_id,
        "organisation_id": town,
        "kind": "municipality",
        "country": "AT",
        "role": "follower",
        "strand": "AT",
        "status": "submitted",
        "reason_code": "wants-to-take-part",
        "submitted_as": "coordinator",
        "settled_at": None,
        "settled_reason_code": None,
        "decision_id": None,
        "motivation": "We want to learn how Weiz did it.",
        "answers": {},
        "evidence": [],
        "members": [],
        "signatures": [],
        "findings": [],
        "source": None,
        "entered_by": None,
        "draft_id": None,
        "points": {},
        "priority": 0,
        "outcome": None,
    }


async def test_nobody_applies_for_others_but_the_programmes_office(registration: Registration) -> None:
    office_id = await registration.organisation("Klimabündnis", kind="association")
    call, town = await registration.open_call(office_id), await registration.organisation()
    answers = {}
    for who, organisation in (
        ("coordinator", None),
        ("office", None),
        ("office", office_id),
        ("facilitator", town),
        ("operator", "0192f0c0-0000-7000-8000-000000000001"),
    ):
        subject = await registration.member(who, organisation)
        label = f"{who} {'elsewhere' if organisation is None else 'here'}"
        answers[label] = (await registration.post(subject, "/applications", wish(call, town))).status_code

    assert answers == {
        "coordinator elsewhere": 404,
        "office elsewhere": 404,
        "office here": 201,
        "facilitator here": 403,
        "operator here": 403,
    }


async def test_a_member_in_another_capacity_is_told_so(registration: Registration) -> None:
    call, town = await registration.open_call(), await registration.organisation()
    subject = f"p-{uuid4()}"
    person = await registration.person(subject)
    await registration.grant(person, "coordinator", await registration.organisation())
    await registration.grant(person, "facilitator", town)

    assert (await registration.post(subject, "/applications", wish(call, town))).status_code == 403


async def test_one_application_waits_per_role(registration: Registration) -> None:
    call, town = await registration.open_call(), await registration.organisation()
    coordinator = await registration.member("coordinator", town)

    answers = await asyncio.gather(
        *(registration.post(coordinator, "/applications", wish(call, town)) for _ in range(10)),
        registration.post(coordinator, "/applications", wish(call, town, role="front-runner")),
    )

    assert answers[-1].status_code == 201
    assert sorted(answer.status_code for answer in answers[:-1]) == [201] + [409] * 9
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"application-pending"}
    (application,) = [answer.json()["id"] for answer in answers[:-1] if answer.status_code == 201]
    withdrawn = await registration.post(coordinator, f"/applications/{application}/withdrawal", WHY)
    assert (withdrawn.status_code, withdrawn.json()["decision"]["outcome"]) == (200, "withdrawn")
    assert (await registration.post(coordinator, "/applications", wish(call, town))).status_code == 201


async def test_an_application_of_others_cannot_be_withdrawn(registration: Registration) -> None:
    call, town = await registration.open_call(), await registration.organisation()
    coordinator = await registration.member("coordinator", town)
    application = (await registration.post(coordinator, "/applications", wish(call, town))).json()["id"]
    stranger = await registration.member("coordinator")

    there = await registration.post(stranger, f"/applications/{application}/withdrawal", WHY)
    nowhere = await registration.post(stranger, f"/applications/{uuid4()}/withdrawal", WHY)
    unreasoned = await registration.post(coordinator, f"/applications/{application}/withdrawal", {})

    assert there.status_code == nowhere.status_code == 404
    assert {**there.json(), "trace_id": ""} == {**nowhere.json(), "trace_id": ""}
    assert unreasoned.status_code == 422


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": "host"}, "role"),
        ({"strand": "IT"}, "strand"),
        ({"motivation": " "}, "motivation"),
        ({"status": "admitted"}, "status"),
    ],
)
async def test_what_the_call_does_not_seek_is_refused(
    changes: dict[str, str], field: str, registration: Registration
) -> None:
    call, town = await registration.open_call(), await registration.organisation()
    coordinator = await registration.member("coordinator", town)

    answer = await registration.post(coordinator, "/applications", wish(call, town, **changes))

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
