"""``interpares explain``: why something was decided."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from interpares.console import looking
from interpares.console.client import Client, Json
from interpares.console.explanation import explained
from interpares.console.failures import Problem, Refused
from interpares.console.output import AsJson, ContextName, show

NOT_FOUND = 404


def explain(
    decision: Annotated[str, typer.Argument(help="Id of the decision, as interpares decisions shows it.")],
    programme: Annotated[
        str | None, typer.Option(help="Its programme; all you can see are tried if not given.")
    ] = None,
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """Explain one decision whole: who, why, by which rule, on what evidence, and what else was possible."""

    async def ask() -> Json:
        async with looking.client(context) as client:
            return await _found(client, decision, await looking.programmes(client, programme))

    whole = asyncio.run(ask())
    show(explained(whole), whole, as_json=as_json)


async def _found(client: Client, decision: str, programmes: list[str]) -> Json:
    for programme in programmes:
        try:
            return await client.get("programme", f"/programmes/{programme}/decisions/{decision}")
        except Problem as problem:
            if problem.status != NOT_FOUND:
                raise
    raise Refused(
        title="No such decision",
        detail=f"None of the {len(programmes)} programmes this context can see has a decision {decision}.",
        way_out="interpares decisions lists them with their ids.",
    )
