"""Handling a command: one lane per aggregate, decide, write, and answer the same to the same key.

Commands on one aggregate decide one after the other, each on what the one before decided, and wait for the disk
together: the lane is held while deciding, not while writing. What stands on a decision that is not written is not
written either.

A version conflict is never an answer: the aggregate is loaded and the decision taken again. What the caller sees is
the decision, a fact of the domain that stands against it, or Busy.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import random
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import TypeAdapter

from interpares.common.aggregate import Aggregate
from interpares.common.context import occasion
from interpares.common.errors import Busy, DomainError, KeyReused, NotFound
from interpares.common.eventstore import MAPPER, EventStore, due_snapshot
from interpares.common.telemetry import linked
from interpares.common.writes import Append, Appender, CommandRecord, Committed, Row, VersionConflict, stands

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
PAUSE_SECONDS = 0.01
_ADAPTERS: dict[type, TypeAdapter[Any]] = {}
UNKEYED = b""


@dataclass(frozen=True)
class Head:
    """An aggregate as the last command of a lane left it, and the answer that command waits for."""

    aggregate: Aggregate
    answer: asyncio.Future[Committed]


class UnitOfWork:
    """What a use case loads from and saves to; the runner writes what was saved, all of it or nothing."""

    def __init__(self, store: EventStore, head: Head | None = None) -> None:
        """``head``: what the commands before decided about an aggregate; it is loaded from nowhere else then."""
        self._store = store
        self._head = head
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
        head = self._head
        if head is not None and head.aggregate.id == aggregate_id:
            aggregate = head.aggregate if isinstance(head.aggregate, aggregate_class) else None
        else:
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

    def seal(self, *texts: SealedText) -> None:
        """Queue sealed texts that the service's own tables refer to, where no event does."""
        self._texts += texts

    def write(self, *rows: Row) -> None:
        """Queue statements on the service's own tables."""
        self._rows += rows

    @property
    def stands_on(self) -> asyncio.Future[Committed] | None:
        """The answer to the append this unit's decision rests on, None if it rests on what is written."""
        head = self._head
        return head.answer if head is not None and self.loaded(head.aggregate.id) else None

    def as_append(self, command: CommandRecord) -> Append:
        """Return all that was queued."""
        queued = (tuple(self._events), tuple(self._snapshots), tuple(self._texts), tuple(self._rows))
        return Append(command, *queued, after=self.stands_on)

    def loaded(self, aggregate_id: UUID) -> Aggregate | None:
        """Return an aggregate that was loaded or saved here."""
        return next((aggregate for aggregate in self._loaded if aggregate.id == aggregate_id), None)

    def clean(self, aggregate: Aggregate) -> bool:
        """Tell whether everything that happened to an aggregate is queued here."""
        return not aggregate.pending_events and self._versions.get(aggregate.id) == aggregate.version

    def unchanged(self, aggregate: Aggregate) -> bool:
        """Tell whether nothing happened to an aggregate here, queued or not."""
        return self.loaded(aggregate.id) is None or (not self._events and self.clean(aggregate))

    def keep(self, *, but: UUID | None = None) -> None:
        """Let the store keep the aggregates of which nothing is unsaved. but: one that is not to be kept."""
        for aggregate in self._loaded:
            if aggregate.id != but and self.clean(aggregate):
                self._store.keep(aggregate)


@dataclass(frozen=True)
class Handled(Generic[R]):
    """The answer to a command: what the use case returned, the position to wait for, and whether it is a repetition."""

    result: R
    position: int
    repeated: bool = False


