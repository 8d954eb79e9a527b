"""``interpares templates``: programmes written down as data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from interpares.console import marks
from interpares.console.failures import Refused, Usage
from interpares.console.foretelling import foretold
from interpares.console.marks import Flaw
from interpares.console.output import AsJson, console, print_json
from interpares.console.templates import check as checked
from interpares.console.trying import tried

app = typer.Typer(help="Programme templates: programmes written down as data.", no_args_is_help=True)


@app.callback()
def templates() -> None:
    """Programme templates: programmes written down as data."""


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Template files (YAML).", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Check templates; every flaw is told with its line and its path.

    A flaw is anything a programme cannot be drafted from: a word the language does not know, a reference that leads
    nowhere, a key given twice. Exit code 1 if there is any.
    """
    flaws = {file: _flaws(file) for file in files}
    if as_json:
        for file, found in flaws.items():
            told = [{"line": flaw.line, "path": flaw.path, "fact": flaw.fact} for flaw in found]
            print_json({"file": str(file), "flaws": told})
    else:
        for file, found in flaws.items():
            for flaw in found:
                console().print(f"{file}:{flaw.line}: {flaw.path or 'the document'} {flaw.fact}", markup=False)
            if not found:
                console().print(f"{file}: fine", markup=False)
    count = sum(map(len, flaws.values()))
    if count:
        files_flawed = sum(bool(found) for found in flaws.values())
        raise Refused(
            title="No programme can be drafted from this",
            detail=f"{count} {'flaw' if count == 1 else 'flaws'} in {files_flawed} of {len(files)} files.",
            way_out="templates/README.md explains the language; the editor completes it by its JSON Schema.",
        )


@app.command()
def dry_run(
    file: Annotated[Path, typer.Argument(help="Template file (YAML).", show_default=False)],
    organisations: Annotated[
        Path | None,
        typer.Option("--organisations", "-o", help="YAML list of organisations: name, role, country, kind, strand …"),
    ] = None,
    strands: Annotated[str, typer.Option("--strands", "-s", help="Comma-separated, for example AT,DE.")] = "",
    starts: Annotated[str, typer.Option("--starts", help="First day of the term, for example 2027-01-01.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show what follows from a template: roles, duties, pairs, milestones, deadlines, prerequisites, money.

    The programme service plays it through in memory, by its own rules, for sample organisations derived from the
    template or for those of a file.
    """
    if _flaws(file):
        check([file], as_json=as_json)
    document = {"template": _loaded(file), "strands": [each for each in strands.split(",") if each]}
    if organisations is not None:
        document["organisations"] = _loaded(organisations)
    if starts:
        document["starts"] = starts
    told = tried(document)
    if as_json:
        print_json(told)
        return
    for line in foretold(told):
        console().print(line, markup=False)


def _flaws(file: Path) -> tuple[Flaw, ...]:
    try:
        return checked(file)
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(file, error) from error


def _loaded(file: Path) -> Any:
    """Return the value of a YAML file."""
    try:
        return marks.read(file.read_text(encoding="utf-8")).value
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(file, error) from error


def _unreadable(file: Path, error: Exception) -> Usage:
    return Usage(title="Unreadable file", detail=f"{file}: {error}", way_out="Name a YAML file in UTF-8.")
