"""Outputs, and the checks that outlive the programme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from interpares.programme.application.decided import Decided, decided
from interpares.programme.domain.outputs.errors import UnknownOwner
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.programme.application.output_commands import (
        AnswerCheck,
        AssignOutput,
        DropOutput,
        FinishOutput,
        MeetFor,
        RecordOutput,
        TendChecks,
    )
    from interpares.programme.application.ports import Unit


@dataclass(frozen=True)
class Tended:
    """How many checks fell due or escalated."""

    happened: int


class Known(Protocol):
    """What registration told of organisations."""

    async def known(self, organisation_id: UUID) -> bool:
        """Tell whether there is such an organisation."""


async def record_output(command: RecordOutput, unit: Unit, *, organisations: Known) -> Decided:
    """Take down what came out. Raises UnknownOwner, and what ``Outputs.record_output`` raises."""
    programme = await unit.load(Programme, command.programme_id)
    if command.output.owner is not None:
        await _known(command.output.owner, organisations)
    recorded = programme.record_output(
        command.output_id, command.output, command.months, text=command.text, grounds=command.grounds
    )
    unit.save(programme, texts=command.texts)
    return decided(recorded, created_id=command.output_id)


async def assign_output(command: AssignOutput, unit: Unit, *, organisations: Known) -> Decided:
    """Give an output to an owner. Raises UnknownOwner, and what ``Outputs.assign_output`` raises."""
    programme = await unit.load(Programme, command.programme_id)
    await _known(command.owner, organisations)
    changed = programme.assign_output(command.output_id, command.owner, command.due, command.months, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(changed)


async def meet_for(command: MeetFor, unit: Unit) -> Decided:
    """Say which meeting a follow-up became. Raises what ``Outputs.meet_for`` raises."""
    programme = await unit.load(Programme, command.programme_id)
    changed = programme.meet_for(command.output_id, command.meeting, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(changed)


async def finish_output(command: FinishOutput, unit: Unit) -> Decided:
    """Say that an output is done. Raises UnknownOutput, OutputSettled."""
    programme = await unit.load(Programme, command.programme_id)
    changed = programme.finish_output(command.output_id, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(changed)


async def drop_output(command: DropOutput, unit: Unit) -> Decided:
    """Give an output up. Raises UnknownOutput, OutputSettled."""
    programme = await unit.load(Programme, command.programme_id)
    changed = programme.drop_output(command.output_id, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(changed)


async def answer_check(command: AnswerCheck, unit: Unit) -> Decided:
    """Take the answer to a check. Raises UnknownOutput, UnknownCheck, CheckNotOpen."""
    programme = await unit.load(Programme, command.programme_id)
    answered = programme.answer_check(command.output_id, command.months, command.finding, command.note, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(answered)


async def tend_checks(command: TendChecks, unit: Unit) -> Tended:
    """Let checks fall due and escalate as far as it is time; repeated at any time, it does nothing twice."""
    programme = await unit.load(Programme, command.programme_id)
    happened = programme.tend_checks(command.grounds)
    if happened:
        unit.save(programme, texts=command.texts)
    return Tended(len(happened))


async def _known(owner: UUID, organisations: Known) -> None:
    if not await organisations.known(owner):
        message = "Registration has told of no such organisation."
        raise UnknownOwner(message, field="owner_id")
