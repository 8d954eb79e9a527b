"""The relay against publishing and nothing else: the same messages, the same window, an empty stream each time."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING

import nats
from nats.js.errors import NotFoundError

from bench.contest import contest
from bench.history import counter
from bench.servers import fill
from interpares.common.database import Database
from interpares.common.envelope import Message, to_message
from interpares.common.eventstore import EventStore
from interpares.common.relay import Relay
from interpares.common.streams import event_stream, provision
from interpares.common.testing.counter import SERVICE, publish
from interpares.common.testing.nats import EmbeddedNats
from interpares.common.testing.processes import eventually
from interpares.common.wakeups import Wakeups
from interpares.common.window import UNACKNOWLEDGED

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from nats.js import JetStreamContext

    from bench.figures import Figure
    from bench.plan import Plan
    from bench.servers import Servers

SUITE = "relay"
SYNCING, AS_IT_COMES = "NATS syncs always", "NATS syncs every 2 min"
LOOK_SECONDS = 60.0


def parts(plan: Plan) -> int:
    """Return how often ``measure`` advances."""
    return 4 * plan.rounds


async def measure(servers: Servers, plan: Plan, advance: Callable[[], None]) -> list[Figure]:
    """Measure messages a second, until the last one is acknowledged.

    Twice: on a server that syncs before each acknowledgement, as production does, and on one as it comes.
    """
    async with AsyncExitStack() as stack:
        made = await stack.enter_async_context(servers.database("relaying"))
        await asyncio.to_thread(fill, made, counter(plan.messages + 1).events)
        database = Database(made.service_url)
        await database.open()
        stack.push_async_callback(database.close)
        messages = await _messages(database)
        syncing = EmbeddedNats(sync_interval="always")
        stack.callback(syncing.stop)
        await asyncio.to_thread(syncing.start)
        contenders: dict[str, Callable[[], Awaitable[float]]] = {}
        for url, how in ((syncing.url, SYNCING), (servers.nats.url, AS_IT_COMES)):
            connection = await nats.connect(url)
            stack.push_async_callback(connection.close)
            js = connection.jetstream()
            # Another suite runs a service of the same name: it must not find the messages of a store that is gone.
            stack.push_async_callback(js.delete_stream, str(event_stream(SERVICE).name))
            contenders[f"relay, {how}"] = partial(_relay, js, database, messages)
            contenders[f"raw asynchronous publishing, {how}"] = partial(_raw, js, messages)
        return await contest(SUITE, "messages/s", contenders, plan.rounds, advance)


async def _relay(js: JetStreamContext, database: Database, messages: Sequence[Message]) -> float:
    await _emptied(js)
    return len(messages) / await _relayed(database, js, messages[-1].position)


async def _raw(js: JetStreamContext, messages: Sequence[Message]) -> float:
    await _emptied(js)
    return len(messages) / await _published(js, messages)


async def _messages(database: Database) -> list[Message]:
    store, messages, read = EventStore(database), list[Message](), 0
    while events := await store.read(read, 1000):
        for recorded in events:
            read = recorded.position
            if (publication := publish(recorded)) is not None:
                previous = messages[-1].position if messages else 0
                messages.append(to_message(SERVICE, recorded, publication, previous))
    return messages


async def _emptied(js: JetStreamContext) -> None:
    config = event_stream(SERVICE)
    with suppress(NotFoundError):
        await js.delete_stream(str(config.name))
    await provision(js, config)


async def _relayed(database: Database, js: JetStreamContext, last: int) -> float:
    relay = Relay(
        SERVICE, database, EventStore(database), Wakeups(database), lambda: js, event_stream(SERVICE), publish
    )
    async with await database.dedicated() as lock:
        began = time.perf_counter()
        publishing = asyncio.create_task(relay.publish_on(lock))

        async def done() -> bool:
            if publishing.done():
                publishing.result()
            return relay.position >= last

        try:
            await eventually(done, timeout=LOOK_SECONDS, what="end of the relay")
            return time.perf_counter() - began
        finally:
            publishing.cancel()
            await asyncio.gather(publishing, return_exceptions=True)


async def _published(js: JetStreamContext, messages: Sequence[Message]) -> float:
    """Publish with never more than UNACKNOWLEDGED messages on their way, as the relay does."""
    window = asyncio.Semaphore(UNACKNOWLEDGED)
    began = time.perf_counter()
    acknowledged = []
    for message in messages:
        await window.acquire()
        future = await js.publish_async(message.subject, message.body, headers=message.headers)
        future.add_done_callback(lambda _: window.release())
        acknowledged.append(future)
    await asyncio.gather(*acknowledged)
    return time.perf_counter() - began
