"""The ordered inbox: another service's events, in order, each with exactly one effect.

Two sources feed it. JetStream delivers at once. The producer's HTTP feed is asked every few seconds: it fills gaps,
carries on while NATS is down, and tells up to when everything is known, which bounds how long a withdrawn right may
still be used. Both go through the same rule: done before if ``position`` is not behind the last one, next if
``previous`` is not behind it, otherwise a gap, which waits.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import structlog

from interpares.common.cancelling import heed_cancellation
from interpares.common.delivery import FETCH, OUT_OF_REACH, Delivery
from interpares.common.envelope import Message, UnfitMessage, from_wire
from interpares.common.leadership import leading
from interpares.common.streams import stream_name
from interpares.common.telemetry import (
    INBOX_CONFIRMED,
    INBOX_GAPS,
    INBOX_LAG,
    INBOX_PARKED,
    INBOX_POSITION,
    INBOX_UNFIT,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nats.aio.msg import Msg
    from nats.js import JetStreamContext
    from psycopg import AsyncConnection
    from psycopg.rows import DictRow

    from interpares.common.database import Database
    from interpares.common.effects import Effects

PAUSE_SECONDS = 1.0
NAK_SECONDS = 0.5
log = structlog.get_logger(__name__)


class Feed(Protocol):
    """The producer's HTTP feed."""

    async def after(self, position: int) -> tuple[list[Message], bool]:
        """Return what follows a position, and whether that is all there is. Raises OSError where it can't be had."""
        ...


class Inbox:
    """Reads one producer's events for one service."""

    def __init__(  # noqa: PLR0917 -- its collaborators, given once
        self,
        service: str,
        producer: str,
        database: Database,
        effects: Effects,
        jetstream: Callable[[], JetStreamContext],
        feed: Feed,
        *,
        ask_every: float,
    ) -> None:
        """``ask_every``: seconds between looks at the HTTP feed; a gap brings the next look forward."""
        self._service = service
        self._producer = producer
        self._database = database
        self._effects = effects
        self._jetstream = jetstream
        self._feed = feed
        self._ask_every = ask_every
        self._turn = asyncio.Lock()
        self._gap = asyncio.Event()
        self.position = 0

    async def run(self) -> None:
        """Receive until cancelled, as long as no other replica does."""
        async with leading(self._database, f"inbox-{self._service}-{self._producer}") as lock:
            self.position = await self._effects.position()
            INBOX_PARKED.labels(self._producer).set(await self._effects.parked())
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._receive())
                    tasks.create_task(self._ask())
                    tasks.create_task(_watch(lock))
            finally:
                # Who leads next tells these; what is left here would only grow old.
                for figure in (INBOX_POSITION, INBOX_LAG, INBOX_PARKED, INBOX_CONFIRMED):
                    with suppress(KeyError):
                        figure.remove(self._producer)

    async def _receive(self) -> None:
        """Take batches from JetStream. Losing NATS is no failure: the feed carries on, the stream catches up later."""
        stream, consumer = stream_name(self._producer), f"{self._service}-{self._producer}"
        while True:
            heed_cancellation()
            try:
                async with Delivery(self._jetstream(), stream, consumer).batches() as batches:
                    async for batch in batches:
                        await self.take(batch)
            except OUT_OF_REACH as error:
                log.warning("stream-out-of-reach", feed=self._producer, error=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    async def take(self, batch: Sequence[Msg]) -> None:
        """Give messages of the stream their effect once, and answer the server accordingly."""
        async with self._turn:
            following: list[tuple[Msg, Message]] = []
            last = self.position
            for wire in batch:
                message = await self._fit(wire)
                if message is None:
                    continue
                if message.position <= self.position:
                    await wire.ack()
                elif message.position <= last:
                    following.append((wire, message))
                elif self.follows(message, last):
                    following.append((wire, message))
                    last = message.position
                else:
                    await self._wait_for_gap(wire, message, last)
            fresh = _each_once([message for _, message in following])
            if fresh:
                self.position = await self._effects.have(fresh, self.position)
            for wire, message in following:
                # What a batch of before had recorded already may end earlier than this one.
                await (wire.ack() if message.position <= self.position else wire.nak(delay=NAK_SECONDS))

    @staticmethod
    def follows(message: Message, last: int) -> bool:
        """The continuity rule: nothing was published between the last position and this message."""
        return message.previous <= last < message.position

    async def _fit(self, wire: Msg) -> Message | None:
        try:
            return from_wire(wire.subject, wire.headers, wire.data)
        except UnfitMessage as error:
            # What the stream holds there is not what the relay wrote. The feed has the truth; this one is set aside.
            log.error("unfit-message", feed=self._producer, error=str(error))  # noqa: TRY400 -- no traceback wanted
            INBOX_UNFIT.labels(self._producer).inc()
            self._gap.set()
            await wire.term()
            return None

    async def _wait_for_gap(self, wire: Msg, message: Message, last: int) -> None:
        log.warning("gap", feed=self._producer, last=last, previous=message.previous)
        INBOX_GAPS.labels(self._producer).inc()
        self._gap.set()
        await wire.nak(delay=NAK_SECONDS)

    async def _ask(self) -> None:
        """Look at the HTTP feed now and then, apply what NATS did not bring, note up to when all is known."""
        while True:
            heed_cancellation()
            asked_at = datetime.now(UTC)
            try:
                messages, complete = await self._feed.after(self.position)
            except OSError as error:
                log.warning("feed-out-of-reach", feed=self._producer, error=type(error).__name__)
            else:
                for start in range(0, len(messages), FETCH):
                    await self._apply(messages[start : start + FETCH])
                if not complete:
                    continue
                await self._effects.confirm(asked_at)
                INBOX_CONFIRMED.labels(self._producer).set(asked_at.timestamp())
            # Operators take messages out through the API, in another process.
            INBOX_PARKED.labels(self._producer).set(await self._effects.parked())
            with suppress(TimeoutError):
                async with asyncio.timeout(self._ask_every):
                    await self._gap.wait()
            self._gap.clear()

    async def _apply(self, messages: Sequence[Message]) -> None:
        async with self._turn:
            # JetStream may have brought some of them in the meantime.
            fresh = [message for message in messages if message.position > self.position]
            if fresh and self.follows(fresh[0], self.position):
                self.position = await self._effects.have(fresh, self.position)


def _each_once(messages: Sequence[Message]) -> list[Message]:
    return list({message.position: message for message in messages}.values())


async def _watch(lock: AsyncConnection[DictRow]) -> None:
    """End with an error once the connection that holds the lock is lost: another replica may lead then."""
    while True:
        heed_cancellation()
        await lock.execute("SELECT 1")
        await asyncio.sleep(PAUSE_SECONDS)
