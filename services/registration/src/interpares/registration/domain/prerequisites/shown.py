"""What a prerequisite consists of: one part for each kind. People are ids; what is typed is sealed and here a hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.registration.domain.organisation import Kind as OrganisationKind
from interpares.registration.domain.prerequisites.refusals import (
    BudgetUnbalanced,
    OrganNotOfKind,
    PartMissing,
    PartTooMany,
    TaskOutsideTerm,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(StrEnum):
    """Kinds of prerequisites, as templates name their proofs."""

    NAMED_HEAD = "named-head"
    POLITICAL_RESOLUTION = "political-resolution"
    TEAM = "team"
    PLAN = "plan"
    BUDGET = "budget"
    OTHER = "other"


class Organ(StrEnum):
    """Who resolves in an organisation."""

    COUNCIL = "council"
    COMMITTEE = "committee"
    MAYOR = "mayor"
    SUPERVISORY_BOARD = "supervisory-board"
    SHAREHOLDERS = "shareholders"
    MANAGEMENT = "management"
    GENERAL_ASSEMBLY = "general-assembly"
    BOARD = "board"
    SENATE = "senate"
    RECTORATE = "rectorate"


_COMPANY = (Organ.SUPERVISORY_BOARD, Organ.SHAREHOLDERS, Organ.MANAGEMENT)
_ASSOCIATION = (Organ.GENERAL_ASSEMBLY, Organ.BOARD, Organ.MANAGEMENT)
# Whose resolution binds: a company has organs of its own, a council does not resolve for it.
ORGANS: dict[OrganisationKind, tuple[Organ, ...]] = {
    OrganisationKind.MUNICIPALITY: (Organ.COUNCIL, Organ.COMMITTEE, Organ.MAYOR),
    OrganisationKind.MUNICIPAL_COMPANY: _COMPANY,
    OrganisationKind.PRIVATE_COMPANY: _COMPANY,
    OrganisationKind.ASSOCIATION: _ASSOCIATION,
    OrganisationKind.COMMITTEE: (Organ.GENERAL_ASSEMBLY, Organ.BOARD, Organ.COMMITTEE),
    OrganisationKind.UNIVERSITY: (Organ.SENATE, Organ.RECTORATE),
    OrganisationKind.LOCAL_PARTNER: (*_ASSOCIATION, *_COMPANY),
    OrganisationKind.AGENCY: (Organ.SUPERVISORY_BOARD, Organ.BOARD, Organ.MANAGEMENT),
}


class Result(StrEnum):
    """What an organ resolved."""

    ADOPTED = "adopted"
    ADOPTED_WITH_CONDITIONS = "adopted-with-conditions"
    POSTPONED = "postponed"
    REJECTED = "rejected"


@dataclass(frozen=True)
class NamedHead:
    """Who stands for the exchange (Chefsache). person_id: of a registered person. office: the post they hold."""

    person_id: UUID
    office: str


@dataclass(frozen=True)
class Votes:
    """How many voted how."""

    in_favour: int
    against: int
    abstained: int


@dataclass(frozen=True)
class Resolution:
    """What an organ resolved. reference: number of the paper. votes: None if they were not counted."""

    organ: Organ
    sitting_on: date
    reference: str
    result: Result
    votes: Votes | None = None


@dataclass(frozen=True)
class Member:
    """Somebody in the team, and for which disciplines."""

    person_id: UUID
    disciplines: tuple[str, ...]


@dataclass(frozen=True)
class Team:
    """The interdisciplinary team. asked: disciplines that have to be in it, by the template or by own wish."""

    members: tuple[Member, ...]
    asked: tuple[str, ...]

    @property
    def present(self) -> frozenset[str]:
        """Disciplines somebody stands for."""
        return frozenset(each for member in self.members for each in member.disciplines)

    @property
    def missing(self) -> tuple[str, ...]:
        """Disciplines nobody stands for, in the order they were asked for."""
        return tuple(each for each in self.asked if each not in self.present)


@dataclass(frozen=True)
class Task:
    """Who does what until when. title: hex hash of the sealed text. owner_id: a person or an organisation."""

    title: str
    owner_id: UUID
    starts: date
    due: date


@dataclass(frozen=True)
class WorkPlan:
    """What is done over the whole term, both of its days included."""

    starts: date
    ends: date
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class Line:
    """A budget category and what is planned in it."""

    category: str
    amount: Decimal


@dataclass(frozen=True)
class Budget:
    """What it costs and who bears it. currency: ISO 4217. own_share: in money, own_hours: in working hours."""

    currency: str
    total: Decimal
    own_share: Decimal
    grant: Decimal
    own_hours: Decimal
    lines: tuple[Line, ...]

    @property
    def unallocated(self) -> Decimal:
        """What no line is planned for."""
        return self.total - sum((line.amount for line in self.lines), Decimal(0))

    @property
    def uncovered(self) -> Decimal:
        """What neither the grant nor the own share pays."""
        return self.total - self.grant - self.own_share


@dataclass(frozen=True)
class Shown:
    """What a prerequisite consists of: the part of its kind and no other; a prerequisite of kind other has none."""

    head: NamedHead | None = None
    resolution: Resolution | None = None
    team: Team | None = None
    plan: WorkPlan | None = None
    budget: Budget | None = None

    def check(self, kind: Kind, of: OrganisationKind) -> None:
        """Refuse what does not fit its kind, the organisation, or itself.

        Raises PartMissing, PartTooMany, OrganNotOfKind, TaskOutsideTerm, BudgetUnbalanced.
        """
        for name, belongs in PARTS.items():
            given = getattr(self, name) is not None
            if given and belongs is not kind:
                raise PartTooMany.named(name)
            if not given and belongs is kind:
                raise PartMissing.named(name)
        if self.resolution and self.resolution.organ not in ORGANS[of]:
            raise OrganNotOfKind.among(ORGANS[of])
        for index, task in enumerate(self.plan.tasks if self.plan else ()):
            if self.plan and not self.plan.starts <= task.starts <= task.due <= self.plan.ends:
                raise TaskOutsideTerm.at(index)
        if self.budget and self.budget.unallocated < 0:
            raise BudgetUnbalanced.in_field(LINES)
        if self.budget and self.budget.uncovered < 0:
            raise BudgetUnbalanced.in_field(OWN_SHARE)

    def lacking(self) -> tuple[str, ...]:
        """Return what keeps it from being confirmed, in plain keys; empty if nothing does."""
        return tuple(self._lacks())

    def _lacks(self) -> Iterator[str]:
        if self.resolution and self.resolution.result not in {Result.ADOPTED, Result.ADOPTED_WITH_CONDITIONS}:
            yield "resolution-adopted"
        if self.team:
            yield from (f"discipline-{each}" for each in self.team.missing)
        if self.budget and self.budget.uncovered > 0:
            yield "budget-covered"


LINES, OWN_SHARE = "lines", "own_share"
PARTS = {
    "head": Kind.NAMED_HEAD,
    "resolution": Kind.POLITICAL_RESOLUTION,
    "team": Kind.TEAM,
    "plan": Kind.PLAN,
    "budget": Kind.BUDGET,
}
