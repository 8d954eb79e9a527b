"""Links that lead nowhere are counted by address; links that lead somewhere never are."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx2
import pytest
from fastapi.responses import HTMLResponse

from interpares.common.errors import NotFound
from interpares.common.health import Health
from interpares.common.http import CurrentCaller, CurrentLinked, CurrentUpload, Router, create_app, upload_router
from interpares.common.http.tries import sort_of
from interpares.common.links import key_of
from interpares.common.policy import LINK, ONESELF
from interpares.common.testing.edge import HeldMemberships, TokenIssuer, edge_settings

if TYPE_CHECKING:
    from fastapi import FastAPI

ISSUER = TokenIssuer()
LIMIT = 3
router = Router()
takes = upload_router(accepts=frozenset({"text/plain"}), size=100)


def look_up(key: bytes) -> None:
    if key != key_of("right"):
        message = "This link leads nowhere."
        raise NotFound(message)


@router.get("/seat")
async def seat(linked: CurrentLinked) -> str:
    look_up(linked.key)
    return "yours"


@router.get("/pages/{token}", response_class=HTMLResponse)
async def page(token: str) -> HTMLResponse:
    return HTMLResponse("yours" if token == "right" else "dead", 200 if token == "right" else 404)


@takes.post("/pages/{token}")
async def answer(token: str, upload: CurrentUpload) -> int:
    look_up(key_of(token))
    return upload.size


@router.post("/account")
async def account(caller: CurrentCaller, linked: CurrentLinked) -> str:
    look_up(linked.key)
    return caller.subject


@router.post("/own")
async def own() -> None:
    message = "There is no such thing."
    raise NotFound(message)


@pytest.fixture
def app() -> FastAPI:
    return create_app(
        title="t",
        version="1",
        routers=[router, takes],
        policy={
            ("GET", "/api/v1/seat"): LINK,
            ("GET", "/api/v1/pages/{token}"): LINK,
            ("POST", "/api/v1/pages/{token}"): LINK,
            ("POST", "/api/v1/account"): ONESELF,
            ("POST", "/api/v1/own"): ONESELF,
        },
        verifier=ISSUER.verifier(),
        memberships=HeldMemberships(),
        health=Health(),
        settings=edge_settings(link_tries_per_minute=LIMIT),
    )


class Somebody:
    """Comes from an address."""

    def __init__(self, app: FastAPI, host: str) -> None:
        transport = httpx2.ASGITransport(app, client=(host, 50_000))
        self._client = httpx2.AsyncClient(transport=transport, base_url="http://service.test/api/v1")

    async def ask(self, method: str, path: str, **headers: str) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = b"x" if path.startswith("/pages") and method == "POST" else None
        kind = {"Content-Type": "text/plain"} if content else {}
        return await self._client.request(method, path, headers=kind | named, content=content)

    async def opens(self, link: str) -> int:
        return (await self.ask("GET", "/seat", X_Personal_Link=link)).status_code


async def test_who_tries_too_many_links_waits_whatever_link_comes_next(app: FastAPI) -> None:
    guesser, colleague = Somebody(app, "192.0.2.7"), Somebody(app, "192.0.2.8")

    assert [await guesser.opens(f"guess-{number}") for number in range(LIMIT + 2)] == [404] * LIMIT + [429] * 2

    refused = await guesser.ask("GET", "/seat", X_Personal_Link="right")
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-tries")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert "guess" not in refused.text
    assert await colleague.opens("right") == 200


async def test_a_town_hall_that_opens_what_it_was_sent_is_never_in_its_own_way(app: FastAPI) -> None:
    hall = Somebody(app, "192.0.2.7")

    assert {await hall.opens("right") for _ in range(20 * LIMIT)} == {200}
    assert [await hall.opens("mistyped"), await hall.opens("right")] == [404, 200]


async def test_after_a_minute_one_may_try_again(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody = Somebody(app, "192.0.2.7")
    for _ in range(LIMIT):
        await somebody.opens("guess")
    assert await somebody.opens("right") == 429
    now = time.time()

    monkeypatch.setattr(time, "time", lambda: now + 61)

    assert await somebody.opens("right") == 200


async def test_every_way_a_link_is_taken_counts_and_nothing_else_does(app: FastAPI) -> None:
    bearer = ISSUER.bearer("anna")
    for number, (method, path, headers) in enumerate(
        [
            ("GET", "/pages/guess", {}),
            ("POST", "/pages/guess", {}),
            ("POST", "/account", {"X_Personal_Link": "guess", **bearer}),
        ]
    ):
        somebody = Somebody(app, f"198.51.100.{number}")
        statuses = [(await somebody.ask(method, path, **headers)).status_code for _ in range(LIMIT + 1)]
        assert statuses == [404] * LIMIT + [429], path
    signed_in = Somebody(app, "198.51.100.9")
    assert {(await signed_in.ask("POST", "/own", **bearer)).status_code for _ in range(LIMIT + 2)} == {404}
    assert await signed_in.opens("right") == 200


async def test_a_browser_is_told_in_plain_words(app: FastAPI) -> None:
    somebody = Somebody(app, "192.0.2.7")
    for _ in range(LIMIT):
        await somebody.ask("GET", "/pages/guess")

    told = await somebody.ask("GET", "/pages/right", Accept="text/html,*/*;q=0.8")

    assert (told.status_code, told.headers["content-type"]) == (429, "text/plain; charset=utf-8")
    assert told.headers["retry-after"]
    assert "warten Sie" in told.text
    assert "Please wait" in told.text


@pytest.mark.parametrize(
    ("host", "counts_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        (None, "nobody"),
        ("", "nobody"),
    ],
)
def test_what_counts_as_one_address(host: str | None, counts_as: str) -> None:
    assert sort_of(host) == counts_as


def test_the_document_says_so(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    told = {path for path, operations in paths.items() for each in operations.values() if "429" in each["responses"]}
    assert told == {"/api/v1/seat", "/api/v1/pages/{token}", "/api/v1/account"}
    assert "Retry-After" in paths["/api/v1/seat"]["get"]["responses"]["429"]["headers"]
