"""Routes for whoever has a personal link: no token of an account, an actor and keys of their own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from interpares.common.health import Health
from interpares.common.http import CurrentCaller, CurrentLinked, Router, create_app
from interpares.common.links import key_of
from interpares.common.policy import LINK, ONESELF
from interpares.common.testing.edge import HeldMemberships, TokenIssuer, client_of, edge_settings

HOLDER = UUID(int=77)
router = Router()


@router.post("/seat")
async def seat(linked: CurrentLinked) -> dict[str, Any]:
    asked = linked.asked(HOLDER)
    return {
        "key": linked.key.hex(),
        "actor": str(asked.occasion.actor),
        "before": str(linked.occasion.actor),
        "command": str(linked.occasion.command_id),
        "official": asked.sealed("why").official,
    }


@router.post("/account")
async def account(caller: CurrentCaller, linked: CurrentLinked) -> dict[str, str]:
    assert caller.subject not in repr(caller)
    return {"subject": caller.subject, "key": linked.key.hex()}


async def answers(path: str, *headers: dict[str, str]) -> list[Any]:
    app = create_app(
        title="t",
        version="1",
        routers=[router],
        policy={("POST", "/api/v1/seat"): LINK, ("POST", "/api/v1/account"): ONESELF},
        verifier=TokenIssuer().verifier() if path == "/seat" else ISSUER.verifier(),
        memberships=HeldMemberships(),
        health=Health(),
        settings=edge_settings(),
    )
    async with client_of(app) as client:
        return [await client.post(f"/api/v1{path}", headers=each) for each in headers]


ISSUER = TokenIssuer()


async def test_a_link_needs_no_account_and_its_keys_are_its_own() -> None:
    mine, again, yours = [
        answer.json()
        for answer in await answers(
            "/seat",
            {"X-Personal-Link": "mine", "Idempotency-Key": "1"},
            {"X-Personal-Link": "mine", "Idempotency-Key": "1"},
            {"X-Personal-Link": "yours", "Idempotency-Key": "1"},
        )
    ]

    assert mine == again
    assert mine["key"] == key_of("mine").hex()
    assert (mine["actor"], mine["official"]) == (str(HOLDER), False)
    assert mine["command"] != yours["command"]
    assert mine["before"] != yours["before"]


async def test_a_missing_link_is_a_link_that_leads_nowhere() -> None:
    (answer,) = await answers("/seat", {})
    assert answer.json()["key"] == key_of("").hex()


async def test_an_account_is_told_by_its_token_and_nobody_else_passes() -> None:
    bearer = ISSUER.bearer("anna")
    signed, unsigned = await answers("/account", {**bearer, "X-Personal-Link": "mine"}, {"X-Personal-Link": "mine"})

    assert signed.json() == {"subject": "anna", "key": key_of("mine").hex()}
    assert unsigned.status_code == 401
