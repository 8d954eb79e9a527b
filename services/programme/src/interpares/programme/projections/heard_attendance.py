"""What registration told of who attended meetings: numbers of people by audience, no names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg.types.json import Jsonb

from interpares.common.writes import Row

if TYPE_CHECKING:
    from uuid import UUID


def attendance_row(
    programme_id: UUID, meeting_id: UUID, organisation_id: UUID, version: int, attended: dict[str, int]
) -> Row:
    """Return the statement that notes an attendance; a later version takes the place of an earlier one."""
    return Row(
        "INSERT INTO heard_attendance (programme_id, meeting_id, organisation_id, version, attended)"
        " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (programme_id, meeting_id, organisation_id) DO UPDATE"
        " SET version = excluded.version, attended = excluded.attended"
        " WHERE heard_attendance.version < excluded.version",
        (programme_id, meeting_id, organisation_id, version, Jsonb(attended)),
    )
