"""What the goals of a programme were measured by, from the decision log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.database import Database


class Measurements:
    """Queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, programme_id: UUID) -> dict[str, list[dict[str, Any]]]:
        """Return value, day, whether the target was reached, and the decision, by goal and indicator; by day."""
        rows = await self._database.fetch(
            "SELECT split_part(subject, ':', 2) AS indicator, record #>> '{criteria,0,finding}' AS value,"
            " (record #>> '{criteria,1,finding}')::date AS measured_on, outcome = 'reached' AS reached, decision_id"
            " FROM decision_log WHERE programme_id = %s AND type = 'indicator' ORDER BY measured_on, position",
            (programme_id,),
        )
        found: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            found.setdefault(row.pop("indicator"), []).append(row)
        return found
