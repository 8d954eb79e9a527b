"""``interpares parked``: messages a service could not handle."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import typer
from rich.table import Table

from interpares.console import looking
from interpares.console.client import Client, Json
from interpares.console.failures import Refused, Usage
from interpares.console.operating import (
    AnyService,
    FeedName,
    MessagePosition,
    OneService,
    ServiceName,
    Yes,
    confirm,
    meant,
)
from interpares.console.output import AsJson, ContextName, console, print_json
from interpares.console.progress import working

app = typer.Typer(no_args_is_help=True, help="Messages a service could not handle, and those that wait behind them.")
PATH = "/operations/parked"


@app.command("list")
def list_parked(
    service: AnyService = None,
    discarded: Annotated[bool, typer.Option("--discarded", help="Those that were given up, and why.")] = False,
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """List the first parked message of each aggregate, with its cause and how many wait behind it."""

    async def ask() -> list[Json]:
        path = "/operations/discarded" if discarded else PATH
        async with looking.client(context) as client:
            return [{"service": each.value, **row} for each in meant(service) async for row in client.items(each, path)]

    rows = asyncio.run(ask())
    if as_json:
        for row in rows:
            print_json(row)
        return
    last = ("discarded_at", "reason_code", "reason") if discarded else ("waiting", "parked_at")
    columns = ("service", "feed", "position", "aggregate", "type", "cause", *last)
    table = Table(*(column.replace("_", " ") for column in columns), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(_cell(row[column]) for column in columns))
    console().print(table if rows else "Nothing.")


@app.command()
def show(
    service: OneService,
    feed: FeedName,
    position: MessagePosition,
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """Show a parked message whole: why it is parked, its headers, its event."""

    async def ask() -> Json:
        async with looking.client(context) as client:
            return await client.get(service, f"{PATH}/{feed}/{position}")

    message = asyncio.run(ask())
    if as_json:
        print_json(message)
        return
    out = console()
    for name in ("feed", "position", "aggregate", "type", "cause", "parked_at", "waiting"):
        out.print(f"{name.replace('_', ' '):10} {message[name]}", markup=False)
    for name, value in message["headers"].items():
        out.print(f"  {name}: {value}", markup=False)
    out.print_json(data=message["event"])


@app.command()
def retry(
    service: AnyService = None,
    feed: Annotated[str | None, typer.Argument(help="The service that sent the messages; all if not given.")] = None,
    position: Annotated[
        int | None, typer.Argument(help="The message to begin with; all of the feed if not given.")
    ] = None,
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """Handle parked messages again, in order, each with those that wait behind it.

    Exit code 1 if one failed again. What is interrupted goes on when called again.
    """

    async def go() -> list[Json]:
        async with looking.client(context) as client:
            found = [
                {"service": each.value, **row} for each in meant(service) async for row in client.items(each, PATH)
            ]
            heads = [row for row in found if feed in {None, row["feed"]}]
            if position is not None:
                if service is None or feed is None:
                    raise Usage(title="Which message?", detail="A position needs its service and its feed.")
                waiting = next((row["waiting"] for row in heads if row["position"] == position), 0)
                heads = [{"service": service.value, "feed": feed, "position": position, "waiting": waiting}]
            return await _retried(client, heads, as_json=as_json)

    _tell(asyncio.run(go()), as_json=as_json)


@app.command()
def discard(  # noqa: PLR0917 -- typer passes options by name
    service: OneService,
    feed: FeedName,
    position: MessagePosition,
    reason_code: Annotated[str, typer.Option(help="Why, in one plain word or a few joined by hyphens.")],
    reason: Annotated[str, typer.Option(help="Why, in your own words.")],
    yes: Yes = False,
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """Give a parked message up, for good; then handle those that wait behind it.

    The message is kept with your reason: interpares parked list --discarded.
    """
    confirm(f"Give up the message {feed} {position} in {service}? It will never have its effect.", yes=yes)

    async def go() -> list[Json]:
        async with looking.client(context) as client:
            body = {"reason_code": reason_code, "reason": reason}
            outcome = await client.post(service, f"{PATH}/{feed}/{position}/discard", body)
            head = {"service": service.value, "feed": feed, "position": outcome["next"], "waiting": outcome["left"]}
            go_on = outcome["left"] and not outcome["cause"]
            rest = await _retried(client, [head], as_json=as_json) if go_on else []
            return [{"service": service.value, "feed": feed, "position": position, **outcome}, *rest]

    _tell(asyncio.run(go()), as_json=as_json)


async def _retried(client: Client, heads: list[Json], *, as_json: bool) -> list[Json]:
    """Retry from each head until all it holds up is handled, or one fails again; return what came of each."""
    total, outcomes, handled = sum(1 + head["waiting"] for head in heads), [], 0
    with working("retrying", as_json=as_json) as work:
        for head in heads:
            position, of_head = head["position"], 0
            while True:
                path = f"{PATH}/{head['feed']}/{position}/retry"
                outcome = await client.post(ServiceName(head["service"]), path, {})
                of_head += outcome["handled"]
                handled += outcome["handled"]
                work.reach(handled, max(total, handled), counted=outcome["handled"])
                if outcome["cause"] or not outcome["left"]:
                    break
                position = outcome["next"]
            outcomes.append(
                {**{name: head[name] for name in ("service", "feed", "position")}, **outcome, "handled": of_head}
            )
    return outcomes


def _tell(outcomes: list[Json], *, as_json: bool) -> None:
    for each in outcomes:
        if as_json:
            print_json(each)
            continue
        text = f"{each['service']}, {each['feed']} {each['position']}: {each['handled']} handled"
        text += f", {each['left']} left: {each['next']} failed again, {each['cause']}" if each["left"] else ""
        console().print(text, markup=False)
    failed = [each for each in outcomes if each["cause"]]
    if failed:
        raise Refused(
            title="Failed again",
            detail=f"{len(failed)} of {len(outcomes)} could not be handled.",
            way_out="interpares parked show tells what a message holds; a release that handles it helps, or discard.",
        )
    if not outcomes and not as_json:
        console().print("Nothing is parked.")


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
