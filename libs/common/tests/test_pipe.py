"""Relay and inbox on real PostgreSQL and NATS: from one service's store to the other's tables."""

from __future__ import annotations

import asyncio
import json
from collections import Counter as Tally
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import nats

from interpares.common.append import Row
from interpares.common.effects import Effects
from interpares.common.envelope import Message, to_message
from interpares.common.errors import Conflict
from interpares.common.inbox import Inbox
from interpares.common.messaging import connected
from interpares.common.relay import Relay
from interpares.common.streams import event_stream, stream_name
from interpares.common.testing.counter import SERVICE, Created, Incremented, publish, publish_more
from interpares.common.testing.counting import Counting, counting_on, until
from interpares.common.testing.nats import EmbeddedNats
from interpares.common.wakeups import Wakeups
from interpares.common.worker import work

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from nats.js import JetStreamContext

    from interpares.common.commands import UnitOfWork
    from interpares.common.envelope import Arrived
    from interpares.common.relay import Publish
    from interpares.common.testing.databases import Database as Made

STREAM = stream_name(SERVICE)


class StoreFeed:
    """The producer's feed without HTTP between; ``reachable`` is the network."""

    def __init__(self, counting: Counting, mapping: Publish) -> None:
        self._counting = counting
        self._mapping = mapping
        self.reachable = True

    async def after(self, position: int) -> tuple[list[Message], bool]:
        if not self.reachable:
            raise OSError
        messages, previous = list[Message](), position
        for recorded in await self._counting.store.read(position, 10_000):
            if (publication := self._mapping(recorded)) is not None:
                messages.append(to_message(SERVICE, recorded, publication, previous))
                previous = recorded.position
        return messages, True


class Listener:
    """The other service: notes each event it hears in a table, in the transaction of its position."""

    def __init__(self, counting: Counting, feed: StoreFeed) -> None:
        self.counting = counting
        self.feed = feed
        self.poison: UUID | None = None

    async def hear(self, event: Arrived, unit: UnitOfWork) -> None:
        if UUID(event.data["counter_id"]) == self.poison:
            message = "This cannot be."
            raise Conflict(message)
        unit.write(Row("INSERT INTO memberships VALUES (%s, %s, %s, 'x')", (event.id, uuid4(), uuid4())))

    async def heard(self) -> int:
        (row,) = await self.counting.database.fetch("SELECT count(*) AS n FROM memberships")
        return int(row["n"])

    async def parked(self) -> int:
        (row,) = await self.counting.database.fetch("SELECT count(*) AS n FROM parked")
        return int(row["n"])

    def inbox(self, jetstream: object, *, ask_every: float = 0.5) -> Inbox:
        database, store, appender = self.counting.database, self.counting.store, self.counting.appender
        handlers = {Incremented.TYPE: self.hear, Created.TYPE: self.hear}
        effects = Effects("listening", SERVICE, database, store, appender, handlers)
        return Inbox("listening", SERVICE, database, effects, jetstream, self.feed, ask_every=ask_every)  # type: ignore[arg-type]


@asynccontextmanager
async def producing(counting: Counting, url: str, mapping: Publish = publish, relays: int = 1) -> AsyncIterator[None]:
    """Run the producer's relay."""
    wakeups = Wakeups(counting.database)
    async with connected(url, "relay") as jetstream:
        tasks: dict[str, Callable[[], Awaitable[None]]] = {"wakeups": wakeups.run}
        for n in range(relays):
            relay = Relay(
                SERVICE, counting.database, counting.store, wakeups, jetstream, event_stream(SERVICE), mapping
            )
            tasks[f"relay-{n}"] = relay.run
        async with _running(tasks):
            yield


@asynccontextmanager
async def listening(listener: Listener, url: str) -> AsyncIterator[Inbox]:
    """Run the listener's inbox."""
    async with connected(url, "inbox") as jetstream:
        inbox = listener.inbox(jetstream)
        async with _running({"inbox": inbox.run}):
            yield inbox


@asynccontextmanager
async def _running(tasks: dict[str, Callable[[], Awaitable[None]]]) -> AsyncIterator[None]:
    task = asyncio.create_task(work(tasks))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def both(migrated: Made, other: Made, mapping: Publish = publish) -> AsyncIterator[tuple[Counting, Listener]]:
    async with counting_on(migrated.service_url) as counting, counting_on(other.service_url) as heard_by:
        yield counting, Listener(heard_by, StoreFeed(counting, mapping))


async def count(counting: Counting, counters: int, times: int) -> list[UUID]:
    """Make counters and count each up; return their ids."""
    ids = [uuid4() for _ in range(counters)]
    await asyncio.gather(*(counting.create(counter) for counter in ids))

    async def each(counter: UUID) -> None:
        for _ in range(times):
            await counting.increment(counter)

    await asyncio.gather(*(each(counter) for counter in ids))
    return ids


