"""``interpares compose``: what docker compose needs beside its file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interpares.console.contexts import make_folder
from interpares.console.output import AsJson, show


def compose(
    name: Annotated[str, typer.Option(help="Name of the installation, and of its folder in .interpares.")] = "compose",
    demo: Annotated[
        bool, typer.Option("--demo", help="With a development issuer and an invented cast. NOT FOR PRODUCTION.")
    ] = False,
    free_ports: Annotated[bool, typer.Option("--free-ports", help="Loopback ports nobody uses just now.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make secrets and an env file for docker compose, in .interpares/NAME below the working directory.

    What is there already stays. Without --demo the env file says what is left to fill in.
    """
    from interpares.common.testing.processes import free_port  # noqa: PLC0415 -- much to load
    from interpares.console.composing import PORTS, prepare  # noqa: PLC0415 -- likewise

    folder = make_folder(Path.cwd()) / name
    ports = {each: free_port() for each in PORTS} if free_ports else PORTS
    made = prepare(folder, demo=demo, ports=ports)
    told = [f"{'Made' if made else 'There already:'} {folder}"]
    if demo:
        told.append("NOT FOR PRODUCTION: a development issuer gives tokens to whoever reads that folder.")
    elif made:
        told.append(f"Fill in {folder / 'env'} and the client secrets in {folder / 'secrets'}.")
    told.append(f"Next: docker compose --env-file {folder / 'env'} up --build --wait")
    show("\n".join(told), {"folder": str(folder), "made": made}, as_json=as_json)
