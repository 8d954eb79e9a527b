"""``interpares seats``: how the seats of a meeting stand, and who waits for what."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.console import Group
from rich.table import Table

from interpares.console import looking
from interpares.console.client import Json
from interpares.console.output import AsJson, ContextName, show


def seats(
    meeting: Annotated[str, typer.Argument(help="Id of the meeting, as the list of meetings has it.")],
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """Show the seats of a meeting by their rules, and the waiting list with what each group waits for; no names."""

    async def ask() -> tuple[Json, dict[str, str]]:
        async with looking.client(context) as client:
            stand = await client.get("registration", f"/meetings/{meeting}/seats")
            return stand, {} if as_json else await looking.names(client)

    stand, names = asyncio.run(ask())
    show(_shown(stand, names), stand, as_json=as_json)


def _shown(stand: Json, names: dict[str, str]) -> Group:
    limit = "not limited" if stand["seats"] is None else f"{stand['seats']}, {stand['free']} free"
    line = f"Seats: {limit}; taken {stand['taken']}, kept {stand['kept']}, of the host {stand['of_host']}"
    quotas = Table("counted by", "of", "at least", "at most", "seated", "kept", "there", box=None, pad_edge=False)
    for each in stand["quotas"]:
        asked = f"{each['at_least']}{' (enforced)' if each['enforced'] else ''}"
        most, met = "–" if each["at_most"] is None else each["at_most"], "yes" if each["met"] else "no"
        of = names.get(str(each["key"]), each["key"])
        quotas.add_row(*map(str, (each["by"], of, asked, most, each["seated"], each["kept"], met)))
    waiting = Table("place", "sent by", "people", "waits because", box=None, pad_edge=False)
    for each in stand["waiting"]:
        sender = names.get(str(each["organisation_id"]), each["organisation_id"])
        waiting.add_row(*map(str, (each["place"], sender, each["people"], each["obstacle"])))
    parts = [line, *([quotas] if stand["quotas"] else []), *([waiting] if stand["waiting"] else ["Nobody waits."])]
    return Group(*parts)