async def chain(url: str) -> list[tuple[int, int]]:
    """Return (previous, position) of every message of the stream, in its order."""
    connection = await nats.connect(url)
    jetstream = connection.jetstream()
    state = (await jetstream.stream_info(STREAM)).state
    links = []
    for sequence in range(state.first_seq, state.last_seq + 1):
        headers = (await jetstream.get_msg(STREAM, seq=sequence)).headers or {}
        links.append((int(headers["previous"]), int(headers["position"])))
    await connection.close()
    return links


def unbroken(links: list[tuple[int, int]]) -> bool:
    return all(previous == before for (previous, _), (_, before) in zip(links, [(0, 0), *links], strict=False))


async def test_everything_arrives_once_and_in_an_unbroken_chain(
    migrated: Made, other_migrated: Made, nats_url: str
) -> None:
    async with (
        both(migrated, other_migrated) as (counting, listener),
        producing(counting, nats_url),
        listening(listener, nats_url),
    ):
        await count(counting, 8, 20)
        await until(lambda: _equals(listener.heard, 160), "all is heard")
        await until(lambda: _stream_holds(nats_url, 160), "all is published")

    links = await chain(nats_url)
    assert len(links) == 160
    assert unbroken(links)


async def test_two_relays_at_once_neither_double_nor_invert(
    migrated: Made, other_migrated: Made, nats_url: str
) -> None:
    """The lock is taken away on purpose: the expected sequence alone has to fence the second relay."""
    async with both(migrated, other_migrated) as (counting, listener):
        listener.feed.reachable = False
        async with connected(nats_url, "rivals") as jetstream:
            wakeups = Wakeups(counting.database)
            rivals = [
                Relay(
                    f"{SERVICE}", counting.database, counting.store, wakeups, jetstream, event_stream(SERVICE), publish
                )
                for _ in range(2)
            ]
            locks = [await counting.database.dedicated() for _ in rivals]
            tasks = {
                f"rival-{n}": partial(rival.publish_on, lock)
                for n, (rival, lock) in enumerate(zip(rivals, locks, strict=True))
            }
            async with _running({"wakeups": wakeups.run, **tasks}), listening(listener, nats_url):
                await count(counting, 8, 20)
                await until(lambda: _equals(listener.heard, 160), "all is heard")
        for lock in locks:
            await lock.close()

    links = await chain(nats_url)
    assert len(links) == 160
    assert unbroken(links)


async def test_with_nats_away_commands_go_on_and_the_feed_carries_them(migrated: Made, other_migrated: Made) -> None:
    with EmbeddedNats() as server:
        async with (
            both(migrated, other_migrated) as (counting, listener),
            producing(counting, server.url),
            listening(listener, server.url),
        ):
            await count(counting, 4, 5)
            await until(lambda: _equals(listener.heard, 20), "all is heard")
            server.kill()

            await count(counting, 4, 5)
            await until(lambda: _equals(listener.heard, 40), "all is heard without NATS")

            server.start()
            await count(counting, 4, 5)
            await until(lambda: _equals(listener.heard, 60), "all is heard with NATS again")
            await until(lambda: _stream_holds(server.url, 60), "the backlog drains")
        assert unbroken(await chain(server.url))


async def test_with_the_feed_away_the_stream_carries_on(migrated: Made, other_migrated: Made, nats_url: str) -> None:
    async with both(migrated, other_migrated) as (counting, listener):
        listener.feed.reachable = False
        async with producing(counting, nats_url), listening(listener, nats_url):
            await count(counting, 4, 5)
            await until(lambda: _equals(listener.heard, 20), "all is heard")


async def test_a_deleted_stream_is_made_again_from_the_store(
    migrated: Made, other_migrated: Made, nats_url: str
) -> None:
    async with both(migrated, other_migrated) as (counting, listener):
        listener.feed.reachable = False
        async with producing(counting, nats_url), listening(listener, nats_url):
            await count(counting, 4, 5)
            await until(lambda: _equals(listener.heard, 20), "all is heard")
            await _with_jetstream(nats_url, lambda js: js.delete_stream(STREAM))

            await count(counting, 4, 5)
            await until(lambda: _equals(listener.heard, 40), "all is heard, nothing twice")
            await until(lambda: _stream_holds(nats_url, 40), "the stream is whole again")
    assert unbroken(await chain(nats_url))


