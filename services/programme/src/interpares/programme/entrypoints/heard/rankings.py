"""Rankings and attendance, as registration tells of them."""

from uuid import UUID, uuid5

from interpares.common.commands import UnitOfWork
from interpares.common.contracts.registration import ApplicationsRanked, AttendanceRecorded
from interpares.common.envelope import Arrived
from interpares.common.sealed import seal
from interpares.programme.application.meetings import note_attendance
from interpares.programme.application.meetings_commands import NoteAttendance
from interpares.programme.domain.decision import Evidence
from interpares.programme.domain.grounds import Grounds
from interpares.programme.projections.heard_attendance import attendance_row, came
from interpares.programme.projections.heard_rankings import ranking_row

# Stands for the other service as the author of what it tells.
REGISTRATION = uuid5(UUID("5d1f5b53-0c7e-5e3c-9d3b-4b8b0f3c7a11"), "registration")
RECORDED = "Who came to the meeting was recorded with its seats."


async def on_applications_ranked(event: Arrived, unit: UnitOfWork) -> None:
    """Let the ranking be evidence."""
    heard = ApplicationsRanked.model_validate(event.data)
    ranking = heard.model_dump(exclude={"entries"})
    entries = heard.model_dump(mode="json")["entries"]
    unit.write(ranking_row(ranking | {"entries": entries}, digest=event.digest, position=event.position))


async def on_attendance_recorded(event: Arrived, unit: UnitOfWork) -> None:
    """Count who was there, and let it count as attendance where the meeting names nobody itself."""
    heard = AttendanceRecorded.model_validate(event.data)
    unit.write(
        attendance_row(heard.programme_id, heard.meeting_id, heard.organisation_id, heard.version, heard.attended)
    )
    reason = seal(RECORDED, REGISTRATION, official=True)
    ref = f"attendance:{heard.meeting_id}/{heard.organisation_id}"
    command = NoteAttendance(
        programme_id=heard.programme_id,
        grounds=Grounds(reason_code="recorded-attendance", reason=reason.hash, capacity="system"),
        texts=(reason,),
        meeting_id=heard.meeting_id,
        organisation_id=heard.organisation_id,
        came=came(heard.attended),
        fact=Evidence(ref, heard.version, event.digest, event.position),
    )
    await note_attendance(command, unit)


HANDLERS = {ApplicationsRanked.TYPE: on_applications_ranked, AttendanceRecorded.TYPE: on_attendance_recorded}
