"""Take a programme through its course: initiation, workshop, grant, term, phases, deliverables, indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.application.decided import Decided, decided
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from collections.abc import Callable

    from interpares.programme.application.commands import Deciding
    from interpares.programme.application.ports import Unit
    from interpares.programme.application.rules_commands import (
        AgreeWorkshop,
        AnswerDeliverable,
        ApplyForGrant,
        BeginPhase,
        HandIn,
        RecordIndicator,
        SetTerm,
        Step,
    )
    from interpares.programme.domain.events import Event


async def begin_initiation(command: Step, unit: Unit) -> Decided:
    """Begin to win partners. Raises LifecycleNotFitting, StepOutOfOrder."""
    return await _act(command, unit, lambda programme: programme.begin_initiation(command.grounds))


async def agree_workshop(command: AgreeWorkshop, unit: Unit) -> Decided:
    """Take down what was agreed. Raises LifecycleNotFitting, StepOutOfOrder, NotParticipating, AgreementIncomplete."""
    return await _act(command, unit, lambda programme: programme.agree_workshop(command.agreement, command.grounds))


async def apply_for_grant(command: ApplyForGrant, unit: Unit) -> Decided:
    """Take down that the carrier applied. Raises LifecycleNotFitting, StepOutOfOrder, TermNotFitting."""
    return await _act(
        command,
        unit,
        lambda programme: programme.apply_for_grant(
            command.amount, command.currency, command.submitted_on, command.document_hash, command.grounds
        ),
    )


async def grant(command: SetTerm, unit: Unit) -> Decided:
    """Take down that the funder grants. Raises LifecycleNotFitting, StepOutOfOrder, TermNotFitting."""
    return await _act(command, unit, lambda programme: programme.grant(command.starts, command.ends, command.grounds))


async def refuse_grant(command: Step, unit: Unit) -> Decided:
    """Take down that the funder refuses. Raises LifecycleNotFitting, StepOutOfOrder."""
    return await _act(command, unit, lambda programme: programme.refuse_grant(command.grounds))


async def open_programme(command: Step, unit: Unit) -> Decided:
    """Open a standing programme. Raises LifecycleNotFitting, StepOutOfOrder."""
    return await _act(command, unit, lambda programme: programme.open_programme(command.grounds))


async def set_term(command: SetTerm, unit: Unit) -> Decided:
    """Fix the term, or change it. Raises LifecycleNotFitting, ProgrammeNotRunning, StepOutOfOrder, TermNotFitting."""
    return await _act(
        command, unit, lambda programme: programme.set_term(command.starts, command.ends, command.grounds)
    )


async def begin_phase(command: BeginPhase, unit: Unit) -> Decided:
    """Go on to a phase. Raises ProgrammeNotRunning, PhaseNotFitting."""
    return await _act(command, unit, lambda programme: programme.begin_phase(command.phase, command.grounds))


async def hand_in(command: HandIn, unit: Unit) -> Decided:
    """Hand in. Raises UnknownDeliverable, NotParticipating, DeliverableNotOwed, DeliverableNotOpen."""
    return await _act(
        command,
        unit,
        lambda programme: programme.hand_in(
            command.deliverable, command.organisation_id, command.document_hash, command.grounds
        ),
    )


async def accept_deliverable(command: AnswerDeliverable, unit: Unit) -> Decided:
    """Accept what was handed in. Raises UnknownDeliverable, DeliverableNotOpen."""
    return await _act(
        command,
        unit,
        lambda programme: programme.accept_deliverable(command.deliverable, command.organisation_id, command.grounds),
    )


async def return_deliverable(command: AnswerDeliverable, unit: Unit) -> Decided:
    """Send back what was handed in. Raises UnknownDeliverable, DeliverableNotOpen."""
    return await _act(
        command,
        unit,
        lambda programme: programme.return_deliverable(command.deliverable, command.organisation_id, command.grounds),
    )


async def record_indicator(command: RecordIndicator, unit: Unit) -> Decided:
    """Take down what a goal is measured by. Raises UnknownIndicator, MeasuredLater."""
    return await _act(
        command,
        unit,
        lambda programme: programme.record_indicator(
            command.goal, command.indicator, command.value, command.measured_on, command.grounds
        ),
    )


async def _act(command: Deciding, unit: Unit, step: Callable[[Programme], Event]) -> Decided:
    """Load, take the step, save."""
    programme = await unit.load(Programme, command.programme_id)
    event = step(programme)
    unit.save(programme, texts=command.texts)
    return decided(event)
