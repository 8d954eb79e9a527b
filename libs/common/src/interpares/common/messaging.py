"""The connection to NATS, held by FastStream's broker; streams are provisioned apart and never declared through it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import nats.errors
from faststream.nats import NatsBroker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from nats.js import JetStreamContext


class NatsAway(OSError):
    """There has been no connection to NATS yet."""


@asynccontextmanager
async def connected(url: str, name: str) -> AsyncIterator[Callable[[], JetStreamContext]]:
    """Connect in the background for the block and lend a function that returns the JetStream context.

    The function raises NatsAway until the first connection stands. A connection lost later is taken up again for ever;
    meanwhile calls on the context time out.
    """
    broker = NatsBroker(
        url,
        name=name,
        connect_timeout=2,
        reconnect_time_wait=1,
        max_reconnect_attempts=-1,
        allow_reconnect=True,
        apply_types=False,
        logger=None,
    )
    connecting = asyncio.create_task(broker.connect(), name="connect-nats")
    contexts: list[JetStreamContext] = []

    def jetstream() -> JetStreamContext:
        if not connecting.done():
            raise NatsAway
        connecting.result()
        if not contexts:
            contexts.append(broker.connection.jetstream())
        return contexts[0]

    try:
        yield jetstream
    finally:
        connecting.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(connecting, return_exceptions=True)
        try:
            await broker.stop()
        except nats.errors.Error:
            # Away just now, so there is nothing to drain; the client would go on trying for ever.
            await broker.connection.close()
