from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import structlog

from interpares.common.auth import actor_id
from interpares.common.policy import Capacity, matrix
from interpares.common.testing.edge import ISSUER, HeldMemberships, TokenIssuer, client_of

if TYPE_CHECKING:
    import httpx2
    from fastapi import FastAPI

    from interpares.common.policy import Policy

DUTY = "/api/v1/duties/9d8ef3a2-6b56-4f4d-8f0a-6f1f2b1f0001/offer"
BODY = {"reason_code": "first-come", "reason": "They asked first."}


async def test_a_caller_with_a_capacity_passes_and_the_occasion_says_who_and_when(anna: httpx2.AsyncClient) -> None:
    answer = await anna.post(DUTY, json=BODY)
    assert answer.status_code == 201
    said = answer.json()
    assert said["actor"] == str(actor_id(ISSUER, "anna"))
    assert said["now"] == "2026-03-01T12:00:00Z"
    assert said["capacities"] == ["coordinator"]
    assert said["reason"] == BODY["reason"]
    assert UUID(said["correlation"]).hex == said["traceparent"].split("-")[1]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer rubbish"},
        {"Authorization": "Bearer a.b.c"},
        {"Authorization": "Bearer \xff"},
    ],
)
async def test_without_a_valid_token_the_answer_is_401_and_always_the_same(
    headers: dict[str, str], client: httpx2.AsyncClient
) -> None:
    answer = await client.get(
        "/api/v1/me", headers=[(key.encode(), value.encode("latin-1")) for key, value in headers.items()]
    )
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="interpares"'
    assert answer.json() == {
        "type": "/problems/unauthenticated",
        "title": "Unauthenticated",
        "status": 401,
        "detail": "A valid access token is needed.",
        "code": "unauthenticated",
        "trace_id": "",
        "way_out": "Sign in and send the new token as a bearer token.",
        "errors": [],
    }


async def test_attacks_on_the_token_get_the_same_bytes(client: httpx2.AsyncClient, issuer: TokenIssuer) -> None:
    tokens = [issuer.token(aud="other"), issuer.token(exp=1), issuer.token(headers={"typ": "JWT"}), "rubbish"]
    answers = [await client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}) for token in tokens]
    assert {(answer.status_code, answer.content) for answer in answers} == {(401, answers[0].content)}


async def test_two_tokens_are_none(client: httpx2.AsyncClient, issuer: TokenIssuer) -> None:
    token = issuer.bearer()["Authorization"]
    answer = await client.get("/api/v1/me", headers=[("Authorization", token), ("Authorization", token)])
    assert answer.status_code == 401


async def test_nobody_without_a_token_makes_the_service_read_a_body(client: httpx2.AsyncClient) -> None:
    assert (await client.post(DUTY, content=b"[" * 1000)).status_code == 401


async def test_a_capacity_that_does_not_suffice_is_refused_and_logged(app: FastAPI, issuer: TokenIssuer) -> None:
    with structlog.testing.capture_logs() as logs:
        answer = await client_of(app, headers=issuer.bearer("vera")).post(DUTY, json=BODY)
    assert answer.status_code == 403
    assert answer.json()["code"] == "no-capacity"
    denied = next(line for line in logs if line["event"] == "denied")
    assert denied == {
        "event": "denied",
        "log_level": "warning",
        "actor": str(actor_id(ISSUER, "vera")),
        "method": "POST",
        "route": "/api/v1/duties/{duty}/offer",
        "capacities": ["auditor"],
    }


async def test_without_a_membership_nothing_but_what_is_for_anyone(app: FastAPI, issuer: TokenIssuer) -> None:
    stranger = client_of(app, headers=issuer.bearer("xaver"))
    assert (await stranger.get("/api/v1/duties")).status_code == 403
    assert (await stranger.get("/api/v1/me")).json() == {"actor": str(actor_id(ISSUER, "xaver")), "memberships": 0}


