"""What registration told of rankings it made: evidence, where the programme ranks or decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from interpares.common.writes import Row
from interpares.programme.domain.decision import Evidence

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.database import Database


class HeardRankings:
    """The port ``Rankings``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def latest(self, programme_id: UUID, role: str, strand: str | None) -> Evidence | None:
        """Return the last ranking of the applicants for a role as evidence, None if there is none."""
        rows = await self._database.fetch(
            "SELECT ranking_id, version, digest, position FROM heard_rankings WHERE programme_id = %s AND role = %s"
            " AND strand IS NOT DISTINCT FROM %s ORDER BY position DESC LIMIT 1",
            (programme_id, role, strand),
        )
        if not rows:
            return None
        row = rows[0]
        return Evidence(f"ranking:{row['ranking_id']}", row["version"], row["digest"], row["position"])


def ranking_row(ranking: dict[str, Any], *, digest: str, position: int) -> Row:
    """Return the statement that notes a ranking; a later version takes the place of an earlier one."""
    return Row(
        "INSERT INTO heard_rankings (ranking_id, programme_id, role, strand, version, rule, hash, digest, position,"
        " entries) VALUES (%(ranking_id)s, %(programme_id)s, %(role)s, %(strand)s, %(version)s, %(rule)s, %(hash)s,"
        " %(digest)s, %(position)s, %(entries)s) ON CONFLICT (ranking_id) DO UPDATE SET version = excluded.version,"
        " rule = excluded.rule, hash = excluded.hash, digest = excluded.digest, position = excluded.position,"
        " entries = excluded.entries WHERE heard_rankings.version < excluded.version",
        ranking | {"entries": Jsonb(ranking["entries"]), "digest": digest, "position": position},
    )
