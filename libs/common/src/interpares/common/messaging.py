"""The connection to NATS, held by FastStream's broker; streams are provisioned apart and never declared through it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import nats.errors
from faststream.nats import NatsBroker
from faststream.security import BaseSecurity

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator

    from nats.aio.client import Client
    from nats.js import JetStreamContext

ANSWER_SECONDS = 1


class NatsAway(OSError):
    """There has been no connection to NATS yet."""


class Connection:
    """A connection that is taken up again for ever; calling it returns its JetStream context."""

    def __init__(self, broker: NatsBroker, connecting: asyncio.Task[object]) -> None:
        self._broker = broker
        self._connecting = connecting
        self._context: JetStreamContext | None = None

    def __call__(self) -> JetStreamContext:
        """Return the JetStream context. Raises NatsAway until the first connection stands."""
        if not self._connecting.done():
            raise NatsAway
        self._connecting.result()
        if self._context is None:
            self._context = self._broker.connection.jetstream()
        return self._context

    def core(self) -> Client:
        """Return the connection itself, for requests and replies. Raises NatsAway until it stands."""
        self()
        client: Client = self._broker.connection
        return client

    async def answers(self) -> str | None:
        """Tell whether the server answers just now: None, or why it does not."""
        self()
        if not self._broker.connection.is_connected:
            return "not connected"
        await self._broker.connection.flush(ANSWER_SECONDS)
        return None


@asynccontextmanager
async def connected(url: str, name: str, *, trust: ssl.SSLContext | None = None) -> AsyncIterator[Connection]:
    """Connect in the background for the block and lend the connection.

    url: address of the server, or of several of one cluster with commas between. trust: whose certificates are
    believed, those of the system if not given. A connection lost later is taken up again for ever; meanwhile calls time
    out.
    """
    broker = NatsBroker(
        [each.strip() for each in url.split(",")],
        name=name,
        connect_timeout=2,
        reconnect_time_wait=1,
        max_reconnect_attempts=-1,
        allow_reconnect=True,
        apply_types=False,
        logger=None,
        security=BaseSecurity(trust) if trust else None,
    )
    connecting = asyncio.create_task(broker.connect(), name="connect-nats")
    try:
        yield Connection(broker, connecting)
    finally:
        connecting.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(connecting, return_exceptions=True)
        try:
            await broker.stop()
        except nats.errors.Error:
            # Away just now, so there is nothing to drain; the client would go on trying for ever.
            await broker.connection.close()
