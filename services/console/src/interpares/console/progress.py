"""How far long work is: a bar with rate and time left on a terminal, JSON lines everywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from interpares.console.output import console, print_json

LINES_APART_SECONDS = 1.0


class Work:
    """Long work under way. done, total: how much of it, in its own measure; counted: things handled, for the rate."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.counted = 0
        self._began = time.monotonic()

    def reach(self, done: int, total: int, *, counted: int) -> None:
        """Say how far it is; ``counted``: how many things were handled since the last time."""
        self.counted += counted
        self.show(done, max(total, done))

    def show(self, done: int, total: int) -> None:
        """Show it."""

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self._began

    @property
    def rate(self) -> float:
        """Things per second since it began."""
        return self.counted / self.seconds if self.seconds else 0.0

    def left(self, done: int, total: int, begun_at: int) -> float | None:
        """Return the seconds left at the pace so far, None where there is no telling yet."""
        if done >= total:
            return 0.0
        gone = done - begun_at
        return (total - done) * self.seconds / gone if gone > 0 else None


class _Bar(Work):
    def __init__(self, what: str, bar: Progress) -> None:
        super().__init__(what)
        self._bar = bar
        self._task = bar.add_task(what, total=None, rate=0.0)

    def show(self, done: int, total: int) -> None:
        self._bar.update(self._task, completed=done, total=total, rate=self.rate)


class _Lines(Work):
    def __init__(self, what: str) -> None:
        super().__init__(what)
        self._begun_at: int | None = None
        self._told = 0.0

    def show(self, done: int, total: int) -> None:
        if self._begun_at is None:
            self._begun_at = done
        now = time.monotonic()
        if now - self._told < LINES_APART_SECONDS and done < total:
            return
        self._told = now
        left = self.left(done, total, self._begun_at)
        eta = None if left is None else round(left, 1)
        print_json({"work": self.what, "done": done, "total": total, "rate": round(self.rate, 1), "eta_seconds": eta})


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        """Return how many things are handled in a second."""
        return Text(f"{task.fields['rate']:,.0f}/s")


@contextmanager
def working(what: str, *, as_json: bool) -> Iterator[Work]:
    """Show long work while the block does it."""
    if as_json or not sys.stdout.isatty():
        yield _Lines(what)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=console()) as bar:
        yield _Bar(what, bar)
