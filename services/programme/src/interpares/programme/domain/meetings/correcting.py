"""The chapter on meetings that were held: who was there is put right by a further decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.meetings import events
from interpares.programme.domain.meetings.convening import Convening
from interpares.programme.domain.meetings.errors import MeetingNotHeld, NothingChanges, UnknownMeeting
from interpares.programme.domain.meetings.meeting import Meeting, MeetingStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from interpares.programme.domain.grounds import Grounds


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

    def correct_attendance(
        self, meeting_id: UUID, attended: tuple[UUID, ...], recorded: Mapping[UUID, Attendance], grounds: Grounds
    ) -> events.AttendanceCorrected:
        """Put right which organisations were at a meeting besides its host; also once the programme is closed.

        recorded: of all meetings that were held, so that whoever was at another of the format still counts for it.
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
        return self._happen(
            events.AttendanceCorrected,
            decision=decision,
            meeting=meeting_id,
            format=meeting.format,
            host=meeting.host,
            attended=there,
            removed=tuple(each for each in before.attended if each not in there and each not in elsewhere),
            seen=self.state.revisions.corrected.get(str(before.decision)),
        )
