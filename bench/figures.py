"""Figures: what was measured, one sample per round, and the ratios that are held against the goals."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Any, Literal


@dataclass(frozen=True)
class Figure:
    """One thing measured. unit: of the samples. samples: one for each round, in their order.

    beside: further facts of the same measurement, such as a share of failures; they are shown and not judged.
    """

    suite: str
    name: str
    unit: str
    samples: tuple[float, ...]
    beside: dict[str, float] = field(default_factory=dict)

    @property
    def median(self) -> float:
        """The median over the rounds."""
        return median(self.samples)

    def as_json(self) -> dict[str, Any]:
        """Return all of it."""
        return {
            "suite": self.suite,
            "name": self.name,
            "unit": self.unit,
            "median": self.median,
            "samples": list(self.samples),
            **({"beside": self.beside} if self.beside else {}),
        }


@dataclass(frozen=True)
class Goal:
    """What a figure, or its ratio to another one of the same suite, must reach.

    of, to: names of figures; ``to`` is empty where the figure itself is judged. sense: the right side of the limit.
    """

    measure: str
    suite: str
    of: str
    to: str
    sense: Literal[">=", "<="]
    limit: float

    def judged(self, figures: list[Figure]) -> Judged:
        """Return the goal with what was reached. A ratio is the median of the ratios of each round."""
        named = {each.name: each for each in figures if each.suite == self.suite}
        if self.of not in named or (self.to and self.to not in named):
            return Judged(self, None)
        samples = named[self.of].samples
        if not self.to:
            return Judged(self, median(samples))
        return Judged(self, median(one / other for one, other in zip(samples, named[self.to].samples, strict=True)))


@dataclass(frozen=True)
class Judged:
    """A goal and what was reached, None where it was not measured."""

    goal: Goal
    value: float | None

    @property
    def met(self) -> bool | None:
        """Tell whether it was reached, None where it was not measured."""
        if self.value is None:
            return None
        return self.value >= self.goal.limit if self.goal.sense == ">=" else self.value <= self.goal.limit

    def as_json(self) -> dict[str, Any]:
        """Return all of it."""
        return {
            "measure": self.goal.measure,
            "goal": f"{self.goal.sense} {self.goal.limit:g}",
            "value": self.value,
            "met": self.met,
        }
