"""A report as tables: on the terminal, or as Markdown for ``docs/performance.md``."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]
GOALS = ("measure", "goal", "reached", "")
FIGURES = ("figure", "median", "unit", "lowest – highest")


def suite_table(suite: str, figures: list[Json]) -> Table:
    """Return the figures of one suite."""
    return _table(suite, FIGURES, map(_figure, figures))


def goals_table(report: Json) -> Table:
    """Return what became of the goals."""
    return _table("goals", GOALS, map(_goal, report["goals"]))


def markdown(report: Json) -> str:
    """Return the same as Markdown, the goals first."""
    machine = report["machine"]
    about = (
        f"Measured on {report['at'][:10]}: {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']},"
        f" Python {machine['python']}, {report['plan']['rounds']} rounds."
    )
    blocks = [about, _lines(GOALS, map(_goal, report["goals"]))]
    for suite, figures in _suites(report):
        blocks += [f"### {suite}", _lines(FIGURES, map(_figure, figures))]
    return "\n\n".join(blocks) + "\n"


def _suites(report: Json) -> Iterator[tuple[str, list[Json]]]:
    for suite, figures in groupby(report["figures"], key=lambda figure: str(figure["suite"])):
        yield suite, list(figures)


def _figure(figure: Json) -> tuple[str, ...]:
    samples = figure["samples"]
    spread = "" if len(samples) == 1 else f"{_number(min(samples))} – {_number(max(samples))}"
    beside = "".join(f" ({name} {_number(value)})" for name, value in figure.get("beside", {}).items())
    return figure["name"], _number(figure["median"]) + beside, figure["unit"], spread


def _goal(goal: Json) -> tuple[str, ...]:
    return goal["measure"], goal["goal"], _number(goal["value"]), "met" if goal["met"] else "not met"


def _number(value: float) -> str:
    """Return three digits that mean something."""
    if value >= 100:  # noqa: PLR2004 -- from here on whole numbers have three digits
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"  # noqa: PLR2004 -- likewise


def _table(title: str, columns: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, title_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number in {1, 2} and columns is FIGURES else "left")
    for row in rows:
        table.add_row(*row)
    return table


def _lines(columns: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    head = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    return "\n".join(head + [f"| {' | '.join(row)} |" for row in rows])
