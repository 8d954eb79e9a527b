"""What operators do over HTTP, on a whole service: parked messages, views, the stream, the feed."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from nats.js import JetStreamContext

from interpares.common.context import acting
from interpares.common.effects import Effects
from interpares.common.health import Health
from interpares.common.messaging import connected
from interpares.common.policy import Capacity, matrix
from interpares.common.relay import Relay
from interpares.common.runtime import SHARED, build_api
from interpares.common.streams import event_stream
from interpares.common.streamstate import stream_state
from interpares.common.testing.counter import (
    SERVICE,
    Counted,
    CreateCounter,
    Increment,
    an_occasion,
    create_counter,
    increment,
    publish,
)
from interpares.common.testing.counting import until
from interpares.common.testing.edge import client_of, edge_settings
from interpares.common.testing.piping import STREAM, StoreFeed, jetstream_at, running
from interpares.common.testing.serving import READER, Served, serving
from interpares.common.testing.whole import counting_service
from interpares.common.wakeups import Wakeups

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from interpares.common.testing.databases import Database as Made

WHY = {"reason_code": "made-up", "reason": "It never happened."}
OTTO = "otto"
deaf: set[UUID] = set()
COUNTING = counting_service(poison=deaf)


@dataclass(frozen=True)
class Counters:
    """The service, and commands to it."""

    served: Served

    async def make(self, times: int) -> UUID:
        counter = uuid4()
        commands = self.served.parts.commands
        with acting(an_occasion()):
            await commands.run(create_counter, CreateCounter(counter), lane=counter, returns=Counted)
        for _ in range(times):
            with acting(an_occasion()):
                await commands.run(increment, Increment(counter), lane=counter, returns=Counted)
        return counter

    async def stick(self, times: int = 3) -> UUID:
        """Let the messages of a counter be parked."""
        counter = await self.make(times)
        deaf.add(counter)
        parts = self.served.parts
        effects = Effects(
            SERVICE, SERVICE, parts.database, parts.store, parts.appender, COUNTING.subscriptions[SERVICE]
        )
        messages, _ = await StoreFeed(parts, publish).after(await effects.position())  # type: ignore[arg-type]
        await effects.have(messages, await effects.position())
        return counter

    async def get(self, path: str, who: str = OTTO) -> Any:
        answer = await self.served.get(who, path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any = None, key: str | None = None) -> Any:
        answer = await self.served.post(OTTO, path, body, key)
        return answer.json() if answer.status_code == 200 else (answer.status_code, answer.json()["code"])

    async def heard(self) -> list[int]:
        return [row["position"] for row in await self.served.parts.database.fetch("SELECT position FROM heard")]


@pytest.fixture
async def counters(database: Made) -> AsyncIterator[Counters]:
    deaf.clear()
    async with serving(COUNTING, database) as served:
        await served.hold(OTTO, Capacity.OPERATOR, uuid4())
        yield Counters(served)


async def test_nobody_but_operators_may(counters: Counters) -> None:
    for capacity in Capacity:
        await counters.served.hold(capacity.value, capacity, uuid4())
    issuer, found = counters.served.issuer, {}
    for case in matrix(SHARED):
        subject = READER if case.caller == "service" else str(case.caller)
        headers = {} if case.caller == "anonymous" else issuer.bearer(subject)
        path = case.path.format(feed=SERVICE, position=1, view="nothing")
        answer = await counters.served.client.request(case.method, path, headers=headers, json={})
        assert answer.status_code < 500
        refused = answer.status_code in {401, 403}
        found[case.method, case.path, case.caller] = answer.status_code if refused else None
    assert found == {(case.method, case.path, case.caller): case.refusal for case in matrix(SHARED)}
    allowed = {caller for (_, path, caller), refusal in found.items() if refusal is None and "operations" in path}
    assert allowed == {Capacity.OPERATOR}
    feed = {caller for (_, path, caller), refusal in found.items() if refusal is None and path.endswith("/feed")}
    assert feed == {Capacity.OPERATOR, "service"}


async def test_operators_see_what_is_parked(counters: Counters) -> None:
    one, two = await counters.stick(), await counters.stick(1)

    page = await counters.get("/operations/parked?limit=1")
    rest = await counters.get(f"/operations/parked?limit=1&after={page['next']}")

    (first,), (second,) = page["items"], rest["items"]
    assert (first["aggregate"], first["waiting"]) == (f"counter/{one}", 2)
    assert (second["aggregate"], second["waiting"]) == (f"counter/{two}", 0)
    assert rest["next"] is None
    shown = await counters.get(f"/operations/parked/{SERVICE}/{first['position']}")
    assert shown["event"]["data"] == {"counter_id": str(one), "by": 1}
    assert shown["headers"]["feed"] == SERVICE
    assert (await counters.served.get(OTTO, "/operations/parked/counting/999")).status_code == 404


async def test_operators_try_again(counters: Counters) -> None:
    counter = await counters.stick()
    path = f"/operations/parked/{SERVICE}/2/retry"
    assert await counters.post(path) == {"handled": 0, "left": 3, "next": 2, "cause": "Conflict conflict"}
    deaf.discard(counter)
    assert await counters.post(f"/operations/parked/{SERVICE}/3/retry") == (409, "waits-behind-another")
    assert await counters.post(path) == {"handled": 3, "left": 0, "next": None, "cause": None}
    assert await counters.post(path) == {"handled": 0, "left": 0, "next": None, "cause": None}
    assert await counters.heard() == [2, 3, 4]
    assert await counters.get("/operations/parked") == {"items": [], "next": None}


async def test_operators_give_one_up_and_say_why(counters: Counters) -> None:
    counter = await counters.stick()
    path = f"/operations/parked/{SERVICE}/2/discard"
    assert await counters.post(path, {"reason_code": "made-up"}) == (422, "invalid-request")
    deaf.discard(counter)

    done = {"handled": 2, "left": 0, "next": None, "cause": None}
    assert await counters.post(path, WHY, key="once") == done
    assert await counters.post(path, WHY, key="once") == done | {"handled": 0}
    assert await counters.post(path, WHY | {"reason": "Another."}, key="once") == (409, "idempotency-key-reused")
    assert await counters.post(path, WHY, key="other") == (409, "taken-out")

    page = await counters.get("/operations/discarded?limit=1")
    (row,) = page["items"]
    assert (row["position"], row["aggregate"], row["reason_code"], row["reason"]) == (
        2, f"counter/{counter}", "made-up", "It never happened.",
    )  # fmt: skip
    assert page["next"] is None
    assert await counters.heard() == [3, 4]


async def test_operators_see_views_and_make_them_again(counters: Counters) -> None:
    await counters.make(3)

    async def caught_up() -> bool:
        (view,) = (await counters.get("/operations/views"))["items"]
        return bool(view["position"]) and not view["behind"]

    await until(caught_up, "the view is up to date")
    shown = {"view": "increments", "position": 4, "head": 4, "behind": 0, "rebuilt_to": None}
    assert await counters.get("/operations/views") == {"items": [shown], "next": None}
    done = {"view": "increments", "position": 4, "head": 4, "events": 4, "done": True}
    assert await counters.post("/operations/views/increments/rebuild") == done
    assert await counters.post("/operations/views/nothing/rebuild") == (404, "not-found")
    rows = await counters.served.parts.database.fetch("SELECT * FROM increments")
    assert len(rows) == 3


async def test_the_feed_is_open_to_operators(counters: Counters) -> None:
    await counters.make(2)
    page = await counters.get("/feed")
    assert [item["headers"]["position"] for item in page["items"]] == ["2", "3"]


async def test_without_nats_the_stream_is_out_of_reach_and_the_head_is_told(counters: Counters) -> None:
    await counters.make(2)
    shown = await counters.get("/operations/stream")
    assert shown == {
        "stream": STREAM, "reachable": False, "messages": None, "bytes": None, "last_position": None, "head": 3,
        "complete": False,
    }  # fmt: skip


async def test_the_stream_is_told_as_it_is(counters: Counters, nats_url: str) -> None:
    parts = replace(counters.served.parts, settings=edge_settings(nats_url=nats_url))
    app = build_api(COUNTING, replace(parts, settings=parts.settings), Health())
    async with client_of(app) as client:

        async def stream() -> dict[str, Any]:
            answer = await client.get("/api/v1/operations/stream", headers=counters.served.issuer.bearer(OTTO))
            assert answer.status_code == 200, answer.text
            return dict(answer.json())

        assert (await stream())["messages"] is None
        async with jetstream_at(nats_url) as jetstream:
            await jetstream.add_stream(event_stream(SERVICE))
        empty = await stream()
        assert (empty["messages"], empty["last_position"], empty["complete"]) == (0, 0, True)

        await counters.make(2)
        waiting = await stream()
        assert (waiting["messages"], waiting["head"], waiting["complete"]) == (0, 3, False)

        async with relaying(parts, nats_url):

            async def complete() -> bool:
                return bool((await stream())["complete"])

            await until(complete, "the stream is complete")
        whole = await stream()
        assert (whole["messages"], whole["last_position"], whole["head"]) == (2, 3, 3)


async def test_a_stream_that_grows_holds_at_least_what_is_said_of_it(
    nats_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = JetStreamContext.stream_info

    async def seen_while_it_grows(js: JetStreamContext, *asked: Any, **more: Any) -> Any:
        info = await seen(js, *asked, **more)
        position = str(info.state.messages + 1)
        await js.publish(f"evt.{SERVICE}._.counter.incremented.v1", b"{}", headers={"position": position})
        return info

    async with jetstream_at(nats_url) as jetstream:
        await jetstream.add_stream(event_stream(SERVICE))
    monkeypatch.setattr(JetStreamContext, "stream_info", seen_while_it_grows)
    for _ in range(2):
        state = await stream_state(nats_url, SERVICE)
        assert state is not None
        assert state.messages >= state.last_position


@asynccontextmanager
async def relaying(parts: Any, url: str) -> AsyncIterator[None]:
    wakeups = Wakeups(parts.database)
    async with connected(url, "relay") as jetstream:
        relay = Relay(SERVICE, parts.database, parts.store, wakeups, jetstream, event_stream(SERVICE), publish)
        async with running({"wakeups": wakeups.run, "relay": relay.run}):
            yield
