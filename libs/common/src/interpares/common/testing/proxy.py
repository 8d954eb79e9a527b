"""A TCP proxy for fault tests: it delays, cuts, and swallows the answer to what was already done."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CHUNK = 65536


class Proxy:
    """Stands between a client and one server on loopback."""

    def __init__(self, host: str, port: int) -> None:
        """``host``, ``port``: of the server behind it."""
        self._server = (host, port)
        self._links: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None
        self.delay = 0.0
        self.fatal_request: bytes | None = None

    @property
    def port(self) -> int:
        """The port clients connect to."""
        assert self._listener is not None  # noqa: S101 -- only read while it listens
        return int(self._listener.sockets[0].getsockname()[1])

    def cut(self) -> None:
        """Drop every connection that is open now."""
        for link in list(self._links):
            link.transport.abort()

    def cut_after(self, request: bytes) -> None:
        """Let the next request that holds these bytes through, then drop its connection when the server answers."""
        self.fatal_request = request

    async def start(self) -> None:
        """Listen on a free port."""
        self._listener = await asyncio.start_server(self._link, "127.0.0.1", 0)

    async def stop(self) -> None:
        """Stop listening and drop what is open."""
        if self._listener is not None:
            self._listener.close()
        self.cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _link(self, client_reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        try:
            server_reader, server = await asyncio.open_connection(*self._server)
        except OSError:
            client.transport.abort()
            return
        self._links |= {client, server}
        doomed = asyncio.Event()
        for coroutine in (self._forward(client_reader, server, doomed), self._back(server_reader, client, doomed)):
            task = asyncio.create_task(coroutine)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _forward(self, reader: asyncio.StreamReader, server: asyncio.StreamWriter, doomed: asyncio.Event) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                if self.fatal_request is not None and self.fatal_request in data:
                    self.fatal_request = None
                    doomed.set()
                await self._pass(data, server)
        server.transport.abort()

    async def _back(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter, doomed: asyncio.Event) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                if doomed.is_set():
                    break
                await self._pass(data, client)
        client.transport.abort()

    async def _pass(self, data: bytes, to: asyncio.StreamWriter) -> None:
        if self.delay:
            await asyncio.sleep(self.delay)
        to.write(data)
        await to.drain()


@asynccontextmanager
async def proxied(url: str) -> AsyncIterator[tuple[Proxy, str]]:
    """Put a proxy before a server; lend it and the URL that leads through it."""
    parts = urlsplit(url)
    proxy = Proxy(str(parts.hostname), int(parts.port or 0))
    await proxy.start()
    credentials, _, _ = parts.netloc.rpartition("@")
    address = f"127.0.0.1:{proxy.port}"
    netloc = f"{credentials}@{address}" if credentials else address
    try:
        yield proxy, urlunsplit(parts._replace(netloc=netloc))
    finally:
        await proxy.stop()
