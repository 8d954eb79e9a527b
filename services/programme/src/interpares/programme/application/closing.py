"""Close a programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.application.decided import Decided, decided
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from interpares.programme.application.commands import CloseProgramme
    from interpares.programme.application.ports import Unit


async def close_programme(command: CloseProgramme, unit: Unit) -> Decided:
    """End a programme; money, outputs and checks go on. Raises ProgrammeNotRunning, ProgrammeClosed."""
    programme = await unit.load(Programme, command.programme_id)
    closed = programme.close(command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(closed)
