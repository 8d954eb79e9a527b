"""Reading the event store: typed events out of stored ones, aggregates out of events.

Tables are those of the eventsourcing library, with one column more: the leaf hash. Writing is ``append``'s part.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from eventsourcing.persistence import JSONTranscoder, Mapper, MapperDeserialisationError, StoredEvent
from eventsourcing.utils import TopicError, get_topic, resolve_topic
from pydantic import TypeAdapter

from interpares.common.aggregate import Aggregate, Snapshot, snapshot_class
from interpares.common.canonical import canonical_json
from interpares.common.errors import LaterRelease

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from interpares.common.database import Database

A = TypeVar("A", bound=Aggregate)

SNAPSHOT_EVERY = 50
CACHED_AGGREGATES = 500


VERSIONED = b'"class_version":'
_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def _adapter(event_class: type) -> TypeAdapter[Any]:
    if event_class not in _ADAPTERS:
        _ADAPTERS[event_class] = TypeAdapter(event_class)
    return _ADAPTERS[event_class]


def _event_class(topic: str) -> Any:
    try:
        return resolve_topic(topic)
    except TopicError as error:
        raise LaterRelease(topic) from error


class TypedMapper(Mapper["UUID"]):
    """Stores an event as canonical JSON of its fields and reads it back by their annotations, upcasting on the way."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """Return the stored form; its state is canonical JSON, so equal events have equal bytes."""
        event_class = type(domain_event)
        state = self.values(domain_event)
        class_version = getattr(event_class, "class_version", 1)
        if class_version > 1:
            state["class_version"] = class_version
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=get_topic(event_class),
            state=canonical_json(state),
        )

    @staticmethod
    def values(domain_event: Any) -> dict[str, Any]:
        """Return the fields of an event as JSON values, without those that say where it is stored."""
        values: dict[str, Any] = _adapter(type(domain_event)).dump_python(domain_event, mode="json")
        del values["originator_id"], values["originator_version"]
        return values

    @staticmethod
    def json(domain_event: Any) -> str:
        """Return all fields of an event as JSON; not its canonical form, so for views and not for the store."""
        return _adapter(type(domain_event)).dump_json(domain_event).decode()

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """Return the typed event, without fields that a later release added.

        Raises LaterRelease for a kind of event, or a version of it, that only a later release knows: nobody may pass
        over it. Raises MapperDeserialisationError if the state does not fit any known version.
        """
        event_class = _event_class(stored_event.topic)
        known = getattr(event_class, "class_version", 1)
        try:
            # Of its first version, as of nearly all: a later one says so in its state.
            if known == 1 and VERSIONED not in stored_event.state:
                return _adapter(event_class).validate_json(_placed(stored_event), strict=False)
            state = json.loads(stored_event.state)
            version = state.pop("class_version", 1)
            if version > known:
                what = f"{stored_event.topic} version {version}"
                raise LaterRelease(what)
            while version < known:
                getattr(event_class, f"upcast_v{version}_v{version + 1}")(state)
                version += 1
            state["originator_id"] = stored_event.originator_id
            state["originator_version"] = stored_event.originator_version
            return _adapter(event_class).validate_python(state, strict=False)
        except (ValueError, KeyError) as error:
            message = (
                f"event {stored_event.originator_id} version {stored_event.originator_version} "
                f"of topic {stored_event.topic} does not fit its class"
            )
            raise MapperDeserialisationError(message) from error


def _placed(stored_event: StoredEvent) -> bytes:
    """Return the state as JSON with the fields that say where it is stored."""
    place = f'{{"originator_id":"{stored_event.originator_id}","originator_version":{stored_event.originator_version},'
    return place.encode() + stored_event.state.removeprefix(b"{")


MAPPER = TypedMapper()


@dataclass(frozen=True)
class Recorded:
    """A stored event with its place in the store: positions rise, with gaps after rollbacks."""

    position: int
    event: Any


class EventStore:
    """Loads aggregates and reads the log in order."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cache: OrderedDict[UUID, Aggregate] = OrderedDict()

    async def load(self, aggregate_class: type[A], aggregate_id: UUID) -> A | None:
        """Return the aggregate as the store knows it now, or None if there is none of that class.

        Only the holder of the aggregate's lane may load it to change it: it may be the cached one.
        """
        aggregate = self._cache.pop(aggregate_id, None) or await self._from_snapshot(aggregate_class, aggregate_id)
        for stored in await self._events_after(aggregate_id, aggregate.version if aggregate else 0):
            aggregate = MAPPER.to_domain_event(stored).mutate(aggregate)
        return aggregate if isinstance(aggregate, aggregate_class) else None

    def keep(self, aggregate: Aggregate) -> None:
        """Remember a saved aggregate, so that the next load reads only what came after."""
        self._cache[aggregate.id] = aggregate
        self._cache.move_to_end(aggregate.id)
        if len(self._cache) > CACHED_AGGREGATES:
            self._cache.popitem(last=False)

    async def _from_snapshot(self, aggregate_class: type[Aggregate], aggregate_id: UUID) -> Aggregate | None:
        taken_by = snapshot_class(aggregate_class)
        if taken_by is None:
            return None
        rows = await self._database.fetch(
            "SELECT originator_version, topic, state FROM snapshots"
            " WHERE originator_id = %s AND topic = %s ORDER BY originator_version DESC LIMIT 1",
            (aggregate_id, taken_by.TOPIC),
        )
        if not rows or not _fits(json.loads(bytes(rows[0]["state"])), taken_by):
            return None
        row = rows[0]
        stored = StoredEvent(aggregate_id, row["originator_version"], row["topic"], bytes(row["state"]))
        return cast("Aggregate", MAPPER.to_domain_event(stored).mutate(None))

    async def _events_after(self, aggregate_id: UUID, version: int) -> Sequence[StoredEvent]:
        rows = await self._database.fetch(
            "SELECT originator_version, topic, state FROM stored_events"
            " WHERE originator_id = %s AND originator_version > %s ORDER BY originator_version",
            (aggregate_id, version),
        )
        return [StoredEvent(aggregate_id, row["originator_version"], row["topic"], bytes(row["state"])) for row in rows]

    async def read(self, after: int, limit: int) -> list[Recorded]:
        """Return up to ``limit`` events behind a position, in the order of the store.

        The append's table lock makes positions rise in commit order, so nothing appears later behind what was read.
        """
        rows = await self._database.fetch(
            "SELECT notification_id, originator_id, originator_version, topic, state FROM stored_events"
            " WHERE notification_id > %s ORDER BY notification_id LIMIT %s",
            (after, limit),
        )
        return [recorded(row) for row in rows]

    async def head(self) -> int:
        """Return the position of the last event, 0 if there is none."""
        rows = await self._database.fetch("SELECT coalesce(max(notification_id), 0) AS head FROM stored_events")
        return int(rows[0]["head"])


def recorded(row: dict[str, Any]) -> Recorded:
    """Return the typed event of a row of ``stored_events``."""
    stored = StoredEvent(row["originator_id"], row["originator_version"], row["topic"], bytes(row["state"]))
    return Recorded(row["notification_id"], MAPPER.to_domain_event(stored))


def due_snapshot(aggregate: Aggregate, before: int) -> Snapshot | None:
    """Return a snapshot if the aggregate passed a multiple of SNAPSHOT_EVERY since version ``before``."""
    taken_by = snapshot_class(type(aggregate))
    if taken_by is None or before // SNAPSHOT_EVERY == aggregate.version // SNAPSHOT_EVERY:
        return None
    return taken_by.take(aggregate, shape_of(taken_by))


@cache
def shape_of(kind: type) -> str:
    """Return what tells the shape of a dataclass such as a snapshot: equal for equal names and types of fields."""
    return hashlib.sha256(canonical_json(_adapter(kind).json_schema(mode="serialization"))).hexdigest()[:16]


def _fits(stored: dict[str, Any], snapshots: type[Snapshot]) -> bool:
    return (stored["state_version"], stored.get("shape")) == (snapshots.STATE_VERSION, shape_of(snapshots))
