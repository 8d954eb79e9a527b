"""``python deploy/helm/generate.py [--check]``: what is made from the chart's values.yaml, and what is copied into it.

README.md gets a table of all values with what their comments say, values.schema.json their types, files/ the alerts and
dashboards of deploy/observability. With ``--check`` nothing is written; it ends with 1 if something is behind.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "deploy" / "helm" / "interpares"
OBSERVED = ROOT / "deploy" / "observability"
PLACE = "<!-- values -->\n"
KEY = re.compile(r"^( *)([A-Za-z][A-Za-z0-9]*):")
SAID, SCHEMA = "# -- ", "# @schema "
TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


@dataclass
class Value:
    """One value. said: its comment. schema: what the comment adds to its type. default: as it stands there."""

    path: tuple[str, ...]
    default: Any
    said: str = ""
    schema: dict[str, Any] = field(default_factory=dict)


def read(text: str) -> dict[tuple[str, ...], Value]:
    """Return all values by their path, parents included. Raises SystemExit for a leaf without a comment."""
    defaults = yaml.safe_load(text)
    values: dict[tuple[str, ...], Value] = {}
    above: list[tuple[int, str]] = []
    said, schema = "", dict[str, Any]()
    closed: tuple[str, ...] | None = None
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.startswith(SAID):
            said = stripped.removeprefix(SAID)
        elif stripped.startswith(SCHEMA):
            schema = json.loads(stripped.removeprefix(SCHEMA))
        elif match := KEY.match(line):
            depth = len(match[1])
            above = [each for each in above if each[0] < depth]
            path = (*(name for _, name in above), match[2])
            above.append((depth, match[2]))
            # What stands below a value that is explained as a whole belongs to its default.
            if closed is not None and path[: len(closed)] == closed:
                continue
            default = defaults
            for name in path:
                default = default[name]
            values[path] = Value(path, default, said, schema)
            closed = path if said else None
            said, schema = "", {}
    silent = [
        ".".join(path) for path, value in values.items() if not value.said and not isinstance(value.default, dict)
    ]
    if silent:
        sys.exit(f"values.yaml: no comment above {', '.join(silent)}")
    return values


def schema_of(values: dict[tuple[str, ...], Value], path: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the JSON Schema of a value and everything below it; a key nobody knows is refused everywhere."""
    below = {each[-1]: schema_of(values, each) for each in values if each[:-1] == path}
    value = values.get(path)
    if below:
        return {"type": "object", "additionalProperties": False, "properties": below}
    assert value is not None  # noqa: S101 -- a path without values below it is a value
    if same := value.schema.get("$same"):
        return {**schema_of(values, (same,)), "description": value.said}
    schema: dict[str, Any] = {"description": value.said}
    if value.default is not None:
        schema["type"] = TYPES[type(value.default)]
    return {**schema, **value.schema}


def table(values: dict[tuple[str, ...], Value]) -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| value | default | meaning |\n|---|---|---|\n"
    for path, value in values.items():
        if value.said:
            default = json.dumps(value.default, ensure_ascii=False).replace("|", "\\|")
            choices = value.schema.get("enum")
            said = value.said + (f" One of {', '.join(f'`{each}`' for each in choices)}." if choices else "")
            yield f"| `{'.'.join(path)}` | `{default}` | {said.replace('|', chr(92) + '|')} |\n"


def wanted() -> Iterator[tuple[Path, str]]:
    """Yield the files there should be, with their text."""
    values = read((CHART / "values.yaml").read_text(encoding="utf-8"))
    told = (CHART / "README.md.in").read_text(encoding="utf-8")
    yield CHART / "README.md", told.replace(PLACE, "".join(table(values)))
    schema = {"$schema": "https://json-schema.org/draft-07/schema#", **schema_of(values)}
    yield CHART / "values.schema.json", json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    yield CHART / "files/rules.yaml", (OBSERVED / "prometheus/rules.yaml").read_text(encoding="utf-8")
    for dashboard in sorted((OBSERVED / "grafana/dashboards").glob("*.json")):
        yield CHART / "files/dashboards" / dashboard.name, dashboard.read_text(encoding="utf-8")


def main() -> None:
    """Write or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; end with 1 if something is behind")
    check = parser.parse_args().check
    behind = [(path, text) for path, text in wanted() if not path.exists() or path.read_text("utf-8") != text]
    for path, text in behind:
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(ROOT)} {'is not up to date' if check else 'written'}\n")
    if check and behind:
        sys.exit("Generated files are not up to date: run make golden")


if __name__ == "__main__":
    main()
