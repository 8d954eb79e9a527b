"""The window of the relay: messages on their way to JetStream, never more than so many unacknowledged.

Each message expects the sequence before it, so the server takes them in order or not at all.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from nats.js.api import Header
from nats.js.errors import APIError, NotFoundError
from opentelemetry.trace import SpanKind

from interpares.common.telemetry import RELAY_PUBLISHED, passed_on

if TYPE_CHECKING:
    from nats.js import JetStreamContext
    from nats.js.api import PubAck

    from interpares.common.envelope import Message

UNACKNOWLEDGED = 256
FLUSH = 32
ACK_SECONDS = 5.0
EXPECTED_STREAM: str = Header.EXPECTED_STREAM.value
EXPECTED_LAST_SEQUENCE: str = Header.EXPECTED_LAST_SEQUENCE.value


class StreamBehind(Exception):
    """The stream is not where this relay left it: another relay published, or the stream was lost."""


class Window:
    """Messages on their way to one stream."""

    def __init__(self, js: JetStreamContext, stream: str, sequence: int, position: int) -> None:
        """sequence, position: of the last message in the stream."""
        self._js = js
        self._stream = stream
        self._sent: deque[tuple[int, asyncio.Future[PubAck]]] = deque()
        self.sequence = sequence
        self.position = position

    async def send(self, message: Message) -> None:
        """Publish a message, once there is room for it. Raises StreamBehind."""
        while len(self._sent) >= UNACKNOWLEDGED:
            await self._acknowledged()
        headers = dict(message.headers)
        context = headers.get("traceparent", ""), headers.get("tracestate", "")
        traceparent, tracestate = passed_on(*context, f"publish {headers['ce-type']}", SpanKind.PRODUCER)
        if traceparent:
            headers["traceparent"] = traceparent
        if tracestate:
            headers["tracestate"] = tracestate
        headers[EXPECTED_STREAM] = self._stream
        headers[EXPECTED_LAST_SEQUENCE] = str(self.sequence)
        future = await self._js.publish_async(message.subject, message.body, headers=headers)
        self._sent.append((message.position, future))
        self.sequence += 1
        if not self.sequence % FLUSH:
            await asyncio.sleep(0)  # lets the connection send while the next messages are made

    async def settle(self) -> None:
        """Wait until everything that was sent is acknowledged. Raises StreamBehind."""
        while self._sent:
            await self._acknowledged()

    def forget(self) -> None:
        """Wait for nothing any more."""
        for _, future in self._sent:
            future.cancel()
        self._sent.clear()

    async def _acknowledged(self) -> None:
        position, future = self._sent[0]
        try:
            if not future.done():
                async with asyncio.timeout(ACK_SECONDS):
                    await future
            ack = future.result()
        except (APIError, NotFoundError, TimeoutError) as error:
            raise StreamBehind from error
        if ack.duplicate:
            raise StreamBehind
        self._sent.popleft()
        self.position = position
        RELAY_PUBLISHED.inc()
