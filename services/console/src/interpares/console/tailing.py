"""Printing events as they arrive."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing

from interpares.common.envelope import Message, UnfitMessage
from interpares.console.contexts import Context
from interpares.console.failures import Refused
from interpares.console.output import console, print_json
from interpares.console.subscription import Gap, connected, follow

SERVICES = ("programme", "registration")


async def tail(context: Context, programme: str | None, wanted: str, *, everything: bool, as_json: bool) -> None:
    """Print the events of all services for ever.

    programme: only of this one. wanted: only types that contain it. everything: begin with what is there already.
    Raises Unreachable; Refused where a stream is not whole.
    """
    try:
        await asyncio.gather(
            *(_follow(context, each, programme, wanted, everything=everything, as_json=as_json) for each in SERVICES)
        )
    except (Gap, UnfitMessage) as error:
        raise Refused(
            title="The stream is not whole",
            detail=f"{error}.",
            way_out="The log of the service's worker tells more; interpares tail --all begins anew.",
        ) from error


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
