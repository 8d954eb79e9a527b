"""The golden files of the published language: one per contract version, its JSON Schema and one example.

A file that is there is a promise to whoever reads the events. What it says may be added to, by fields with a default;
anything else is a new version with a file of its own. The example stays what it was when the version was new, so it
shows that messages from then can still be read.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from interpares.common import contracts
from interpares.common.contracts.contract import Contract

Json = dict[str, Any]
# What a schema says to people; it may be put better at any time.
FOR_PEOPLE = frozenset({"title", "description"})
# An example value per type, and per format of a text.
VALUES: Json = {"integer": 7, "number": 1.5, "boolean": True, "null": None, "string": "text"}
FORMATS = {
    "uuid": "018f0000-0000-7000-8000-000000000002",
    "date-time": "2026-03-01T09:30:00Z",
    "date": "2026-03-01",
}


class Broken(Exception):
    """A contract version no longer keeps what its golden file promises."""


def published() -> list[type[Contract]]:
    """Return all contract versions, ordered by type."""
    for module in pkgutil.walk_packages(contracts.__path__, f"{contracts.__name__}."):
        importlib.import_module(module.name)
    return sorted(_versions(Contract), key=lambda each: each.TYPE)


def golden(contract: type[Contract], before: str | None) -> str:
    """Return what the golden file of a contract should hold. before: what it holds. Raises Broken."""
    schema = contract.model_json_schema()
    if before is None:
        example = _example(schema, schema.get("$defs", {}))
    else:
        promised = json.loads(before)
        example = promised["example"]
        for fault in _faults(promised["schema"], schema, contract.TYPE):
            raise Broken(fault)
    try:
        contract.model_validate_json(json.dumps(example))
    except ValidationError as error:
        message = f"{contract.TYPE}: the example of its first day cannot be read any more: {error}"
        raise Broken(message) from error
    return json.dumps({"schema": schema, "example": example}, indent=2, ensure_ascii=False) + "\n"


def path_of(contract: type[Contract], folder: Path) -> Path:
    """Return where the golden file of a contract is."""
    return folder / f"{contract.TYPE}.json"


def _versions(above: type[Contract]) -> Iterator[type[Contract]]:
    for each in above.__subclasses__():
        if "TYPE" in vars(each) and each.__module__.startswith(f"{contracts.__name__}."):
            yield each
        yield from _versions(each)


def _faults(promised: Any, now: Any, where: str) -> Iterator[str]:
    """Yield where a schema takes back what another one promised."""
    if isinstance(promised, dict) and isinstance(now, dict):
        if promised.get("required", []) != now.get("required", []):
            yield f"{where}: which fields there always are has changed; make it a new version"
        for name, value in promised.items():
            if name == "required" or (name in FOR_PEOPLE and isinstance(value, str)):
                continue
            if name not in now:
                yield f"{where}: {name} is gone; make it a new version"
            else:
                yield from _faults(value, now[name], f"{where}.{name}")
        if "properties" not in where.rpartition(".")[2] and "$defs" not in where.rpartition(".")[2]:
            for name in now.keys() - promised.keys() - FOR_PEOPLE:
                yield f"{where}: {name} is new; make it a new version"
    elif promised != now:
        yield f"{where}: was {json.dumps(promised)}, is {json.dumps(now)}; make it a new version"


def _example(schema: Json, definitions: Json) -> Any:  # noqa: PLR0911 -- one line per kind of schema
    """Return a value that fits a schema, with every field filled."""
    match schema:
        case {"$ref": str(reference)}:
            return _example(definitions[reference.rpartition("/")[2]], definitions)
        case {"const": value} | {"enum": [value, *_]}:
            return value
        case {"anyOf": [*options]}:
            return _example(next(each for each in options if each.get("type") != "null"), definitions)
        case {"type": "object", "properties": properties}:
            return {name: _example(each, definitions) for name, each in properties.items()}
        case {"type": "object", "additionalProperties": dict(value)}:
            return {"en": _example(value, definitions)}
        case {"type": "array", "items": dict(item)}:
            return [_example(item, definitions)]
        case {"type": "string", "format": format_}:
            return FORMATS[format_]
        case {"type": kind}:
            return VALUES[kind]
    message = f"no example for {schema}"
    raise TypeError(message)
