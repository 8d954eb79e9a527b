"""The golden corpus: the bytes of every event version ever released, kept as files that nobody may change.

A new event gets its file from ``make golden``, which adds and never overwrites. A test that finds a file changed, or
an event whose bytes differ from its file, has found a change to history.
"""

from __future__ import annotations

import dataclasses
import json
import os
import types
import typing
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from interpares.common.canonical import leaf_hash
from interpares.common.eventstore import MAPPER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADD = "INTERPARES_GOLDEN_ADD"
ORIGINATOR = UUID("018f0000-0000-7000-8000-000000000001")
PLAIN: dict[Any, Any] = {
    str: "text",
    int: 7,
    bool: True,
    UUID: UUID("018f0000-0000-7000-8000-000000000002"),
    datetime: datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
    date: date(2026, 3, 1),
    Decimal: Decimal("12.50"),
    Any: {"key": ["value"]},
}


def example(kind: Any) -> Any:
    """Return a value of a type, always the same, with every optional field filled."""
    if kind in PLAIN:
        return PLAIN[kind]
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return example(next(each for each in arguments if each is not type(None)))
    if origin is tuple:
        return (example(arguments[0]),)
    if origin is dict:
        return {example(arguments[0]): example(arguments[1])}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if dataclasses.is_dataclass(kind):
        return example_of(typing.cast("type", kind))
    message = f"no example for {kind}"
    raise TypeError(message)


def example_of(kind: type, **given: Any) -> Any:
    """Return an instance of a dataclass with example values, but for those given."""
    hints = typing.get_type_hints(kind)
    fields = [field.name for field in dataclasses.fields(kind) if field.init]
    return kind(**{name: given[name] if name in given else example(hints[name]) for name in fields})


def event_classes(base: type) -> Iterator[type]:
    """Yield every event class with a topic below a base class."""
    subclasses: list[type] = base.__subclasses__()
    for each in subclasses:
        if "TOPIC" in vars(each):
            yield each
        yield from event_classes(each)


def check_golden(folder: Path, event_class: Any) -> None:
    """Hold an event class against its files, and the files against themselves. Raises AssertionError.

    An event may grow: fields with defaults are added, and what it had keeps its bytes. Each form it has grown to has a
    file of its own below ``grown``; the newest form is that of the class.
    """
    topic = event_class.TOPIC
    grown = example_of(event_class, originator_id=ORIGINATOR, originator_version=1)
    path = folder / f"{topic}.json"
    if not path.exists():
        _add(path, grown)
    files = [path, *sorted((folder / "grown").glob(f"{topic}.*.json"))]
    whole = [_held_against(each) for each in files]
    if not any(whole):
        _add(folder / "grown" / f"{topic}.{len(files) + 1}.json", grown)


def _add(path: Path, event: Any) -> None:
    if os.environ.get(ADD) != "1":
        message = f"{path.name} is missing: run make golden"
        raise AssertionError(message)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document(MAPPER.to_stored_event(event)), indent=2) + "\n", encoding="utf-8")


def _held_against(path: Path) -> bool:
    """Hold a file against its class; return whether it has all that an event of the class has now."""
    golden = json.loads(path.read_text(encoding="utf-8"))
    stored = StoredEvent(ORIGINATOR, 1, golden["topic"], golden["state"].encode())
    again = MAPPER.to_stored_event(MAPPER.to_domain_event(stored))
    if document(stored) != golden or not _within(json.loads(stored.state), json.loads(again.state)):
        message = f"events of {golden['topic']} no longer have the bytes they were released with"
        raise AssertionError(message)
    return again == stored


def _within(before: Any, now: Any) -> bool:
    """Tell whether all that was there is there still, and unchanged; fields may have come."""
    if isinstance(before, dict) and isinstance(now, dict):
        return all(name in now and _within(value, now[name]) for name, value in before.items())
    if isinstance(before, list) and isinstance(now, list):
        return len(before) == len(now) and all(map(_within, before, now))
    return bool(before == now)


def document(stored: StoredEvent) -> dict[str, str]:
    """Return what a file says of an event."""
    state = stored.state
    return {
        "topic": stored.topic,
        "state": state.decode(),
        "leaf": leaf_hash(ORIGINATOR, 1, stored.topic, state).hex(),
    }
