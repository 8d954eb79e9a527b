"""Close a programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.application.decided import Decided, decided
from interpares.programme.application.meetings import proofs_of
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from interpares.programme.application.commands import CloseProgramme
    from interpares.programme.application.ports import Prerequisites, Unit


async def close_programme(command: CloseProgramme, unit: Unit, *, prerequisites: Prerequisites) -> Decided:
    """End a programme; money, outputs and checks go on.

    Raises ProgrammeNotRunning, ProgrammeClosed, PrerequisitesMissing.
    """
    programme = await unit.load(Programme, command.programme_id)
    everybody = tuple(member.organisation for member in programme.state.participations.values())
    closed = programme.close(command.grounds, await proofs_of(programme, everybody, prerequisites))
    unit.save(programme, texts=command.texts)
    return decided(closed)
