"""Calls over HTTP: when one can apply, and how what the programme decides shows here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from uuid_utils.compat import uuid7

from interpares.common.contracts.programme import ApplicationDeclined, CallOpened, ParticipationAdmitted

if TYPE_CHECKING:
    from services.registration.tests.conftest import Registration

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


async def test_only_while_a_call_is_open(registration: Registration) -> None:
    town = await registration.organisation()
    coordinator, office = await registration.member("coordinator", town), await registration.member("office")
    late = await registration.open_call(deadline_local="2026-01-01T12:00")
    closed = await registration.open_call()
    await registration.close_call(closed)

    async def code(subject: str, call: CallOpened) -> tuple[int, str]:
        answer = await registration.post(subject, "/applications", wish(call, town))
        return answer.status_code, answer.json()["code"]

    unheard = closed.model_copy(update={"programme_id": uuid7()})
    assert await code(coordinator, late) == (409, "deadline-passed")
    assert await code(coordinator, closed) == (409, "no-open-call")
    assert await code(coordinator, unheard) == (409, "no-open-call")
    assert await code(office, unheard) == (409, "no-open-call")


async def test_open_calls_are_listed(registration: Registration) -> None:
    reader = await registration.member("facilitator")
    late = await registration.open_call(deadline_local="2026-01-01T12:00")
    closed, first, second = [await registration.open_call() for _ in range(3)]
    await registration.close_call(closed)

    items, after = [], None
    while True:
        page = await registration.get(reader, "/calls", params={"limit": 1, **({"after": after} if after else {})})
        assert page.status_code == 200, page.text
        items += page.json()["items"]
        after = page.json()["next"]
        if after is None:
            break

    shown = {item["id"]: item for item in items}
    assert not {str(late.call_id), str(closed.call_id)} & shown.keys()
    assert str(second.call_id) in shown
    instant = shown[str(first.call_id)]["deadline"].pop("instant")
    assert datetime.fromisoformat(instant).utcoffset() == timedelta(0)
    assert shown[str(first.call_id)] == {
        "id": str(first.call_id),
        "programme_id": str(first.programme_id),
        "office_id": str(first.office_id),
        "title": {"de": "MULTIPLY"},
        "roles": ["front-runner", "follower"],
        "strands": ["AT", "DE"],
        "deadline": {"local": first.deadline_local, "zone": "Europe/Brussels"},
    }


async def test_what_the_programme_decides_settles_applications(registration: Registration) -> None:
    call, towns = await registration.open_call(), [await registration.organisation() for _ in range(2)]
    coordinators = [await registration.member("coordinator", town) for town in towns]
    wanted = [
        (await registration.post(who, "/applications", wish(call, town))).json()["id"]
        for who, town in zip(coordinators, towns, strict=True)
    ]
    admitted = ParticipationAdmitted(
        programme_id=call.programme_id,
        decision=call.decision.model_copy(update={"reason_code": "best-fit", "decision_id": uuid4()}),
        application_id=UUID(wanted[0]),
        organisation_id=UUID(towns[0]),
        role="follower",
        strand="AT",
    )
    declined = ApplicationDeclined(
        programme_id=call.programme_id,
        decision=call.decision.model_copy(update={"reason_code": "no-places", "decision_id": uuid4()}),
        application_id=UUID(wanted[1]),
        organisation_id=UUID(towns[1]),
    )

    for event in (admitted, declined, admitted):
        await registration.hear(event)

    headers = {"X-At-Least-Position": str(await registration.parts.store.head())}
    found = []
    for who, application in zip(coordinators, wanted, strict=True):
        one = (await registration.get(who, f"/applications/{application}", headers=headers)).json()
        found.append((one["status"], one["settled_reason_code"], one["decision_id"]))
        withdrawal = await registration.post(who, f"/applications/{application}/withdrawal", WHY)
        assert (withdrawal.status_code, withdrawal.json()["code"]) == (409, "application-settled")
    assert found == [
        ("admitted", "best-fit", str(admitted.decision.decision_id)),
        ("declined", "no-places", str(declined.decision.decision_id)),
    ]
    listed = await registration.get(coordinators[0], "/applications", params={"status": "admitted"}, headers=headers)
    assert [item["id"] for item in listed.json()["items"]] == [wanted[0]]
