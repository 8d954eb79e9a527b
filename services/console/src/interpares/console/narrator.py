"""What the demo tells while it runs: one line per step, for people or as JSON lines for programs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from interpares.console.contexts import Context

NAME = "interpares"
# What to try as somebody who may not read decisions, or may do more.
TRY = {"operator": "doctor", "office": "tail --all"}


class Step:
    """A step under way."""

    def __init__(self, text: str) -> None:
        self.text = text

    def advance(self) -> None:
        """One more of the step's parts is done."""

    def says(self, text: str) -> None:
        """Tell, when the step is done, what came of it."""
        self.text = text


class Narrator:
    """Tells people: a bar while a step is under way, on a terminal, and a line with its time when it is done."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since this narrator began."""
        return time.monotonic() - self._began

    @contextmanager
    def step(self, text: str, parts: int | None = None) -> Iterator[Step]:
        """Show a step while it is under way; ``parts`` is how often it will advance."""
        columns = (SpinnerColumn(), TextColumn("{task.description}"))
        more = (BarColumn(), MofNCompleteColumn()) if parts else ()
        bar = Progress(*columns, *more, console=self.console, transient=True, disable=not self.console.is_terminal)
        began = time.monotonic()
        with bar:
            task = bar.add_task(text, total=parts)
            step = Step(text)
            step.advance = lambda: bar.advance(task)  # type: ignore[method-assign]
            yield step
        self._done(step.text, time.monotonic() - began)

    def note(self, text: str) -> None:
        """Tell something that is no step."""
        self.console.print(text, highlight=False, markup=False)

    def show(self, picture: RenderableType, **facts: Any) -> None:  # noqa: ARG002 -- programs get the facts
        """Show something larger; programs get the facts it was drawn from."""
        self.console.print(picture)

    def welcome(self, contexts: Mapping[str, Context]) -> None:
        """Tell where everything is and as whom to try it, one context per role."""
        first, *_ = everybody = list(contexts.values())
        one_per_role = {context.role: context for context in reversed(everybody)}.values()
        addresses = (("programme", first.programme), ("registration", first.registration), ("issuer", first.issuer))
        self.note("")
        for name, address in addresses:
            self.note(f"{name:12}  {address}{'' if name == 'issuer' else '/docs'}")
        self.note("")
        called = _called()
        table = Table("as", "who", "try", box=None, pad_edge=False)
        for context in sorted(one_per_role, key=everybody.index):
            table.add_row(
                context.name, context.title, f"{called} {TRY.get(context.role, 'decisions')} -c {context.name}"
            )
        self.console.print(table)
        self.note(f"\nMore: {called} contexts, {called} --help")
        self.note("This is a demo: its logins are in .interpares/, its data go with it. NOT FOR PRODUCTION.")
        self.note("Stop with Ctrl-C.")

    def _done(self, text: str, seconds: float) -> None:
        self.console.print(f"[green]✓[/green] {text} [dim]{seconds:.1f} s[/dim]", highlight=False)


class JsonNarrator(Narrator):
    """Tells programs: a JSON object per line."""

    def note(self, text: str) -> None:
        """Tell something that is no step."""
        self._write(note=text)

    def show(self, picture: RenderableType, **facts: Any) -> None:  # noqa: ARG002 -- people get the picture
        """Tell the facts."""
        self._write(**facts)

    def welcome(self, contexts: Mapping[str, Context]) -> None:
        """Tell the same as facts."""
        first = next(iter(contexts.values()))
        addresses = {"programme": first.programme, "registration": first.registration, "issuer": first.issuer}
        self._write(ready=True, production=False, **addresses, contexts=list(contexts))

    def _write(self, **facts: Any) -> None:
        self.console.file.write(json.dumps(facts, ensure_ascii=False) + "\n")
        self.console.file.flush()

    def _done(self, text: str, seconds: float) -> None:
        self._write(step=text, seconds=round(seconds, 2))


def _called() -> str:
    """Return how this command was called, so that others can be called the same way."""
    program = Path(sys.argv[0])
    if program.name != NAME:
        return NAME
    return str(program.relative_to(Path.cwd())) if program.is_relative_to(Path.cwd()) else str(program)
