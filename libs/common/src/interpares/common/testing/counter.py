"""The smallest whole service, to test and measure the pipe with: a counter, its events, use cases, publication."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID, uuid4

from interpares.common.aggregate import Aggregate, Snapshot
from interpares.common.context import Occasion
from interpares.common.contracts.contract import Contract
from interpares.common.envelope import Publication
from interpares.common.errors import Conflict

if TYPE_CHECKING:
    from interpares.common.commands import UnitOfWork
    from interpares.common.eventstore import Recorded
    from interpares.common.sealed import SealedText

SERVICE = "counting"
LIMIT = 10_000_000


class CounterFull(Conflict):
    """The counter can go no further."""

    code = "counter-full"


@dataclass
class State:
    """Where the counter stands."""

    count: int = 0


class CounterEvent(Aggregate.Event):
    """An event of a counter."""


class CounterIncremented(CounterEvent):
    """The counter went up."""

    TOPIC = "counting.counter.incremented.v1"

    by: int

    def apply(self, aggregate: Counter) -> None:
        """Count."""
        aggregate.state.count += self.by


class Counter(Aggregate):
    """A number that goes up."""

    TOPIC = "counting.counter"
    Event = CounterEvent

    if TYPE_CHECKING:
        state: State

    class Created(CounterEvent, Aggregate.Created):
        """The counter stands at zero."""

        TOPIC = "counting.counter.created.v1"

        def apply(self, aggregate: Counter) -> None:
            """Begin."""
            aggregate.state = State()

    @classmethod
    def create(cls, counter_id: UUID) -> Counter:
        """Return a new counter."""
        return cls._create(cls.Created, id=counter_id)

    def increment(self, by: int = 1) -> None:
        """Count. Raises CounterFull."""
        if self.state.count + by > LIMIT:
            message = "The counter is full."
            raise CounterFull(message)
        self.trigger_event(CounterIncremented, by=by)


class CounterSnapshot(Snapshot):
    """Where a counter stands at a version."""

    TOPIC = "counting.counter.snapshot"
    AGGREGATE = Counter

    state: State


class Incremented(Contract):
    """The counter went up."""

    TYPE: ClassVar[str] = "counting.incremented.v1"

    counter_id: UUID
    by: int


class Created(Contract):
    """There is a counter."""

    TYPE: ClassVar[str] = "counting.created.v1"

    counter_id: UUID


def publish(recorded: Recorded) -> Publication | None:
    """Let increments out, keep births inside."""
    event = recorded.event
    if isinstance(event, CounterIncremented):
        return Publication(Incremented(counter_id=event.originator_id, by=event.by))
    return None


def publish_more(recorded: Recorded) -> Publication | None:
    """Let births out as well: the mapping of a later release."""
    if isinstance(recorded.event, Counter.Created):
        return Publication(Created(counter_id=recorded.event.originator_id))
    return publish(recorded)


@dataclass(frozen=True)
class CreateCounter:
    """Make a counter."""

    counter_id: UUID


@dataclass(frozen=True)
class Increment:
    """Count."""

    counter_id: UUID
    by: int = 1
    texts: tuple[SealedText, ...] = ()


@dataclass(frozen=True)
class Counted:
    """Where the counter stands now."""

    count: int


async def create_counter(command: CreateCounter, unit: UnitOfWork) -> Counted:
    """Make and save."""
    counter = Counter.create(command.counter_id)
    unit.save(counter)
    return Counted(counter.state.count)


async def increment(command: Increment, unit: UnitOfWork) -> Counted:
    """Load, count, save."""
    counter = await unit.load(Counter, command.counter_id)
    counter.increment(command.by)
    unit.save(counter, texts=command.texts)
    return Counted(counter.state.count)


def an_occasion(command_id: UUID | None = None, traceparent: str = "") -> Occasion:
    """Return an occasion with fresh ids."""
    return Occasion(uuid4(), command_id or uuid4(), uuid4(), None, datetime.now(UTC), traceparent)
