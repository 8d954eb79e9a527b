"""Term, phases, milestones, goals: what the template says of the course of a programme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from interpares.programme.domain.course.days import months_after
from interpares.programme.domain.decision import RuleRef

if TYPE_CHECKING:
    from interpares.programme.domain.wording import Wording


@dataclass(frozen=True)
class TermRule:
    """How long the programme runs: from a day, to a day, or so many months."""

    starts: date | None
    ends: date | None
    months: int | None
    ref: RuleRef


@dataclass(frozen=True)
class MilestoneRule:
    """A point to be reached. deliverables: for each, the roles that owe it; none for every participant."""

    key: str
    day: date | None
    after_months: int | None
    deliverables: dict[str, tuple[str, ...]]

    def due(self, term_starts: date | None) -> date | None:
        """Return the day it is due, None as long as nobody can tell."""
        if self.day is not None:
            return self.day
        if self.after_months is None or term_starts is None:
            return None
        return months_after(term_starts, self.after_months)


@dataclass(frozen=True)
class PhaseRule:
    """A stretch of the programme."""

    key: str
    starts: date | None
    ends: date | None
    milestones: dict[str, MilestoneRule]
    ref: RuleRef


@dataclass(frozen=True)
class IndicatorRule:
    """From a value to a target by a day; value None if nobody measured it before."""

    value: Decimal | None
    target: Decimal
    by: date

    def reached(self, measured: Decimal) -> bool:
        """Tell whether a value is the target or lies beyond it, seen from where it began."""
        if self.value is not None and self.target < self.value:
            return measured <= self.target
        return measured >= self.target


@dataclass(frozen=True)
class GoalRule:
    """What the programme is after, and what it is measured by."""

    indicators: dict[str, IndicatorRule]
    ref: RuleRef


@dataclass(frozen=True)
class CourseRules:
    """Phases in their order; goals by key."""

    term: TermRule | None = None
    phases: tuple[PhaseRule, ...] = ()
    goals: tuple[tuple[str, GoalRule], ...] = ()

    def goal(self, key: str) -> GoalRule | None:
        """Return a goal, None if there is none."""
        return dict(self.goals).get(key)

    def phase(self, key: str) -> PhaseRule | None:
        """Return a phase, None if there is none."""
        return next((phase for phase in self.phases if phase.key == key), None)


def read_course(wording: Wording) -> CourseRules:
    """Return what the template says."""
    term = wording.template.get("term")
    return CourseRules(
        term=TermRule(_day(term, "starts"), _day(term, "ends"), term.get("months"), wording.ref("term"))
        if term
        else None,
        phases=tuple(_phase(phase, wording.ref("phases", index)) for index, phase in wording.section("phases").items()),
        goals=tuple(
            (
                key,
                GoalRule(
                    {name: _indicator(each) for name, each in goal["indicators"].items()}, wording.ref("goals", key)
                ),
            )
            for key, goal in sorted(wording.section("goals").items())
        ),
    )


def _phase(phase: dict[str, Any], ref: RuleRef) -> PhaseRule:
    milestones = {
        key: MilestoneRule(
            key=key,
            day=_day(milestone, "due"),
            after_months=milestone.get("due_after_months"),
            deliverables={name: tuple(each["roles"]) for name, each in milestone["deliverables"].items()},
        )
        for key, milestone in phase["milestones"].items()
    }
    return PhaseRule(phase["key"], _day(phase, "starts"), _day(phase, "ends"), milestones, ref)


def _indicator(indicator: dict[str, Any]) -> IndicatorRule:
    value = indicator.get("value")
    return IndicatorRule(
        value=None if value is None else Decimal(value),
        target=Decimal(indicator["target"]),
        by=date.fromisoformat(indicator["by"]),
    )


def _day(part: dict[str, Any], key: str) -> date | None:
    written = part.get(key)
    return date.fromisoformat(written) if written else None
