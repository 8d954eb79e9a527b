"""``interpares desk``: what needs the office today."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

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
    found = [each async for each in items]
    several = _several(found)
    heads = ("due", "kind", "what", *several, "waits for", "owner", "deputy", "reminded")
    table = Table(*heads, box=None, pad_edge=False)
    for each in found:
        due = str(each["due"] or "")[:10] + (" overdue" if each["overdue"] else "")
        who = _named(each) if each["waits_for"] == "organisation" else "office"
        owner, deputy, reminded = (str(each[name] or "") for name in ("owner", "deputy", "reminded_at"))
        where = [looking.told(each["title"]) for _ in several]
        _add(table, due, each["kind"], _what(each), *where, who, owner, deputy, reminded[:10])
    return table


async def _came_in(items: AsyncIterator[Json]) -> Table:
    found = [each async for each in items]
    several = _several(found)
    table = Table("at", "kind", "about", *several, "outcome", "from", "by", box=None, pad_edge=False)
    for each in found:
        when = str(each["at"])[:19].replace("T", " ")
        meeting = looking.told(each["meeting"])
        about = f"meeting: {meeting}" if meeting else each["subject"]
        where = [looking.told(each["title"]) for _ in several]
        _add(table, when, each["kind"], about, *where, each["outcome"], _named(each), each["channel"])
    return table


def _add(table: Table, *cells: str) -> None:
    """Add a row of texts, whatever people typed: a title may look like markup."""
    table.add_row(*map(Text, cells))


def _several(found: list[Json]) -> tuple[str, ...]:
    """Return the heading that tells of which programme a thing is, where it is not of one and the same."""
    return ("programme",) if len({each["programme_id"] for each in found}) > 1 else ()


def _what(each: Json) -> str:
    """Return what waits: the deadline and the meeting it is about by their names, anything else by its item."""
    label, meeting = looking.told(each["label"]), looking.told(each["meeting"])
    return ": ".join(filter(None, (meeting, label))) or str(each["item"])


def _named(each: Json) -> str:
    return looking.told(each["names"]) or str(each["organisation_id"] or "")
