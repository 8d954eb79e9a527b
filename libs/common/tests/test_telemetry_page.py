"""docs/telemetry.md and the code tell the same: metrics, spans, log events."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from interpares.common.telemetry import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "telemetry.md"
# What runs in a service: neither the console nor what only tests use.
SOURCES = [
    path for path in sorted(ROOT.glob("*/*/src/**/*.py")) if "testing" not in path.parts and "console" not in path.parts
]
ALWAYS_TOLD = {"warning", "error", "exception"}


def table(heading: str) -> list[list[str]]:
    """Return the rows of the table below a heading, without its head; code marks are left out."""
    section = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().replace("`", "") for cell in row] for row in rows[2:]]


def calls() -> Iterator[ast.Call]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield node


def test_there_are_sources_to_compare_with() -> None:
    assert {"relay.py", "subscriptions.py"} <= {path.name for path in SOURCES}


def test_metrics() -> None:
    documented = {row[0]: (row[1], row[2]) for row in table("Metrics")}
    collectors = {each for name, each in REGISTRY._names_to_collectors.items() if name.startswith("interpares_")}
    registered = {}
    for collector in collectors:
        kind = collector._type  # type: ignore[attr-defined]
        name = collector._name + ("_total" if kind == "counter" else "")  # type: ignore[attr-defined]
        registered[name] = (kind, ", ".join(collector._labelnames))  # type: ignore[attr-defined]
    assert documented == registered


@pytest.mark.parametrize("heading", ["Metrics", "Log events"])
def test_each_says_what_it_means(heading: str) -> None:
    for row in table(heading):
        assert all(row[1:2] + row[-2:-1]), row


def test_spans() -> None:
    kinds = {row[0]: row[1] for row in table("Spans")}
    found = {}
    for call in calls():
        if isinstance(call.func, ast.Name) and call.func.id in {"continued", "linked", "passed_on"}:
            name, kind = _span(call)
            found[name] = kind
    # The edge opens a span by the method and names it whole once the route is known.
    assert found.pop("method") == "server"
    renamed = [_text(call.args[0]) for call in calls() if _method(call) == "update_name"]
    assert renamed == ["{method} {route}"]
    assert {re.sub(r"\{.*type.*}", "{type}", name): kind for name, kind in found.items()} | {
        renamed[0]: "server"
    } == kinds


def test_attributes_of_spans() -> None:
    documented = {name for row in table("Spans") for name in row[3].split(", ") if name}
    set_later = {_text(call.args[0]) for call in calls() if _method(call) == "set_attribute"}
    given = {
        key.value
        for call in calls()
        if isinstance(call.func, ast.Name) and call.func.id in {"continued", "linked", "passed_on"}
        for keyword in call.keywords
        if isinstance(keyword.value, ast.Dict)
        for key in keyword.value.keys
        if isinstance(key, ast.Constant)
    }
    assert documented | {"error.type"} == set_later | given


def test_log_events() -> None:
    documented = {row[0]: row[1] for row in table("Log events")}
    logged: dict[str, str] = {}
    for call in calls():
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "log" and call.args:
            event = call.args[0]
            if isinstance(event, ast.Constant) and isinstance(event.value, str):
                logged[event.value] = call.func.attr
    needed = {event for event, level in logged.items() if level in ALWAYS_TOLD}
    assert needed - set(documented) == set()
    assert {event: logged.get(event, "").replace("exception", "error") for event in documented} == documented


def _method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _span(call: ast.Call) -> tuple[str, str]:
    """Return name and kind of a span from the call that opens it."""
    rest = [arg for arg in call.args if not isinstance(arg, ast.Starred)]
    kinds = [
        arg.attr.lower() for arg in rest if isinstance(arg, ast.Attribute) and ast.unparse(arg.value) == "SpanKind"
    ]
    names = [arg for arg in rest if isinstance(arg, ast.JoinedStr) or ast.unparse(arg) == "method"]
    names += [arg for arg in rest[-1:] if isinstance(arg, ast.Constant)]
    (name,) = names
    return _text(name), kinds[0] if kinds else "internal"


def _text(node: ast.expr) -> str:
    """Return a literal as it reads, with what is filled in between braces."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else f"{{{ast.unparse(part.value)}}}"
            for part in node.values
            if isinstance(part, ast.Constant | ast.FormattedValue)
        )
    return ast.unparse(node)
