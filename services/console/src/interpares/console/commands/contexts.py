"""``interpares contexts``: as whom one can act, and where."""

from __future__ import annotations

from rich.table import Table

from interpares.console.contexts import found
from interpares.console.output import AsJson, console, print_json


def contexts(as_json: AsJson = False) -> None:
    """List the contexts here and above: as whom you can act with --context NAME.

    A running demo writes one per person of its story. Their secrets stay in files only you can read.
    """
    stored = found()
    if as_json:
        print_json([{"run": each.run, "path": str(each.path), **_open(each.context.model_dump())} for each in stored])
        return
    if not stored:
        console().print("No contexts here or above. Start a demo: make demo")
        return
    table = Table("context", "role", "who", "run", box=None, pad_edge=False)
    for each in stored:
        table.add_row(each.context.name, each.context.role, each.context.title, each.run)
    console().print(table)


def _open(context: dict[str, str]) -> dict[str, str]:
    """Return what may be shown of a context."""
    return {name: value for name, value in context.items() if name not in {"client_secret", "nats_url"}}