async def test_the_feed_is_for_services_and_needs_no_memberships(
    app: FastAPI, issuer: TokenIssuer, memberships: HeldMemberships, otto: httpx2.AsyncClient
) -> None:
    memberships.known = False
    service = client_of(app, headers=issuer.bearer("registration"))
    assert (await service.get("/api/v1/feed")).json() == {"memberships": 0}
    assert (await otto.get("/api/v1/feed")).status_code == 403


@pytest.mark.parametrize("age", [None, 901])
async def test_memberships_that_cannot_be_confirmed_allow_nothing(
    age: int | None, memberships: HeldMemberships, anna: httpx2.AsyncClient
) -> None:
    if age is None:
        memberships.known = False
    else:
        assert memberships.confirmed is not None
        memberships.confirmed -= timedelta(seconds=age)
    answer = await anna.post(DUTY, json=BODY)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "who may do what" in answer.json()["detail"]


async def test_memberships_confirmed_not_long_ago_count(memberships: HeldMemberships, anna: httpx2.AsyncClient) -> None:
    assert memberships.confirmed is not None
    memberships.confirmed -= timedelta(seconds=899)
    assert (await anna.post(DUTY, json=BODY)).status_code == 201


async def test_a_silent_issuer_is_no_fault_of_the_caller(client: httpx2.AsyncClient, issuer: TokenIssuer) -> None:
    issuer.reachable = False
    answer = await client.get("/api/v1/me", headers=issuer.bearer())
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "10"


async def test_every_cell_of_the_matrix_holds(
    app: FastAPI, policy: Policy, issuer: TokenIssuer, memberships: HeldMemberships
) -> None:
    for capacity in Capacity:
        memberships.grant(f"as-{capacity}", capacity)
    subjects: dict[Any, str] = {capacity: f"as-{capacity}" for capacity in Capacity}
    subjects |= {"stranger": "stranger", "service": "registration"}
    for case in matrix(policy):
        headers = issuer.bearer(subjects[case.caller]) if case.caller != "anonymous" else {}
        path = case.path.replace("{duty}", DUTY.split("/")[4]).replace("{kind}", "conflict")
        answer = await client_of(app, headers=headers).request(case.method, path)
        refused = answer.status_code if answer.status_code in {401, 403} else None
        assert refused == case.refusal, case


async def test_the_same_key_is_the_same_command_whatever_the_request(anna: httpx2.AsyncClient) -> None:
    key = {"Idempotency-Key": "k-1"}
    first = (await anna.post(DUTY, json=BODY, headers=key)).json()
    again = (
        await anna.post(
            DUTY,
            content=b'{"reason":"They asked first.","reason_code" : "first-come"}',
            headers={**key, "Content-Type": "application/json; charset=utf-8"},
        )
    ).json()
    other = (await anna.post(DUTY, json={**BODY, "weight": 2}, headers=key)).json()
    elsewhere = (await anna.post("/api/v1/duties", headers=key)).json()
    assert first["command"] == again["command"] == other["command"] == elsewhere["command"]
    assert first["hash"] == again["hash"] != other["hash"]
    assert len(first["hash"]) == 64


async def test_the_same_key_of_somebody_else_is_another_command(
    app: FastAPI, issuer: TokenIssuer, memberships: HeldMemberships, anna: httpx2.AsyncClient
) -> None:
    memberships.grant("berta", Capacity.OFFICE)
    key = {"Idempotency-Key": "k-1"}
    berta = client_of(app, headers=issuer.bearer("berta"))
    assert (await anna.post("/api/v1/duties", headers=key)).json() != (
        await berta.post("/api/v1/duties", headers=key)
    ).json()


async def test_without_a_key_every_request_is_a_command_of_its_own(anna: httpx2.AsyncClient) -> None:
    first, second = [(await anna.post(DUTY, json=BODY)).json() for _ in range(2)]
    assert first["command"] != second["command"]
    assert first["hash"] == ""


@pytest.mark.parametrize("key", ["", " ", "a b", "ä", "x" * 201])
async def test_a_key_that_is_none_is_refused(key: str, anna: httpx2.AsyncClient) -> None:
    answer = await anna.post("/api/v1/duties", headers={b"Idempotency-Key": key.encode("latin-1")})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
