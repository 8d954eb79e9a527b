"""Contacts over request and reply: a service gets an address, everybody else nothing, and nobody an erased one."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import nats
import pytest

from interpares.common.messaging import connected
from interpares.registration.entrypoints.asked.contacts import SUBJECT
from interpares.registration.main import contacts

if TYPE_CHECKING:
    from services.registration.tests.conftest import Registration

    from interpares.common.testing.nats import NatsServer

pytestmark = pytest.mark.integration
SERVICE = "service-programme"


async def asked(registration: Registration, body: Any, subject: str = SERVICE, **headers: str) -> Any:
    signed = {"authorization": registration.issuer.bearer(subject)["Authorization"]} | headers
    return dict(await contacts(registration.parts).answer(signed, json.dumps(body).encode()))


async def test_a_service_gets_the_address_by_either_id_and_the_person_learns_of_it(registration: Registration) -> None:
    subject = f"c-{uuid4()}"
    person = await registration.person(subject)
    actor = (await registration.get(subject, "/me")).json()["actor"]
    expected = {"contact": {"given_name": "Erika", "family_name": "Muster", "email": "erika@example.org"}}

    assert await asked(registration, {"person_id": person, "why": "meeting-confirmed"}) == expected
    assert await asked(registration, {"actor": actor}) == expected
    reads = (await registration.get(subject, f"/people/{person}/reads")).json()["items"]
    assert [(each["why"], each["route"]) for each in reads] == [
        ("meeting-confirmed", "contact"),
        ("notification", "contact"),
    ]


async def test_nobody_but_a_service_gets_anything(registration: Registration) -> None:
    person = await registration.person(f"c-{uuid4()}")
    office = await registration.member("office")
    refused = {"error": "refused"}

    assert await asked(registration, {"person_id": person}, office) == refused
    assert await asked(registration, {"person_id": person}, "root") == refused
    for authorization in ("", "Bearer x", "Basic abc"):
        assert await asked(registration, {"person_id": person}, authorization=authorization) == refused


@pytest.mark.parametrize("body", [[], {}, {"person_id": "x"}, {"person_id": str(uuid4()), "why": "Not A Code"}, None])
async def test_what_is_no_request_gets_no_contact(body: Any, registration: Registration) -> None:
    assert await asked(registration, body) == {"error": "malformed"}


async def test_unknown_restricted_and_erased_people_are_the_same_nobody(registration: Registration) -> None:
    answers = [await asked(registration, {"person_id": str(uuid4())})]
    for outcome in ({"outcome": "erased"}, {"outcome": "restricted", "ground": "legal-duty", "until": "2099-01-01"}):
        person = await registration.person(f"c-{uuid4()}")
        wish = {"reason": "She rang.", "channel": "phone"}
        request = (await registration.post("root", f"/people/{person}/erasure-requests", wish)).json()["id"]
        why = {"reason_code": "as-asked", "reason": "As she wished."}
        assert (
            await registration.post("root", f"/erasure-requests/{request}/decision", why | outcome)
        ).status_code == 200
        answers.append(await asked(registration, {"person_id": person}))

    assert answers == [{"contact": None}] * 3


async def test_it_answers_on_a_real_server(registration: Registration, nats_server: NatsServer) -> None:
    person = await registration.person(f"c-{uuid4()}")
    body = json.dumps({"person_id": person}).encode()
    headers = {"authorization": registration.issuer.bearer(SERVICE)["Authorization"]}
    reply: Any = None
    async with connected(nats_server.url, "contacts") as connection:
        client = await nats.connect(nats_server.url)
        try:
            while True:
                try:
                    connection.core()
                except OSError:
                    await asyncio.sleep(0.01)
                else:
                    break
            answering = asyncio.create_task(contacts(registration.parts).run(connection.core))
            while True:
                try:
                    reply = await client.request(SUBJECT, body, timeout=5, headers=headers)
                except nats.errors.NoRespondersError:
                    await asyncio.sleep(0.01)
                else:
                    break
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)
        finally:
            await client.close()

    assert json.loads(reply.data)["contact"]["email"] == "erika@example.org"
