"""Appending: raw inserts, the library as it comes, the group append, commands through it."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from itertools import count
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import psycopg

from bench.contest import callers, contest, threads
from bench.servers import execute
from bench.suites.stock import Stock, stock_on
from interpares.common.canonical import leaf_hash
from interpares.common.context import acting
from interpares.common.eventstore import MAPPER
from interpares.common.testing.counter import Counter, an_occasion
from interpares.common.testing.counting import Counting, counting_on
from interpares.common.writes import Append, CommandRecord

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from eventsourcing.persistence import StoredEvent

    from bench.figures import Figure
    from bench.plan import Plan
    from bench.servers import Servers
    from interpares.common.testing.databases import Database as Made

SUITE = "append"
UNIT = "events/s"
RAW, BATCH = 8, 100
CALLERS = (1, 8, 32, 128)
SHARED = 32
CONTENDERS = 3 + 3 + 2 * len(CALLERS) + 1
TABLE = "CREATE TABLE raw_events (LIKE stored_events INCLUDING ALL)"
INSERT = (
    "INSERT INTO raw_events (originator_id, originator_version, topic, state, leaf)"
    " SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::bytea[], %s::bytea[])"
)
INSERT_ONE = (
    "INSERT INTO raw_events (originator_id, originator_version, topic, state, leaf) VALUES (%s, %s, %s, %s, %s)"
)
Row = tuple[UUID, int, str, bytes, bytes]


def parts(plan: Plan) -> int:
    """Return how often ``measure`` advances."""
    return CONTENDERS * plan.rounds


async def measure(servers: Servers, plan: Plan, advance: Callable[[], None]) -> list[Figure]:
    """Measure events written a second."""
    async with AsyncExitStack() as stack:
        made = await stack.enter_async_context(servers.database("appending"))
        await asyncio.to_thread(execute, made, TABLE)
        counting = await stack.enter_async_context(counting_on(made.service_url))
        stock = stack.enter_context(stock_on(made))
        contenders = {
            **_raw(made, stack, plan),
            **_stock(stock, plan),
            **_appending(counting, plan),
            **await _commands(counting, plan),
        }
        return await contest(SUITE, UNIT, contenders, plan.rounds, advance)


def _event() -> StoredEvent:
    with acting(an_occasion()):
        counter = Counter.create(uuid4())
        counter.increment()
    return MAPPER.to_stored_event(counter.collect_events()[-1])


def _raw(made: Made, stack: AsyncExitStack, plan: Plan) -> dict[str, Callable[[], Awaitable[float]]]:
    """The limit: the same row by the same driver, prepared, in a table with the same columns and indexes."""
    connections = [stack.enter_context(psycopg.connect(made.owner_url, autocommit=True)) for _ in range(RAW)]
    event = _event()
    leaf = leaf_hash(UUID(int=0), 1, event.topic, event.state)
    versions = count(1)

    def row() -> Row:
        return uuid4(), next(versions), event.topic, event.state, leaf

    def one(number: int) -> int:
        connections[number].execute(INSERT_ONE, row(), prepare=True)
        return 1

    def batch(number: int) -> int:
        columns = [list(column) for column in zip(*(row() for _ in range(BATCH)), strict=True)]
        connections[number].execute(INSERT, columns, prepare=True)
        return BATCH

    return {
        "raw insert, 1 connection": lambda: threads(1, plan.seconds, one),
        f"raw insert, {RAW} connections": lambda: threads(RAW, plan.seconds, one),
        f"raw insert, batches of {BATCH}": lambda: threads(1, plan.seconds, batch),
    }


def _stock(stock: Stock, plan: Plan) -> dict[str, Callable[[], Awaitable[float]]]:
    counters = [stock.create() for _ in range(RAW)]

    async def shared() -> float:
        # A new one each time: without snapshots its history would grow from round to round.
        counter_id = (await asyncio.to_thread(stock.create)).id
        return await threads(SHARED, plan.seconds, lambda _: stock.increment_shared(counter_id))

    return {
        "stock save(), 1 thread": lambda: threads(1, plan.seconds, lambda n: stock.increment(counters[n])),
        f"stock save(), {RAW} threads": lambda: threads(RAW, plan.seconds, lambda n: stock.increment(counters[n])),
        f"stock save() with retries on one aggregate, {SHARED} threads": shared,
    }


def _appending(counting: Counting, plan: Plan) -> dict[str, Callable[[], Awaitable[float]]]:
    """What ``save()`` does: an aggregate in memory decides, its events are written; and the command id with them."""

    async def round_of(number_of_callers: int) -> float:
        with acting(an_occasion()):
            counters = [Counter.create(uuid4()) for _ in range(number_of_callers)]

        async def one(number: int) -> int:
            counter, occasion = counters[number], an_occasion()
            with acting(occasion):
                counter.increment()
            events = tuple(MAPPER.to_stored_event(event) for event in counter.collect_events())
            record = CommandRecord(occasion.command_id, b"", {"count": counter.state.count})
            await counting.appender.append(Append(record, events))
            return 1

        return await callers(number_of_callers, plan.seconds, one)

    return {_named("append", each): partial(round_of, each) for each in CALLERS}


async def _commands(counting: Counting, plan: Plan) -> dict[str, Callable[[], Awaitable[float]]]:
    """The same through the runner of commands: lane, load, decide, write."""

    async def round_of(number_of_callers: int, counters: int) -> float:
        ids = [uuid4() for _ in range(counters)]
        await asyncio.gather(*map(counting.create, ids))

        async def one(number: int) -> int:
            await counting.increment(ids[number % counters])
            return 1

        return await callers(number_of_callers, plan.seconds, one)

    separate = {_named("commands", each): partial(round_of, each, each) for each in CALLERS}
    return {**separate, _named("commands on one aggregate", SHARED): partial(round_of, SHARED, 1)}


def _named(what: str, number: int) -> str:
    return f"{what}, {number} caller{'s' if number > 1 else ''}"
