"""Grant and end roles, let participants go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.common.context import occasion
from interpares.programme.application.assessing import Wish
from interpares.programme.application.decided import Decided, decided
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from interpares.programme.application.assessing import Assessing
    from interpares.programme.application.commands import EndRole, EndRolesOver, GrantRole, Withdraw
    from interpares.programme.application.ports import Unit


@dataclass(frozen=True)
class RolesEnded:
    """How many roles ended because their time was over."""

    ended: int


async def grant_role(command: GrantRole, unit: Unit, *, assessing: Assessing) -> Decided:
    """Give a participant a further role, or the one it has for more themes.

    Raises UnknownRole, NotParticipating, RoleAlreadyHeld, RoleExclusive, RoleNotDeclared, NotEligible, and what stands
    against its themes, time or contract.
    """
    programme = await unit.load(Programme, command.programme_id)
    member = programme.state.participations.get(str(command.organisation_id))
    wish = Wish(
        role=command.role,
        organisation=command.organisation_id,
        applied_on=occasion().now.date(),
        members=member.members if member else (),
        excepted=command.excepted,
    )
    granted = programme.grant_role(
        command.organisation_id,
        command.role,
        command.grounds,
        terms=command.terms,
        assessment=await assessing.assess(programme, wish),
    )
    unit.save(programme, texts=command.texts)
    return decided(granted)


async def end_role(command: EndRole, unit: Unit) -> Decided:
    """Take a role from a participant, and the duties that go with it.

    Raises UnknownRole, NotParticipating, RoleNotHeld.
    """
    programme = await unit.load(Programme, command.programme_id)
    ended = programme.end_role(command.organisation_id, command.role, command.grounds, themes=command.themes)
    unit.save(programme, texts=command.texts)
    return decided(ended)


async def end_roles_over(command: EndRolesOver, unit: Unit) -> RolesEnded:
    """End the roles whose last day has passed; repeated at any time, it does nothing twice."""
    programme = await unit.load(Programme, command.programme_id)
    ended = programme.end_roles_over(command.grounds)
    if ended:
        unit.save(programme, texts=command.texts)
    return RolesEnded(len(ended))


async def withdraw(command: Withdraw, unit: Unit) -> Decided:
    """Let a participant go, and exactly its duties with it. Raises NotParticipating."""
    programme = await unit.load(Programme, command.programme_id)
    withdrawn = programme.withdraw(command.organisation_id, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(withdrawn)
