"""Open and close the call of a programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.application.decided import Decided, decided
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from interpares.programme.application.commands import CloseCall, OpenCall
    from interpares.programme.application.ports import Unit


async def open_call(command: OpenCall, unit: Unit) -> Decided:
    """Ask organisations to apply. Raises CallAlreadyOpen, MomentNotFitting."""
    programme = await unit.load(Programme, command.programme_id)
    opened = programme.open_call(command.deadline, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(opened)


async def close_call(command: CloseCall, unit: Unit) -> Decided:
    """Take no more applications. Raises CallNotOpen."""
    programme = await unit.load(Programme, command.programme_id)
    closed = programme.close_call(command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(closed)
