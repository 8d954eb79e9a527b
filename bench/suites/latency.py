"""From the accepted command to the recorded effect in the other service, against the bare pipe, at the same rates.

Both pipes stand side by side in processes of their own and take turns. Whoever waits for effects is told of them by
PostgreSQL with the commit, over the same connection for both.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from statistics import quantiles
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import psycopg

from bench import barepipe
from bench.counting import COUNTERS, COUNTING
from bench.figures import Figure
from bench.listening import EFFECTS, LISTENING
from bench.rig import address, rigged
from bench.servers import execute, grant
from interpares.common.aggregate import event_id
from interpares.common.testing.counting import Counting, counting_on
from interpares.common.testing.processes import eventually

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bench.plan import Plan
    from bench.servers import Servers
    from interpares.common.testing.databases import Database as Made

SUITE = "latency"
PIPES = ("Interpares", "bare pipe")
ACTORS = 16
BODY = b"x" * 512
ARRIVAL_SECONDS = 30.0
MISSING = 0.001  # of the effects may be missing: the bare pipe promises nothing


def parts(plan: Plan) -> int:
    """Return how often ``measure`` advances."""
    return len(PIPES) * len(plan.rates) * plan.latency_rounds


async def measure(servers: Servers, plan: Plan, advance: Callable[[], None]) -> list[Figure]:
    """Measure milliseconds."""
    async with AsyncExitStack() as stack:
        counted = await stack.enter_async_context(servers.database("counted_here"))
        heard = await stack.enter_async_context(servers.database("heard_there"))
        pipes = await _pipes(stack, servers, counted, heard)
        effects = await stack.enter_async_context(_effects(heard))
        for send in pipes.values():
            await _arrives(send, effects)
        samples: dict[str, list[float]] = {}
        for _ in range(plan.latency_rounds):
            for rate in plan.rates:
                for name, send in pipes.items():
                    p50, p99 = await _round(send, effects, rate, plan.latency_seconds)
                    samples.setdefault(f"{name} p50 at {rate}/s", []).append(p50)
                    samples.setdefault(f"{name} p99 at {rate}/s", []).append(p99)
                    advance()
        return [Figure(SUITE, name, "ms", tuple(taken)) for name, taken in samples.items()]


async def _pipes(
    stack: AsyncExitStack, servers: Servers, counted: Made, heard: Made
) -> dict[str, Callable[[], Awaitable[UUID]]]:
    """Start the processes of both pipes and return how to send through each."""
    await asyncio.to_thread(execute, counted, COUNTERS, grant(counted, "counters"), barepipe.TABLE)
    await asyncio.to_thread(execute, heard, *EFFECTS, grant(heard, "effects"))
    rig = await stack.enter_async_context(rigged(servers.nats.url))
    await rig.start(COUNTING.name, LISTENING.name)
    api = rig.service("bench.counting", COUNTING, "api", counted, {})
    feeds = {COUNTING.name: "http://{}:{}".format(*address(api))}
    bare = {
        barepipe.URL: counted.owner_url,
        barepipe.OTHER_URL: heard.owner_url,
        barepipe.NATS_URL: servers.nats.url,
    }
    await rig.run(api)
    await rig.run(
        rig.service("bench.counting", COUNTING, "worker", counted, {}),
        rig.service("bench.listening", LISTENING, "worker", heard, feeds),
        rig.plain("bench.barepipe", "publish", bare),
        rig.plain("bench.barepipe", "consume", bare),
    )
    counting = await stack.enter_async_context(counting_on(counted.service_url))
    writing = await psycopg.AsyncConnection.connect(counted.owner_url, autocommit=True)
    stack.push_async_callback(writing.close)
    return {"Interpares": await _commands(counting), "bare pipe": _inserts(writing)}


async def _commands(counting: Counting) -> Callable[[], Awaitable[UUID]]:
    ids = [uuid4() for _ in range(ACTORS)]
    await asyncio.gather(*map(counting.create, ids))
    turn = iter(range(10**9))

    async def send() -> UUID:
        counter = ids[next(turn) % ACTORS]
        handled = await counting.increment(counter)
        return event_id(counter, handled.result.count + 1)  # its birth is version 1

    return send


def _inserts(writing: psycopg.AsyncConnection) -> Callable[[], Awaitable[UUID]]:
    async def send() -> UUID:
        identifier = uuid4()
        await writing.execute(barepipe.WRITE, (identifier, BODY))
        return identifier

    return send


@dataclass
class _Arrivals:
    """When each effect was recorded, by event id, in seconds of the performance counter."""

    at: dict[UUID, float] = field(default_factory=dict)


@asynccontextmanager
async def _effects(heard: Made) -> AsyncIterator[_Arrivals]:
    arrivals = _Arrivals()
    connection = await psycopg.AsyncConnection.connect(heard.owner_url, autocommit=True)
    await connection.execute("LISTEN effects")

    async def listen() -> None:
        async for told in connection.notifies():
            arrivals.at[UUID(told.payload)] = time.perf_counter()

    listening = asyncio.create_task(listen())
    try:
        yield arrivals
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await connection.close()


async def _arrives(send: Callable[[], Awaitable[UUID]], effects: _Arrivals) -> None:
    """Wait until the pipe is up: what was sent before it was is lost on the bare one."""
    sent: list[UUID] = []

    async def one_arrived() -> bool:
        sent.append(await send())
        await asyncio.sleep(0.1)
        return any(each in effects.at for each in sent)

    await eventually(one_arrived, timeout=ARRIVAL_SECONDS, what="first effect")


async def _round(
    send: Callable[[], Awaitable[UUID]], effects: _Arrivals, rate: int, seconds: float
) -> tuple[float, float]:
    """Send at a steady rate, whatever comes back; return the median and the 99th percentile."""
    accepted: dict[UUID, float] = {}

    async def one() -> None:
        identifier = await send()
        accepted[identifier] = time.perf_counter()

    began = time.perf_counter()
    async with asyncio.TaskGroup() as sending:
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            sending.create_task(one())

    async def all_arrived() -> bool:
        return len(accepted.keys() - effects.at.keys()) <= MISSING * len(accepted)

    await eventually(all_arrived, timeout=ARRIVAL_SECONDS, what="last effect")
    taken = [(effects.at[each] - at) * 1000 for each, at in accepted.items() if each in effects.at]
    cuts = quantiles(taken, n=100, method="inclusive")
    return cuts[49], cuts[98]
