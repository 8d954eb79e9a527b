"""The table of what programmes ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg.types.json import Jsonb

from interpares.common.writes import Row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.registration.application.requirements import Requirement


class RequirementTable:
    """Implements ``Requirements``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def disciplines(self, programme_id: UUID, key: str) -> tuple[str, ...]:
        """See the port."""
        rows = await self._database.fetch(
            "SELECT disciplines FROM requirements"
            " WHERE programme_id = %s AND kind = 'team' AND (key = %s OR %s = '') ORDER BY key",
            (programme_id, key, key),
        )
        return tuple(dict.fromkeys(each for row in rows for each in row["disciplines"]))


class RequirementRows:
    """Implements ``RequirementBook``."""

    def noting(self, programme_id: UUID, requirements: Sequence[Requirement]) -> Sequence[Row]:
        """See the port."""
        return [
            Row("DELETE FROM requirements WHERE programme_id = %s", (programme_id,)),
            *(
                Row(
                    "INSERT INTO requirements (programme_id, key, kind, label, kinds, roles, due_before, disciplines)"
                    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                    (
                        each.programme_id,
                        each.key,
                        each.kind,
                        Jsonb(each.label),
                        list(each.kinds),
                        list(each.roles),
                        each.due_before,
                        list(each.disciplines),
                    ),
                )
                for each in requirements
            ),
        ]
