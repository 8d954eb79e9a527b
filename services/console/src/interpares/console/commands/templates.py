"""``interpares templates``: programmes written down as data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interpares.console.failures import Refused, Usage
from interpares.console.output import AsJson, console, print_json
from interpares.console.templates import check as checked

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
    nowhere, a key given twice, a rule the product does not execute yet. Exit code 1 if there is any.
    """
    flaws = {}
    for file in files:
        try:
            flaws[file] = checked(file)
        except (OSError, UnicodeDecodeError) as error:
            raise Usage(
                title="Unreadable file", detail=f"{file}: {error}", way_out="Name a YAML file in UTF-8."
            ) from error
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
