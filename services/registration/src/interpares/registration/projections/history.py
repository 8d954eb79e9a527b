"""What was ever on record of an organisation, what it became part of, and what that means for who acts for it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from interpares.common.database import Database
from interpares.registration.domain.organisation import Facts
from interpares.registration.projections.organisations import FACTS

VERSIONS = (
    "SELECT version, recorded_at, what, changed, effective_on, reason_code, reason_hash, acting_as, others, facts"
    " FROM organisation_versions WHERE organisation_id = %(organisation_id)s"
    " AND (%(after)s::integer IS NULL OR version > %(after)s) ORDER BY version LIMIT %(limit)s"
)
# Up to what goes on now, and down to all that became part of it; a merger is never undone, so there is no circle.
SUCCESSION = """
    WITH RECURSIVE later AS (
        SELECT organisation_id, merged_into, merged_from, 0 AS step FROM organisations WHERE organisation_id = %(id)s
        UNION ALL
        SELECT o.organisation_id, o.merged_into, o.merged_from, step + 1 FROM organisations o
        JOIN later ON o.organisation_id = later.merged_into
    ), earlier AS (
        SELECT organisation_id, merged_into, merged_from, 0 AS step FROM organisations WHERE organisation_id = %(id)s
        UNION ALL
        SELECT o.organisation_id, o.merged_into, o.merged_from, step - 1 FROM organisations o
        JOIN earlier ON o.merged_into = earlier.organisation_id
    ), line AS (SELECT * FROM later UNION SELECT * FROM earlier)
    SELECT line.organisation_id AS id, o.names, o.keys, line.merged_into, line.merged_from, line.step,
        (SELECT count(*) FROM memberships m WHERE m.organisation_id = line.organisation_id) AS memberships,
        (SELECT count(*) FROM applications a
            WHERE a.organisation_id = line.organisation_id AND a.status = 'submitted') AS pending_applications
    FROM line JOIN organisations o USING (organisation_id) ORDER BY line.step, line.organisation_id
"""


@dataclass(frozen=True)
class RecordedVersion:
    """What was put on record. what: registered, changed, corrected, merged or absorbed. changed: names of fields.

    effective_on: day from which on it is so, None for a correction. reason_hash: hex hash of the sealed text, empty
    where none was typed. others: organisations it became part of, or that became part of it.
    """

    version: int
    recorded_at: datetime
    what: str
    changed: tuple[str, ...]
    effective_on: date | None
    reason_code: str
    reason_hash: str
    acting_as: str
    others: tuple[UUID, ...]
    facts: Facts


@dataclass(frozen=True)
class InLine:
    """An organisation in a line of succession. step: 0 the one asked for, below those before it, above those after.

    memberships: how many people may act for it still. pending_applications: that wait for a decision in its name.
    """

    id: UUID
    names: dict[str, str]
    keys: tuple[dict[str, str], ...]
    merged_into: UUID | None
    merged_from: date | None
    step: int
    memberships: int
    pending_applications: int


class OrganisationHistory:
    """Asks for the history of organisations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def versions(self, organisation_id: UUID, *, after: int | None, limit: int) -> list[RecordedVersion]:
        """Return what was put on record, oldest first, from behind version ``after``."""
        wanted = {"organisation_id": organisation_id, "after": after, "limit": limit}
        return [_version(row) for row in await self._database.fetch(VERSIONS, wanted)]

    async def succession(self, organisation_id: UUID) -> list[InLine]:
        """Return the line of succession, those before first; empty if there is no such organisation."""
        rows = await self._database.fetch(SUCCESSION, {"id": organisation_id})
        return [InLine(**{**row, "keys": tuple(row["keys"])}) for row in rows]


def _version(row: dict[str, Any]) -> RecordedVersion:
    lists = {"changed": tuple(row["changed"]), "others": tuple(row["others"])}
    return RecordedVersion(**{**row, **lists, "facts": FACTS.validate_python(row["facts"])})
