"""What guards need to know of selection rounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from interpares.programme.domain.moment import LocalMoment
from interpares.programme.domain.selecting.rules import Weighed


class Progress(StrEnum):
    """How far a round has come."""

    FIXED = "fixed"
    RANKED = "ranked"
    DECIDED = "decided"


@dataclass(frozen=True)
class Assessed:
    """What one assessor found of one application: points by criterion, and the decision it was recorded by."""

    decision: UUID
    points: dict[str, Decimal]


@dataclass(frozen=True)
class Exclusion:
    """An assessor who does not assess an organisation, because of a conflict of interest."""

    assessor: UUID
    organisation: UUID


@dataclass(frozen=True)
class Ranked:
    """A place in a ranking. ``score``: decimal text, rounded for readers; ``tie_break``: what decided among equals."""

    application: UUID
    organisation: UUID
    place: int
    score: str
    tie_break: str = ""


@dataclass(frozen=True)
class Round:
    """A selection in one strand.

    points_at_most: of each criterion. places: None if not limited. assessed: by application, then by assessor.
    waiting: applications beyond the places, in order.
    """

    rule: str
    strand: str
    fixed_by: UUID
    criteria: tuple[Weighed, ...]
    points_at_most: Decimal
    assessments: int
    tie_break: tuple[str, ...]
    places: int | None
    progress: Progress = Progress.FIXED
    assessed: dict[str, dict[str, Assessed]] = field(default_factory=dict)
    excluded: tuple[Exclusion, ...] = ()
    ranking: tuple[Ranked, ...] = ()
    waiting: tuple[UUID, ...] = ()

    @property
    def id(self) -> str:
        """The name of the round: strand and rule."""
        return f"{self.strand}.{self.rule}"


@dataclass
class Selections:
    """All rounds by name, and the deadline of the last call."""

    deadline: LocalMoment | None = None
    rounds: dict[str, Round] = field(default_factory=dict)
