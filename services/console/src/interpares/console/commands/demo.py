"""``interpares demo``: a whole programme on real servers."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from interpares.console.narrator import JsonNarrator, Narrator
from interpares.console.output import AsJson, console, print_json


class Story(StrEnum):
    """Which story to tell."""

    MULTIPLY = "multiply"
    CLIMATE = "climate"
    CONNECTIVE = "connective"
    ACCOMPANIED = "accompanied"
    START_SMART = "start-smart"
    ALL = "all"


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the story, with a summary as the last line.")] = False,
    story: Annotated[Story, typer.Option(help="Which programme to run.")] = Story.MULTIPLY,
    at: Annotated[
        str | None, typer.Option(help="Tell it on an installation that runs, by the name of its contexts' folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run a programme on a real PostgreSQL, a real NATS and all services, then stay up until Ctrl-C.

    The story acts through the services' own interfaces, as any client would. Contexts to log in with are written to
    .interpares/ below the working directory and go when the demo ends. Nothing here is for production. With --at the
    installation is one that runs already, such as that of make up, and stays as it is.
    """
    from interpares.console.demo import STORIES, Wish, run, run_at, templates_folder  # noqa: PLC0415 -- much to load

    narrator = JsonNarrator(Console()) if as_json else Narrator(console())
    stories = tuple(STORIES) if story is Story.ALL else (story.value,)
    wish = Wish(stories, once, templates_folder())
    summary = asyncio.run(run_at(at, wish, narrator) if at else run(wish, narrator))
    print_json(summary)
