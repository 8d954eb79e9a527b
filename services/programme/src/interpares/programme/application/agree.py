"""Agree on a meeting; grant exceptions from prerequisites and end them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.application.decided import Decided, decided
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from interpares.programme.application.meetings_commands import (
        ApproveAgreement,
        DraftAgreement,
        EndException,
        GrantException,
    )
    from interpares.programme.application.ports import Unit


async def draft_agreement(command: DraftAgreement, unit: Unit) -> Decided:
    """Lay a version of the agreement before both sides.

    Raises UnknownMeeting, MeetingNotAhead, NoParties, CounterpartMissing, NotParticipating, NothingChanges.
    """
    programme = await unit.load(Programme, command.programme_id)
    drafted = programme.draft_agreement(command.meeting_id, command.terms, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(drafted)


async def approve_agreement(command: ApproveAgreement, unit: Unit) -> Decided:
    """Approve the current version for one side.

    Raises UnknownMeeting, MeetingNotAhead, NoAgreement, NotASide, AgreementStale, AlreadyApproved.
    """
    programme = await unit.load(Programme, command.programme_id)
    approved = programme.approve_agreement(command.meeting_id, command.side, command.hash, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(approved)


async def grant_exception(command: GrantException, unit: Unit) -> Decided:
    """Let an organisation do without a prerequisite.

    Raises UnknownPrerequisite, NotParticipating, ExceptionNotFitting.
    """
    programme = await unit.load(Programme, command.programme_id)
    granted = programme.grant_exception(command.organisation_id, command.prerequisite, command.until, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(granted)


async def end_exception(command: EndException, unit: Unit) -> Decided:
    """End an exception before its day. Raises UnknownPrerequisite, NoException."""
    programme = await unit.load(Programme, command.programme_id)
    ended = programme.end_exception(command.organisation_id, command.prerequisite, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(ended)
