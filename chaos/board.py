"""What a human sees while the siege lasts: a bar on a terminal, else a line now and then."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from interpares.console.narrator import Narrator

LINE_SECONDS = 5.0


class Board:
    """Shows how far it is. standing: returns the figures as they are now, one short line."""

    def __init__(self, narrator: Narrator, seconds: float, standing: Callable[[], str]) -> None:
        self._narrator = narrator
        self._seconds = seconds
        self._standing = standing
        self._began = self._said = time.monotonic()
        self._bar: Progress | None = None

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show it during the block."""
        self._began = self._said = time.monotonic()
        terminal = self._narrator.console.is_terminal
        columns = (BarColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=self._narrator.console, transient=True, disable=not terminal) as bar:
            self._bar = bar if terminal else None
            bar.add_task("", total=self._seconds)
            yield
        self._bar = None

    def fault(self, what: str) -> None:
        """Tell of a fault."""
        self.look()
        if self._bar is not None:
            self._bar.console.print(f"[dim]{self._passed:6.1f} s  {what}[/dim]", highlight=False)

    def look(self) -> None:
        """Bring it up to date."""
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=self._passed, description=self._standing())
        elif time.monotonic() - self._said > LINE_SECONDS:
            self._said = time.monotonic()
            self._narrator.note(f"{self._passed:6.1f} s  {self._standing()}")

    @property
    def _passed(self) -> float:
        return time.monotonic() - self._began
