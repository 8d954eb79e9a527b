"""``interpares takeover``: a running programme from a spreadsheet."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from interpares.console import looking
from interpares.console.client import Json
from interpares.console.failures import Refused, Usage
from interpares.console.output import AsJson, ContextName, console, print_json

MEDIA_TYPES = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def takeover(  # noqa: PLR0917 -- typer passes options by name
    file: Annotated[Path, typer.Argument(help="The filled-in form: XLSX or CSV.", show_default=False)],
    programme: Annotated[str, typer.Option(help="Id of the programme it belongs to.")],
    confirm: Annotated[bool, typer.Option("--confirm", help="Enter it; without this it is only looked at.")] = False,
    reason: Annotated[str, typer.Option(help="Why it is taken over; needed with --confirm.")] = "",
    form: Annotated[bool, typer.Option("--form", help="Write the empty form to FILE instead.")] = False,
    context: ContextName = None,
    as_json: AsJson = False,
) -> None:
    """Take over a running programme: preview with every fault by line and column, then all of it or nothing.

    Exit code 1 if there is a fault.
    """
    if confirm and not reason:
        raise Usage(
            title="A reason is missing",
            detail="Nothing is decided without one.",
            way_out='Say why: --reason "Kept in a spreadsheet until today".',
        )

    async def run() -> Json:
        async with looking.client(context) as client:
            here = f"/programmes/{programme}/takeovers"
            if form:
                _write(file, await client.file("programme", f"{here}/form"))
                return {"form": str(file)}
            preview = await client.upload("programme", here, *_read(file))
            if preview["faults"] or preview["taken_over"] or not confirm:
                return preview
            body = {"reason_code": "takeover", "reason": reason}
            decided = await client.post("programme", f"{here}/{preview['document_hash']}/confirmation", body)
            return {**preview, "decision": decided["decision"]["id"]}

    told = asyncio.run(run())
    if as_json:
        print_json(told)
    else:
        _show(told)
    if told.get("faults"):
        raise Refused(
            title="Nothing was entered",
            detail=f"{len(told['faults'])} faults in {file}.",
            way_out="Correct the lines and look at the file again.",
        )


def _read(file: Path) -> tuple[bytes, str]:
    media_type = MEDIA_TYPES.get(file.suffix.lower())
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Usage(title="Unreadable file", detail=f"{file}: {error}", way_out="Name an XLSX or CSV file.") from error
    if media_type is None:
        raise Usage(title="Unknown kind of file", detail=str(file), way_out="Save it as XLSX or CSV.")
    return content, media_type


def _write(file: Path, content: bytes) -> None:
    try:
        with file.open("xb") as new:
            new.write(content)
    except OSError as error:
        raise Usage(title="Not written", detail=f"{file}: {error}", way_out="Name a new file.") from error


def _show(told: Json) -> None:
    if "form" in told:
        console().print(f"{told['form']}: fill in the first sheet, the second explains it", markup=False)
        return
    rows = ", ".join(f"{number} {kind}" for kind, number in told["rows"].items())
    console().print(f"{rows or 'nothing'}; SHA-256 {told['document_hash']}", markup=False)
    if told["faults"]:
        table = Table("line", "column", "what is wrong", "what to do", box=None, pad_edge=False)
        for fault in told["faults"]:
            cells = (str(fault["line"]), fault["column"], fault["message"], fault["way_out"])
            # Text: a way out may have brackets in it, which are no markup.
            table.add_row(*map(Text, cells))
        console().print(table)
    elif told["taken_over"]:
        console().print("This very file was taken over before; nothing was entered again.", markup=False)
    elif "decision" in told:
        console().print(f"entered: {told['decisions']} decisions, the first is {told['decision']}", markup=False)
    else:
        console().print(f"fine: --confirm enters {told['decisions']} decisions", markup=False)
