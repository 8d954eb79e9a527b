"""``interpares tail``: events as they happen."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from interpares.console.contexts import chosen
from interpares.console.failures import Refused
from interpares.console.output import AsJson, ContextName


def tail(
    programme: Annotated[str | None, typer.Option(help="Only events of this programme (id).")] = None,
    event_type: Annotated[str | None, typer.Option("--type", help="Only types that contain this word.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Begin with what has happened already.")] = False,
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """Show events as they happen, straight from NATS, until Ctrl-C. One CloudEvent per line with --json."""
    found = chosen(context)
    if not found.nats_url:
        raise Refused(
            title="No streams",
            detail=f"The context {found.name} may not read the event streams.",
            way_out="Choose another, such as office or auditor.",
        )
    from interpares.console import tailing  # noqa: PLC0415 -- much to load

    asyncio.run(tailing.tail(found, programme, event_type or "", everything=everything, as_json=as_json))
