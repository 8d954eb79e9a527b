"""What can be asked for in a selection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.programme.application.commands import Deciding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class FixCriteria(Deciding):
    """Fix by what applicants will be chosen. selection: key of the template. places: None for those of the template."""

    selection: str
    points_at_most: Decimal
    places: int | None = None


@dataclass(frozen=True, kw_only=True)
class Assess(Deciding):
    """Record what a member of the jury found. round: strand and selection, such as ``AT.hosts``."""

    round: str
    application_id: UUID
    assessor: UUID
    points: Mapping[str, Decimal]


@dataclass(frozen=True, kw_only=True)
class ExcludeAssessor(Deciding):
    """Let somebody not assess an organisation. kind: of the conflict of interest, a code."""

    round: str
    assessor: UUID
    organisation_id: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class RankApplicants(Deciding):
    """Rank all applications. order: of equals, where the rule leaves it open."""

    round: str
    order: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DecideSelection(Deciding):
    """Decide about all applicants at once. waiting: how many wait at most, None for all."""

    round: str
    waiting: int | None = None
