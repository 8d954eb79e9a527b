"""Which decisions applied which rules: the port ``Applications``, from the decision log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.views import view_at_least
from interpares.programme.projections.decision_log import VIEW

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.database import Database


class RulesApplied:
    """Looks into the decision log once it has caught up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_rules(self, programme_id: UUID, paths: tuple[str, ...], version: int) -> tuple[UUID, ...]:
        """Return the decisions that applied a rule at one of the paths or below, in the order they were recorded.

        version: of the programme; what it decided up to there has been looked at. Manual rules count as well. Raises
        Busy if the log is behind.
        """
        last = await self._database.fetch(
            "SELECT notification_id FROM stored_events WHERE originator_id = %s AND originator_version = %s",
            (programme_id, version),
        )
        await view_at_least(self._database, VIEW, last[0]["notification_id"])
        rows = await self._database.fetch(
            "SELECT decision_id FROM decision_log WHERE programme_id = %(programme)s AND EXISTS ("
            " SELECT 1 FROM unnest(%(paths)s::text[]) AS path, (SELECT record -> 'rule' ->> 'id' AS id UNION ALL"
            " SELECT each ->> 'id' FROM jsonb_array_elements(coalesce(record -> 'manual', '[]')) AS each) AS rule"
            " WHERE rule.id = path OR starts_with(rule.id, path || '.')) ORDER BY position",
            {"programme": programme_id, "paths": list(paths)},
        )
        return tuple(row["decision_id"] for row in rows)
