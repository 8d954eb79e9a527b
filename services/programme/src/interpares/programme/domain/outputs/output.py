"""Outputs and checks as the guards need them."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from interpares.programme.domain.outputs.errors import ScheduleNotFitting

CHECKED_AFTER = (3, 6, 12, 24)
MOST_CHECKS = 12
MOST_MONTHS = 120
# How long an owner may take to answer, before the check goes to the office, and as long again beyond it.
GRACE = timedelta(days=21)
LEVELS = 2
SOURCE = re.compile(r"(meeting|review|output):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


class Kind(StrEnum):
    """What came out."""

    RECOMMENDATION = "recommendation"
    MEASURE = "measure"
    FOLLOW_UP = "follow-up-meeting"


class Standing(StrEnum):
    """How far it has come. Followed: something grew out of it."""

    OPEN = "open"
    ASSIGNED = "assigned"
    FOLLOWED = "followed"
    DONE = "done"
    DROPPED = "dropped"


class CheckStatus(StrEnum):
    """Where a check stands."""

    PENDING = "pending"
    DUE = "due"
    ESCALATED = "escalated"
    ANSWERED = "answered"
    DROPPED = "dropped"


class Finding(StrEnum):
    """What a check finds."""

    DONE = "done"
    IN_PROGRESS = "in-progress"
    NOT_STARTED = "not-started"
    ABANDONED = "abandoned"


SETTLED = frozenset({Standing.DONE, Standing.DROPPED})
UNANSWERED = frozenset({CheckStatus.PENDING, CheckStatus.DUE, CheckStatus.ESCALATED})


@dataclass(frozen=True)
class Check:
    """A look at what became of an output, so many months after the day it was due. level: how far it escalated."""

    months: int
    due: date
    status: CheckStatus = CheckStatus.PENDING
    level: int = 0


@dataclass(frozen=True)
class Output:
    """Something that came out of a meeting or a review.

    source: ``meeting:<id>``, ``review:<id>`` or ``output:<id>``. owner: the organisation that takes care of it.
    due: the day it is to be done. meeting: what a follow-up meeting became. checks: by their months.
    """

    kind: Kind
    source: str
    standing: Standing = Standing.OPEN
    owner: UUID | None = None
    due: date | None = None
    themes: tuple[str, ...] = ()
    meeting: UUID | None = None
    checks: tuple[Check, ...] = ()

    @property
    def open_checks(self) -> int:
        """How many checks wait, or will."""
        return sum(check.status in UNANSWERED for check in self.checks)


def scheduled(due: date, months: tuple[int, ...], kept: tuple[Check, ...] = ()) -> tuple[Check, ...]:
    """Return the checks of an output that is due on a day; answered ones are kept as they are.

    Raises ScheduleNotFitting.
    """
    unfit = len(months) > MOST_CHECKS or len(set(months)) < len(months)
    if unfit or not all(1 <= each <= MOST_MONTHS for each in months):
        message = "The checks cannot be planned like this."
        raise ScheduleNotFitting(message, field="checks_after_months")
    answered = {check.months: check for check in kept if check.status is CheckStatus.ANSWERED}
    planned = {each: Check(each, months_later(due, each)) for each in months}
    return tuple(check for _, check in sorted((planned | answered).items()))


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, the last of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
