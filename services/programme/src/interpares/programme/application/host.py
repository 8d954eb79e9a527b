"""Derive hosting duties and find their hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.application.decided import Decided, decided
from interpares.programme.application.meetings import proofs_of
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from interpares.programme.application.commands import (
        AcceptDuty,
        DeclineDuty,
        DeriveDuties,
        LapseDuty,
        OfferDuty,
        ReleaseDuty,
        ReopenDuty,
    )
    from interpares.programme.application.ports import Prerequisites, Unit


async def derive_duties(command: DeriveDuties, unit: Unit) -> Decided:
    """Add the duties that follow from the rules and are missing. Raises ProgrammeNotRunning, NothingToDerive."""
    programme = await unit.load(Programme, command.programme_id)
    derived = programme.derive_duties(command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(derived)


async def offer_duty(command: OfferDuty, unit: Unit, *, prerequisites: Prerequisites) -> Decided:
    """Ask eligible organisations to host.

    Raises UnknownDuty, HostingDutyTaken, DutyNotOpen, NobodyAsked, NotParticipating, NotEligibleToHost,
    DutyAlreadyOffered, MomentNotFitting, PrerequisitesMissing.
    """
    programme = await unit.load(Programme, command.programme_id)
    proofs = await proofs_of(programme, command.to, prerequisites)
    offered = programme.offer_duty(command.duty, command.to, command.respond_by, command.grounds, proofs)
    unit.save(programme, texts=command.texts)
    return decided(offered)


async def accept_duty(command: AcceptDuty, unit: Unit, *, prerequisites: Prerequisites) -> Decided:
    """Appoint the first that says yes.

    Raises UnknownDuty, NotParticipating, HostingDutyTaken, DutyNotOffered, PrerequisitesMissing.
    """
    programme = await unit.load(Programme, command.programme_id)
    proofs = await proofs_of(programme, (command.organisation_id,), prerequisites)
    accepted = programme.accept_duty(command.duty, command.organisation_id, command.grounds, proofs)
    unit.save(programme, texts=command.texts)
    return decided(accepted)


async def decline_duty(command: DeclineDuty, unit: Unit) -> Decided:
    """Take the answer no. Raises UnknownDuty, NotParticipating, HostingDutyTaken, DutyNotOffered."""
    programme = await unit.load(Programme, command.programme_id)
    declined = programme.decline_duty(command.duty, command.organisation_id, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(declined)


async def release_duty(command: ReleaseDuty, unit: Unit) -> Decided:
    """Let a host go. Raises UnknownDuty, DutyWithoutHost."""
    programme = await unit.load(Programme, command.programme_id)
    released = programme.release_duty(command.duty, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(released)


async def reopen_duty(command: ReopenDuty, unit: Unit) -> Decided:
    """Look for a host again. Raises UnknownDuty, DutyNotReleased."""
    programme = await unit.load(Programme, command.programme_id)
    reopened = programme.reopen_duty(command.duty, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(reopened)


async def lapse_duty(command: LapseDuty, unit: Unit) -> Decided:
    """Go on without the meeting. Raises UnknownDuty, DutyNotLapsable."""
    programme = await unit.load(Programme, command.programme_id)
    lapsed = programme.lapse_duty(command.duty, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(lapsed)
