"""Rebuilding views: events a second from a stored history into empty tables."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING

from bench.contest import contest
from bench.counting import COUNTERS, CountersProjector
from bench.history import counter, programme
from bench.servers import execute, fill, grant
from interpares.common.database import Database
from interpares.common.views import Views
from interpares.common.wakeups import Wakeups
from interpares.programme.main import SERVICE as PROGRAMME

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bench.figures import Figure
    from bench.plan import Plan
    from bench.servers import Servers
    from interpares.common.projecting import Projector
    from interpares.common.testing.databases import Database as Made

SUITE = "views"
PROGRAMMES, LONGEST = 20, 1_000
CONTENDERS = len(PROGRAMME.projectors) + 1


def parts(plan: Plan) -> int:
    """Return how often ``measure`` advances."""
    return CONTENDERS * plan.rounds


async def measure(servers: Servers, plan: Plan, advance: Callable[[], None]) -> list[Figure]:
    """Measure every view of the programme service, and the smallest view there can be, on counters."""
    async with (
        servers.database("projecting", PROGRAMME.migrations) as programmes,
        servers.database("counted") as counters,
    ):
        length = min(LONGEST, plan.history // PROGRAMMES)
        events = await asyncio.to_thread(_fill_programmes, programmes, plan.history, length)
        await asyncio.to_thread(execute, counters, COUNTERS, grant(counters, "counters"))
        counted = await asyncio.to_thread(fill, counters, counter(plan.history).events)
        contenders: dict[str, Callable[[], Awaitable[float]]] = {
            projector.VIEW: partial(_rebuild, programmes, projector, events) for projector in PROGRAMME.projectors
        }
        contenders["counters, one row"] = partial(_rebuild, counters, CountersProjector(), counted)
        return await contest(SUITE, "events/s", contenders, plan.rounds, advance)


def _fill_programmes(made: Made, history: int, length: int) -> int:
    for _ in range(history // length):
        fill(made, programme(length).events)
    return fill(made, ())


async def _rebuild(made: Made, projector: Projector, events: int) -> float:
    database = Database(made.service_url)
    await database.open()
    try:
        views = Views(database, Wakeups(database), (projector,))
        began = time.perf_counter()
        rebuilt = await views.rebuild(projector)
        seconds = time.perf_counter() - began
    finally:
        await database.close()
    assert rebuilt == events  # noqa: S101 -- else nothing was measured
    return events / seconds
