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
from uuid import UUID, uuid5

import structlog
from nats.errors import TimeoutError as NatsTimeout
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError
from opentelemetry.trace import SpanKind
from psycopg.types.json import Jsonb

from interpares.common.append import Appender, CommandRecord, Row, VersionConflict
from interpares.common.commands import UnitOfWork
from interpares.common.context import Occasion, acting
from interpares.common.envelope import Arrived, Message, UnfitMessage, from_wire, opened
from interpares.common.errors import Busy, DomainError
from interpares.common.leadership import leading
from interpares.common.streams import stream_name
from interpares.common.telemetry import continued, current_traceparent

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from nats.aio.msg import Msg
    from nats.js import JetStreamContext
    from psycopg import AsyncConnection
    from psycopg.rows import DictRow

    from interpares.common.database import Database
    from interpares.common.eventstore import EventStore

FETCH = 64
FETCH_SECONDS = 1.0
NAK_SECONDS = 0.5
ATTEMPTS = 5
FEED_NAMESPACE = UUID("6f1a52c3-6a0e-5d0b-9a7e-0c8f4b1f6f0e")
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
        store: EventStore,
        appender: Appender,
        jetstream: Callable[[], JetStreamContext],
        feed: Feed,
        handlers: Mapping[str, Callable[[Arrived, UnitOfWork], Awaitable[None]]],
        *,
        ask_every: float,
    ) -> None:
        """``handlers``: by event type; a type without one has no effect here. ``ask_every``: seconds between looks at
        the HTTP feed.
        """  # noqa: D205 -- arguments only
        self._service = service
        self._producer = producer
        self._database = database
        self._store = store
        self._appender = appender
        self._jetstream = jetstream
        self._feed = feed
        self._handlers = handlers
        self._ask_every = ask_every
        self._turn = asyncio.Lock()
        self._gap = asyncio.Event()
        self.position = 0

    async def run(self) -> None:
        """Receive until cancelled, as long as no other replica does."""
        async with leading(self._database, f"inbox-{self._service}-{self._producer}") as lock:
            self.position = await self._recorded_position()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._receive())
                tasks.create_task(self._ask())
                tasks.create_task(_watch(lock))

    async def _recorded_position(self) -> int:
        rows = await self._database.fetch("SELECT position FROM inbox_positions WHERE feed = %s", (self._producer,))
        return int(rows[0]["position"]) if rows else 0

    async def _receive(self) -> None:
        """Take messages from JetStream. Losing NATS is no failure: the feed carries on, the stream catches up later."""
        while True:
            try:
                await self._pull()
            except (NotFoundError, NatsTimeout, TimeoutError, OSError) as error:
                log.warning("stream-out-of-reach", feed=self._producer, error=type(error).__name__)
            except Exception as error:
                if not type(error).__module__.startswith("nats."):
                    raise
                log.warning("stream-out-of-reach", feed=self._producer, error=type(error).__name__)
            await asyncio.sleep(FETCH_SECONDS)

    async def _pull(self) -> None:
        js = self._jetstream()
        name = stream_name(self._producer)
        consumer = await self._consumer(js, name)
        subscription = await js.pull_subscribe_bind(consumer, name)
        try:
            while True:
                try:
                    batch = await subscription.fetch(FETCH, timeout=FETCH_SECONDS)
                except (NatsTimeout, TimeoutError):
                    await self._check(js, name, consumer)
                    continue
                for message in sorted(batch, key=lambda m: m.metadata.sequence.stream):
                    await self.take(message)
        finally:
            with suppress(Exception):
                await subscription.unsubscribe()

    async def _consumer(self, js: JetStreamContext, stream: str) -> str:
        """Return the durable consumer's name; make it, and make it anew where it stands ahead of its stream."""
        name = f"{self._service}-{self._producer}"
        with suppress(NotFoundError):
            await self._check(js, stream, name)
            return name
        await js.add_consumer(
            stream,
            ConsumerConfig(
                durable_name=name,
                deliver_policy=DeliverPolicy.ALL,
                ack_policy=AckPolicy.EXPLICIT,
                ack_wait=30.0,
                max_deliver=-1,
                max_ack_pending=1024,
            ),
        )
        return name

    async def _check(self, js: JetStreamContext, stream: str, consumer: str) -> None:
        """Raise NotFoundError where the consumer is gone or, its stream having been made anew, sees nothing."""
        info = await js.consumer_info(stream, consumer)
        state = (await js.stream_info(stream)).state
        if info.delivered is not None and info.delivered.stream_seq > state.last_seq:
            log.warning("consumer-ahead-of-stream", feed=self._producer)
            await js.delete_consumer(stream, consumer)
            raise NotFoundError

    async def take(self, wire: Msg) -> None:
        """Give a message of the stream its effect once, and answer the server accordingly."""
        try:
            message = from_wire(wire.subject, wire.headers, wire.data)
        except UnfitMessage as error:
            # What the stream holds there is not what the relay wrote. The feed has the truth; this one is set aside.
            log.error("unfit-message", feed=self._producer, error=str(error))  # noqa: TRY400 -- no traceback wanted
            await wire.term()
            return
        async with self._turn:
            if message.position <= self.position:
                await wire.ack()
            elif message.previous <= self.position:
                await self._process(message)
                await wire.ack()
            else:
                log.warning("gap", feed=self._producer, last=self.position, previous=message.previous)
                self._gap.set()
                await wire.nak(delay=NAK_SECONDS)

    async def _ask(self) -> None:
        """Look at the HTTP feed now and then, apply what NATS did not bring, note up to when all is known."""
        while True:
            asked_at = datetime.now(UTC)
            try:
                messages, complete = await self._feed.after(self.position)
            except OSError as error:
                log.warning("feed-out-of-reach", feed=self._producer, error=type(error).__name__)
            else:
                async with self._turn:
                    for message in messages:
                        if message.previous <= self.position < message.position:
                            await self._process(message)
                if complete:
                    await self._confirm(asked_at)
                else:
                    continue
            with suppress(TimeoutError):
                await asyncio.wait_for(self._gap.wait(), self._ask_every)
            self._gap.clear()

    async def _confirm(self, at: datetime) -> None:
        async with self._database.connection() as connection:
            await connection.execute(
                "INSERT INTO inbox_positions (feed, position, confirmed_at) VALUES (%s, %s, %s)"
                " ON CONFLICT (feed) DO UPDATE SET confirmed_at = excluded.confirmed_at",
                (self._producer, self.position, at),
            )

    async def _process(self, message: Message) -> None:
        """Give a message its effect, or park it with its aggregate where it cannot have one."""
        try:
            event = opened(message)
        except UnfitMessage as error:
            await self._park(message, f"position-{message.position}", str(error))
        else:
            with continued(
                event.traceparent, event.tracestate, f"receive {event.type}", SpanKind.CONSUMER, feed=self._producer
            ):
                await self._effect(message, event)
        self.position = message.position

    async def _effect(self, message: Message, event: Arrived) -> None:
        handler = self._handlers.get(event.type)
        if handler is None or await self._waits(event.aggregate):
            waiting = handler is not None
            await (
                self._park(message, event.aggregate, "behind a parked message") if waiting else self._advance(message)
            )
            return
        traceparent, tracestate = current_traceparent()
        current = Occasion(
            actor=uuid5(FEED_NAMESPACE, self._service),
            command_id=uuid5(FEED_NAMESPACE, f"{self._service}/{self._producer}/{event.id}"),
            correlation_id=event.correlation_id,
            causation_id=event.id,
            now=datetime.now(UTC),
            traceparent=traceparent,
            tracestate=tracestate,
        )
        with acting(current):
            for _ in range(ATTEMPTS):
                unit = UnitOfWork(self._store)
                try:
                    await handler(event, unit)
                except (DomainError, ValueError) as error:
                    await self._park(message, event.aggregate, f"{type(error).__name__}: {getattr(error, 'code', '')}")
                    return
                unit.write(self._position_row(message))
                try:
                    await self._appender.append(unit.as_append(CommandRecord(current.command_id, b"", {})))
                except VersionConflict:
                    continue
                unit.keep()
                return
        raise Busy(NAK_SECONDS)

    def _position_row(self, message: Message) -> Row:
        return Row(
            "INSERT INTO inbox_positions (feed, position) VALUES (%s, %s)"
            " ON CONFLICT (feed) DO UPDATE SET position = greatest(inbox_positions.position, excluded.position)",
            (self._producer, message.position),
        )

    async def _advance(self, message: Message, *rows: Row) -> None:
        """Record the position, with further rows, in one transaction of its own."""
        async with self._database.connection() as connection, connection.transaction():
            for row in (self._position_row(message), *rows):
                await connection.execute(row.statement, row.params)

    async def _waits(self, aggregate: str) -> bool:
        rows = await self._database.fetch(
            "SELECT 1 FROM parked WHERE feed = %s AND aggregate = %s LIMIT 1", (self._producer, aggregate)
        )
        return bool(rows)

    async def _park(self, message: Message, aggregate: str, error: str) -> None:
        log.error("parked", feed=self._producer, position=message.position, reason_class=error)
        await self._advance(
            message,
            Row(
                "INSERT INTO parked (feed, position, aggregate, headers, body, error, parked_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, now()) ON CONFLICT DO NOTHING",
                (self._producer, message.position, aggregate, Jsonb(message.headers), message.body, error),
            ),
        )


async def _watch(lock: AsyncConnection[DictRow]) -> None:
    """End with an error once the connection that holds the lock is lost: another replica may lead then."""
    while True:
        await lock.execute("SELECT 1")
        await asyncio.sleep(FETCH_SECONDS)
