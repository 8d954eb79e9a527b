"""Prerequisites as registration told of them: the newest version of each fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.writes import Row
from interpares.programme.domain.meetings.prerequisites import Fact, Shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.programme.domain.meetings.prerequisites import Proofs


class HeardPrerequisites:
    """The port ``Prerequisites``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def shown(self, programme_id: UUID, organisations: Sequence[UUID]) -> Proofs:
        """Return what is known of organisations: their kind, and what they showed for this programme or for all."""
        wanted = list(organisations)
        kinds = await self._database.fetch(
            "SELECT organisation_id, kind FROM heard_organisations WHERE organisation_id = ANY(%s)", (wanted,)
        )
        rows = await self._database.fetch(
            "SELECT * FROM heard_prerequisites WHERE organisation_id = ANY(%s)"
            " AND (programme_id IS NULL OR programme_id = %s) ORDER BY fact_id",
            (wanted, programme_id),
        )
        kind_of = {row["organisation_id"]: row["kind"] for row in kinds}
        facts: dict[UUID, list[Fact]] = {organisation: [] for organisation in wanted}
        for row in rows:
            facts[row["organisation_id"]].append(
                Fact(
                    fact_id=row["fact_id"],
                    prerequisite=row["prerequisite"],
                    kind=row["kind"],
                    version=row["version"],
                    valid_from=row["valid_from"],
                    valid_until=row["valid_until"],
                    revoked_on=row["revoked_on"],
                    hash=row["evidence_hash"],
                    position=row["position"],
                )
            )
        return {each: Shown(kind_of.get(each, ""), tuple(found)) for each, found in facts.items()}


def confirmation_row(fact: Fact, organisation_id: UUID, programme_id: UUID | None) -> Row:
    """Return the statement that notes a fact; an earlier version never replaces a later one."""
    return Row(
        "INSERT INTO heard_prerequisites (fact_id, organisation_id, programme_id, prerequisite, kind, version,"
        " valid_from, valid_until, revoked_on, evidence_hash, position)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, NULL, %s, %s)"
        " ON CONFLICT (fact_id) DO UPDATE SET prerequisite = excluded.prerequisite, kind = excluded.kind,"
        " version = excluded.version, valid_from = excluded.valid_from, valid_until = excluded.valid_until,"
        " revoked_on = NULL, evidence_hash = excluded.evidence_hash, position = excluded.position"
        " WHERE heard_prerequisites.version < excluded.version",
        (
            fact.fact_id,
            organisation_id,
            programme_id,
            fact.prerequisite,
            fact.kind,
            fact.version,
            fact.valid_from,
            fact.valid_until,
            fact.hash,
            fact.position,
        ),
    )


def revocation_row(fact_id: UUID, version: int, revoked_on: date, position: int) -> Row:
    """Return the statement that notes that a fact stands no longer."""
    return Row(
        "UPDATE heard_prerequisites SET revoked_on = %s, version = %s, position = %s"
        " WHERE fact_id = %s AND version < %s",
        (revoked_on, version, position, fact_id, version),
    )
