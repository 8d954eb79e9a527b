"""``interpares streams``: the event streams, which can always be made again from the stores."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from interpares.console.failures import Refused
from interpares.console.operating import OneService, Yes
from interpares.console.output import AsJson, ContextName, console, print_json

app = typer.Typer(no_args_is_help=True, help="The event streams: comparing them with the stores, making them again.")


@app.command()
def verify(
    service: OneService,
    after: Annotated[int, typer.Option(help="Begin behind this position, up to which an earlier run came.")] = 0,
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """Compare every message of a service's stream with its event store: continuity, digests, contents.

    Names every position that differs, the first one first. Exit code 1 if any does.
    """
    from interpares.console import verifying  # noqa: PLC0415 -- much to load

    verdict = asyncio.run(verifying.verify(context, service, after, as_json=as_json))
    first = verdict["first"]
    if as_json:
        print_json(verdict)
    elif first is None:
        console().print(f"{verdict['stream']}: {verdict['compared']:,} messages, all as the store has them")
    if first is not None:
        detail = f"First at {first['position']}: {first['kind']}, {first['fact']}. {verdict['differences']} in all."
        way_out = f"Consumers heal over the feed; interpares streams rebuild {service.value} makes the stream whole."
        raise Refused(title="The stream differs from the store", detail=detail, way_out=way_out)


@app.command()
def rebuild(
    service: OneService,
    watch: Annotated[bool, typer.Option("--watch", help="Delete nothing, watch a rebuild that is under way.")] = False,
    yes: Yes = False,
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """Delete a service's stream, to be made again from the store; show how far it is until it holds everything.

    Consumers go on from the position they recorded themselves and miss nothing. The relay does the work: interrupting
    this ends the watching only, --watch takes it up again.
    """
    from interpares.console import restreaming  # noqa: PLC0415 -- much to load

    state = asyncio.run(restreaming.rebuild(context, service, watch=watch, yes=yes, as_json=as_json))
    if as_json:
        print_json(state)
    else:
        console().print(f"{state['stream']} is whole: {state['messages']:,} messages up to {state['last_position']}")
