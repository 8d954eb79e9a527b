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
    " SELECT %(meeting_id)s, %(programme_id)s, %(format)s, organisation_id, organisation_id = ANY(%(attended)s),"
    " organisation_id IS NOT DISTINCT FROM %(host)s::uuid FROM unnest(%(organisations)s::uuid[]) AS organisation_id"
)


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
        """Return how many meetings it attended, and hosted, by format."""
        rows = await self._database.fetch(
            "SELECT format, count(*) FILTER (WHERE attended) AS attended, count(*) FILTER (WHERE hosted) AS hosted"
            " FROM meetings_attended WHERE organisation_id = %s GROUP BY format",
            (organisation_id,),
        )
        return (
            {row["format"]: row["attended"] for row in rows if row["attended"]},
            {row["format"]: row["hosted"] for row in rows if row["hosted"]},
        )
