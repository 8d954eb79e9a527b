"""The relay: follows the store in order and publishes what the service lets out. Nothing else publishes.

It keeps no checkpoint: its position is the last message of its stream. Each message expects the stream's last sequence,
so a second relay that is active by mistake is refused, message by message. A lost stream is made again and filled
from the store.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Protocol

import structlog
from nats.js.api import Header, StreamConfig
from nats.js.errors import APIError, NotFoundError
from opentelemetry.trace import SpanKind

from interpares.common.cancelling import heed_cancellation
from interpares.common.envelope import Message, Publication, to_message
from interpares.common.leadership import leading
from interpares.common.streams import provision
from interpares.common.streamstate import last_position
from interpares.common.telemetry import (
    RELAY_LAG,
    RELAY_LEADING,
    RELAY_PUBLISHED,
    STREAM_BYTES,
    STREAM_LIMIT,
    continued,
    current_traceparent,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from nats.js import JetStreamContext
    from nats.js.api import PubAck
    from psycopg import AsyncConnection
    from psycopg.rows import DictRow

    from interpares.common.database import Database
    from interpares.common.eventstore import EventStore, Recorded
    from interpares.common.wakeups import Wakeups

READ = 256
ACK_SECONDS = 5.0
LOOK_SECONDS = 5.0
log = structlog.get_logger(__name__)


class Publish(Protocol):
    """``publications.publish`` of a service: what leaves for a stored event, None for what stays inside."""

    def __call__(self, recorded: Recorded) -> Publication | None:
        """Return the publication of an event."""
        ...


class StreamBehind(Exception):
    """The stream is not where this relay left it: another relay published, or the stream was lost."""


class Relay:
    """Publishes one service's events."""

    def __init__(  # noqa: PLR0917 -- its collaborators, given once
        self,
        service: str,
        database: Database,
        store: EventStore,
        wakeups: Wakeups,
        jetstream: Callable[[], JetStreamContext],
        stream: StreamConfig,
        publish: Publish,
    ) -> None:
        """``jetstream`` returns the context of the connection as it is now."""
        self._service = service
        self._database = database
        self._store = store
        self._wakeups = wakeups
        self._jetstream = jetstream
        self._stream = stream
        self._publish = publish
        self._looked = 0.0
        self.position = 0
        # Up to where the store was read, and whether that is this replica's task just now.
        self.read = 0
        self.leading = False

    async def run(self) -> None:
        """Publish until cancelled, as long as no other replica does."""
        # Who waits for another to end lags behind nothing; who begins again after a failure tells so at once.
        RELAY_LAG.set(0)
        async with leading(self._database, f"relay-{self._service}") as lock:
            RELAY_LEADING.set(1)
            self.leading = True
            try:
                await self.publish_on(lock)
            finally:
                self.leading = False
                RELAY_LEADING.set(0)
                # Who leads next tells these.
                STREAM_BYTES.set(0)
                STREAM_LIMIT.set(0)

    async def publish_on(self, lock: AsyncConnection[DictRow]) -> None:
        """Publish for as long as a connection lives; the stream's expected sequence is the fence, not the lock."""
        while True:
            heed_cancellation()
            try:
                await self._follow(lock)
            except StreamBehind:
                log.warning("relay-reads-stream-again", service=self._service)

    async def _follow(self, lock: AsyncConnection[DictRow]) -> None:
        await self._note_lag()
        js = self._jetstream()
        await provision(js, self._stream)
        published, sequence = await last_position(js, self._service)
        self.position = self.read = read = published
        while True:
            heed_cancellation()
            growth = self._wakeups.upcoming()
            events = await self._store.read(read, READ)
            messages: list[Message] = []
            for recorded in events:
                read = recorded.position
                publication = self._publish(recorded)
                if publication is not None:
                    messages.append(to_message(self._service, recorded, publication, published))
                    published = recorded.position
            await self._send(js, messages, sequence)
            sequence += len(messages)
            self.position, self.read = published, read
            await self._note_lag()
            if len(events) < READ:
                await self._wakeups.wait(growth)
                await lock.execute("SELECT 1")  # the lock is gone with its connection
                await self._look(js, sequence)

    async def _note_lag(self) -> None:
        RELAY_LAG.set(await self._store.head() - self.read)

    async def _look(self, js: JetStreamContext, sequence: int) -> None:
        """See now and then that the stream is still where this relay left it, although nothing is to be published."""
        if time.monotonic() - self._looked < LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        try:
            info = await js.stream_info(str(self._stream.name))
        except NotFoundError as error:
            raise StreamBehind from error
        state = info.state
        STREAM_BYTES.set(state.bytes)
        STREAM_LIMIT.set(info.config.max_bytes or 0)
        if state.last_seq != sequence:
            raise StreamBehind

    async def _send(self, js: JetStreamContext, messages: list[Message], sequence: int) -> None:
        """Publish a window of messages and wait for all acknowledgements."""
        futures: list[asyncio.Future[PubAck]] = []
        for offset, message in enumerate(messages):
            headers = {
                **message.headers,
                Header.EXPECTED_STREAM.value: str(self._stream.name),
                Header.EXPECTED_LAST_SEQUENCE.value: str(sequence + offset),
            }
            with continued(
                headers.get("traceparent", ""),
                headers.get("tracestate", ""),
                f"publish {message.headers['ce-type']}",
                SpanKind.PRODUCER,
            ):
                headers["traceparent"], headers["tracestate"] = current_traceparent()
                present = {key: value for key, value in headers.items() if value}
                futures.append(await js.publish_async(message.subject, message.body, headers=present))
        try:
            async with asyncio.timeout(ACK_SECONDS):
                acks = await asyncio.gather(*futures)
        except (APIError, NotFoundError, TimeoutError) as error:
            for future in futures:
                future.cancel()
            raise StreamBehind from error
        if any(ack.duplicate for ack in acks):
            raise StreamBehind
        RELAY_PUBLISHED.inc(len(acks))
