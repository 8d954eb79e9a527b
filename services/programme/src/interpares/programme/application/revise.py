"""Communicate a decision, object to it, answer the objection, correct, supersede and revoke it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.application.decided import Decided, decided
from interpares.programme.domain.programme import Programme
from interpares.programme.domain.revising.chapter import Earlier
from interpares.programme.domain.revising.errors import UnknownDecision
from interpares.programme.domain.revising.events import DecisionCorrected, Part
from interpares.programme.domain.revising.relations import taken

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.programme.application.ports import History, Unit
    from interpares.programme.application.revising_commands import (
        AnswerObjection,
        Communicate,
        Correct,
        ObjectTo,
        Revoke,
        Supersede,
    )


async def communicate(command: Communicate, unit: Unit, *, history: History) -> Decided:
    """Note to whom a decision was communicated. Raises UnknownDecision, NobodyTold."""
    programme = await unit.load(Programme, command.programme_id)
    earlier = await standing(programme, command.decision_id, history)
    communicated = programme.communicate(earlier, command.telling, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(communicated)


async def object_to(command: ObjectTo, unit: Unit, *, history: History) -> Decided:
    """Take an objection. Raises UnknownDecision, NotConcerned, ObjectionPending."""
    programme = await unit.load(Programme, command.programme_id)
    earlier = await standing(programme, command.decision_id, history)
    objected = programme.object_to(earlier, command.organisation_id, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(objected)


async def answer_objection(command: AnswerObjection, unit: Unit) -> Decided:
    """Answer an objection. Raises NoSuchObjection, GroundsIncomplete."""
    programme = await unit.load(Programme, command.programme_id)
    answered = programme.answer_objection(command.objection_id, command.outcome, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(answered)


async def correct(command: Correct, unit: Unit, *, history: History) -> Decided:
    """Put the record of a decision right. Raises UnknownDecision, DecisionOvertaken, NothingCorrected."""
    programme = await unit.load(Programme, command.programme_id)
    earlier = await standing(programme, command.decision_id, history)
    corrected = programme.correct(earlier, command.right, command.seen, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(corrected)


async def supersede(command: Supersede, unit: Unit, *, history: History) -> Decided:
    """Let a later decision take the place of an earlier one.

    Raises UnknownDecision, EarlierDecisionUnknown, DecisionOvertaken.
    """
    programme = await unit.load(Programme, command.programme_id)
    earlier = await standing(programme, command.decision_id, history)
    superseded = programme.supersede(earlier, command.by, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(superseded)


async def revoke(command: Revoke, unit: Unit, *, history: History) -> Decided:
    """Revoke a decision. Raises UnknownDecision, RevocationWithoutEffect, DecisionOvertaken."""
    programme = await unit.load(Programme, command.programme_id)
    earlier = await standing(programme, command.decision_id, history)
    revoked = programme.revoke(earlier, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(revoked)


async def standing(programme: Programme, decision_id: UUID, history: History) -> Earlier:
    """Return an earlier decision as it stands after its corrections. Raises UnknownDecision."""
    number = taken(programme.id, programme.version, decision_id)
    if number is None:
        message = "This programme has taken no such decision."
        raise UnknownDecision(message)
    decision = (await history.event(programme.id, number)).decision
    parts = {
        Part.REASON_CODE: decision.reason_code,
        Part.REASON: decision.reason,
        Part.FILE_REFERENCE: decision.file_reference,
        Part.DECIDED_AT: decision.decided_at.isoformat(),
        Part.EFFECTIVE_AT: decision.effective_at.isoformat(),
    }
    for correction in await _corrections(programme, decision_id, history):
        parts |= {each.part: each.now for each in correction.parts}
    return Earlier(decision_id, decision.type, decision.concerns, parts)


async def _corrections(programme: Programme, decision_id: UUID, history: History) -> list[DecisionCorrected]:
    """Return the corrections of a decision, the first one first."""
    found: list[DecisionCorrected] = []
    last = programme.state.revisions.corrected.get(str(decision_id))
    while last is not None and (number := taken(programme.id, programme.version, last)) is not None:
        event = await history.event(programme.id, number)
        if not isinstance(event, DecisionCorrected):
            break  # corrected by a decision that changed the programme, not its record
        found.insert(0, event)
        last = event.seen
    return found
