"""``interpares explain``: why something was decided."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from interpares.console import looking
from interpares.console.client import Client, Json
from interpares.console.explanation import explained
from interpares.console.failures import Problem, Refused, Usage
from interpares.console.output import AsJson, ContextName, show

NOT_FOUND = 404
Language = Literal["de", "en"]
Form = Literal["text", "html", "pdf"]


def explain(  # noqa: PLR0917 -- typer passes options by name
    decision: Annotated[str, typer.Argument(help="Id of the decision, as interpares decisions shows it.")],
    programme: Annotated[
        str | None, typer.Option(help="Its programme; all you can see are tried if not given.")
    ] = None,
    letter: Annotated[Language | None, typer.Option(help="As a letter in this language.")] = None,
    form: Annotated[Form, typer.Option("--format", help="Of the letter.")] = "text",
    into: Annotated[Path | None, typer.Option("--output", "-o", help="File to write the letter to.")] = None,
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """Explain one decision whole: who, why, by which rule, on what evidence, and what else was possible.

    With --letter: as a letter in plain language, to the screen or into a file.
    """
    if form == "pdf" and into is None and letter is not None:
        raise Usage(title="No file", detail="A PDF is not for the screen.", way_out="Name a file: -o letter.pdf.")

    async def ask() -> tuple[Json, bytes]:
        async with looking.client(context) as client:
            whole = await _found(client, decision, await looking.programmes(client, programme))
            path = f"/programmes/{whole['programme_id']}/decisions/{decision}/letter"
            written = await client.file("programme", path, language=letter, format=form) if letter else b""
            return whole, written

    whole, written = asyncio.run(ask())
    if letter is None:
        show(explained(whole), whole, as_json=as_json)
    elif into is None:
        sys.stdout.write(written.decode())
    else:
        into.write_bytes(written)


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
