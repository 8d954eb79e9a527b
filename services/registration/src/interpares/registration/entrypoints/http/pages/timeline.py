"""Where the bars of a timeline stand: days become places between the left and the right edge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from interpares.registration.entrypoints.http.schemas.prerequisites import PlanShown

WIDTH = 1000.0
TOP, ROW = 28, 26
# Labels need room: of a long term only every third month, or every year, has one.
LABELS = 14


@dataclass(frozen=True)
class Month:
    """A line at the first of a month; label: empty where there is no room for one."""

    x: float
    label: str


@dataclass(frozen=True)
class Bar:
    """A task. text_x, anchor: where its number stands, so that it stays within the edges."""

    x: float
    y: int
    width: float
    title: str
    text_x: float
    anchor: str


def height(plan: PlanShown) -> int:
    """Return how high the timeline is."""
    return TOP + ROW * len(plan.tasks) + 6


def months(plan: PlanShown) -> Sequence[Month]:
    """Return a line for every month that begins within the term."""
    firsts = []
    year, month = plan.starts.year, plan.starts.month
    while (first := date(year, month, 1)) <= plan.ends:
        if first >= plan.starts:
            firsts.append(first)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 -- months of a year
    step = next(each for each in (1, 3, 12, 60, len(firsts) + 1) if len(firsts) <= each * LABELS)
    return [
        Month(_x(plan, first), first.strftime("%Y-%m") if (first.month - 1 + 12 * first.year) % step == 0 else "")
        for first in firsts
    ]


def bars(plan: PlanShown) -> Sequence[Bar]:
    """Return a bar for every task, from the morning of its first day to the evening of its last."""
    found = []
    for index, task in enumerate(plan.tasks):
        left, right = _x(plan, task.starts), _x(plan, task.due + timedelta(days=1))
        behind = right < WIDTH - 30
        title = f"{index + 1}: {task.title or ''} {task.starts} – {task.due}"
        text_x = right + 4 if behind else left - 4
        found.append(
            Bar(left, TOP + ROW * index, max(right - left, 2), title, text_x, "start" if behind or left < 30 else "end")  # noqa: PLR2004 -- room for a number
        )
    return found


def _x(plan: PlanShown, day: date) -> float:
    return round((day - plan.starts).days * WIDTH / ((plan.ends - plan.starts).days + 1), 1)
