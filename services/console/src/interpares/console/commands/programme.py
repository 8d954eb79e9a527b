"""``interpares programme``: a programme as of any moment, and what changed between two."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

import typer
from rich.table import Table
from rich.text import Text

from interpares.console import looking
from interpares.console.client import Json
from interpares.console.failures import Usage
from interpares.console.output import AsJson, ContextName, console, print_json

app = typer.Typer(help="A programme as of any moment.", no_args_is_help=True)
Programme = Annotated[str | None, typer.Option(help="Id of the programme; the only one you can see if not given.")]
Time = Annotated[Literal["recorded", "effective"], typer.Option(help="Which time is meant.")]


@app.command("as-of")
def as_of(
    moment: Annotated[str, typer.Argument(help="Such as 2026-03-01T12:00:00Z.")],
    time: Time = "recorded",
    programme: Programme = None,
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """Show the state as of a moment: how much there was of everything; with --json all of it."""
    shown = asyncio.run(_read(context, programme, "state", {f"{time}_at": moment}))
    if as_json:
        print_json(shown)
        return
    table = Table("part", "then", box=None, pad_edge=False)
    for part, value in sorted(shown["state"].items()):
        table.add_row(part, Text(str(len(value)) if isinstance(value, dict | list) else str(value)))
    console().print(table)
    console().print(f"{shown['decisions']} decisions, the last of them {shown['last_decision']}")


@app.command("difference")
def difference(  # noqa: PLR0917 -- typer passes options by name
    since: Annotated[str, typer.Argument(help="The earlier moment, such as 2026-03-01T12:00:00Z.")],
    until: Annotated[str, typer.Argument(help="The later moment.")],
    time: Time = "recorded",
    programme: Programme = None,
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """Show what changed from one moment to another, and by which decisions."""
    shown = asyncio.run(_read(context, programme, "differences", {"since": since, "until": until, "time": time}))
    if as_json:
        print_json(shown)
        return
    types = {each["id"]: f"{each['type']} {each['id']}" for each in shown["decisions"]}
    table = Table("what", "before", "after", "by", box=None, pad_edge=False)
    for each in shown["changes"]:
        by = ", ".join(types.get(decision, decision) for decision in each["decisions"])
        table.add_row(*(Text(str(value)) for value in (each["path"], each["before"], each["after"], by)))
    console().print(table)


async def _read(context: str | None, programme: str | None, path: str, asked: dict[str, Any]) -> Json:
    async with looking.client(context) as client:
        found = await looking.programmes(client, programme)
        if len(found) > 1:
            raise Usage(
                title="Which programme?",
                detail=f"This context can see {len(found)} programmes.",
                way_out="Name one with --programme.",
            )
        return await client.get("programme", f"/programmes/{found[0]}/{path}", **asked)
