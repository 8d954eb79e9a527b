"""How a programme runs in time and money: term, phases, goals, funding, and rules that people apply by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from interpares.common.contracts.template.words import Amount, Currency, Key, Label, Part


class Term(Part):
    """How long the programme runs: two days, both included, or a number of months from its start."""

    starts: date | None = None
    ends: date | None = None
    months: int | None = Field(default=None, ge=1)


class Deliverable(Part):
    """What each participant, or each holder of some roles, hands in by a milestone."""

    label: Label
    roles: tuple[Key, ...] = ()


class Milestone(Part):
    """A point to be reached, on a day or so many months after the start of the term."""

    label: Label
    due: date | None = None
    due_after_months: int | None = Field(default=None, ge=0)
    deliverables: dict[Key, Deliverable] = Field(default_factory=dict)


class Phase(Part):
    """A stretch of the programme; phases follow each other in the order they are written."""

    key: Key
    label: Label
    starts: date | None = None
    ends: date | None = None
    milestones: dict[Key, Milestone] = Field(default_factory=dict)


class Indicator(Part):
    """What a goal is measured by: from a value to a target, in a unit, by a day."""

    label: Label
    unit: Label
    value: Decimal | None = None
    target: Decimal
    by: date


class Goal(Part):
    """What the programme is after."""

    label: Label
    indicators: dict[Key, Indicator] = Field(default_factory=dict)


class Category(Part):
    """A budget category and what is planned in it."""

    label: Label
    amount: Amount | None = None


class Share(Part):
    """What each holder of a role gets of the grant; approximate where the funder says so."""

    role: Key | None = None
    amount: Amount
    approximate: bool = False


class OwnContribution(Part):
    """What each holder of a role brings itself, in money and in hours."""

    role: Key | None = None
    money: Amount | None = None
    hours: Decimal | None = Field(default=None, ge=0, max_digits=9, decimal_places=2)


class Funding(Part):
    """Who pays, who receives, how much for what; what shares and categories leave over is unallocated, not an error."""

    funder: Label
    carrier: Label
    currency: Currency
    total: Amount
    categories: dict[Key, Category] = Field(default_factory=dict)
    shares: tuple[Share, ...] = ()
    own_contributions: tuple[OwnContribution, ...] = ()


class ManualRule(Part):
    """A rule outside this vocabulary: people apply it, and the product asks them for a reason each time."""

    label: Label
    applies_to: Literal[
        "application", "admission", "role", "hosting", "meeting", "money", "output", "review", "closure"
    ]
