"""Plan meetings and change them, take up or decline what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.context import occasion
from interpares.programme.application.decided import Decided, decided
from interpares.programme.application.meetings_commands import PlanFromDuty
from interpares.programme.domain.errors import GroundsIncomplete
from interpares.programme.domain.meetings.correcting import attendances
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.programme.application.meetings_commands import (
        CancelMeeting,
        ChangeMeeting,
        ConfirmMeeting,
        CorrectAttendance,
        HoldMeeting,
        NoteAttendance,
        PlanOnOccasion,
        ProposeMeeting,
        RecordMeeting,
        RefuseProposal,
        Reschedule,
        TakeUp,
        WithdrawProposal,
    )
    from interpares.programme.application.ports import Attendances, Holdings, Prerequisites, Unit
    from interpares.programme.domain.meetings.convening import Gate
    from interpares.programme.domain.meetings.events import MeetingPlanned
    from interpares.programme.domain.meetings.prerequisites import Proofs


async def plan_meeting(command: PlanFromDuty | PlanOnOccasion, unit: Unit) -> Decided:
    """Plan a meeting, of a duty that has its host or on an occasion.

    Raises UnknownDuty, DutyNotAccepted, UnknownOccasion, MeetingNotFitting, DatesNotFitting, MomentNotFitting,
    PartyNotFitting, SourceNotFitting, UnknownStrand, ProgrammeNotRunning.
    """
    programme = await unit.load(Programme, command.programme_id)
    planned = _plan(command, programme)
    unit.save(programme, texts=command.texts)
    return decided(planned, created_id=command.meeting_id)


async def record_meeting(command: RecordMeeting, unit: Unit) -> Decided:
    """Record a meeting that took place and was not planned here, with who was there.

    Raises GroundsIncomplete unless the decision looks back, and what planning and holding a meeting raise.
    """
    if not command.grounds.looks_back:
        raise GroundsIncomplete(field="source")
    programme = await unit.load(Programme, command.programme_id)
    _plan(command.plan, programme)
    held = programme.hold(command.meeting_id, command.attended, {}, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(held, created_id=command.meeting_id)


async def propose_meeting(command: ProposeMeeting, unit: Unit) -> Decided:
    """Ask for a meeting or offer one. Raises NotParticipating, UnknownOccasion, PartyNotFitting and as planning."""
    programme = await unit.load(Programme, command.programme_id)
    proposed = programme.propose(command.meeting_id, command.organisation_id, command.wish, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(proposed, created_id=command.meeting_id)


async def take_up(command: TakeUp, unit: Unit) -> Decided:
    """Plan a meeting that was asked for. Raises UnknownMeeting, MeetingNotProposed and as planning."""
    programme = await unit.load(Programme, command.programme_id)
    planned = programme.take_up(command.meeting_id, command.changes, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(planned)


async def refuse_proposal(command: RefuseProposal, unit: Unit) -> Decided:
    """Decline a meeting that was asked for. Raises UnknownMeeting, MeetingNotProposed."""
    programme = await unit.load(Programme, command.programme_id)
    refused = programme.refuse_proposal(command.meeting_id, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(refused)


async def withdraw_proposal(command: WithdrawProposal, unit: Unit) -> Decided:
    """Take back that a meeting was asked for. Raises UnknownMeeting, MeetingNotProposed."""
    programme = await unit.load(Programme, command.programme_id)
    withdrawn = programme.withdraw_proposal(command.meeting_id, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(withdrawn)


async def change_meeting(command: ChangeMeeting, unit: Unit) -> Decided:
    """Change a meeting.

    Raises UnknownMeeting, MeetingNotAhead, MeetingChangedMeanwhile, HostFromDuty, PartyNotFitting, NothingChanges,
    MeetingHasDate, MeetingNotFitting, DatesNotFitting, MomentNotFitting.
    """
    programme = await unit.load(Programme, command.programme_id)
    changed = programme.change_meeting(command.meeting_id, command.changes, command.revision, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(changed)


async def confirm_meeting(command: ConfirmMeeting, unit: Unit, *, prerequisites: Prerequisites) -> Decided:
    """Confirm a meeting. Raises UnknownMeeting, MeetingNotAhead, MeetingAlreadyConfirmed, GateClosed, MeetingBegun."""
    programme = await unit.load(Programme, command.programme_id)
    proofs = await _shown_by_host(programme, command.meeting_id, prerequisites)
    confirmed = programme.confirm_meeting(command.meeting_id, proofs, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(confirmed)


async def reschedule(command: Reschedule, unit: Unit) -> Decided:
    """Move a meeting.

    Raises UnknownMeeting, MeetingNotAhead, MeetingNotConfirmed, NothingChanges, DatesNotFitting, MomentNotFitting.
    """
    programme = await unit.load(Programme, command.programme_id)
    moved = programme.reschedule(command.meeting_id, command.starts, command.ends, command.zone, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(moved)


async def cancel_meeting(command: CancelMeeting, unit: Unit) -> Decided:
    """Call a meeting off. Raises UnknownMeeting, MeetingNotAhead."""
    programme = await unit.load(Programme, command.programme_id)
    cancelled = programme.cancel_meeting(command.meeting_id, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(cancelled)


async def hold_meeting(command: HoldMeeting, unit: Unit, *, prerequisites: Prerequisites) -> Decided:
    """Record that a meeting took place.

    Raises UnknownMeeting, MeetingNotAhead, MeetingNotConfirmed, MeetingNotOver, PartyNotFitting, PrerequisitesMissing.
    """
    programme = await unit.load(Programme, command.programme_id)
    host = programme.state.meetings.host_of(command.meeting_id)
    proofs = await proofs_of(programme, (*host, *command.attended), prerequisites)
    held = programme.hold(command.meeting_id, command.attended, proofs, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(held)


async def note_attendance(command: NoteAttendance, unit: Unit) -> None:
    """Take note of what registration recorded of who came to a meeting, where it can count."""
    programme = await unit.find(Programme, command.programme_id)
    if programme is None:
        return
    noted = programme.note_attendance(
        command.meeting_id, command.organisation_id, command.fact, command.grounds, came=command.came
    )
    if noted is not None:
        unit.save(programme, texts=command.texts)


async def correct_attendance(
    command: CorrectAttendance, unit: Unit, *, holdings: Holdings, heard: Attendances
) -> Decided:
    """Put right who was at a meeting that was held.

    Raises UnknownMeeting, MeetingNotHeld, PartyNotFitting, NothingChanges.
    """
    programme = await unit.load(Programme, command.programme_id)
    recorded = attendances(await holdings.holdings(command.programme_id))
    told = await heard.came(command.meeting_id)
    corrected = programme.correct_attendance(command.meeting_id, command.attended, recorded, command.grounds, told=told)
    unit.save(programme, texts=command.texts)
    return decided(corrected)


async def gate_of(programme: Programme, meeting_id: UUID, prerequisites: Prerequisites) -> Gate:
    """Return what is missing now before a meeting can be confirmed. Raises UnknownMeeting, MeetingNotAhead."""
    everybody = tuple(member.organisation for member in programme.state.participations.values())
    proofs = await proofs_of(programme, everybody, prerequisites)
    return programme.gate(meeting_id, proofs, occasion().now.date())


async def proofs_of(programme: Programme, organisations: tuple[UUID, ...], prerequisites: Prerequisites) -> Proofs:
    """Return what organisations have shown, nothing where the template asks for nothing."""
    if not programme.state.charter.meetings.prerequisites:
        return {}
    return await prerequisites.shown(programme.id, organisations)


async def _shown_by_host(programme: Programme, meeting_id: UUID, prerequisites: Prerequisites) -> Proofs:
    return await proofs_of(programme, programme.state.meetings.host_of(meeting_id), prerequisites)


def _plan(command: PlanFromDuty | PlanOnOccasion, programme: Programme) -> MeetingPlanned:
    meeting_id, grounds = command.meeting_id, command.grounds
    if isinstance(command, PlanFromDuty):
        return programme.plan_from_duty(meeting_id, command.duty, command.organiser, command.details, grounds)
    return programme.plan_on_occasion(meeting_id, command.wish, grounds)
