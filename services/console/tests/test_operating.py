"""What operators do from the command line, on a service with real PostgreSQL and NATS."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from interpares.common import rebuilding, unparking
from interpares.common.context import acting
from interpares.common.effects import Effects
from interpares.common.envelope import from_wire
from interpares.common.feed import feed_page
from interpares.common.health import server
from interpares.common.messaging import connected
from interpares.common.policy import Capacity
from interpares.common.relay import Relay
from interpares.common.streams import event_stream, stream_name
from interpares.common.testing.counter import (
    Counted,
    CreateCounter,
    Increment,
    an_occasion,
    create_counter,
    increment,
    publish,
)
from interpares.common.testing.counting import until
from interpares.common.testing.databases import Database
from interpares.common.testing.piping import jetstream_at, running
from interpares.common.testing.processes import LOOPBACK, free_port
from interpares.common.testing.serving import Served, serving
from interpares.common.testing.whole import counting_service
from interpares.common.wakeups import Wakeups
from interpares.console import looking, output, reading, restreaming
from interpares.console.__main__ import main
from interpares.console.contexts import Context, make_folder, store

pytestmark = pytest.mark.integration
# The counting service stands in for the programme service.
PROGRAMME = "programme"
STREAM = stream_name(PROGRAMME)
OPERATOR = "operator"
MakeContext = Callable[..., Context]
Capture = pytest.CaptureFixture[str]


@dataclass(frozen=True)
class World:
    """A service that counts, its stream, and an operator who types."""

    served: Served
    nats_url: str
    poison: set[UUID]
    capsys: Capture
    monkeypatch: pytest.MonkeyPatch

    async def count(self, times: int, counter: UUID | None = None) -> UUID:
        """Make a counter, unless one is given, and count it up."""
        commands = self.served.parts.commands
        found = counter or uuid4()
        if counter is None:
            with acting(an_occasion()):
                await commands.run(create_counter, CreateCounter(found), lane=found, returns=Counted)
        for _ in range(times):
            with acting(an_occasion()):
                await commands.run(increment, Increment(found), lane=found, returns=Counted)
        return found

    async def stick(self, times: int) -> UUID:
        """Let the messages of a counter be parked."""
        counter = await self.count(times)
        self.poison.add(counter)
        parts = self.served.parts
        handlers = counting_service(PROGRAMME, self.poison).subscriptions[PROGRAMME]
        effects = Effects(PROGRAMME, PROGRAMME, parts.database, parts.store, parts.appender, handlers)
        last = await effects.position()
        page = await feed_page(PROGRAMME, parts.store, publish, last, 1000)
        await effects.have([from_wire(item.subject, item.headers, item.body.encode()) for item in page.items], last)
        return counter

    @asynccontextmanager
    async def relaying(self, messages: int | None = None) -> AsyncIterator[None]:
        """Run the relay during the block, which begins when it has published that many."""
        parts, stream = self.served.parts, event_stream(PROGRAMME)
        wakeups = Wakeups(parts.database)
        async with connected(self.nats_url, "relay") as jetstream:
            relay = Relay(PROGRAMME, parts.database, parts.store, wakeups, jetstream, stream, publish)
            async with running({"wakeups": wakeups.run, "relay": relay.run}):
                if messages is not None:
                    await until(lambda: self._holds(messages), f"the stream holds {messages}")
                yield

    async def _holds(self, messages: int) -> bool:
        async with jetstream_at(self.nats_url) as jetstream:
            streams = {stream.config.name: stream.state.messages for stream in await jetstream.streams_info()}
            return streams.get(STREAM) == messages

    async def typed(self, *words: str) -> tuple[int, list[dict[str, Any]], str]:
        """Type a command for programs; return the code it ends with, the lines it prints, and its complaint."""
        self.capsys.readouterr()
        self.monkeypatch.setattr("sys.argv", ["interpares", "-c", OPERATOR, "--json", *words])
        with pytest.raises(SystemExit) as end:
            await asyncio.to_thread(main)
        told = self.capsys.readouterr()
        # The service is part of this process and logs on the same stream.
        lines = [json.loads(line) for line in told.out.splitlines() if line.startswith("{")]
        return int(end.value.code or 0), lines, told.err


@pytest.fixture
def demo_folder(here: Path) -> Path:
    run = make_folder(here) / "demo-1"
    run.mkdir()
    return run


@pytest.fixture
async def world(  # noqa: PLR0917 -- pytest passes fixtures by name
    database: Database,
    nats_url: str,
    demo_folder: Path,
    context: MakeContext,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[World]:
    poison: set[UUID] = set()
    port = free_port()
    async with serving(counting_service(PROGRAMME, poison), database, nats_url=nats_url) as served:
        await served.hold(OPERATOR, Capacity.OPERATOR, uuid4())
        listening = server(served.app, LOOPBACK, port)
        task = asyncio.create_task(listening.serve())

        def issue(_: httpx2.Request) -> httpx2.Response:
            return httpx2.Response(200, json={"access_token": served.issuer.token(OPERATOR), "expires_in": 300})

        monkeypatch.setattr(
            looking, "http", lambda: httpx2.AsyncClient(mounts={"http://issuer.test": httpx2.MockTransport(issue)})
        )
        monkeypatch.setattr(output, "_as_json", False)
        monkeypatch.setenv("INTERPARES_CONTEXT", "")
        store(context(name=OPERATOR, nats_url=nats_url, programme=f"http://{LOOPBACK}:{port}"), demo_folder)
        yield World(served, nats_url, poison, capsys, monkeypatch)
        listening.should_exit = True
        await task


def without(line: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name not in names}


async def test_a_whole_stream_is_verified(world: World) -> None:
    await world.count(30)
    async with world.relaying(30):
        code, told, _ = await world.typed("streams", "verify", PROGRAMME)
    assert code == 0
    assert without(told[-1], "seconds") == {
        "service": "programme",
        "stream": STREAM,
        "messages": 30,
        "compared": 30,
        "up_to": 31,
        "differences": 0,
        "positions": [],
        "first": None,
    }
    assert without(told[-2], "rate", "eta_seconds") == {"work": "verifying", "done": 31, "total": 31}


async def test_a_stream_is_verified_while_it_grows(world: World) -> None:
    counter = await world.count(30)
    async with world.relaying(30):
        counting = asyncio.create_task(world.count(100, counter))
        code, told, _ = await world.typed("streams", "verify", PROGRAMME)
        await counting
    assert (code, told[-1]["differences"]) == (0, 0)


async def test_what_was_deleted_or_altered_is_named_and_a_rebuild_makes_the_stream_whole(world: World) -> None:
    world.monkeypatch.setattr(reading, "WAIT_SECONDS", 0.5)
    await world.count(30)
    async with jetstream_at(world.nats_url) as jetstream:
        await jetstream.add_stream(replace(event_stream(PROGRAMME), deny_delete=False, deny_purge=False))
        async with world.relaying(30):
            pass
        for sequence in (7, 30):
            await jetstream.delete_msg(STREAM, sequence)
        await jetstream.publish("evt.programme._.counter.incremented.v1", b"{}", headers={"position": "9"})

    code, told, complaint = await world.typed("streams", "verify", PROGRAMME)
    assert code == 1
    assert [line["kind"] for line in told if "kind" in line] == ["missing", "missing", "foreign"]
    assert told[-1]["positions"] == [8, 31, 9]
    assert told[-1]["first"]["position"] == 8
    assert "First at 8: missing, the stream does not hold it. 3 in all." in complaint
    _, told, _ = await world.typed("streams", "verify", PROGRAMME, "--after", "8")
    assert told[-1]["positions"] == [31, 9]

    async with world.relaying():
        code, told, _ = await world.typed("streams", "rebuild", PROGRAMME, "--yes")
        assert code == 0
        assert (told[-1]["messages"], told[-1]["last_position"], told[-1]["complete"]) == (30, 31, True)
        assert (told[-2]["work"], told[-2]["done"], told[-2]["total"]) == ("rebuilding", 31, 31)
        code, told, _ = await world.typed("streams", "verify", PROGRAMME)
        assert (code, told[-1]["compared"]) == (0, 30)


async def test_nothing_is_deleted_unasked(world: World) -> None:
    await world.count(3)
    async with world.relaying(3):
        code, _, complaint = await world.typed("streams", "rebuild", PROGRAMME)
        assert (code, json.loads(complaint)["detail"]) == (
            2, "Delete EVT_PROGRAMME with 3 messages, to be made again?",
        )  # fmt: skip
        code, told, _ = await world.typed("streams", "rebuild", PROGRAMME, "--watch")
        assert (code, told[-1]["messages"]) == (0, 3)


async def test_a_rebuild_that_does_not_move_is_told(world: World) -> None:
    world.monkeypatch.setattr(restreaming, "STALL_SECONDS", 0.5)
    await world.count(3)
    code, _, complaint = await world.typed("streams", "rebuild", PROGRAMME, "-y")
    assert (code, json.loads(complaint)["title"]) == (1, "The stream does not grow")


async def test_without_a_stream_there_is_nothing_to_verify(world: World) -> None:
    code, _, complaint = await world.typed("streams", "verify", PROGRAMME)
    assert (code, json.loads(complaint)["detail"]) == (1, "There is no stream EVT_PROGRAMME.")


async def test_parked_messages_are_listed_shown_and_tried_again(world: World) -> None:
    world.monkeypatch.setattr(unparking, "SECONDS", 0.001)
    one, two = await world.stick(12), await world.stick(2)

    code, told, _ = await world.typed("parked", "list", PROGRAMME)
    assert code == 0
    assert [(line["service"], line["position"], line["waiting"]) for line in told] == [
        (PROGRAMME, 2, 11), (PROGRAMME, 15, 1),
    ]  # fmt: skip
    _, [whole], _ = await world.typed("parked", "show", PROGRAMME, PROGRAMME, "15")
    assert whole["event"]["data"]["counter_id"] == str(two)

    world.poison.discard(one)
    code, told, complaint = await world.typed("parked", "retry", PROGRAMME)
    assert code == 1
    assert [(line["position"], line["handled"], line["left"], line["cause"]) for line in told[-2:]] == [
        (2, 12, 0, None), (15, 0, 2, "Conflict conflict"),
    ]  # fmt: skip
    assert json.loads(complaint)["detail"] == "1 of 2 could not be handled."

    world.poison.clear()
    code, told, _ = await world.typed("parked", "retry", PROGRAMME, PROGRAMME, "15")
    assert (code, told[-1]["handled"]) == (0, 2)
    assert await world.typed("parked", "list", PROGRAMME) == (0, [], "")


async def test_a_message_is_given_up_with_a_reason(world: World) -> None:
    await world.stick(3)
    world.poison.clear()
    words = ("parked", "discard", PROGRAMME, PROGRAMME, "2", "--reason-code", "made-up", "--reason", "It never was.")

    code, _, complaint = await world.typed(*words)
    assert (code, json.loads(complaint)["title"]) == (2, "Nobody to ask")
    code, told, _ = await world.typed(*words, "--yes")
    assert code == 0
    assert sum(line.get("handled", 0) for line in told) == 2

    _, [given_up], _ = await world.typed("parked", "list", PROGRAMME, "--discarded")
    assert (given_up["position"], given_up["reason_code"], given_up["reason"]) == (2, "made-up", "It never was.")
    code, _, complaint = await world.typed(*words, "--yes")
    assert (code, json.loads(complaint)["code"]) == (1, "taken-out")


async def test_views_are_made_again(world: World) -> None:
    world.monkeypatch.setattr(rebuilding, "BATCH", 10)
    await world.count(30)
    code, told, _ = await world.typed("views", "rebuild", PROGRAMME)
    assert code == 0
    assert without(told[-1], "seconds", "rate") == {
        "service": PROGRAMME, "view": "increments", "position": 31, "events": 31,
    }  # fmt: skip
    _, [line], _ = await world.typed("views", "list", PROGRAMME)
    assert (line["view"], line["position"], line["rebuilt_to"]) == ("increments", 31, None)
    code, _, complaint = await world.typed("views", "rebuild", PROGRAMME, "nothing")
    assert (code, json.loads(complaint)["status"]) == (1, 404)
