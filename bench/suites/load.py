"""Loading aggregates: from nothing, without what a process remembers, through the newest snapshot."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

from bench.contest import contest
from bench.history import Told, counter, programme
from bench.servers import fill
from interpares.common.database import Database
from interpares.common.eventstore import SNAPSHOT_EVERY, EventStore
from interpares.common.testing.counter import Counter
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bench.figures import Figure
    from bench.plan import Plan
    from bench.servers import Servers
    from interpares.common.aggregate import Aggregate

SUITE = "load"
KINDS: tuple[tuple[type[Aggregate], Callable[[int], Told]], ...] = ((Counter, counter), (Programme, programme))


def parts(plan: Plan) -> int:
    """Return how often ``measure`` advances."""
    return len(KINDS) * (len(plan.sizes) + 1) * plan.rounds


async def measure(servers: Servers, plan: Plan, advance: Callable[[], None]) -> list[Figure]:
    """Measure milliseconds a load, for each size, and for the largest half-way to its next snapshot."""
    async with servers.database("loading") as made:
        sizes = {f"{size:,} events": size for size in plan.sizes}
        largest = plan.sizes[-1] + SNAPSHOT_EVERY // 2 - 1
        sizes[f"{largest:,} events, half-way to the next snapshot"] = largest
        database = Database(made.service_url)
        await database.open()
        try:
            contenders: dict[str, Callable[[], Awaitable[float]]] = {}
            for kind, tell in KINDS:
                for name, size in sizes.items():
                    told = await asyncio.to_thread(tell, size)
                    await asyncio.to_thread(fill, made, told.events, told.snapshots)
                    contenders[f"{kind.__name__}, {name}"] = partial(_loads, database, kind, told, plan.loads)
            return await contest(SUITE, "ms", contenders, plan.rounds, advance)
        finally:
            await database.close()


async def _loads(database: Database, kind: type[Aggregate], told: Told, loads: int) -> float:
    taken = []
    for _ in range(loads):
        began = time.perf_counter()
        loaded = await EventStore(database).load(kind, told.id)
        taken.append((time.perf_counter() - began) * 1000)
        assert loaded is not None and loaded.version == len(told.events)  # noqa: S101, PT018 -- else nothing was measured
    return median(taken)