async def test_a_deleted_consumer_is_made_again(migrated: Made, other_migrated: Made, nats_url: str) -> None:
    async with both(migrated, other_migrated) as (counting, listener):
        listener.feed.reachable = False
        async with producing(counting, nats_url), listening(listener, nats_url):
            await count(counting, 4, 5)
            await until(lambda: _equals(listener.heard, 20), "all is heard")
            await _with_jetstream(nats_url, lambda js: js.delete_consumer(STREAM, f"listening-{SERVICE}"))

            await count(counting, 4, 5)
            await until(lambda: _equals(listener.heard, 40), "all is heard")


async def test_a_release_that_publishes_more_a_new_stream_and_a_resumed_consumer(
    migrated: Made, other_migrated: Made, nats_url: str
) -> None:
    async with both(migrated, other_migrated, publish_more) as (counting, listener):
        listener.feed.reachable = False
        async with producing(counting, nats_url), listening(listener, nats_url):
            await count(counting, 4, 5)
            await until(lambda: _equals(listener.heard, 20), "all increments are heard")
        await _with_jetstream(nats_url, lambda js: js.delete_stream(STREAM))

        async with producing(counting, nats_url, publish_more), listening(listener, nats_url):
            await count(counting, 4, 5)
            # The four earlier births lie behind what was read; the four later ones are heard as well.
            await until(lambda: _equals(listener.heard, 20 + 20 + 4), "increments and new births are heard")
            await until(lambda: _stream_holds(nats_url, 48), "the stream holds everything")
    assert unbroken(await chain(nats_url))


async def test_what_was_altered_on_the_way_is_not_believed(migrated: Made, other_migrated: Made, nats_url: str) -> None:
    async with both(migrated, other_migrated) as (counting, listener):
        async with producing(counting, nats_url):
            await count(counting, 1, 1)
            await until(lambda: _stream_holds(nats_url, 1), "it is published")
        forged = json.dumps({"id": str(uuid4()), "type": Incremented.TYPE, "data": {}}).encode()
        headers = {"position": "3", "previous": "2", "digest": "0" * 64}
        await _with_jetstream(
            nats_url, lambda js: js.publish(f"evt.{SERVICE}._.counter.incremented.v1", forged, headers=headers)
        )
        async with listening(listener, nats_url):
            await count(counting, 1, 2)
            await until(lambda: _equals(listener.heard, 3), "the true events are heard, over the feed")


async def test_poison_waits_with_its_aggregate_while_others_flow(
    migrated: Made, other_migrated: Made, nats_url: str
) -> None:
    async with both(migrated, other_migrated) as (counting, listener):
        poison, *_ = await count(counting, 1, 0)
        listener.poison = poison
        async with producing(counting, nats_url), listening(listener, nats_url):
            await counting.increment(poison)
            await counting.increment(poison)
            await count(counting, 4, 5)
            await until(lambda: _equals(listener.heard, 20), "the others are heard")
            await until(lambda: _equals(listener.parked, 2), "poison and what came behind it are parked")


async def test_delivered_again_and_out_of_order_each_has_one_effect(
    migrated: Made, other_migrated: Made, nats_url: str
) -> None:
    async with both(migrated, other_migrated) as (counting, listener):
        await count(counting, 4, 5)
        listener.feed.reachable = False
        messages, _ = await StoreFeed(counting, publish).after(0)
        inbox = listener.inbox(None)
        verdicts = Tally[str]()

        for round_of in (messages[::-1], messages[::2], messages, messages, messages[::-1]):
            for message in round_of:
                await inbox.take([_Wire(message, verdicts)])  # type: ignore[list-item]
            await inbox.take([_Wire(message, verdicts) for message in round_of])  # type: ignore[misc]

        assert await listener.heard() == 20
        assert verdicts["nak"] > 0


class _Wire:
    """A message as nats-py hands it over."""

    def __init__(self, message: Message, verdicts: Tally[str]) -> None:
        self.subject, self.headers, self.data = message.subject, message.headers, message.body
        self._verdicts = verdicts

    async def ack(self) -> None:
        self._verdicts["ack"] += 1

    async def nak(self, delay: float) -> None:
        self._verdicts["nak"] += 1

    async def term(self) -> None:
        self._verdicts["term"] += 1


async def _equals(number: object, expected: int) -> bool:
    return await number() == expected  # type: ignore[operator, no-any-return]


async def _stream_holds(url: str, messages: int) -> bool:
    async def held(js: JetStreamContext) -> int:
        return (await js.stream_info(STREAM)).state.messages

    try:
        return await _with_jetstream(url, held) == messages
    except nats.errors.Error:
        return False


async def _with_jetstream(url: str, action: object) -> object:
    connection = await nats.connect(url)
    try:
        return await action(connection.jetstream())  # type: ignore[operator]
    finally:
        await connection.close()
