"""Where a programme stands in its course."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Handed(StrEnum):
    """Where a deliverable stands."""

    HANDED_IN = "handed-in"
    ACCEPTED = "accepted"
    RETURNED = "returned"


@dataclass(frozen=True)
class Deliverable:
    """What a participant handed in last. version: counts from 1."""

    version: int
    status: Handed


@dataclass
class Course:
    """starts, ends: of the term. deadline: last day of the last call, in its zone. phase: key of the current one.

    grant_applications: how many were made. deliverables: by phase, milestone, deliverable and organisation.
    """

    starts: date | None = None
    ends: date | None = None
    deadline: date | None = None
    zone: str = ""
    phase: str = ""
    grant_applications: int = 0
    deliverables: dict[str, Deliverable] = field(default_factory=dict)
