"""Let somebody go along with a participant, and count the days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.application.decided import Decided, decided
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from interpares.programme.application.ports import Unit
    from interpares.programme.application.rules_commands import AgreeAccompaniment, BookExpertDays, EndAccompaniment


async def agree_accompaniment(command: AgreeAccompaniment, unit: Unit) -> Decided:
    """Agree that somebody goes along. Raises NotParticipating, AccompanimentNotFitting, ExpertDaysExceeded."""
    programme = await unit.load(Programme, command.programme_id)
    agreed = programme.agree_accompaniment(
        command.rule, command.organisation_id, command.companion_id, command.days, command.themes, command.grounds
    )
    unit.save(programme, texts=command.texts)
    return decided(agreed)


async def book_expert_days(command: BookExpertDays, unit: Unit) -> Decided:
    """Book expert days. Raises UnknownAccompaniment, AccompanimentEnded, ExpertDaysNotFitting, ExpertDaysExceeded."""
    programme = await unit.load(Programme, command.programme_id)
    booked = programme.book_expert_days(command.accompaniment, command.day, command.days, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(booked)


async def end_accompaniment(command: EndAccompaniment, unit: Unit) -> Decided:
    """Let nobody go along any more. Raises UnknownAccompaniment, AccompanimentEnded."""
    programme = await unit.load(Programme, command.programme_id)
    ended = programme.end_accompaniment(command.accompaniment, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(ended)
