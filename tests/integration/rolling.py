"""A proxy that goes by readiness, and people who go on working behind it while replicas come and go."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx2

from interpares.common.testing.processes import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from interpares.console.tokens import Tokens

LOOK_SECONDS = 0.2
# What a process of the release before answers to what rests on an event that it does not know.
LATER = "later-release"
AGAIN_SECONDS, AGAIN_TIMES = 0.1, 200
BUSY = 503
CHANGE = {"nature": "change", "reason_code": "for-a-test", "reason": "Somebody has to try.", "effective_on": None}


class Proxy:
    """Hands each connection to a replica that says it is ready, in turn; looks at readiness a few times a second."""

    def __init__(self, port: int = 0) -> None:
        """``port``: to listen on; one that is free if 0."""
        self._port = port
        self.replicas: list[int] = []
        self.ready: list[int] = []
        self._turn = 0

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        listener = await asyncio.start_server(self._hand_on, LOOPBACK, self._port)
        looking = asyncio.create_task(self._look())
        try:
            yield f"http://{LOOPBACK}:{listener.sockets[0].getsockname()[1]}"
        finally:
            looking.cancel()
            listener.close()
            await asyncio.gather(looking, return_exceptions=True)

    async def _look(self) -> None:
        async with httpx2.AsyncClient(timeout=2, trust_env=False) as http:
            while True:
                replicas = tuple(self.replicas)
                ready = await asyncio.gather(*(_is_ready(http, port) for port in replicas))
                self.ready = [port for port, is_ready in zip(replicas, ready, strict=True) if is_ready]
                await asyncio.sleep(LOOK_SECONDS)

    async def _hand_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._turn += 1
        ready = self.ready
        for turn in range(len(ready)):
            # Whoever takes no connection has got no request: the next one may have it. What is still open at the end is
            # cancelled with the loop, and the library's servers take that for an error of the handler.
            with suppress(OSError, asyncio.CancelledError):
                there, back = await asyncio.open_connection(LOOPBACK, ready[(self._turn + turn) % len(ready)])
                await asyncio.gather(_pour(reader, back), _pour(there, writer))
                break
        writer.close()

    async def among(self, port: int) -> bool:
        """Tell whether a replica is one that connections are handed to."""
        return port in self.ready


async def _is_ready(http: httpx2.AsyncClient, port: int) -> bool:
    try:
        return (await http.get(f"http://{LOOPBACK}:{port}/readyz")).status_code == 200
    except httpx2.TransportError:
        return False


async def _pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
        target.close()


class Load:
    """Callers who register organisations, read and change them, each request on a connection of its own.

    answered: requests that got what they asked for. acknowledged: positions of what was decided. again: answers of a
    release that left it to the one after it, whereupon the same request was sent again. failed: all other answers.
    """

    def __init__(self, url: str, tokens: Tokens, http: httpx2.AsyncClient) -> None:
        self._url = f"{url}/api/v1/organisations"
        self._tokens = tokens
        self._http = http
        self.answered = 0
        self.again = 0
        self.acknowledged: set[int] = set()
        self.failed: list[str] = []
        self.enough = asyncio.Event()

    @asynccontextmanager
    async def calling(self, callers: int) -> AsyncIterator[None]:
        """Call during the block, and to the end of what was begun."""
        async with asyncio.TaskGroup() as tasks:
            for _ in range(callers):
                tasks.create_task(self.call())
            try:
                yield
            finally:
                self.enough.set()

    async def at_least(self, answered: int) -> bool:
        """Tell whether so many requests were answered."""
        return self.answered >= answered

    async def call(self) -> None:
        """Go on until it is enough."""
        while not self.enough.is_set():
            entered = organisation()
            made = await self._ask("POST", "", json=entered)
            await self._ask("GET", "", params={"limit": 5})
            if made is None:
                continue
            for name in ("Musterstadt an der Muster", "Neu-Musterstadt"):
                changed = entered | CHANGE | {"names": {"de": name}}
                await self._ask("PUT", f"/{made['id']}", json=changed)
            await self._ask("GET", "", params={"limit": 5, "country": "DE"})

    async def _ask(self, method: str, path: str, **given: Any) -> dict[str, Any] | None:
        """Send one request, again where another replica is to answer it; return the answer, None where it failed."""
        key = {"Idempotency-Key": str(uuid4())} if method != "GET" else {}
        for _ in range(AGAIN_TIMES):
            signed = {"Authorization": f"Bearer {await self._tokens.value()}", "Connection": "close"}
            try:
                answer = await self._http.request(method, self._url + path, headers=signed | key, **given)
            except httpx2.TransportError as error:
                self.failed.append(f"{method} {type(error).__name__}")
                return None
            if answer.status_code == BUSY and answer.json()["type"].endswith(LATER):
                self.again += 1
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            if not answer.is_success:
                self.failed.append(f"{method} {answer.status_code} {answer.text[:200]}")
                return None
            self.answered += 1
            told: dict[str, Any] = answer.json()
            if "position" in told and method != "GET":
                self.acknowledged.add(int(told["position"]))
            return told
        self.failed.append(f"{method} {LATER}, whatever replica was asked")
        return None


def organisation() -> dict[str, Any]:
    return {
        "kind": "municipality",
        "country": "DE",
        "keys": [{"scheme": "test", "value": uuid4().hex}],
        "names": {"de": "Musterstadt"},
        "languages": ["de"],
    }
