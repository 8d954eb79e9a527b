"""What arrived messages do to a service: handlers run in order, a batch and its position are one transaction.

Where one message of a batch cannot be handled the batch is taken apart. Poison, a message that never can be, is
parked with its aggregate: what comes later for the same aggregate waits behind it, everything else flows on.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

import structlog
from opentelemetry.trace import SpanKind
from psycopg.types.json import Jsonb

from interpares.common.commands import UnitOfWork
from interpares.common.context import Occasion, acting
from interpares.common.envelope import Arrived, Message, UnfitMessage, opened
from interpares.common.errors import Busy, DomainError
from interpares.common.telemetry import INBOX_LAG, INBOX_PARKED, INBOX_POSITION, continued, current_traceparent, linked
from interpares.common.turns import turn
from interpares.common.writes import Appender, CommandRecord, Row, VersionConflict

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from interpares.common.database import Database
    from interpares.common.eventstore import EventStore

    Handlers = Mapping[str, Callable[[Arrived, UnitOfWork], Awaitable[None]]]

ATTEMPTS = 5
FEED_NAMESPACE = UUID("6f1a52c3-6a0e-5d0b-9a7e-0c8f4b1f6f0e")
# What a handler raises for a message it can never handle; pydantic's refusal of a contract is a ValueError.
POISON = (DomainError, ValueError)
log = structlog.get_logger(__name__)


class Effects:
    """Gives the messages of one producer their effect in one service."""

    def __init__(  # noqa: PLR0917 -- its collaborators, given once
        self,
        service: str,
        producer: str,
        database: Database,
        store: EventStore,
        appender: Appender,
        handlers: Handlers,
    ) -> None:
        """``handlers``: by event type; a type without one has no effect here."""
        self._service = service
        self._producer = producer
        self._database = database
        self._store = store
        self._appender = appender
        self._handlers = handlers
        # Nobody but whoever leads parks; operators only take out. So what was seen to be empty stays empty.
        self._nothing_parked = False
        self._parkings = 0

    async def position(self) -> int:
        """Return the last position recorded."""
        rows = await self._database.fetch("SELECT position FROM inbox_positions WHERE feed = %s", (self._producer,))
        return int(rows[0]["position"]) if rows else 0

    async def confirm(self, at: datetime) -> None:
        """Note that everything the producer published until then is known here."""
        async with self._database.connection() as connection:
            await connection.execute(
                "INSERT INTO inbox_positions (feed, position, confirmed_at) VALUES (%s, 0, %s)"
                " ON CONFLICT (feed) DO UPDATE SET confirmed_at = excluded.confirmed_at",
                (self._producer, at),
            )

    async def have(self, messages: Sequence[Message], last: int) -> int:
        """Handle messages that follow one another, the first of them behind ``last``; return the last position.

        Raises Busy where the database does not answer; then none, or some from the first on, have had their effect.
        """
        try:
            position = await self._together(messages, last)
        except (*POISON, VersionConflict) as error:
            log.info("batch-taken-apart", feed=self._producer, messages=len(messages), error=type(error).__name__)
            position = last
            for message in messages:
                position = await self._alone(message, position)
        INBOX_POSITION.labels(self._producer).set(position)
        return position

    async def _together(self, messages: Sequence[Message], last: int) -> int:
        events = [opened(message) for message in messages]
        if await self._waiting([event.aggregate for event in events]):
            message = "something of the batch has to wait"
            raise UnfitMessage(message)
        unit = UnitOfWork(self._store)
        causes = [await self._handle(event, unit) for event in events]
        with linked(causes, "append"):
            position = await self._write(unit, messages[-1].position, last)
        self._note_lag(events[-1])
        return position

    async def _alone(self, message: Message, last: int) -> int:
        try:
            event = opened(message)
        except UnfitMessage as error:
            return await self._park(message, f"position-{message.position}", str(error), last)
        if event.type in self._handlers and await self._waiting([event.aggregate]):
            async with turn(self._database, self._producer, event.aggregate):
                # Somebody may have taken out what it would wait for.
                if await self._waiting([event.aggregate]):
                    return await self._park(message, event.aggregate, "behind a parked message", last)
        for _ in range(ATTEMPTS):
            unit = UnitOfWork(self._store)
            try:
                cause = await self._handle(event, unit)
                with linked([cause], "append"):
                    position = await self._write(unit, message.position, last)
            except VersionConflict:
                continue
            except POISON as error:
                return await self._park(message, event.aggregate, _why(error), last)
            self._note_lag(event)
            return position
        raise Busy(1.0)

    async def again(self, message: Message, taking_out: CommandRecord) -> str | None:
        """Give a parked message its effect and take it out; return why it failed again, None where it had its effect.

        taking_out: recorded in the same transaction, so that the effect cannot come twice. Raises Busy.
        """
        for _ in range(ATTEMPTS):
            unit = UnitOfWork(self._store)
            try:
                cause = await self._handle(opened(message), unit)
                unit.write(
                    Row("DELETE FROM parked WHERE feed = %s AND position = %s", (self._producer, message.position))
                )
                with linked([cause], "append"):
                    committed = await self._appender.append(unit.as_append(taking_out))
            except VersionConflict:
                continue
            except POISON as error:
                return _why(error)
            if not committed.repeated:
                unit.keep()
            return None
        raise Busy(1.0)

    async def _handle(self, event: Arrived, unit: UnitOfWork) -> tuple[str, str]:
        """Run the handler; return the trace context of what it did, for the append to point to."""
        handler = self._handlers.get(event.type)
        if handler is None:
            return "", ""
        with continued(event.traceparent, event.tracestate, f"receive {event.type}", SpanKind.CONSUMER):
            traceparent, tracestate = current_traceparent()
            occasion = Occasion(
                actor=uuid5(FEED_NAMESPACE, self._service),
                command_id=uuid5(FEED_NAMESPACE, f"{self._service}/{event.id}"),
                correlation_id=event.correlation_id,
                causation_id=event.id,
                now=datetime.now(UTC),
                traceparent=traceparent,
                tracestate=tracestate,
            )
            with acting(occasion):
                await handler(event, unit)
        return traceparent, tracestate

    def _note_lag(self, event: Arrived) -> None:
        INBOX_LAG.labels(self._producer).set((datetime.now(UTC) - event.time).total_seconds())

    async def _write(self, unit: UnitOfWork, position: int, last: int) -> int:
        """Write what handlers saved, with the position, under an id made of where the batch begins.

        So two inboxes that are active by mistake cannot both go on from the same place.
        """
        unit.write(
            Row(
                "INSERT INTO inbox_positions (feed, position) VALUES (%s, %s)"
                " ON CONFLICT (feed) DO UPDATE SET position = greatest(inbox_positions.position, excluded.position)",
                (self._producer, position),
            )
        )
        batch = uuid5(FEED_NAMESPACE, f"{self._service}/{self._producer}/behind/{last}")
        committed = await self._appender.append(unit.as_append(CommandRecord(batch, b"", {})))
        if committed.repeated:
            return await self.position()
        unit.keep()
        return position

    async def _waiting(self, aggregates: Sequence[str]) -> bool:
        if self._nothing_parked:
            return False
        rows = await self._database.fetch(
            "SELECT 1 FROM parked WHERE feed = %s AND aggregate = ANY(%s) LIMIT 1", (self._producer, list(aggregates))
        )
        return bool(rows)

    async def _park(self, message: Message, aggregate: str, cause: str, last: int) -> int:
        log.error("parked", feed=self._producer, position=message.position, cause=cause)
        self._parkings += 1
        self._nothing_parked = False
        unit = UnitOfWork(self._store)
        unit.write(
            Row(
                "INSERT INTO parked (feed, position, aggregate, headers, body, error, parked_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, now()) ON CONFLICT DO NOTHING",
                (self._producer, message.position, aggregate, Jsonb(message.headers), message.body, cause),
            )
        )
        position = await self._write(unit, message.position, last)
        INBOX_PARKED.labels(self._producer).set(await self.parked())
        return position

    async def parked(self) -> int:
        """Return how many messages are parked; to be asked whenever this process has begun to lead."""
        parkings = self._parkings
        rows = await self._database.fetch("SELECT count(*) AS n FROM parked WHERE feed = %s", (self._producer,))
        self._nothing_parked = not rows[0]["n"] and parkings == self._parkings
        return int(rows[0]["n"])


def _why(error: Exception) -> str:
    """Return the kind of an error, with its code where it has one; its message could quote a person."""
    return f"{type(error).__name__} {getattr(error, 'code', '')}".strip()
