"""``interpares organisations``: the directory as a document, and finding somebody in it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from interpares.console import looking
from interpares.console.client import Client, Json
from interpares.console.failures import Refused, Usage
from interpares.console.output import AsJson, ContextName, console, print_json

app = typer.Typer(no_args_is_help=True, help="The directory of organisations: import, export, search.")
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
IMPORTS = "/organisation-imports"
LOOK_SECONDS = 0.5
File = Annotated[Path, typer.Argument(help="A table, CSV in UTF-8 or XLSX.", show_default=False)]
Keep = Annotated[
    list[int] | None,
    typer.Option("--keep", help="Line that is another organisation than the one of the same name; repeat it."),
]


@app.command("import")
def import_file(  # noqa: PLR0917 -- typer passes options by name
    file: File,
    confirm: Annotated[bool, typer.Option("--confirm", help="Register; without this it is only looked at.")] = False,
    reason: Annotated[str, typer.Option(help="Why it is imported; needed with --confirm.")] = "",
    keep: Keep = None,
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """Import organisations: a preview with every fault by line and column, then, confirmed, those without fault.

    Lines whose organisation is known are passed over. An import that was interrupted goes on by itself. Exit code 1 if
    there is a fault or a question.
    """
    if confirm and not reason:
        raise Usage(
            title="A reason is missing",
            detail="Nothing is decided without one.",
            way_out='Say why: --reason "The list of the association, January 2026".',
        )

    async def run() -> Json:
        async with looking.client(context) as client:
            uploaded = await client.upload("registration", IMPORTS, *_read(file))
            here = f"{IMPORTS}/{uploaded['id']}"
            faulty = [row async for row in client.items("registration", f"{here}/rows", state="faulty", limit=200)]
            asked = [row async for row in client.items("registration", f"{here}/rows", state="asked", limit=200)]
            told = [*faulty, *(row for row in asked if row["line"] not in (keep or ()))]
            if confirm:
                body = {"reason_code": "imported", "reason": reason, "keep": list(keep or ())}
                await client.post("registration", f"{here}/confirmation", body)
                await _finished(client, here)
            return {**await client.get("registration", here), "told": told}

    shown = asyncio.run(run())
    if as_json:
        print_json(shown)
    else:
        _show(shown)
    if shown["told"]:
        raise Refused(
            title="Not all of it can be imported",
            detail=f"{len(shown['told'])} lines of {file} need somebody to look at them.",
            way_out="Correct the lines, or keep those of another organisation with --keep LINE, and import again.",
        )


async def _finished(client: Client, here: str) -> None:
    while True:
        shown = await client.get("registration", here)
        if shown["status"] == "finished":
            return
        await asyncio.sleep(LOOK_SECONDS)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write it: .csv or .xlsx.", show_default=False)],
    context: ContextName = None,
) -> None:
    """Write the whole directory as a table, in the columns an import reads."""
    ending = file.suffix.lower()
    if ending not in MEDIA_TYPES:
        raise Usage(title="Unknown kind of file", detail=str(file), way_out="Name it .csv or .xlsx.")

    async def run() -> bytes:
        async with looking.client(context) as client:
            return await client.file("registration", f"/organisations{ending}")

    content = asyncio.run(run())
    try:
        file.write_bytes(content)
    except OSError as error:
        raise Usage(title="Can't write", detail=f"{file}: {error}", way_out="Name a file you may write.") from error
    console().print(f"{file}: {len(content)} bytes")


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="A name, as you remember it.", show_default=False)],
    country: Annotated[str | None, typer.Option(help="ISO 3166-1 alpha-2, for example DE.")] = None,
    kind: Annotated[str | None, typer.Option(help="For example municipality.")] = None,
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """Find organisations by name, nearest first; umlauts, accents and a slip of the pen are forgiven."""

    async def run() -> list[Json]:
        async with looking.client(context) as client:
            found = await client.get(
                "registration", "/organisations/search", text=text, country=country, kind=kind, limit=20
            )
            return list(found["items"])

    table = Table("score", "name", "country", "kind", "keys", "id", box=None, pad_edge=False)
    for each in asyncio.run(run()):
        if as_json:
            print_json(each)
        one = each["organisation"]
        keys = ", ".join(f"{key['scheme']} {key['value']}" for key in one["keys"])
        names = " / ".join(dict.fromkeys(one["names"].values()))
        cells = (str(each["score"]), names, one["country"], one["kind"], keys, one["id"])
        table.add_row(*map(Text, cells))
    if not as_json:
        console().print(table)


def _read(file: Path) -> tuple[bytes, str]:
    media_type = MEDIA_TYPES.get(file.suffix.lower())
    if media_type is None:
        raise Usage(title="Unknown kind of file", detail=str(file), way_out="Save it as CSV in UTF-8 or XLSX.")
    try:
        return file.read_bytes(), media_type
    except OSError as error:
        raise Usage(title="Unreadable file", detail=f"{file}: {error}", way_out="Name a CSV or XLSX file.") from error


def _show(shown: Json) -> None:
    counted = ", ".join(f"{number} {state}" for state, number in sorted(shown["rows"].items()))
    console().print(f"{shown['status']}: {counted}")
    if not shown["told"]:
        return
    table = Table("line", "column", "what", "what to do", box=None, pad_edge=False)
    for row in shown["told"]:
        if row["question"]:
            table.add_row(*map(Text, (str(row["line"]), "", row["question"], f"--keep {row['line']}")))
        for fault in row["faults"]:
            table.add_row(*map(Text, (str(row["line"]), fault["column"], fault["message"], fault["way_out"])))
    console().print(table)
