"""Rankings and attendance, as registration tells of them."""

from interpares.common.commands import UnitOfWork
from interpares.common.contracts.registration import ApplicationsRanked, AttendanceRecorded
from interpares.common.envelope import Arrived
from interpares.programme.projections.heard_attendance import attendance_row
from interpares.programme.projections.heard_rankings import ranking_row


async def on_applications_ranked(event: Arrived, unit: UnitOfWork) -> None:
    """Let the ranking be evidence."""
    heard = ApplicationsRanked.model_validate(event.data)
    ranking = heard.model_dump(exclude={"entries"})
    entries = heard.model_dump(mode="json")["entries"]
    unit.write(ranking_row(ranking | {"entries": entries}, digest=event.digest, position=event.position))


async def on_attendance_recorded(event: Arrived, unit: UnitOfWork) -> None:
    """Count who was there."""
    heard = AttendanceRecorded.model_validate(event.data)
    unit.write(
        attendance_row(heard.programme_id, heard.meeting_id, heard.organisation_id, heard.version, heard.attended)
    )


HANDLERS = {ApplicationsRanked.TYPE: on_applications_ranked, AttendanceRecorded.TYPE: on_attendance_recorded}
