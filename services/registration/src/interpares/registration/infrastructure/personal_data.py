"""Every table with personal data, made from the register: export, erase, expire are the same for all of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from psycopg.sql import SQL, Identifier

from interpares.common.erasing import emptying
from interpares.common.writes import Row
from interpares.registration.domain.privacy.register import REGISTER, USUAL, Erase, Holding, Periods

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from psycopg.sql import Composed

    from interpares.common.database import Database
    from interpares.registration.domain.person import Cause

LEDGER = (
    "INSERT INTO erasure_ledger (person_id, actor, cause, erased_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
)
RESTRICT = (
    "INSERT INTO restrictions (person_id, until) VALUES (%s, %s)"
    " ON CONFLICT (person_id) DO UPDATE SET until = excluded.until"
)
RECTIFIABLE = frozenset({"given_name", "family_name", "email"})


class PersonalDataTables:
    """Implements ``PersonalDataStore``, and reads what an export shows."""

    def __init__(self, database: Database, periods: Periods = USUAL) -> None:
        """``periods``: for how long what goes of itself is kept."""
        self._database = database
        self._periods = periods

    def erasing(self, person_id: UUID, actor: UUID, cause: Cause, at: datetime) -> Sequence[Row]:
        """See the port."""
        ids = {"ids": [person_id, actor]}
        gone = [Row(_delete(holding), ids) for holding in REGISTER if holding.erase is Erase.ROW]
        return [*gone, emptying(person_id, actor), Row(LEDGER, (person_id, actor, cause.value, at))]

    def rectifying(self, person_id: UUID, changes: Mapping[str, str]) -> Row:
        """See the port."""
        assert changes.keys() <= RECTIFIABLE  # noqa: S101 -- the body of the request lets nothing else through
        columns = SQL(", ").join(
            SQL("{} = {}").format(Identifier(name), SQL(f"%({name})s")) for name in sorted(changes)
        )
        return Row(
            SQL("UPDATE people SET {} WHERE person_id = %(person_id)s").format(columns),
            {**changes, "person_id": person_id},
        )

    def restricting(self, person_id: UUID, until: date) -> Row:
        """See the port."""
        return Row(RESTRICT, (person_id, until))

    def expiring(self, now: datetime) -> Sequence[Row]:
        """See the port."""
        return [
            Row(
                SQL("DELETE FROM {} WHERE {}").format(Identifier(holding.table), SQL(holding.expires)),
                {"before": now - getattr(self._periods, holding.period)},
            )
            for holding in REGISTER
            if holding.expires
        ]

    async def held(self, person_id: UUID, actor: UUID) -> dict[str, list[dict[str, Any]]]:
        """Return all that the register names of one person, by table, but for sealed texts; as JSON has it."""
        found: dict[str, list[dict[str, Any]]] = {}
        for holding in REGISTER:
            if holding.erase is Erase.TEXT:
                continue
            rows = await self._database.fetch(_select(holding), {"ids": [person_id, actor]})
            found[holding.table] = [json.loads(row["line"]) for row in rows]
        return found


def _delete(holding: Holding) -> Composed:
    return SQL("DELETE FROM {} WHERE {} = ANY(%(ids)s)").format(Identifier(holding.table), Identifier(holding.whose))


def _select(holding: Holding) -> Composed:
    columns = SQL(", ").join(Identifier(column.name) for column in holding.columns)
    return SQL("SELECT row_to_json(t)::text AS line FROM (SELECT {} FROM {} WHERE {} = ANY(%(ids)s)) AS t").format(
        columns, Identifier(holding.table), Identifier(holding.whose)
    )
