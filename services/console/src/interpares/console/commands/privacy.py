"""``interpares privacy``: what is held of a person, erasing them, and looking whether anything is left."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from interpares.console import looking
from interpares.console.client import Client, Json, Unwilling
from interpares.console.failures import Refused, Usage
from interpares.console.leftovers import in_files, in_services, in_streams, words_of
from interpares.console.operating import ServiceName, confirm, streams_of
from interpares.console.output import AsJson, ContextName, console, print_json

app = typer.Typer(no_args_is_help=True, help="Personal data: export, erase, verify that nothing is left, the ledger.")
Person = Annotated[str, typer.Argument(metavar="PERSON", help="Id of the person.")]
Actor = Annotated[str, typer.Option(help="Opaque id they acted under; the ledger tells it once they are erased.")]
Words = Annotated[
    Path | None, typer.Option("--words", help="File with words to look for, one a line: names, addresses, texts.")
]
Places = Annotated[list[Path], typer.Option("--logs", help="Log file or folder to search, as often as needed.")]
Files = Annotated[list[Path], typer.Option("--files", help="File or folder to search, as often as needed.")]
LEDGER_PIECE = 500
WAIT_SECONDS = 60.0
LOOK_SECONDS = 0.2


@app.command()
def export(
    person: Person,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write; .pdf makes a PDF.")] = None,
    context: ContextName = None,
) -> None:
    """Write all that is held of a person, in every service, as JSON or PDF."""

    async def ask() -> bytes | Json:
        async with looking.client(context) as client:
            path = f"/people/{person}/export"
            if output is not None and output.suffix == ".pdf":
                return await client.file("registration", f"{path}.pdf")
            return await client.get("registration", path)

    answer = asyncio.run(ask())
    if isinstance(answer, bytes):
        assert output is not None  # noqa: S101 -- a PDF is asked for by the name of its file
        output.write_bytes(answer)
    elif output is not None:
        output.write_text(_json(answer), encoding="utf-8")
    else:
        sys.stdout.write(_json(answer))


@app.command()
def erase(  # noqa: PLR0917 -- typer passes options by name
    person: Person,
    reason: Annotated[str, typer.Option(help="Why, in your own words; it goes with the person.")],
    reason_code: Annotated[str, typer.Option(help="Why, as a plain code.")] = "as-asked",
    channel: Annotated[str, typer.Option(help="How the wish reached you: letter, mail, phone, meeting.")] = "letter",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")] = False,
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """Erase a person as they asked: file the request, grant it, wait until every service has confirmed, and verify.

    What to look for is taken from their data before, and kept by nobody.
    """
    confirm(f"Erase {person}? Nothing brings them back.", yes=yes)

    async def go() -> Json:
        async with looking.client(context) as client:
            held = await client.get("registration", f"/people/{person}/export")
            why = {"reason_code": reason_code, "reason": reason}
            filed = await client.post("registration", f"/people/{person}/erasure-requests", {**why, "channel": channel})
            request = f"/erasure-requests/{filed['id']}"
            decided = await client.post("registration", f"{request}/decision", {**why, "outcome": "erased"})
            confirmed = await _confirmed(client, request, decided["position"])
            left = await in_services(client, person, held["actor"], words_of(held))
            return {
                "request": filed["id"],
                "decision": decided["decision"]["id"],
                "actor": held["actor"],
                "confirmed_by": confirmed,
                "left": left,
            }

    told = asyncio.run(go())
    if as_json:
        print_json(told)
    else:
        console().print(f"Erased. Request {told['request']}, acted as {told['actor']}.")
        console().print(f"Confirmed by: {', '.join(told['confirmed_by']) or 'nobody yet'}.")
    _tell_left(told["left"], as_json=as_json, quiet=True)


@app.command()
def verify(  # noqa: PLR0917 -- typer passes options by name
    person: Person,
    actor: Actor,
    words: Words = None,
    logs: Places = [],  # noqa: B006 -- typer copies it
    files: Files = [],  # noqa: B006
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """Look whether anything is left of somebody erased: in every table, on every stream, in the logs and files given.

    Their ids may be anywhere; what must be nowhere are texts of and about them, and the words given, if any are.
    Exit code 1 if something is left.
    """
    sought = [line.strip() for line in words.read_text(encoding="utf-8").splitlines()] if words else []
    sought = [word for word in sought if word]
    if any(len(word) < 3 for word in sought):  # noqa: PLR2004 -- shorter ones are everywhere
        raise Usage(title="Too short", detail="A word has fewer than three letters.", way_out="Leave it out.")

    async def ask() -> list[Json]:
        async with looking.client(context) as client:
            left = await in_services(client, person, actor, sought)
            if sought:
                left += await in_streams(streams_of(client.context), [each.value for each in ServiceName], sought)
            return left + in_files([*logs, *files], sought)

    _tell_left(asyncio.run(ask()), as_json=as_json)


@app.command()
def ledger(context: ContextName = None) -> None:
    """Write the ledger of erasures, one JSON object a line: keep it where no restore reaches it."""

    async def ask() -> list[Json]:
        async with looking.client(context) as client:
            return [each async for each in client.items("registration", "/privacy/ledger")]

    for entry in asyncio.run(ask()):
        print_json(entry)


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="Ledger, as interpares privacy ledger wrote it.", exists=True)],
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """After a restore: erase again whoever it brought back. Repeating it changes nothing."""
    people = [str(json.loads(line)["person_id"]) for line in file.read_text(encoding="utf-8").splitlines() if line]

    async def go() -> list[str]:
        async with looking.client(context) as client:
            erased: list[str] = []
            for start in range(0, len(people), LEDGER_PIECE):
                piece = {"people": people[start : start + LEDGER_PIECE]}
                erased += (await client.post("registration", "/privacy/ledger/replay", piece))["erased"]
            return erased

    erased = asyncio.run(go())
    if as_json:
        print_json({"in_ledger": len(people), "erased": erased})
    else:
        console().print(f"{len(people)} in the ledger, {len(erased)} had come back and are erased again.")


async def _confirmed(client: Client, request: str, position: int) -> list[str]:
    """Wait until the other services have confirmed, for a while; return who has.

    position: of the decision. Until the view of requests has it, the request is not there, or not decided: they are
    erased all the same, so a view that lags is no failure.
    """
    others = {each.value for each in ServiceName} - {"registration"}
    deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
    confirmed: set[str] = set()
    while not confirmed >= others and asyncio.get_running_loop().time() < deadline:
        try:
            shown = await client.get("registration", request, at_least=position)
        except Unwilling:
            continue
        confirmed = set(shown["confirmed_by"])
        if not confirmed >= others:
            await asyncio.sleep(LOOK_SECONDS)
    return sorted(confirmed)


def _tell_left(left: list[Json], *, as_json: bool, quiet: bool = False) -> None:
    """Print what is left. Raises Refused if anything is."""
    if as_json and not quiet:
        print_json({"left": left})
    elif left and not as_json:
        table = Table("where", "found", box=None, pad_edge=False)
        for each in left:
            table.add_row(each["where"], str(each["found"]))
        console().print(table)
    elif not as_json:
        console().print("Nothing is left.")
    if left:
        raise Refused(
            title="Something is left",
            detail=f"In {len(left)} places.",
            way_out="Texts that nobody tagged with the person stay: correct them, or erase the files they lie in.",
        )


def _json(value: Json) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
