"""Whether an organisation may have a role: gather what is known of it, and try the predicates of the role on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.programme.domain.eligibility import Assessment
from interpares.programme.domain.known import Circumstances

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from interpares.programme.application.ports import Evaluate, Organisations, Past
    from interpares.programme.domain.programme import Programme


@dataclass(frozen=True)
class Wish:
    """Who wants a role. members: of its consortium. excepted: the office would make an exception."""

    role: str
    organisation: UUID
    applied_on: date
    members: tuple[UUID, ...] = ()
    excepted: bool = False


class Assessing:
    """Assesses wishes."""

    def __init__(self, organisations: Organisations, past: Past, evaluate: Evaluate) -> None:
        self._organisations = organisations
        self._past = past
        self._evaluate = evaluate

    async def assess(self, programme: Programme, wish: Wish) -> Assessment:
        """Return what was found; nothing where nothing is asked for or nobody knows the organisation."""
        rule = programme.state.charter.roles.get(wish.role)
        predicates = rule.eligibility if rule else ()
        known = await self._organisations.told(wish.organisation) if predicates else None
        if known is None:
            return Assessment(excepted=wish.excepted)
        others = [await self._organisations.told(member) for member in wish.members]
        populations = [known.population, *(other.population if other else None for other in others)]
        attended, hosted = await self._past.of(wish.organisation)
        circumstances = Circumstances(
            organisation=known,
            applied_on=wish.applied_on,
            deadline=programme.state.course.deadline,
            members_population=tuple(populations) if wish.members else (),
            attended=attended,
            hosted=hosted,
        )
        return Assessment(self._evaluate(predicates, circumstances), wish.excepted)
