"""The table of who was at which meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.writes import Row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from interpares.common.database import Database

HELD = (
    "INSERT INTO meetings_attended (meeting_id, programme_id, format, organisation_id, attended, hosted)"
    " SELECT %(meeting_id)s, %(programme_id)s, %(format)s, organisation_id,"
    " organisation_id = ANY(%(attended)s) AND organisation_id IS DISTINCT FROM %(host)s::uuid,"
    " organisation_id IS NOT DISTINCT FROM %(host)s::uuid FROM unnest(%(organisations)s::uuid[]) AS organisation_id"
)
# Where the meeting's own list names nobody but its host, those were there of whom people are recorded; the programme
# service counts alike, so that conditions of roles are answered alike.
COUNTED = """
    WITH was_at AS (
        SELECT format, attended, hosted FROM meetings_attended WHERE organisation_id = %(organisation)s
        UNION ALL
        SELECT host.format, true, false FROM attendances AS a JOIN meetings_attended AS host USING (meeting_id)
        WHERE a.organisation_id = %(organisation)s AND host.hosted AND host.organisation_id <> a.organisation_id
            AND EXISTS (SELECT 1 FROM jsonb_each_text(a.attended) AS e WHERE e.value::integer > 0)
            AND NOT EXISTS (SELECT 1 FROM meetings_attended AS guest
                WHERE guest.meeting_id = host.meeting_id AND guest.attended)
    )
    SELECT format, count(*) FILTER (WHERE attended) AS attended, count(*) FILTER (WHERE hosted) AS hosted
    FROM was_at GROUP BY format
"""


class AttendanceRows:
    """Implements ``Attendance``."""

    def held(
        self, meeting_id: UUID, programme_id: UUID, format_key: str, *, host: UUID | None, attended: Sequence[UUID]
    ) -> Sequence[Row]:
        """See the port."""
        told = {
            "meeting_id": meeting_id,
            "programme_id": programme_id,
            "format": format_key,
            "attended": list(attended),
            "host": host,
            "organisations": list({*attended, *([host] if host else ())}),
        }
        return Row("DELETE FROM meetings_attended WHERE meeting_id = %s", (meeting_id,)), Row(HELD, told)


class AttendanceTable:
    """Asks how often an organisation was at meetings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def counted(self, organisation_id: UUID) -> tuple[dict[str, int], dict[str, int]]:
        """Return how many meetings it attended as a guest, and hosted, by format."""
        rows = await self._database.fetch(COUNTED, {"organisation": organisation_id})
        return (
            {row["format"]: row["attended"] for row in rows if row["attended"]},
            {row["format"]: row["hosted"] for row in rows if row["hosted"]},
        )
