"""Amend the rules of a running programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.application.decided import Decided, decided
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from interpares.programme.application.ports import Applications, Unit
    from interpares.programme.application.rules_commands import Amend


async def amend(command: Amend, unit: Unit, *, applications: Applications) -> Decided:
    """Put another version of the template in force, naming the decisions it touches.

    Raises AmendmentNotFitting, StrandsNotFitting, NothingAmended, ProgrammeClosed.
    """
    programme = await unit.load(Programme, command.programme_id)
    paths = programme.changes(command.template).touching
    touched = await applications.of_rules(programme.id, paths, programme.version) if paths else ()
    amended = programme.amend(command.template, command.strands, touched, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(amended)
