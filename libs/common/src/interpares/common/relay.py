"""The relay: follows the store in order and publishes what the service lets out. Nothing else publishes.

It keeps no checkpoint: its position is the last message of its stream. Each message expects the stream's last sequence,
so a second relay that is active by mistake is refused, message by message. A lost stream is made again and filled
from the store.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

import structlog
from nats.js.errors import NotFoundError

from interpares.common.cancelling import heed_cancellation
from interpares.common.envelope import Publication, to_message
from interpares.common.leadership import leading
from interpares.common.streams import provision
from interpares.common.streamstate import last_position
from interpares.common.telemetry import RELAY_LAG, RELAY_LEADING, STREAM_BYTES, STREAM_LIMIT
from interpares.common.window import StreamBehind, Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from nats.js import JetStreamContext
    from nats.js.api import StreamConfig
    from psycopg import AsyncConnection
    from psycopg.rows import DictRow

    from interpares.common.database import Database
    from interpares.common.eventstore import EventStore, Recorded
    from interpares.common.wakeups import Wakeups

READ = 256
NOTE_SECONDS = 1.0
LOOK_SECONDS = 2.0
log = structlog.get_logger(__name__)


class Publish(Protocol):
    """``publications.publish`` of a service: what leaves for a stored event, None for what stays inside."""

    def __call__(self, recorded: Recorded) -> Publication | None:
        """Return the publication of an event."""
        ...


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
        self._looked = self._noted = 0.0
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
        window = Window(js, str(self._stream.name), sequence, published)
        try:
            while True:
                heed_cancellation()
                growth = self._wakeups.upcoming()
                events = await self._store.read(read, READ)
                for recorded in events:
                    publication = self._publish(recorded)
                    if publication is not None:
                        await window.send(to_message(self._service, recorded, publication, published))
                        published = recorded.position
                    read = recorded.position
                if len(events) == READ:
                    self.position = self.read = window.position
                    if time.monotonic() - self._noted > NOTE_SECONDS:
                        await self._note_lag()
                else:
                    await window.settle()
                    self.position, self.read = window.position, read
                    RELAY_LAG.set(0)
                    await self._wakeups.wait(growth)
                    await self._look(js, window.sequence, lock)
        finally:
            window.forget()

    async def _note_lag(self) -> None:
        self._noted = time.monotonic()
        RELAY_LAG.set(await self._store.head() - self.read)

    async def _look(self, js: JetStreamContext, sequence: int, lock: AsyncConnection[DictRow]) -> None:
        """See now and then that the lock is held and the stream where this relay left it, although nothing is due."""
        if time.monotonic() - self._looked < LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        await lock.execute("SELECT 1")  # the lock is gone with its connection
        try:
            info = await js.stream_info(str(self._stream.name))
        except NotFoundError as error:
            raise StreamBehind from error
        state = info.state
        STREAM_BYTES.set(state.bytes)
        STREAM_LIMIT.set(info.config.max_bytes or 0)
        if state.last_seq != sequence:
            raise StreamBehind