class Lane:
    """Whose turn it is on an aggregate, and how the last one left it for as long as that is being written."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.users = 0
        self.head: Head | None = None


class Lanes:
    """One lane per aggregate and process, for as long as somebody wants it."""

    def __init__(self) -> None:
        self._lanes: dict[UUID, Lane] = defaultdict(Lane)

    @asynccontextmanager
    async def lane(self, key: UUID) -> AsyncIterator[Lane]:
        """Wait for the lane and hold it."""
        lane = self._lanes[key]
        lane.users += 1
        try:
            async with lane.lock:
                yield lane
        finally:
            lane.users -= 1
            self._leave(key, lane)

    def go_on(self, key: UUID, lane: Lane, unit: UnitOfWork, answer: asyncio.Future[Committed]) -> None:
        """Let who comes next decide on what the unit made of the aggregate, although it is still being written."""
        aggregate = unit.loaded(key)
        head = Head(aggregate, answer) if aggregate is not None and unit.clean(aggregate) else None
        lane.head = head or lane.head

        def written(_: asyncio.Future[Committed]) -> None:
            # While somebody decides on the aggregate, or has gone on from it, it is nobody else's.
            free = lane.head is head and not lane.lock.locked()
            if stands(answer):
                unit.keep(but=None if free else key)
            if free:
                lane.head = None
                self._leave(key, lane)

        answer.add_done_callback(written)

    def _leave(self, key: UUID, lane: Lane) -> None:
        if not lane.users and lane.head is None and self._lanes.get(key) is lane:
            del self._lanes[key]


@dataclass(frozen=True)
class _Decision(Generic[R]):
    """What a use case came to: what it returned, or its refusal.

    answer: to the append that has to succeed for it to stand; None for a refusal that rests on what is written.
    """

    result: R | DomainError
    answer: asyncio.Future[Committed] | None


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
        there is no earlier answer.
        Raises DomainError where the domain refuses, KeyReused for the same key with another request, Busy.
        """
        answers = _adapter(returns)
        for attempt in range(ATTEMPTS):
            await asyncio.sleep(attempt * random() * PAUSE_SECONDS)  # noqa: S311 -- so that rivals part
            async with self._lanes.lane(lane) as held:
                decision = await self._decide(use_case, command, lane, held, answers, request_hash)
            try:
                committed = await self._committed(decision)
            except VersionConflict:
                continue
            # A repetition is looked for only now: the command's id lets nothing be written twice.
            if isinstance(decision.result, DomainError):
                if request_hash and (before := await self._before(request_hash, answers)):
                    return before
                raise decision.result
            assert committed is not None  # noqa: S101 -- only refusals may rest on nothing
            if committed.repeated and (before := await self._before(request_hash, answers)):
                return before
            return Handled(decision.result, committed.position, committed.repeated)
        raise Busy(1.0)

    async def _decide(  # noqa: PLR0917 -- what was asked, and where
        self,
        use_case: Callable[[C, UnitOfWork], Awaitable[R]],
        command: C,
        key: UUID,
        lane: Lane,
        answers: TypeAdapter[R],
        request_hash: bytes,
    ) -> _Decision[R]:
        """Decide and queue the append; if that does not come about, who comes next loads anew."""
        head, lane.head = lane.head, None
        if head is not None and head.answer.done():
            # What was written while nobody looked is read on from: another process may have gone further.
            if stands(head.answer):
                self._store.keep(head.aggregate)
            head = None
        unit = UnitOfWork(self._store, head)
        try:
            result = await use_case(command, unit)
        except DomainError as refusal:
            if head is not None and unit.unchanged(head.aggregate) and not head.answer.done():
                lane.head = head
            if unit.stands_on is None or stands(unit.stands_on):
                unit.keep(but=key if lane.head else None)
            return _Decision(refusal, unit.stands_on)
        record = CommandRecord(occasion().command_id, request_hash, answers.dump_python(result, mode="json"))
        answer = self._appender.submit(unit.as_append(record))
        if head is not None and unit.stands_on is None:
            lane.head = head  # the use case was about something else
        self._lanes.go_on(key, lane, unit, answer)
        return _Decision(result, answer)

    async def _committed(self, decision: _Decision[R]) -> Committed | None:
        """Wait until it is clear whether a decision stands. Raises VersionConflict if it has to be taken again."""
        if decision.answer is None:
            return None
        try:
            with linked((), "append"):
                # Others wait for the same answer: who gives up waiting must not take it from them.
                committed = await asyncio.shield(decision.answer)
        except Exception as error:
            if isinstance(decision.result, DomainError):
                raise VersionConflict from error
            raise
        if committed.repeated and isinstance(decision.result, DomainError):
            raise VersionConflict
        return committed

    async def _before(self, request_hash: bytes, answer: TypeAdapter[R]) -> Handled[R] | None:
        rows = await self._database.fetch(
            "SELECT request_hash, result, position FROM commands WHERE command_id = %s", (occasion().command_id,)
        )
        if not rows:
            return None
        if bytes(rows[0]["request_hash"]) != request_hash:
            raise KeyReused
        return Handled(answer.validate_python(rows[0]["result"]), rows[0]["position"], repeated=True)


def _adapter(answer: type[R]) -> TypeAdapter[R]:
    if answer not in _ADAPTERS:
        _ADAPTERS[answer] = TypeAdapter(answer)
    return _ADAPTERS[answer]
