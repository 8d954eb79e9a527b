"""``interpares tail``: events as they happen."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from typing import Annotated

import typer

from interpares.common.envelope import Message, UnfitMessage
from interpares.console.contexts import Context, chosen
from interpares.console.failures import Refused
from interpares.console.output import AsJson, ContextName, console, print_json
from interpares.console.subscription import Gap, connected, follow

SERVICES = ("programme", "registration")


def tail(
    programme: Annotated[str | None, typer.Option(help="Only events of this programme (id).")] = None,
    event_type: Annotated[str | None, typer.Option("--type", help="Only types that contain this word.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Begin with what has happened already.")] = False,
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """Show events as they happen, straight from NATS, until Ctrl-C. One CloudEvent per line with --json."""
    wanted = event_type or ""

    async def run(found: Context) -> None:
        await asyncio.gather(
            *(_follow(found, each, programme, wanted, everything=everything, as_json=as_json) for each in SERVICES)
        )

    try:
        asyncio.run(run(chosen(context)))
    except (Gap, UnfitMessage) as error:
        way_out = "The log of the service's worker tells more; interpares tail --all begins anew."
        raise Refused(title="The stream is not whole", detail=f"{error}.", way_out=way_out) from error


async def _follow(
    context: Context, service: str, programme: str | None, wanted: str, *, everything: bool, as_json: bool
) -> None:
    async with connected(context.nats_url) as connection:
        messages = follow(connection, service, programme=programme, from_now=not everything)
        async with aclosing(messages):
            async for message in messages:
                if wanted in message.headers.get("ce-type", ""):
                    _print(message, as_json=as_json)


def _print(message: Message, *, as_json: bool) -> None:
    event = json.loads(message.body)
    if as_json:
        print_json(event)
        return
    data = ", ".join(f"{name}={value}" for name, value in event["data"].items() if isinstance(value, str | int))
    line = f"{event['time'][:19].replace('T', ' ')}  {message.position:>6}  {event['type']}  {data}"
    console().print(line, markup=False, no_wrap=True, overflow="ellipsis")
