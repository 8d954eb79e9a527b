"""Rankings, and the waiting list that follows from them: who was admitted, declined or has left is no longer in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from psycopg.types.json import Jsonb
from pydantic import TypeAdapter

from interpares.common.database import Database
from interpares.common.eventstore import Recorded
from interpares.common.writes import Row
from interpares.registration.domain.applying.ranking_rule import Rule
from interpares.registration.domain.ranking import Ranked, Ranking
from interpares.registration.projections.applications import Sight

RULE = TypeAdapter(Rule)
BEGIN = (
    "INSERT INTO rankings (ranking_id, programme_id, office_id, role, strand, version) VALUES (%s, %s, %s, %s, %s, %s)"
)
RANK = (
    "UPDATE rankings SET version = %s, rule = %s, rule_hash = %s, ranked_at = %s, reason_code = %s, reason_hash = %s"
    " WHERE ranking_id = %s"
)
CLEAR = "DELETE FROM ranking_entries WHERE ranking_id = %s"
ENTER = (
    "INSERT INTO ranking_entries (ranking_id, application_id, organisation_id, place, total, priority, points,"
    " received_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
SEEN = (
    "(%(all)s OR office_id = ANY(%(offices)s) OR ranking_id IN (SELECT ranking_id FROM ranking_entries"
    " WHERE organisation_id = ANY(%(organisations)s)))"
)
ONE = f"SELECT * FROM rankings WHERE ranking_id = %(ranking_id)s AND {SEEN}"  # noqa: S608 -- constants only
PAGE = (
    f"SELECT * FROM rankings WHERE {SEEN}"  # noqa: S608 -- constants only
    " AND (%(programme_id)s::uuid IS NULL OR programme_id = %(programme_id)s)"
    " AND (%(after)s::uuid IS NULL OR ranking_id > %(after)s) ORDER BY ranking_id LIMIT %(limit)s"
)
# Places among those who wait still: they move up as others are decided about, by the same order.
WAITING = """
    SELECT entries.*, applications.status, CASE WHEN applications.status = 'submitted' THEN
        row_number() OVER (PARTITION BY applications.status = 'submitted' ORDER BY place) END AS waiting_place,
        count(*) FILTER (WHERE applications.status = 'submitted') OVER () AS waiting
    FROM ranking_entries AS entries JOIN applications USING (application_id)
    WHERE ranking_id = %(ranking_id)s ORDER BY place
"""
OF = (
    "SELECT ranking_id FROM ranking_entries JOIN rankings USING (ranking_id) WHERE application_id = %s"
    " ORDER BY ranked_at DESC LIMIT 1"
)


@dataclass(frozen=True)
class ListedRanking:
    """A ranking. rule: by what it is ordered; rule_hash: hex SHA-256 of its canonical JSON. version: rises."""

    id: UUID
    programme_id: UUID
    office_id: UUID
    role: str
    strand: str | None
    version: int
    rule: Rule
    rule_hash: str
    ranked_at: datetime
    reason_code: str


@dataclass(frozen=True)
class RankedEntry:
    """A place. place: as it was ranked. waiting_place: among those who wait still, None for who no longer does.

    total, points: decimal text; the total is weighted. status: of the application.
    """

    application_id: UUID
    organisation_id: UUID
    place: int
    waiting_place: int | None
    total: str
    points: dict[str, str]
    priority: int
    received_at: datetime
    status: str


class RankingsProjector:
    """Keeps the list."""

    VIEW: ClassVar[str] = "rankings"
    TABLES: ClassVar[tuple[str, ...]] = ("rankings", "ranking_entries")

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """See ``interpares.common.views.Projector``."""
        event = recorded.event
        one = event.originator_id
        if isinstance(event, Ranking.Created):
            yield Row(
                BEGIN,
                (one, event.programme_id, event.office_id, event.role, event.strand, event.originator_version),
            )
        elif isinstance(event, Ranked):
            rule = Jsonb(RULE.dump_python(event.rule, mode="json"))
            told = (event.originator_version, rule, event.rule_hash, event.timestamp, event.reason_code, event.reason)
            yield Row(RANK, (*told, one))
            yield Row(CLEAR, (one,))
            for entry in event.entries:
                known = entry.candidate
                yield Row(
                    ENTER,
                    (
                        one,
                        known.application_id,
                        known.organisation_id,
                        entry.place,
                        entry.total,
                        known.priority,
                        Jsonb(known.points),
                        known.received_at,
                    ),
                )


class Rankings:
    """Asks for rankings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def one(self, ranking_id: UUID, sight: Sight) -> ListedRanking | None:
        """Return a ranking, None if there is none under the id that may be seen."""
        rows = await self._database.fetch(ONE, {"ranking_id": ranking_id, **sight.as_params()})
        return _listed(rows[0]) if rows else None

    async def of(self, application_id: UUID, sight: Sight) -> ListedRanking | None:
        """Return the newest ranking an application stands in, None where it stands in none."""
        rows = await self._database.fetch(OF, (application_id,))
        return await self.one(rows[0]["ranking_id"], sight) if rows else None

    async def page(
        self, sight: Sight, *, after: UUID | None, limit: int, programme_id: UUID | None
    ) -> list[ListedRanking]:
        """Return rankings in the order of their ids, from behind ``after``."""
        wanted = {"after": after, "limit": limit, "programme_id": programme_id, **sight.as_params()}
        return [_listed(row) for row in await self._database.fetch(PAGE, wanted)]

    async def entries(self, ranking_id: UUID) -> tuple[list[RankedEntry], int]:
        """Return all places as they were ranked, and how many wait still."""
        rows = await self._database.fetch(WAITING, {"ranking_id": ranking_id})
        waiting = rows[0]["waiting"] if rows else 0
        names = RankedEntry.__dataclass_fields__
        return [RankedEntry(**{name: row[name] for name in names}) for row in rows], waiting


def _listed(row: dict[str, Any]) -> ListedRanking:
    return ListedRanking(
        id=row["ranking_id"],
        programme_id=row["programme_id"],
        office_id=row["office_id"],
        role=row["role"],
        strand=row["strand"],
        version=row["version"],
        rule=RULE.validate_python(row["rule"]),
        rule_hash=row["rule_hash"],
        ranked_at=row["ranked_at"],
        reason_code=row["reason_code"],
    )
