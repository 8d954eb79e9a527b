"""Draft a programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.application.decided import Decided, decided
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from interpares.programme.application.commands import DraftProgramme
    from interpares.programme.application.ports import Unit


async def draft_programme(command: DraftProgramme, unit: Unit) -> Decided:
    """Draft a programme from a checked template. Raises StrandsNotFitting."""
    programme, drafted = Programme.draft(
        command.programme_id,
        title=command.title,
        office=command.office,
        template=command.template,
        strands=command.strands,
        grounds=command.grounds,
    )
    unit.save(programme, texts=command.texts)
    return decided(drafted, created_id=programme.id)
