"""What a service's stream holds, asked once over a connection of its own: the API keeps none to NATS."""

from __future__ import annotations

import asyncio
from contextlib import suppress
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
        # The position first: a stream that is being filled then holds at least what is said of it.
        position, _ = await last_position(js, service)
        state = (await js.stream_info(name)).state
    except NotFoundError:
        return None
    return StreamState(state.messages, state.bytes, position)


async def last_position(js: JetStreamContext, service: str) -> tuple[int, int]:
    """Return the position of the stream's last message, and the last sequence ever given; zeros for a new stream.

    The message that had the last sequence may have been deleted, and what carries no position is none of the relay's:
    the last one that is there and does carry one counts.
    """
    stream = stream_name(service)
    state = (await js.stream_info(stream)).state
    if not state.messages:
        return 0, state.last_seq
    message = await js.get_last_msg(stream, f"evt.{service}.>")
    for sequence in range(message.seq or state.last_seq, state.first_seq - 1, -1):
        with suppress(NotFoundError):
            headers = (await js.get_msg(stream, seq=sequence)).headers or {}
            if (position := headers.get("position", "")).isdecimal():
                return int(position), state.last_seq
    return 0, state.last_seq


async def _ignore(_: Exception) -> None:
    """What goes wrong with the connection is told where it is used."""
