"""Bring two participants together, and part them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.application.decided import Decided, decided
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from interpares.programme.application.ports import Unit
    from interpares.programme.application.rules_commands import AnswerPair, EndPair, ProposePair


async def propose_pair(command: ProposePair, unit: Unit) -> Decided:
    """Propose a pair. Raises UnknownPairRule, NotParticipating, PairNotFitting, RoleNotDeclared."""
    programme = await unit.load(Programme, command.programme_id)
    proposed = programme.propose_pair(command.kind, command.members, command.by, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(proposed)


async def consent_to_pair(command: AnswerPair, unit: Unit) -> Decided:
    """Consent for one side; the second consent concludes the pair. Raises UnknownPair, PairNotOpen, PairNotFitting."""
    programme = await unit.load(Programme, command.programme_id)
    consented = programme.consent_to_pair(command.pair, command.organisation_id, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(consented)


async def decline_pair(command: AnswerPair, unit: Unit) -> Decided:
    """Decline for one side. Raises UnknownPair, PairNotOpen."""
    programme = await unit.load(Programme, command.programme_id)
    declined = programme.decline_pair(command.pair, command.organisation_id, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(declined)


async def end_pair(command: EndPair, unit: Unit) -> Decided:
    """Part two, and let the duties of their strand lapse. Raises UnknownPair, PairNotOpen."""
    programme = await unit.load(Programme, command.programme_id)
    ended = programme.end_pair(command.pair, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(ended)
