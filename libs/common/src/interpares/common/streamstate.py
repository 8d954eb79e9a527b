"""What a service's stream holds, asked once over a connection of its own: the API keeps none to NATS."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import nats
import nats.errors
import nats.js.errors
from nats.js.errors import NotFoundError

from interpares.common.streams import stream_name

if TYPE_CHECKING:
    from nats.js import JetStreamContext

PATIENCE_SECONDS = 3.0


@dataclass(frozen=True)
class StreamState:
    """messages, bytes: what it holds. last_position: of its last message, 0 where it holds none."""

    messages: int
    bytes: int
    last_position: int


async def stream_state(url: str, service: str) -> StreamState | None:
    """Return the state of a service's stream, None where there is no stream. Raises OSError where NATS is away."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            # Zero attempts, or allow_reconnect alone, would mean to try for ever.
            connection = await nats.connect(
                url, name=f"interpares-{service}-operations", allow_reconnect=False, max_reconnect_attempts=1,
                reconnect_time_wait=0, error_cb=_ignore,
            )  # fmt: skip
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await _state(connection.jetstream(), service)
        finally:
            await connection.close()
    except (nats.errors.Error, nats.js.errors.Error, TimeoutError) as error:
        raise OSError(type(error).__name__) from error


async def _state(js: JetStreamContext, service: str) -> StreamState | None:
    name = stream_name(service)
    try:
        state = (await js.stream_info(name)).state
    except NotFoundError:
        return None
    return StreamState(state.messages, state.bytes, await last_position(js, service) if state.messages else 0)


async def last_position(js: JetStreamContext, service: str) -> int:
    """Return the position of the last message that is there; a message behind it may have been deleted."""
    last = await js.get_last_msg(stream_name(service), f"evt.{service}.>")
    return int((last.headers or {})["position"])


async def _ignore(_: Exception) -> None:
    """What goes wrong with the connection is told where it is used."""
