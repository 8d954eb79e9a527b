"""Two counting services with the pipe between them: one relays its events, the other hears them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import nats

from interpares.common.effects import Effects
from interpares.common.envelope import Message, to_message
from interpares.common.errors import Conflict
from interpares.common.inbox import Inbox
from interpares.common.messaging import connected
from interpares.common.relay import Relay
from interpares.common.streams import event_stream, stream_name
from interpares.common.testing.counter import SERVICE, Created, Incremented, publish
from interpares.common.testing.counting import Counting, counting_on
from interpares.common.wakeups import Wakeups
from interpares.common.worker import work
from interpares.common.writes import Row

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
    from typing import LiteralString

    from nats.js import JetStreamContext

    from interpares.common.commands import UnitOfWork
    from interpares.common.envelope import Arrived
    from interpares.common.relay import Publish
    from interpares.common.testing.databases import Database as Made

LISTENING = "listening"
STREAM = stream_name(SERVICE)
FEED_LENGTH = 10_000


class StoreFeed:
    """The producer's feed without HTTP between; ``reachable`` is the network."""

    def __init__(self, counting: Counting, mapping: Publish) -> None:
        self._counting = counting
        self._mapping = mapping
        self.reachable = True

    async def after(self, position: int) -> tuple[list[Message], bool]:
        """See ``inbox.Feed``."""
        if not self.reachable:
            raise OSError
        events = await self._counting.store.read(position, FEED_LENGTH)
        messages, previous = list[Message](), position
        for recorded in events:
            if (publication := self._mapping(recorded)) is not None:
                messages.append(to_message(SERVICE, recorded, publication, previous))
                previous = recorded.position
        return messages, len(events) < FEED_LENGTH


class Listener:
    """The other service: notes each event it hears in a table, in the transaction of its position.

    poison: a counter whose events it can't handle.
    """

    def __init__(self, counting: Counting, feed: StoreFeed) -> None:
        self.counting = counting
        self.feed = feed
        self.poison: UUID | None = None

    def refuses(self, event: Arrived) -> bool:
        """Tell whether an event can't be handled."""
        return UUID(event.data["counter_id"]) == self.poison

    async def hear(self, event: Arrived, unit: UnitOfWork) -> None:
        """Handle an event."""
        if self.refuses(event):
            message = "This cannot be."
            raise Conflict(message)
        unit.write(
            Row(
                "INSERT INTO memberships VALUES (%s, %s, %s, %s)",
                (event.id, UUID(event.data["counter_id"]), uuid4(), str(event.position)),
            )
        )

    async def heard(self) -> int:
        """Return how many events had an effect."""
        return await self._number("SELECT count(*) AS n FROM memberships")

    async def parked(self) -> int:
        """Return how many messages are parked."""
        return await self._number("SELECT count(*) AS n FROM parked")

    async def _number(self, query: LiteralString) -> int:
        (row,) = await self.counting.database.fetch(query)
        return int(row["n"])

    def effects(self) -> Effects:
        """Return what gives events their effect."""
        parts = self.counting
        handlers = {Incremented.TYPE: self.hear, Created.TYPE: self.hear}
        return Effects(LISTENING, SERVICE, parts.database, parts.store, parts.appender, handlers)

    def inbox(self, jetstream: Any, *, ask_every: float = 0.5) -> Inbox:
        """Return an inbox. ``jetstream``: None where nothing is to come over the stream."""
        database = self.counting.database
        return Inbox(LISTENING, SERVICE, database, self.effects(), jetstream, self.feed, ask_every=ask_every)


@asynccontextmanager
async def both(migrated: Made, other: Made, mapping: Publish = publish) -> AsyncIterator[tuple[Counting, Listener]]:
    """Lend a counting service on one database and a listener on another; nothing runs between them yet."""
    async with counting_on(migrated.service_url) as counting, counting_on(other.service_url) as heard_by:
        yield counting, Listener(heard_by, StoreFeed(counting, mapping))


@asynccontextmanager
async def producing(counting: Counting, url: str, mapping: Publish = publish) -> AsyncIterator[Relay]:
    """Run the producer's relay."""
    wakeups = Wakeups(counting.database)
    async with connected(url, "relay") as jetstream:
        relay = Relay(SERVICE, counting.database, counting.store, wakeups, jetstream, event_stream(SERVICE), mapping)
        async with running({"wakeups": wakeups.run, "relay": relay.run}):
            yield relay


@asynccontextmanager
async def listening(listener: Listener, url: str) -> AsyncIterator[Inbox]:
    """Run the listener's inbox."""
    async with connected(url, "inbox") as jetstream:
        inbox = listener.inbox(jetstream)
        async with running({"inbox": inbox.run}):
            yield inbox


@asynccontextmanager
async def running(tasks: dict[str, Callable[[], Coroutine[Any, Any, None]]]) -> AsyncIterator[None]:
    """Run tasks as a worker does, during the block."""
    task = asyncio.create_task(work(tasks))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def count(counting: Counting, counters: int, times: int) -> list[UUID]:
    """Make counters and count each up; return their ids."""
    ids = [uuid4() for _ in range(counters)]
    await asyncio.gather(*(counting.create(counter) for counter in ids))

    async def each(counter: UUID) -> None:
        for _ in range(times):
            await counting.increment(counter)

    await asyncio.gather(*(each(counter) for counter in ids))
    return ids


@asynccontextmanager
async def jetstream_at(url: str) -> AsyncIterator[JetStreamContext]:
    """Lend a JetStream context of a connection of its own."""
    connection = await nats.connect(url)
    try:
        yield connection.jetstream()
    finally:
        await connection.close()


async def chain(url: str) -> list[tuple[int, int]]:
    """Return (previous, position) of every message of the stream, in its order."""
    links = []
    async with jetstream_at(url) as jetstream:
        state = (await jetstream.stream_info(STREAM)).state
        for sequence in range(state.first_seq, state.last_seq + 1):
            headers = (await jetstream.get_msg(STREAM, seq=sequence)).headers or {}
            links.append((int(headers["previous"]), int(headers["position"])))
    return links


def unbroken(links: list[tuple[int, int]]) -> bool:
    """Tell whether each message follows the one before it."""
    return all(previous == before for (previous, _), (_, before) in zip(links, [(0, 0), *links], strict=False))


async def equals(number: Callable[[], Awaitable[int]], expected: int) -> bool:
    """Tell whether a number is what it should become."""
    return await number() == expected


async def stream_holds(url: str, messages: int) -> bool:
    """Tell whether the stream is there and holds that many messages."""
    try:
        async with jetstream_at(url) as jetstream:
            return (await jetstream.stream_info(STREAM)).state.messages == messages
    except nats.errors.Error:
        return False
