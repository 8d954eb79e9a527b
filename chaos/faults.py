"""What goes wrong: processes are killed, servers crash, connections are cut and delayed, leaders stand still."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from chaos.installation import NATS, POSTGRES, Besieged, Link
from interpares.common.testing.processes import eventually

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from random import Random

# Seconds between two faults: the mean of an exponential distribution, and its limits.
PAUSE = 1.6
SHORTEST, LONGEST = 0.3, 4.0
KILLS = {"api": 3.0, "worker": 5.0, NATS: 3.0, POSTGRES: 1.5}
HITCHES = {"cut": 2.0, "slow": 1.0, "cut at commit": 1.5, "standstill": 1.0}
SLOW_SECONDS = (0.02, 0.3)
SLOW_FOR = (0.5, 2.5)
STILL_FOR = (1.0, 4.0)
UP_SECONDS = 1.0
RISE_SECONDS = 60.0


class Faults:
    """Makes faults until cancelled. ``kills``: by what was killed. ``hitches``: by kind."""

    def __init__(self, installation: Besieged, random: Random, tell: Callable[[str], None]) -> None:
        self.kills: Counter[str] = Counter()
        self.hitches: Counter[str] = Counter()
        self._installation = installation
        self._random = random
        self._tell = tell
        self._rising: set[str] = set()
        self._lasting: set[asyncio.Task[None]] = set()
        self._hitch: dict[str, Callable[[], Awaitable[str]]] = {
            "cut": self._cut,
            "slow": self._slow,
            "cut at commit": self._cut_at_commit,
            "standstill": self._standstill,
        }

    async def run(self) -> None:
        """Make faults, one after the other; some last while the next ones come."""
        try:
            while True:
                await asyncio.sleep(min(LONGEST, max(SHORTEST, self._random.expovariate(1 / PAUSE))))
                await self._one()
        finally:
            for task in self._lasting:
                task.cancel()
            await asyncio.gather(*self._lasting, return_exceptions=True)

    async def _one(self) -> None:
        weights = KILLS | HITCHES
        (kind,) = self._random.choices(list(weights), list(weights.values()))
        if kind in HITCHES:
            self._tell(await self._hitch[kind]())
            self.hitches[kind] += 1
        elif name := self._kill(kind):
            self._tell(f"{name} killed")
            self.kills[kind] += 1

    def _kill(self, kind: str) -> str | None:
        """Kill one of a kind; return its name, None where none runs just now."""
        if kind in {NATS, POSTGRES}:
            return self._kill_server(kind)
        running = [each for each in self._installation.programs if kind in each.name and each.running()]
        if not running:
            return None
        program = self._random.choice(running)
        assert program.pid is not None  # noqa: S101 -- it runs
        with suppress(ProcessLookupError):
            os.kill(program.pid, signal.SIGKILL)
            return program.name
        return None

    def _kill_server(self, kind: str) -> str | None:
        if kind in self._rising:
            return None
        server = self._installation.nats if kind == NATS else self._installation.postgres
        # An immediate shutdown is PostgreSQL's own word for a crash: no checkpoint, recovery at the next start.
        os.kill(server.pid, signal.SIGKILL if kind == NATS else signal.SIGQUIT)
        self._rising.add(kind)

        async def rise() -> None:
            """Spare it until it is up: a server that cannot even start is another fault than a crash."""
            await asyncio.sleep(UP_SECONDS)
            await eventually(partial(self._installation.answers, kind), timeout=RISE_SECONDS, what=f"return of {kind}")
            await asyncio.sleep(UP_SECONDS)
            self._rising.discard(kind)

        self._last(rise())
        return kind

    async def _cut(self) -> str:
        link = self._random.choice(self._installation.links)
        link.proxy.cut()
        return f"{link.program} cut off {link.server}"

    async def _slow(self) -> str:
        link = self._random.choice(self._installation.links)
        delay, seconds = self._random.uniform(*SLOW_SECONDS), self._random.uniform(*SLOW_FOR)

        async def slow() -> None:
            link.proxy.delay = delay
            try:
                await asyncio.sleep(seconds)
            finally:
                link.proxy.delay = 0.0

        self._last(slow())
        return f"{link.program} to {link.server} slowed down by {delay:.2f} s"

    async def _cut_at_commit(self) -> str:
        link = self._random.choice([each for each in self._installation.links if each.server == POSTGRES])
        link.proxy.cut_after(b"COMMIT")
        return f"{link.program} will not hear of its next commit"

    async def _standstill(self) -> str:
        """Stop a worker while its database thinks it gone: when it goes on, another one leads already."""
        workers = [each for each in self._installation.programs if "worker" in each.name and each.running()]
        if not workers:
            return "no worker to stop"
        worker = self._random.choice(workers)
        pid, seconds = worker.pid, self._random.uniform(*STILL_FOR)
        assert pid is not None  # noqa: S101 -- it runs

        async def still() -> None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
            try:
                for link in self._of(worker.name):
                    link.proxy.cut()
                await asyncio.sleep(seconds)
            finally:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

        self._last(still())
        return f"{worker.name} stands still for {seconds:.1f} s"

    def _of(self, program: str) -> list[Link]:
        return [link for link in self._installation.links if link.program == program and link.server == POSTGRES]

    def _last(self, fault: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(fault)
        self._lasting.add(task)
        task.add_done_callback(self._lasting.discard)
