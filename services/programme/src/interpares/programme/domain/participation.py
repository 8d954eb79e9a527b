"""Who takes part: organisations, their strand and their roles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from interpares.programme.domain.charter import ALWAYS, Held

UNPAIRED = "unpaired"  # the strand of who takes part where strands come with the pairs


@dataclass(frozen=True)
class Holding:
    """How a role is held, where it is held for some themes or for a time. themes: sorted; none for all of them."""

    role: str
    themes: tuple[str, ...] = ()
    held: Held = ALWAYS


@dataclass(frozen=True)
class Participation:
    """An organisation in the programme.

    number: counts admissions from 1; the order in which organisations come everywhere.
    active: False once it has withdrawn; its roles are gone then.
    holdings: of roles held for some themes or for a time. members: of the consortium it takes part with.
    pairs: ids of the pairs that are its strands.
    """

    organisation: UUID
    strand: str
    number: int
    roles: tuple[str, ...]
    active: bool = True
    holdings: tuple[Holding, ...] = ()
    members: tuple[UUID, ...] = ()
    pairs: tuple[str, ...] = ()

    @property
    def strands(self) -> tuple[str, ...]:
        """The strands it belongs to: its own, or those of its pairs."""
        return self.pairs if self.strand == UNPAIRED else (self.strand,)

    def holding(self, role: str) -> Holding:
        """Return how it holds a role."""
        return next((each for each in self.holdings if each.role == role), Holding(role))

    def holds(self, role: str, on: date | None = None) -> bool:
        """Tell whether it holds a role and, given a day, its time is not over then."""
        return role in self.roles and (on is None or not self.holding(role).held.over(on))

    def granted(self, role: str, holding: Holding) -> Participation:
        """Return it with a role; if it holds the role already, with more themes."""
        before = self.holding(role).themes if role in self.roles else ()
        after = replace(holding, themes=tuple(sorted({*before, *holding.themes})))
        others = tuple(each for each in self.holdings if each.role != role)
        return replace(
            self,
            roles=self.roles if role in self.roles else (*self.roles, role),
            holdings=others if after == Holding(role) else (*others, after),
        )

    def ended(self, role: str, themes: tuple[str, ...] = ()) -> Participation:
        """Return it without a role or, given themes, without the role for these themes."""
        held = self.holding(role)
        others = tuple(each for each in self.holdings if each.role != role)
        left = tuple(theme for theme in held.themes if theme not in themes)
        if themes and left:
            return replace(self, holdings=(*others, replace(held, themes=left)))
        return replace(self, roles=tuple(each for each in self.roles if each != role), holdings=others)


Participations: TypeAlias = "dict[str, Participation]"


@dataclass(frozen=True)
class Applicant:
    """An application as registration tells of it.

    strand: what the applicant asked for, None if it left that open. country: two letters.
    version, hash, position: of the fact told, so that an admission can name its evidence.
    members: of the consortium that applies under the organisation's lead. submitted_at: aware instant.
    """

    application_id: UUID
    programme_id: UUID
    organisation_id: UUID
    country: str
    role: str
    strand: str | None
    withdrawn: bool
    version: int
    hash: str
    position: int
    members: tuple[UUID, ...] = ()
    submitted_at: datetime | None = None


def holders(
    participations: Participations, role: str, strand: str | None = None, on: date | None = None
) -> tuple[Participation, ...]:
    """Return the participations that hold a role, in one strand or in all, in the order of admission.

    on: leave out whose time in the role is over on this day.
    """
    found = [
        participation
        for participation in participations.values()
        if participation.holds(role, on) and (strand is None or strand in participation.strands)
    ]
    return tuple(sorted(found, key=lambda participation: participation.number))
