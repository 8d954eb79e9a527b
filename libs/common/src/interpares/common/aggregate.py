"""The aggregate every service builds on: explicit topics, metadata on each event, an own snapshot.

A subclass declares ``TOPIC``, a nested ``Created`` event, and a dataclass ``State`` that holds what its guards need.
Guards stand in the command methods; ``apply`` never refuses, so history always loads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 -- events are read by their annotations
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast
from uuid import UUID, uuid5

from eventsourcing import domain
from eventsourcing.utils import register_topic

from interpares.common.context import occasion

if TYPE_CHECKING:
    from eventsourcing.domain import CanInitAggregate, CanMutateAggregate


@dataclass(frozen=True)
class Metadata:
    """What every stored event says about its making; the fields of ``Occasion`` but for the time."""

    actor: UUID
    command_id: UUID
    correlation_id: UUID
    causation_id: UUID | None
    traceparent: str
    tracestate: str


def event_id(originator_id: UUID, originator_version: int) -> UUID:
    """Return the id of an event: it follows from the aggregate and its version, so it never differs between copies."""
    return uuid5(originator_id, str(originator_version))


def _stamp(kwargs: dict[str, Any]) -> dict[str, Any]:
    current = occasion()
    metadata = Metadata(
        actor=current.actor,
        command_id=current.command_id,
        correlation_id=current.correlation_id,
        causation_id=current.causation_id,
        traceparent=current.traceparent,
        tracestate=current.tracestate,
    )
    return {"timestamp": current.now, "metadata": metadata, **kwargs}


class Aggregate(domain.Aggregate):
    """An event-sourced aggregate whose events carry metadata and whose guard state is one dataclass.

    ``state`` is declared for the type checker only: the library turns annotated aggregates into dataclasses.
    """

    if TYPE_CHECKING:
        state: Any

    class Event(domain.Aggregate.Event):
        """A stored event; subclasses add plain fields and a ``TOPIC``: ``programme.programme.duty-accepted.v1``."""

        metadata: Metadata

        def __init_subclass__(cls) -> None:
            """Register the topic, so that events may live in modules of their own."""
            super().__init_subclass__()
            if "TOPIC" in cls.__dict__:
                register_topic(cls.__dict__["TOPIC"], cls)

        @property
        def event_id(self) -> UUID:
            """The id of this event, a version 5 UUID of aggregate and version."""
            return event_id(self.originator_id, self.originator_version)

    class Created(Event, domain.Aggregate.Created):
        """The birth event."""

    @classmethod
    def _create(cls, event_class: type[CanInitAggregate[UUID]], *, id: UUID | None = None, **kwargs: Any) -> Self:  # noqa: A002 -- the library's name
        return super()._create(event_class, id=id, **_stamp(kwargs))

    def trigger_event(self, event_class: type[CanMutateAggregate[UUID]], **kwargs: Any) -> None:
        """Make the next event under the occasion in force and apply it."""
        super().trigger_event(event_class, **_stamp(kwargs))


@dataclass(frozen=True)
class Snapshot(domain.CanSnapshotAggregate[UUID], domain.DomainEvent):
    """The guard state at a version. A subclass narrows ``state`` to its aggregate's dataclass and sets a ``TOPIC``.

    A snapshot is a cache: one that holds another shape of state is passed over and the events are read instead. So
    releases that run side by side never take up what the other left out.

    shape: follows from the fields of the state and their types. state_version: to be raised by hand where the same
    shape comes to mean something else.
    """

    TOPIC: ClassVar[str]
    AGGREGATE: ClassVar[type[Aggregate]]
    STATE_VERSION: ClassVar[int] = 1

    created_on: datetime
    state_version: int
    shape: str = field(default="", kw_only=True)
    state: Any

    def __init_subclass__(cls) -> None:
        """Register topic and aggregate, so that the store finds the snapshot class of an aggregate."""
        super().__init_subclass__()
        register_topic(cls.TOPIC, cls)
        _SNAPSHOT_CLASSES[cls.AGGREGATE] = cls

    @classmethod
    def take(cls, aggregate: Any, shape: str = "") -> Self:
        """Return a snapshot of the aggregate as it stands; serialise it before the aggregate changes again."""
        return cls(
            originator_id=aggregate.id,
            originator_version=aggregate.version,
            timestamp=aggregate.modified_on,
            created_on=aggregate.created_on,
            state_version=cls.STATE_VERSION,
            shape=shape,
            state=aggregate.state,
        )

    def mutate(self, _: None) -> domain.BaseAggregate[UUID]:
        """Return the aggregate this snapshot was taken of."""
        aggregate = object.__new__(self.AGGREGATE)
        aggregate.__base_init__(self.originator_id, self.originator_version, self.created_on)
        aggregate.modified_on = self.timestamp
        aggregate.state = self.state
        return cast("domain.BaseAggregate[UUID]", aggregate)


_SNAPSHOT_CLASSES: dict[type[Aggregate], type[Snapshot]] = {}


def snapshot_class(aggregate_class: type[Aggregate]) -> type[Snapshot] | None:
    """Return the snapshot class declared for an aggregate class, None if it takes none."""
    return _SNAPSHOT_CLASSES.get(aggregate_class)
