"""Keeps what a demo consists of running: starts it, brings back whatever dies, stops it, leaves nothing.

What dies comes back on the same port with the same data, PostgreSQL and NATS included. Should the supervisor itself
vanish, the reaper of ``interpares.common.testing.processes`` ends its children and removes its folders.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NoReturn, Protocol

import httpx2

from interpares.common.testing.nats import EmbeddedNats
from interpares.common.testing.postgres import EmbeddedPostgres
from interpares.common.testing.processes import Child, NotInTime, ProcessEnded, spawn, tail
from interpares.common.testing.reaper import alive

LOOK_SECONDS = 0.1
# A process that ends by its own fault this often, each time within SETTLED_SECONDS of its start, won't do better the
# next time. One that is killed is started again for ever.
HOPELESS = 5
SETTLED_SECONDS = 10.0
READY_SECONDS = 45.0
LINES_SHOWN = 8
LINE_SHOWN = 300


class Kept(Protocol):
    """Something that is kept running."""

    name: str

    @property
    def pid(self) -> int | None:
        """The process id, another one after a restart; None where it has not been started."""
        ...

    def start(self) -> None:
        """Start it, for the first time or again; may block."""
        ...

    def running(self) -> bool:
        """Tell whether it runs."""
        ...

    def stop(self) -> None:
        """End it; may block."""
        ...


class Program:
    """A program of our own, ready when an address answers 200."""

    def __init__(self, name: str, command: Sequence[str | Path], env: Mapping[str, str], log: Path, ready: str) -> None:
        self.name = name
        self.ready = ready
        self._command = command
        self._env = env
        self._log = log
        self._child: Child | None = None
        self._faults = 0
        self._started = 0.0

    @property
    def pid(self) -> int | None:
        """The process id, another one after a restart; None before the start."""
        return None if self._child is None else self._child.pid

    def start(self) -> None:
        """Start the process; readiness is waited for apart. Raises ProcessEnded if that has proved hopeless."""
        if self._child is not None:
            at_fault = self._child.wait() > 0 and time.monotonic() - self._started < SETTLED_SECONDS
            self._faults = self._faults + 1 if at_fault else 0
            if self._faults >= HOPELESS:
                message = f"{self.name} ended {HOPELESS} times in a row{self.why()}"
                raise ProcessEnded(message)
        self._started = time.monotonic()
        self._child = spawn(self._command, name=self.name, log=self._log, env=self._env, cwd=self._log.parent)

    def running(self) -> bool:
        """Tell whether the process runs."""
        return self._child is not None and self._child.running

    def stop(self) -> None:
        """Ask the process to end, and wait for it."""
        if self._child is not None:
            self._child.stop()

    def why(self) -> str:
        """Return the last lines of its log, each as far as people read."""
        return "".join(f"\n{line[:LINE_SHOWN]}" for line in tail(self._log).splitlines()[-LINES_SHOWN:])


class Server:
    """An embedded PostgreSQL or NATS; ``start`` waits until it answers."""

    def __init__(self, name: str, server: EmbeddedPostgres | EmbeddedNats) -> None:
        self.name = name
        self._server = server
        self._pid: int | None = None

    @property
    def pid(self) -> int | None:
        """The process id, another one after a restart; None before the start and in between."""
        return self._pid

    def start(self) -> None:
        """Start it, on the same port with the same data if it ran before."""
        if self._pid is not None:
            self._pid = None
            self._server.kill()
        self._server.start()
        self._pid = self._server.pid

    def running(self) -> bool:
        """Tell whether its process runs."""
        return self._pid is not None and alive(self._pid)

    def stop(self) -> None:
        """Stop it and remove its directory."""
        self._server.stop()


class Supervisor:
    """Keeps things running from ``keep`` to ``stop``."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        """``tell``: gets one sentence for each thing that died and was started again."""
        self._tell = tell
        self._kept: list[Kept] = []
        self._busy: set[asyncio.Task[None]] = set()
        self._watchers: set[asyncio.Task[None]] = set()
        self._away: set[str] = set()
        self._hopeless: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all that is kept running, in the order it was started."""
        return tuple(each.name for each in self._kept)

    async def keep(self, *things: Kept) -> None:
        """Start things side by side and keep them running from now on. Raises what their start raises."""
        self._kept += things
        await asyncio.gather(*(self._in_thread(each.start) for each in things))
        self._watchers |= {asyncio.create_task(self._watch(each), name=each.name) for each in things}

    async def ready(self, *programs: Program) -> None:
        """Wait until programs are ready. Raises NotInTime, with the log's tail."""
        async with httpx2.AsyncClient(timeout=2.0, trust_env=False) as http:
            await asyncio.gather(*(self._ready(each, http) for each in programs))

    async def kill(self, name: str) -> None:
        """End something as a crash would, as soon as it runs; it comes back."""
        await self._end(name)

    @asynccontextmanager
    async def away(self, name: str) -> AsyncIterator[None]:
        """Kill something, as soon as it runs, and keep it down during the block; only then it comes back."""
        await self._end(name, stays_away=True)
        try:
            yield
        finally:
            self._away.discard(name)

    async def failed(self) -> NoReturn:
        """Wait until something cannot be kept running, which may be never, and raise why."""
        await asyncio.shield(self._hopeless)
        raise AssertionError  # pragma: no cover -- the future only ever gets an error

    async def stop(self) -> None:
        """Stop all, the last first; things that were kept together end side by side."""
        for watcher in self._watchers:
            watcher.cancel()
        await asyncio.gather(*self._watchers, *self._busy, return_exceptions=True)
        programs = [each for each in self._kept if isinstance(each, Program)]
        others = [each for each in self._kept if each not in programs]
        for group in (programs, others):
            await asyncio.gather(*(asyncio.to_thread(each.stop) for each in group))
        if self._hopeless.done():
            self._hopeless.exception()

    async def _watch(self, kept: Kept) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if kept.running() or kept.name in self._away:
                continue
            try:
                await self._in_thread(kept.start)
            except (ProcessEnded, NotInTime, OSError) as error:
                if not self._hopeless.done():
                    self._hopeless.set_exception(error)
                return
            self._tell(f"{kept.name} died and was started again")

    async def _end(self, name: str, *, stays_away: bool = False) -> None:
        kept = next(each for each in self._kept if each.name == name)
        while (pid := kept.pid) is None or not kept.running():  # noqa: ASYNC110 -- processes set no events
            await asyncio.sleep(LOOK_SECONDS)
        if stays_away:
            self._away.add(name)
        os.kill(pid, signal.SIGKILL)
        while kept.pid == pid and kept.running():  # noqa: ASYNC110 -- likewise
            await asyncio.sleep(LOOK_SECONDS)

    async def _in_thread(self, action: Callable[[], None]) -> None:
        """Run a blocking action; it goes on to its end even if nobody waits for it any more."""
        task = asyncio.create_task(asyncio.to_thread(action))
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)
        await asyncio.shield(task)

    async def _ready(self, program: Program, http: httpx2.AsyncClient) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while (told := await _told(program.ready, http)) is not None:
            if time.monotonic() > deadline:
                message = f"{program.name} is not ready after {READY_SECONDS:g} s: {told}{program.why()}"
                raise NotInTime(message)
            await asyncio.sleep(LOOK_SECONDS)


async def _told(url: str, http: httpx2.AsyncClient) -> str | None:
    """Return None where an address answers 200, else what it says instead."""
    try:
        answer = await http.get(url)
    except httpx2.TransportError as error:
        return type(error).__name__
    return None if answer.status_code == httpx2.codes.OK else answer.text[:LINE_SHOWN]
