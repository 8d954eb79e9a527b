"""Commands over HTTP against a route that does nothing, behind the same server, middleware and gate."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from bench.contest import contest
from bench.counting import COUNTERS, COUNTING, CREATE, HELLO, INCREMENT
from bench.httpload import Came, Wish
from bench.rig import INHERITED, Rig, address, rigged
from bench.servers import execute, grant
from interpares.common.http import API

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.figures import Figure
    from bench.plan import Plan
    from bench.servers import Servers

SUITE = "http"
CALLERS = 32
BODY = json.dumps({"reason_code": "trial", "reason": "Counted to see how fast a decision can be taken.", "by": 1})


def parts(plan: Plan) -> int:
    """Return how often ``measure`` advances."""
    return 3 * plan.rounds


async def measure(servers: Servers, plan: Plan, advance: Callable[[], None]) -> list[Figure]:
    """Measure answers a second: the API, the database and the load each in processes of their own."""
    async with servers.database("answering") as made, rigged(servers.nats.url) as rig:
        await asyncio.to_thread(execute, made, COUNTERS, grant(made, "counters"))
        await rig.start(COUNTING.name)
        api = rig.service("bench.counting", COUNTING, "api", made, {})
        await rig.run(api)
        await asyncio.to_thread(rig.admit, made)
        place = address(api)
        counters = [uuid4() for _ in range(CALLERS)]
        made_paths = tuple(f"{API}{CREATE}".format(counter_id=each) for each in counters)
        await _load(rig, place, made_paths, "{}", 0.2)
        contenders = {
            "hello": partial(_rate, rig, place, (f"{API}{HELLO}",) * CALLERS, "", plan.seconds),
            "command": partial(
                _rate, rig, place, tuple(f"{API}{INCREMENT}".format(counter_id=each) for each in counters), BODY,
                plan.seconds,
            ),
            "command on one aggregate": partial(
                _rate, rig, place, (f"{API}{INCREMENT}".format(counter_id=counters[0]),) * CALLERS, BODY, plan.seconds
            ),
        }  # fmt: skip
        return await contest(SUITE, "answers/s", contenders, plan.rounds, advance)


async def _rate(rig: Rig, place: tuple[str, int], paths: tuple[str, ...], body: str, seconds: float) -> float:
    came = await _load(rig, place, paths, body, seconds)
    if came.failed:
        message = f"{paths[0]}: answers {came.failed}"
        raise RuntimeError(message)
    return came.rate


async def _load(rig: Rig, place: tuple[str, int], paths: tuple[str, ...], body: str, seconds: float) -> Came:
    wish = Wish(*place, paths, body, await rig.token(), seconds)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.httpload",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=INHERITED,
    )
    output, _ = await process.communicate(json.dumps(asdict(wish)).encode())
    return Came(**json.loads(output))
