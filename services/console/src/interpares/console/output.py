"""How commands print: tables and sentences for people, JSON for programs when ``--json`` is given."""

from __future__ import annotations

import json
import os
import sys
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType

from interpares.console.failures import Failure

WIDE = 200
CONTEXT = "INTERPARES_CONTEXT"
_as_json = False


def choose_json(value: bool) -> bool:
    """Remember that JSON is wanted, before the command or behind it; errors are then JSON too."""
    global _as_json  # noqa: PLW0603 -- one command line is one process
    _as_json = _as_json or value
    return _as_json


def choose_context(value: str | None) -> str | None:
    """Let a context that is named before the command count for the command."""
    if value:
        os.environ[CONTEXT] = value
    return value


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.", callback=choose_json)]
ContextName = Annotated[
    str | None,
    typer.Option("--context", "-c", help="As whom and where: see interpares contexts.", envvar=CONTEXT),
]


def console() -> Console:
    """Return where to print for people; into a pipe or a file, lines stay whole."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)


def print_json(value: Any) -> None:
    """Print one JSON value on one line."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def show(picture: RenderableType, facts: Any, *, as_json: bool) -> None:
    """Print the picture, or the facts it was drawn from."""
    if as_json:
        print_json(facts)
    else:
        console().print(picture)


def complain(failure: Failure) -> None:
    """Print on stderr why a command did not succeed and what can be done."""
    if _as_json:
        sys.stderr.write(json.dumps(failure.as_json(), ensure_ascii=False) + "\n")
        return
    err = Console(stderr=True, highlight=False, soft_wrap=True)
    err.print(f"[bold red]{failure.title}[/bold red]")
    lines = [failure.detail]
    lines += [f"  {each.get('field', '')}: {each.get('message', '')}" for each in failure.facts.get("errors") or ()]
    lines += [f"→ {failure.way_out}"] if failure.way_out else []
    lines += [f"trace {failure.facts['trace_id']}"] if failure.facts.get("trace_id") else []
    for line in filter(None, lines):
        err.print(line, markup=False)
