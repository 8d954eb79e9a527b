"""What organisations have done so far: meetings they attended and hosted, in all programmes of this service.

Of a meeting whose own list names nobody but its host, those were there of whom registration recorded that people came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from interpares.common.writes import Row
from interpares.programme.domain.meetings.events import AttendanceCorrected, MeetingHeld
from interpares.programme.projections.heard_attendance import CAME

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.common.eventstore import Recorded

VIEW = "meetings_past"
COUNTED = f"""
    WITH was_at AS (
        SELECT format, hosted FROM meetings_past WHERE organisation_id = %(organisation)s
        UNION ALL
        SELECT host.format, false FROM heard_attendance AS a JOIN meetings_past AS host USING (meeting_id)
        WHERE a.organisation_id = %(organisation)s AND host.hosted AND host.organisation_id <> a.organisation_id
            AND {CAME} AND NOT EXISTS (
                SELECT 1 FROM meetings_past AS guest WHERE guest.meeting_id = host.meeting_id AND NOT guest.hosted)
    )
    SELECT format, hosted, count(*) AS times FROM was_at GROUP BY format, hosted
"""  # noqa: S608 -- our own words


class PastProjector:
    """Keeps one row for each organisation that was at a meeting."""

    VIEW: ClassVar[str] = VIEW
    TABLES: ClassVar[tuple[str, ...]] = ("meetings_past",)

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """Return the rows of a meeting that was held, and again of one whose attendance was put right."""
        event = recorded.event
        if isinstance(event, MeetingHeld):
            meeting, form, host = event.meeting.id, event.meeting.format, event.meeting.host
        elif isinstance(event, AttendanceCorrected):
            meeting, form, host = event.meeting, event.format, event.host
            yield Row("DELETE FROM meetings_past WHERE meeting_id = %s", (meeting,))
        else:
            return
        for organisation in dict.fromkeys((*event.attended, *((host,) if host else ()))):
            yield Row(
                "INSERT INTO meetings_past (meeting_id, organisation_id, format, hosted) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT (organisation_id, meeting_id) DO UPDATE SET hosted = excluded.hosted",
                (meeting, organisation, form, organisation == host),
            )


class PastMeetings:
    """The port ``Past``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, organisation_id: UUID) -> tuple[dict[str, int], dict[str, int]]:
        """Return how many meetings an organisation attended as a guest and how many it hosted, by format."""
        rows = await self._database.fetch(COUNTED, {"organisation": organisation_id})
        counted: tuple[dict[str, int], dict[str, int]] = ({}, {})
        for row in rows:
            counted[row["hosted"]][row["format"]] = row["times"]
        return counted
