"""A subscriber gets every message once, in order, through whatever becomes of NATS, and notices a gap."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import aclosing

import nats
import pytest
from nats.aio.client import Client as Connection
from nats.js import JetStreamContext

from interpares.common.envelope import UnfitMessage
from interpares.common.streams import event_stream, stream_name
from interpares.common.testing.nats import EmbeddedNats
from interpares.common.testing.processes import eventually
from interpares.console import subscription
from interpares.console.failures import Unreachable
from interpares.console.subscription import Gap, connected, follow

pytestmark = pytest.mark.integration
STREAM = event_stream("programme")
SECONDS = 20.0


@pytest.fixture
async def connection(nats_url: str) -> AsyncIterator[Connection]:
    async with connected(nats_url) as connection:
        await connection.jetstream().add_stream(STREAM)
        yield connection


async def publish(js: JetStreamContext, position: int, previous: int, programme: str = "p", body: bytes = b"") -> None:
    event = body or json.dumps({"position": position}).encode()
    headers = {
        "position": str(position),
        "previous": str(previous),
        "digest": hashlib.sha256(event).hexdigest(),
        "ce-id": str(position),
    }
    await js.publish(f"evt.programme.{programme}.programme.drafted.v1", event, headers=headers)


async def take(
    connection: Connection, count: int, *, programme: str | None = None, from_now: bool = False
) -> list[int]:
    messages = follow(connection, "programme", programme=programme, from_now=from_now)
    positions: list[int] = []
    async with asyncio.timeout(SECONDS), aclosing(messages):
        async for message in messages:
            positions.append(message.position)
            if len(positions) == count:
                break
    return positions


async def test_messages_arrive_in_order(connection: Connection) -> None:
    js = connection.jetstream()
    for previous, position in ((0, 1), (1, 4), (4, 5)):
        await publish(js, position, previous)
    assert await take(connection, 3) == [1, 4, 5]


async def test_what_comes_later_arrives_too(connection: Connection) -> None:
    taking = asyncio.create_task(take(connection, 2))
    js = connection.jetstream()
    await publish(js, 1, 0)
    await publish(js, 2, 1)
    assert await taking == [1, 2]


async def test_a_missing_message_is_a_gap(connection: Connection) -> None:
    js = connection.jetstream()
    await publish(js, 1, 0)
    await publish(js, 3, 2)
    with pytest.raises(Gap, match="message 3 follows 2, but 1 was the last to arrive"):
        await take(connection, 2)


async def test_a_message_that_was_published_twice_arrives_once(connection: Connection) -> None:
    js = connection.jetstream()
    for previous, position in ((0, 1), (0, 1), (1, 2)):
        await publish(js, position, previous)
    assert await take(connection, 2) == [1, 2]


async def test_an_altered_message_is_noticed(connection: Connection) -> None:
    js = connection.jetstream()
    await js.publish("evt.programme.p.x.y.v1", b"{}", headers={"position": "1", "previous": "0", "digest": "0"})
    with pytest.raises(UnfitMessage):
        await take(connection, 1)


async def test_one_programme_can_be_followed_alone(connection: Connection) -> None:
    js = connection.jetstream()
    for position, programme in ((1, "p"), (2, "q"), (3, "p")):
        await publish(js, position, position - 1, programme)
    assert await take(connection, 2, programme="p") == [1, 3]


async def test_what_was_there_before_can_be_left_out(connection: Connection) -> None:
    js = connection.jetstream()
    await publish(js, 1, 0)
    messages = follow(connection, "programme", from_now=True)
    async with asyncio.timeout(SECONDS), aclosing(messages):
        coming = asyncio.ensure_future(anext(messages))
        # The consumer is there once it has looked where the stream ends.
        await eventually(lambda: _consumers(js), timeout=SECONDS, what="subscription")
        await publish(js, 2, 1)
        assert (await coming).position == 2


async def _consumers(js: JetStreamContext) -> int:
    return (await js.stream_info(stream_name("programme"))).state.consumer_count


async def test_a_stream_that_was_lost_and_rebuilt_is_read_on(connection: Connection) -> None:
    js = connection.jetstream()
    await publish(js, 1, 0)
    await publish(js, 2, 1)
    messages = follow(connection, "programme")
    async with asyncio.timeout(SECONDS), aclosing(messages):
        assert [(await anext(messages)).position for _ in range(2)] == [1, 2]
        await js.delete_stream(stream_name("programme"))
        await js.add_stream(STREAM)
        for position in (1, 2, 3):
            await publish(js, position, position - 1)
        assert (await anext(messages)).position == 3


async def test_a_killed_server_loses_nothing() -> None:
    with EmbeddedNats() as server:
        async with connected(server.url) as connection:
            js = connection.jetstream()
            await js.add_stream(STREAM)
            await publish(js, 1, 0)
            messages = follow(connection, "programme")
            async with asyncio.timeout(SECONDS), aclosing(messages):
                assert (await anext(messages)).position == 1
                server.kill()
                await asyncio.to_thread(server.start)
                writer = await nats.connect(server.url)
                await publish(writer.jetstream(), 2, 1)
                await writer.close()
                assert (await anext(messages)).position == 2


async def test_nobody_there_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscription, "CONNECT_SECONDS", 0.2)
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:1: "):
        async with connected("nats://127.0.0.1:1"):
            pass
