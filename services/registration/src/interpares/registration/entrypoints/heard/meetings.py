"""Meetings that programmes held: who was there, for the conditions that speak of history."""

from collections.abc import Awaitable, Callable, Mapping

from interpares.common.commands import UnitOfWork
from interpares.common.contracts.programme.meetings import AttendanceCorrected, MeetingHeld
from interpares.common.envelope import Arrived
from interpares.registration.application.applying_ports import Attendance
from interpares.registration.application.follow_meetings import NoteMeetingHeld, note_meeting_held

Handler = Callable[[Arrived, UnitOfWork], Awaitable[None]]


def handlers(attendance: Attendance) -> Mapping[str, Handler]:
    """Return what to do with an event about a meeting, by its type."""

    async def on_meeting_held(event: Arrived, unit: UnitOfWork) -> None:
        held = MeetingHeld.model_validate(event.data)
        meeting = held.meeting
        command = NoteMeetingHeld(meeting.meeting_id, held.programme_id, meeting.format, meeting.host_id, held.attended)
        await note_meeting_held(command, unit, attendance=attendance)

    async def on_attendance_corrected(event: Arrived, unit: UnitOfWork) -> None:
        told = AttendanceCorrected.model_validate(event.data)
        command = NoteMeetingHeld(told.meeting_id, told.programme_id, told.format, told.host_id, told.attended)
        await note_meeting_held(command, unit, attendance=attendance)

    return {MeetingHeld.TYPE: on_meeting_held, AttendanceCorrected.TYPE: on_attendance_corrected}
