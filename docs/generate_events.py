# ruff: noqa: INP001 -- a script, not a package
"""Writes docs/events.md: every event, what is stored of it, as what it is published, and who listens.

With ``--check`` it writes nothing and ends with 1 if the file is behind. It stands outside the services, because it is
the one place that may look into all of them.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_type_hints
from uuid import UUID

from interpares.common.aggregate import Aggregate
from interpares.common.eventstore import Recorded
from interpares.common.testing.golden import event_classes, example_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interpares.common.service import Service

SERVICES = ("programme", "registration")
FILE = Path(__file__).with_name("events.md")
# What every event has is told once.
COMMON = frozenset({"originator_id", "originator_version", "originator_topic", "timestamp", "metadata"})
ORIGINATOR = UUID("018f0000-0000-7000-8000-000000000001")
HEAD = """\
# Events

Made by `make golden` from the code; do not edit.

Stored events are private to their service. Each has, besides its own fields, the id and version of its aggregate, the
instant it was recorded, and metadata: actor (opaque id), command, correlation, causation, trace context. Its id is a
version 5 UUID of aggregate and version. What is published leaves on the stream of its service as a CloudEvent; a dash
means that it stays inside.

One event is the same in every service: `common.erasure.confirmed.v1` (`person_id`, `actor`) says that the sealed texts
of and about a person were emptied there. It is published as `privacy.texts-erased.v1` in answer to
`registration.person-erased.v1`; registration notes who has answered.
"""


def text() -> str:
    """Return the whole file."""
    services = {name: service(name) for name in SERVICES}
    parts = [HEAD]
    for name, each in services.items():
        others = [other for other in services.values() if other is not each]
        rows = [row(event, published(each, event), others) for event in stored(name)]
        parts += [
            f"## {name}\n",
            "| stored event | stored fields | published as | consumers |\n|---|---|---|---|",
            *rows,
            "\nValues in these events:\n",
            "| value | fields |\n|---|---|",
            *(f"| {value.__name__} | {described(value)} |" for value in values(stored(name))),
            "",
        ]
    return "\n".join(parts)


def service(name: str) -> Service:
    """Return how a service describes itself, with all of its domain loaded."""
    domain = importlib.import_module(f"interpares.{name}.domain")
    for module in pkgutil.walk_packages(domain.__path__, f"{domain.__name__}."):
        importlib.import_module(module.name)
    found: Service = importlib.import_module(f"interpares.{name}.main").SERVICE
    return found


def stored(name: str) -> list[Any]:
    """Return the event classes of a service, ordered by topic."""
    own = {each for each in event_classes(Aggregate.Event) if each.__module__.startswith(f"interpares.{name}.")}
    return sorted(own, key=lambda each: str(vars(each)["TOPIC"]))


def published(owner: Service, event: Any) -> str:
    """Return the type an event is published as, empty where it stays inside."""
    module = importlib.import_module(f"interpares.{owner.name}.entrypoints.publications")
    table = getattr(module, "PUBLISHED", None)
    if table is not None:
        entry = table.get(event)
        return str(entry[0].TYPE) if entry else ""
    example = example_of(event, originator_id=ORIGINATOR, originator_version=1)
    publication = owner.publish(Recorded(1, example))
    return publication.contract.TYPE if publication else ""


def row(event: Any, leaves_as: str, others: list[Service]) -> str:
    """Return one line of the table."""
    consumers = ", ".join(sorted(set(listeners(leaves_as, others)))) or "–"
    return f"| `{event.TOPIC}` | {described(event)} | {f'`{leaves_as}`' if leaves_as else '–'} | {consumers} |"


def listeners(leaves_as: str, others: list[Service]) -> Iterator[str]:
    """Yield the services that handle a published type."""
    for other in others:
        if any(leaves_as in handlers for handlers in other.subscriptions.values()):
            yield other.name


def described(kind: Any) -> str:
    """Return the fields of an event or a value with their types; of a code, what it can be."""
    if issubclass(kind, Enum):
        return ", ".join(f"`{each.value}`" for each in kind)
    return "<br>".join(f"`{name}`: {readable(hint)}" for name, hint in own(kind).items()) or "–"


def own(kind: Any) -> dict[str, Any]:
    """Return the types of a dataclass's own fields, by name."""
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind) if field.init and field.name not in COMMON]
    return {name: hints[name] for name in names}


def values(events: list[Any]) -> list[Any]:
    """Return the kinds of values in events, those within values included, ordered by name."""
    found: set[Any] = set()
    waiting = [hint for event in events for hint in own(event).values()]
    while waiting:
        kind = waiting.pop()
        waiting += get_args(kind)
        if isinstance(kind, type) and kind not in found and (is_dataclass(kind) or issubclass(kind, Enum)):
            found.add(kind)
            waiting += own(kind).values() if is_dataclass(kind) else ()
    return sorted(found, key=lambda kind: (str(kind.__name__), str(kind.__module__)))


def readable(kind: Any) -> str:
    """Return a type without the modules it is from: ``tuple[Key, ...]``."""
    name = getattr(kind, "__name__", "") if not hasattr(kind, "__args__") else ""
    return name or re.sub(r"\b(?:\w+\.)+(\w+)", r"\1", str(kind)).replace("NoneType", "None").replace("|", "or")


def main() -> int:
    """Write or check; return the exit code."""
    made = text()
    same = FILE.exists() and FILE.read_text(encoding="utf-8") == made
    if "--check" in sys.argv[1:]:
        if not same:
            sys.stdout.write(f"docs/{FILE.name} is not up to date\n")
        return 0 if same else 1
    if not same:
        FILE.write_text(made, encoding="utf-8")
        sys.stdout.write(f"docs/{FILE.name} written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
