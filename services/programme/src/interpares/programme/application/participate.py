"""Grant and end roles, let participants go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.application.decided import Decided, decided
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from interpares.programme.application.commands import EndRole, GrantRole, Withdraw
    from interpares.programme.application.ports import Unit


async def grant_role(command: GrantRole, unit: Unit) -> Decided:
    """Give a participant a further role.

    Raises UnknownRole, NotParticipating, RoleAlreadyHeld, RoleExclusive, RoleNotDeclared.
    """
    programme = await unit.load(Programme, command.programme_id)
    granted = programme.grant_role(command.organisation_id, command.role, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(granted)


async def end_role(command: EndRole, unit: Unit) -> Decided:
    """Take a role from a participant, and the duties that go with it.

    Raises UnknownRole, NotParticipating, RoleNotHeld.
    """
    programme = await unit.load(Programme, command.programme_id)
    ended = programme.end_role(command.organisation_id, command.role, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(ended)


async def withdraw(command: Withdraw, unit: Unit) -> Decided:
    """Let a participant go, and exactly its duties with it. Raises NotParticipating."""
    programme = await unit.load(Programme, command.programme_id)
    withdrawn = programme.withdraw(command.organisation_id, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(withdrawn)
