"""``interpares views``: the tables services answer from."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.table import Table

from interpares.console import looking
from interpares.console.client import Client, Json
from interpares.console.operating import AnyService, OneService, ServiceName, meant
from interpares.console.output import AsJson, ContextName, console, print_json
from interpares.console.progress import working

app = typer.Typer(no_args_is_help=True, help="The tables services answer from: how far they are, making them again.")
PATH = "/operations/views"


@app.command("list")
def list_views(service: AnyService = None, context: ContextName = None, as_json: AsJson = False) -> None:
    """List the views, how far each is, and how far a rebuild under way has come."""

    async def ask() -> list[Json]:
        async with looking.client(context) as client:
            return [{"service": each.value, **row} for each in meant(service) async for row in client.items(each, PATH)]

    rows = asyncio.run(ask())
    table = Table("service", "view", "position", "behind", "rebuilt to", box=None, pad_edge=False)
    for row in rows:
        if as_json:
            print_json(row)
        rebuilt_to = "" if row["rebuilt_to"] is None else str(row["rebuilt_to"])
        table.add_row(row["service"], row["view"], str(row["position"]), str(row["behind"]), rebuilt_to)
    if not as_json:
        console().print(table)


@app.command()
def rebuild(
    service: OneService,
    view: Annotated[str | None, typer.Argument(help="One view; all of the service if not given.")] = None,
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """Make views again from the events, beside the ones that are served, and put them in their place.

    Readers see the old view until the new one is whole. What is interrupted goes on when called again.
    """

    async def go() -> list[Json]:
        async with looking.client(context) as client:
            names = [view] if view else [str(row["view"]) async for row in client.items(service, PATH)]
            return [await _rebuilt(client, service, name, as_json=as_json) for name in names]

    for each in asyncio.run(go()):
        if as_json:
            print_json(each)
        else:
            console().print(
                f"{each['view']}: {each['events']:,} events, {each['rate']:,.0f}/s, up to {each['position']}"
            )


async def _rebuilt(client: Client, service: ServiceName, view: str, *, as_json: bool) -> Json:
    with working(view, as_json=as_json) as work:
        while True:
            step = await client.post(service, f"{PATH}/{view}/rebuild", {})
            work.reach(step["position"], step["head"], counted=step["events"])
            if step["done"]:
                facts = {"events": work.counted, "seconds": round(work.seconds, 2), "rate": round(work.rate, 1)}
                return {"service": service.value, "view": view, "position": step["position"], **facts}
