"""The chapter on who was at meetings: registration tells of it, and what was recorded is put right by a decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast
from uuid import UUID

from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.meetings import events
from interpares.programme.domain.meetings.convening import Convening
from interpares.programme.domain.meetings.errors import MeetingNotHeld, NothingChanges, UnknownMeeting
from interpares.programme.domain.meetings.meeting import Meeting, MeetingStatus
from interpares.programme.domain.state import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from interpares.programme.domain.decision import Evidence
    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.meetings.meeting import Standing


@dataclass(frozen=True)
class Attendance:
    """Who was at a meeting as it stands recorded, the host among them. decision: that recorded the holding.

    invited: organisations that might send people when it was held.
    """

    meeting: Meeting
    invited: tuple[UUID, ...]
    attended: tuple[UUID, ...]
    decision: UUID


def attendances(told: Iterable[events.MeetingHeld | events.AttendanceCorrected]) -> dict[UUID, Attendance]:
    """Return who was at each meeting, from what was recorded in its order."""
    found: dict[UUID, Attendance] = {}
    for event in told:
        if isinstance(event, events.MeetingHeld):
            found[event.meeting.id] = Attendance(event.meeting, event.invited, event.attended, event.event_id)
        else:
            found[event.meeting] = replace(found[event.meeting], attended=event.attended)
    return found


class Correcting(Convening):
    """What was recorded wrongly of meetings."""

    def note_attendance(
        self, meeting_id: UUID, organisation: UUID, fact: Evidence, grounds: Grounds, *, came: bool
    ) -> events.AttendanceTold | None:
        """Take note of what registration recorded, where that can count; return None where it says nothing new.

        It can before the meeting is recorded as held, and afterwards while its own list names nobody but the host.
        fact: what registration told.
        """
        meetings, key = self.state.meetings, str(meeting_id)
        standing = meetings.known.get(key)
        if standing is None and key not in meetings.told:
            return None
        before = meetings.told.get(key)
        if came == (before is not None and organisation in before.organisations):
            return None
        form = before.format if before is not None else cast("Standing", standing).meeting.format
        decision = grounds.decide(
            "attendance-report",
            f"meeting:{meeting_id}",
            "came" if came else "stayed-away",
            concerns=(organisation,),
            evidence=(fact,),
        )
        told = self._happen(
            events.AttendanceTold,
            decision=decision,
            meeting=meeting_id,
            format=form,
            organisation=organisation,
            came=came,
        )
        self._invite_anew(grounds, follows=told.event_id)
        return told

    def correct_attendance(
        self,
        meeting_id: UUID,
        attended: tuple[UUID, ...],
        recorded: Mapping[UUID, Attendance],
        grounds: Grounds,
        *,
        told: tuple[UUID, ...] = (),
    ) -> events.AttendanceCorrected:
        """Put right which organisations were at a meeting besides its host; also once the programme is closed.

        recorded: of all meetings that were held, so that whoever was at another of the format still counts for it.
        told: who came as registration recorded it, which counts if nobody is named.
        Raises UnknownMeeting, MeetingNotHeld, PartyNotFitting, NothingChanges.
        """
        status = self.state.meetings.status(str(meeting_id))
        if status is None:
            message = "This programme has no such meeting."
            raise UnknownMeeting(message)
        if status is not MeetingStatus.HELD:
            message = f"The meeting is {status}."
            raise MeetingNotHeld(message)
        before = recorded[meeting_id]
        meeting = before.meeting
        there = tuple(dict.fromkeys(each for each in (meeting.host, *attended) if each is not None))
        self._were_invited(meeting, there, {*before.invited, *before.attended})
        if set(there) == set(before.attended):
            message = "These organisations are recorded already."
            raise NothingChanges(message)
        elsewhere = {
            organisation
            for other in recorded.values()
            if other.meeting.format == meeting.format and other.meeting.id != meeting_id
            for organisation in other.attended
        }
        decision = self._about(
            "attendance-correction",
            "corrected",
            meeting,
            replace(grounds, corrects=before.decision),
            alternatives=(instead("leave-as-is", grounds),),
        )
        corrected = self._happen(
            events.AttendanceCorrected,
            decision=decision,
            meeting=meeting_id,
            format=meeting.format,
            host=meeting.host,
            attended=there,
            removed=tuple(each for each in before.attended if each not in there and each not in elsewhere),
            seen=self.state.revisions.corrected.get(str(before.decision)),
            told=() if set(there) - {meeting.host} else tuple(sorted(told, key=str)),
        )
        self._invite_anew(grounds, follows=corrected.event_id)
        return corrected

    def _invite_anew(self, grounds: Grounds, *, follows: UUID) -> None:
        # What was recorded is put right beyond the end of a programme; nobody is invited any more then.
        if self.state.stage is not Stage.CLOSED:
            self._attendance_known(grounds, follows=follows)
