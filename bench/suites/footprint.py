"""What a process of a service takes while it has nothing to do, and how long it takes to start."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from typing import TYPE_CHECKING

import httpx2
import psutil

from bench.figures import Figure
from interpares.common.testing.processes import eventually, remove_directory, working_directory
from interpares.console.installation import SERVICES, Installation, Member
from interpares.console.supervisor import Supervisor

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.plan import Plan
    from bench.servers import Servers
    from interpares.console.supervisor import Program

SUITE = "footprint"
PROCESSES = 2 * len(SERVICES)
READY_SECONDS = 60.0
OPERATOR = Member("Operator of the platform", "operator", "operator")


def parts(_plan: Plan) -> int:
    """Return how often ``measure`` advances."""
    return PROCESSES


async def measure(_servers: Servers, plan: Plan, advance: Callable[[], None]) -> list[Figure]:
    """Measure the services themselves, each process on its own, as the demo starts them."""
    folder = working_directory("bench-")
    supervisor = Supervisor(lambda _: None)
    installation = Installation(folder, supervisor)
    try:
        await installation.start({"operator": OPERATOR}, OPERATOR.subject)
        await asyncio.sleep(plan.idle_seconds)
        programs = [each for each in installation.programs if each.name.split()[0] in SERVICES]
        idle = {each.name: _memory(each) for each in programs}
        figures = [Figure(SUITE, "idle memory, the largest (RSS)", "MB", (max(rss for rss, _ in idle.values()),))]
        for program in programs:
            rss, pss = idle[program.name]
            began = tuple([await _start(program) for _ in range(plan.starts)])
            figures += [
                Figure(SUITE, f"idle memory, {program.name} (RSS)", "MB", (rss,), {"PSS": pss}),
                Figure(SUITE, f"start-up, {program.name}", "s", began),
            ]
            advance()
        return figures
    finally:
        await supervisor.stop()
        remove_directory(folder)


def _memory(program: Program) -> tuple[float, float]:
    """Return resident and proportional set size in MB of a million bytes."""
    taken = psutil.Process(program.pid).memory_full_info()
    return taken.rss / 1e6, getattr(taken, "pss", taken.uss) / 1e6


async def _start(program: Program) -> float:
    """Kill a program, which is then started again, and return the seconds from its start until it is ready."""
    before = program.pid
    assert before is not None  # noqa: S101 -- it runs
    os.kill(before, signal.SIGKILL)

    async def another() -> bool:
        return program.pid != before

    async with httpx2.AsyncClient(timeout=2.0, trust_env=False) as http:

        async def ready() -> bool:
            try:
                return (await http.get(program.ready)).status_code == httpx2.codes.OK
            except httpx2.TransportError:
                return False

        await eventually(another, timeout=READY_SECONDS, what=f"restart of {program.name}")
        began = psutil.Process(program.pid).create_time()
        await eventually(ready, timeout=READY_SECONDS, what=f"readiness of {program.name}")
    return time.time() - began
