"""Handling a command: one lane per aggregate, decide, write, and answer the same to the same key.

A version conflict is never an answer: the aggregate is loaded and the decision taken again. What the caller sees is
the decision, a fact of the domain that stands against it, or Busy.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import TypeAdapter

from interpares.common.aggregate import Aggregate
from interpares.common.context import occasion
from interpares.common.errors import Busy, DomainError, KeyReused, NotFound
from interpares.common.eventstore import MAPPER, EventStore, due_snapshot
from interpares.common.telemetry import linked
from interpares.common.writes import Append, Appender, CommandRecord, Row, VersionConflict

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
    from uuid import UUID

    from eventsourcing.persistence import StoredEvent

    from interpares.common.database import Database
    from interpares.common.sealed import SealedText

A = TypeVar("A", bound=Aggregate)
C = TypeVar("C")
R = TypeVar("R")

ATTEMPTS = 8
UNKEYED = b""


class UnitOfWork:
    """What a use case loads from and saves to; the runner writes what was saved, all of it or nothing."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._versions: dict[UUID, int] = {}
        self._loaded: list[Aggregate] = []
        self._events: list[StoredEvent] = []
        self._snapshots: list[StoredEvent] = []
        self._texts: list[SealedText] = []
        self._rows: list[Row] = []

    async def find(self, aggregate_class: type[A], aggregate_id: UUID) -> A | None:
        """Return the aggregate, None if there is none of that class under the id; within a unit always the same one."""
        for loaded in self._loaded:
            if loaded.id == aggregate_id:
                return loaded if isinstance(loaded, aggregate_class) else None
        aggregate = await self._store.load(aggregate_class, aggregate_id)
        if aggregate is not None:
            self._versions[aggregate_id] = aggregate.version
            self._loaded.append(aggregate)
        return aggregate

    async def load(self, aggregate_class: type[A], aggregate_id: UUID) -> A:
        """Return the aggregate. Raises NotFound."""
        aggregate = await self.find(aggregate_class, aggregate_id)
        if aggregate is None:
            message = f"There is no {aggregate_class.__name__.lower()} with this id."
            raise NotFound(message)
        return aggregate

    def save(self, aggregate: Aggregate, *, texts: Sequence[SealedText] = ()) -> None:
        """Queue the aggregate's new events, and the sealed texts they refer to, for writing."""
        before = self._versions.get(aggregate.id, 0)
        snapshot = due_snapshot(aggregate, before)
        self._events += [MAPPER.to_stored_event(event) for event in aggregate.collect_events()]
        self._versions[aggregate.id] = aggregate.version
        if snapshot is not None:
            self._snapshots.append(MAPPER.to_stored_event(snapshot))
        if not any(aggregate is loaded for loaded in self._loaded):
            self._loaded.append(aggregate)
        self._texts += texts

    def write(self, *rows: Row) -> None:
        """Queue statements on the service's own tables."""
        self._rows += rows

    def as_append(self, command: CommandRecord) -> Append:
        """Return all that was queued."""
        return Append(command, tuple(self._events), tuple(self._snapshots), tuple(self._texts), tuple(self._rows))

    def keep(self) -> None:
        """Let the store keep the aggregates that have no unsaved events."""
        for aggregate in self._loaded:
            if not aggregate.pending_events:
                self._store.keep(aggregate)


@dataclass(frozen=True)
class Handled(Generic[R]):
    """The answer to a command: what the use case returned, the position to wait for, and whether it is a repetition."""

    result: R
    position: int
    repeated: bool = False


class Lanes:
    """One lock per aggregate and process, for as long as somebody wants it."""

    def __init__(self) -> None:
        self._locks: dict[UUID, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._users: dict[UUID, int] = defaultdict(int)

    @asynccontextmanager
    async def lane(self, key: UUID) -> AsyncIterator[None]:
        """Wait for the lane and hold it."""
        self._users[key] += 1
        try:
            async with self._locks[key]:
                yield
        finally:
            self._users[key] -= 1
            if not self._users[key]:
                del self._users[key], self._locks[key]


class Commands:
    """Runs use cases."""

    def __init__(self, database: Database, store: EventStore, appender: Appender) -> None:
        self._database = database
        self._store = store
        self._appender = appender
        self._lanes = Lanes()

    async def run(
        self,
        use_case: Callable[[C, UnitOfWork], Awaitable[R]],
        command: C,
        *,
        lane: UUID,
        returns: type[R],
        request_hash: bytes = UNKEYED,
    ) -> Handled[R]:
        """Run a use case under the occasion in force and write what it saved.

        lane: id of the aggregate it changes; of the command where it makes a new one.
        request_hash: SHA-256 of the request where the caller chose the command id, else empty: then the id is new and
        no earlier answer is looked for.
        Raises DomainError where the domain refuses, KeyReused for the same key with another request, Busy.
        """
        answer = TypeAdapter(returns)
        async with self._lanes.lane(lane):
            if request_hash and (before := await self._before(request_hash, answer)):
                return before
            try:
                return await self._decide(use_case, command, answer, request_hash)
            except DomainError:
                # The first try may have been recorded by another process in between; its answer stands.
                if request_hash and (before := await self._before(request_hash, answer)):
                    return before
                raise

    async def _decide(
        self,
        use_case: Callable[[C, UnitOfWork], Awaitable[R]],
        command: C,
        answer: TypeAdapter[R],
        request_hash: bytes,
    ) -> Handled[R]:
        for _ in range(ATTEMPTS):
            unit = UnitOfWork(self._store)
            try:
                result = await use_case(command, unit)
            except DomainError:
                unit.keep()
                raise
            record = CommandRecord(occasion().command_id, request_hash, answer.dump_python(result, mode="json"))
            try:
                with linked((), "append"):
                    committed = await self._appender.append(unit.as_append(record))
            except VersionConflict:
                continue
            if committed.repeated:
                return await self._before(request_hash, answer) or Handled(result, committed.position, repeated=True)
            unit.keep()
            return Handled(result, committed.position)
        raise Busy(1.0)

    async def _before(self, request_hash: bytes, answer: TypeAdapter[R]) -> Handled[R] | None:
        rows = await self._database.fetch(
            "SELECT request_hash, result, position FROM commands WHERE command_id = %s", (occasion().command_id,)
        )
        if not rows:
            return None
        if bytes(rows[0]["request_hash"]) != request_hash:
            raise KeyReused
        return Handled(answer.validate_python(rows[0]["result"]), rows[0]["position"], repeated=True)
