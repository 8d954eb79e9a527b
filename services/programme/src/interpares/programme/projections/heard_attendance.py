"""What registration told of who attended meetings: numbers of people by audience, no names.

Of a meeting whose own list names nobody but its host, this is who was there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg.types.json import Jsonb

from interpares.common.writes import Row

# Not audiences: what people did there.
SPEAKERS, REVIEWERS = "speakers", "reviewers"
# Whether anybody came, in SQL, of a row ``a`` of the table.
CAME = """EXISTS (
    SELECT 1 FROM jsonb_each_text(a.attended) AS e
    WHERE e.key NOT IN ('speakers', 'reviewers') AND e.value::integer > 0)"""

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.database import Database


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


def came(attended: dict[str, int]) -> bool:
    """Tell whether anybody came."""
    return any(number > 0 for audience, number in attended.items() if audience not in {SPEAKERS, REVIEWERS})


class HeardAttendances:
    """The port ``Attendances``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def came(self, meeting_id: UUID) -> tuple[UUID, ...]:
        """Return the organisations of which somebody came to a meeting."""
        rows = await self._database.fetch(
            f"SELECT organisation_id FROM heard_attendance AS a WHERE meeting_id = %s AND {CAME}"  # noqa: S608 -- ours
            " ORDER BY organisation_id",
            (meeting_id,),
        )
        return tuple(row["organisation_id"] for row in rows)
