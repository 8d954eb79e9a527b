"""``interpares desk``: what needs the office today."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.table import Table

from interpares.console import looking
from interpares.console.client import Json
from interpares.console.output import AsJson, ContextName, console, print_json


def desk(  # noqa: PLR0917 -- typer passes options by name
    programme: Annotated[str | None, typer.Option(help="Only this programme (id).")] = None,
    kind: Annotated[str | None, typer.Option(help="Only this kind: offer, application, check, agreement …")] = None,
    owner: Annotated[str | None, typer.Option(help="Only the tasks of this person, as owner or deputy (id).")] = None,
    days: Annotated[int | None, typer.Option(min=0, help="Only what is due within so many days, or was due.")] = None,
    incoming: Annotated[bool, typer.Option("--incoming", help="What came in instead, the latest first.")] = False,
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """List what waits in the programmes of the office, the most pressing first.

    With --json: one object per line.
    """
    before = None if days is None else (datetime.now(UTC) + timedelta(days=days)).isoformat()
    asked: dict[str, Any] = {"programme": programme, "kind": kind}
    asked |= {} if incoming else {"owner": owner, "due_before": before}

    async def run() -> None:
        async with looking.client(context) as client:
            found = client.items("programme", "/desk/incoming" if incoming else "/desk/items", **asked)
            if as_json:
                async for each in found:
                    print_json(each)
            else:
                console().print(await (_came_in if incoming else _waiting)(found))

    asyncio.run(run())


async def _waiting(items: AsyncIterator[Json]) -> Table:
    table = Table("due", "kind", "what", "waits for", "owner", "reminded", box=None, pad_edge=False)
    async for each in items:
        due = str(each["due"] or "")[:10] + (" overdue" if each["overdue"] else "")
        who = _named(each) if each["waits_for"] == "organisation" else "office"
        owner, reminded = str(each["owner"] or ""), str(each["reminded_at"] or "")[:10]
        table.add_row(due, each["kind"], _what(each), who, owner, reminded)
    return table


async def _came_in(items: AsyncIterator[Json]) -> Table:
    table = Table("at", "kind", "about", "outcome", "from", "by", box=None, pad_edge=False)
    async for each in items:
        when = str(each["at"])[:19].replace("T", " ")
        table.add_row(when, each["kind"], each["subject"], each["outcome"], _named(each), each["channel"])
    return table


def _what(each: Json) -> str:
    """Return what waits: the deadline and the meeting it is about by their names, anything else by its item."""
    label, meeting = (texts.get("en") or next(iter(texts.values()), "") for texts in (each["label"], each["meeting"]))
    return ": ".join(filter(None, (meeting, label))) or str(each["item"])


def _named(each: Json) -> str:
    return str(next(iter(each["names"].values()), each["organisation_id"] or ""))
