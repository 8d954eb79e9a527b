"""Liveness, start and readiness of a process, and its metrics.

Liveness depends on nothing: restarting a process does not bring back a database. Readiness asks every check, each
with a time limit. A worker is ready only while its servers answer and it gets on with its work; where an API runs in
the same process that is told and takes nothing away, since commands go on without NATS.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Final

import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from interpares.common import telemetry

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from types import FrameType

    from starlette.requests import Request
    from starlette.types import ASGIApp

    Check = Callable[[], Awaitable[str | None]]

TIMEOUT_SECONDS = 2.0
GRACE_SECONDS = 10
OK: Final = 200
UNAVAILABLE: Final = 503


class Health:
    """What a process says about itself.

    checks: by name; each returns None when all is well, else a reason without addresses or secrets.
    remarks: likewise, but a process is ready whatever they say.
    """

    def __init__(
        self,
        checks: Mapping[str, Check] | None = None,
        *,
        remarks: Mapping[str, Check] | None = None,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._checks = dict(checks or {})
        self._remarks = dict(remarks or {})
        self._timeout = timeout
        self._started = False
        self._stopping = False

    def started(self) -> None:
        """Say that everything that runs only once has been done."""
        self._started = True

    def stopping(self) -> None:
        """Say that the process is about to end: not ready any more, whatever the checks say."""
        self._stopping = True

    async def failing(self) -> dict[str, str]:
        """Return the reason of each failing check by name; all checks run at once."""
        failing = await self._asked(self._checks)
        if not self._started:
            failing["start"] = "not finished"
        if self._stopping:
            failing["stop"] = "about to end"
        return failing

    async def _asked(self, checks: Mapping[str, Check]) -> dict[str, str]:
        reasons = await asyncio.gather(*(self._ask(check) for check in checks.values()))
        return {name: reason for name, reason in zip(checks, reasons, strict=True) if reason is not None}

    async def _ask(self, check: Check) -> str | None:
        try:
            async with asyncio.timeout(self._timeout):
                return await check()
        except TimeoutError:
            return f"no answer within {self._timeout:g} s"
        except Exception as error:  # noqa: BLE001 -- a check that fails is what the caller asks about
            return type(error).__name__

    async def livez(self, _request: Request) -> Response:
        """Answer as long as the event loop turns."""
        return _answer(OK, {})

    async def startupz(self, _request: Request) -> Response:
        """Answer 200 once ``started`` was called."""
        return _answer(OK, {}) if self._started else _answer(UNAVAILABLE, {"start": "not finished"})

    async def readyz(self, _request: Request) -> Response:
        """Answer 200 while nothing fails, else 503 with what does; remarks are told in either case."""
        failing, remarks = await asyncio.gather(self.failing(), self._asked(self._remarks))
        return _answer(UNAVAILABLE if failing else OK, failing, remarks)

    async def metrics(self, _request: Request) -> Response:
        """Answer with the metrics of the process."""
        content, media_type = telemetry.metrics()
        return Response(content, media_type=media_type)

    def routes(self) -> dict[str, Callable[[Request], Awaitable[Response]]]:
        """Return the handlers by path."""
        return {"/livez": self.livez, "/startupz": self.startupz, "/readyz": self.readyz, "/metrics": self.metrics}


def _answer(status: int, failing: dict[str, str], remarks: dict[str, str] | None = None) -> Response:
    content = {"status": "ok" if status == OK else "failing", "failing": failing}
    content |= {"remarks": remarks} if remarks else {}
    return Response(json.dumps(content), status, {"Cache-Control": "no-store"}, "application/json")


class Progress:
    """The check of a task that follows something: it must be heard of, and must not fall behind.

    The task calls ``beat`` each time round, also when there was nothing to do. stall: seconds it may be silent.
    lag: how far behind it may be, in whatever unit it reports, None for any.
    """

    def __init__(self, *, stall: float, lag: int | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stall = stall
        self._lag = lag
        self._clock = clock
        self._heard: float | None = None
        self._behind = 0

    def beat(self, behind: int = 0) -> None:
        """Note that the task got round once more, this far behind."""
        self._heard = self._clock()
        self._behind = behind

    async def __call__(self) -> str | None:
        """Return None while the task gets on, else why it does not."""
        if self._heard is None:
            return "no progress yet"
        silent = self._clock() - self._heard
        if silent > self._stall:
            return f"no progress for {silent:.0f} s"
        if self._lag is not None and self._behind > self._lag:
            return f"{self._behind} behind"
        return None


class Pace:
    """The check of what follows something that grows: it may be behind, but then it must get nearer.

    stall: seconds it may stay where it is while there is more to follow.
    """

    def __init__(self, *, stall: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._stall = stall
        self._clock = clock
        self._seen: dict[str, tuple[int, float]] = {}
        self._stuck: dict[str, str] = {}

    def look(self, name: str, at: int, goal: int) -> None:
        """Note where a follower is, and where what it follows is."""
        now = self._clock()
        before, since = self._seen.get(name, (at, now))
        if at != before or at >= goal:
            since = now
        self._seen[name] = (at, since)
        self._stuck.pop(name, None)
        if now - since > self._stall:
            self._stuck[name] = f"{name} has stayed {goal - at} behind for {now - since:.0f} s"

    def forget(self, name: str) -> None:
        """Leave a follower to another replica."""
        self._seen.pop(name, None)
        self._stuck.pop(name, None)

    async def __call__(self) -> str | None:
        """Return None while everything gets on, else what does not."""
        return "; ".join(self._stuck.values()) or None


def health_app(health: Health) -> ASGIApp:
    """Return an application with health and metrics only, for processes without an API."""
    return Starlette(routes=[Route(path, handler) for path, handler in health.routes().items()])


class Draining(uvicorn.Server):
    """A server that goes on serving for a while after it was told to end, and says meanwhile that it is not ready.

    Whoever hands out requests by readiness sends no more by the time the socket closes. A second signal ends at once.
    """

    def __init__(self, config: uvicorn.Config, health: Health, seconds: float) -> None:
        super().__init__(config)
        self._health = health
        self._seconds = seconds
        self._told = False
        self._loop: asyncio.AbstractEventLoop | None = None

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until told to end."""
        self._loop = asyncio.get_running_loop()
        await super().serve(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain, or end."""
        if self._told or not self._seconds or self._loop is None:
            super().handle_exit(sig, frame)
            return
        self._told = True
        self._health.stopping()
        self._loop.call_soon_threadsafe(self._loop.call_later, self._seconds, super().handle_exit, sig, frame)


def server(
    app: ASGIApp,
    host: str,
    port: int,
    health: Health | None = None,
    drain: float = 0.0,
    *,
    trusted: Sequence[str] = (),
) -> uvicorn.Server:
    """Return a server for the application; ``await server.serve()`` until it is told to end.

    trusted: networks of the proxies whose X-Forwarded-For is believed.

    health, drain: what says that the process is about to end, and for how many seconds before its socket closes.
    It logs nothing itself, names neither itself nor its version, and gives running requests ten seconds at the end.
    """
    config = uvicorn.Config(
        app,
        host,
        port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(trusted),
        forwarded_allow_ips=[*trusted],
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return Draining(config, health or Health(), drain)
