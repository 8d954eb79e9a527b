"""The tables of imports: a document, and what becomes of each of its rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb
from pydantic import TypeAdapter

from interpares.common.writes import Row
from interpares.registration.application.directory_ports import ImportedRow, PreviewedImport, PreviewedRow, RowState
from interpares.registration.domain.organisation import Facts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.registration.application.directory_ports import Fault

FACTS = TypeAdapter(Facts)
ENTER_ROWS = """
    INSERT INTO organisation_import_rows (import_id, line, state, organisation_id, facts, faults, "like")
    SELECT %s, line, state, organisation_id, facts, faults, "like" FROM jsonb_to_recordset(%s)
        AS each (line integer, state text, organisation_id uuid, facts jsonb, faults jsonb, "like" uuid)
"""
WAIT = """
    UPDATE organisation_import_rows
    SET state = CASE WHEN state = 'ready' OR line = ANY(%(kept)s) THEN 'waiting' ELSE 'skipped' END
    WHERE import_id = %(import_id)s AND state IN ('ready', 'asked')
"""


@dataclass(frozen=True)
class OpenImport:
    """A confirmed import with rows that wait. actor, acting_as: whoever confirmed it, and in which capacity."""

    import_id: UUID
    document: str
    actor: UUID
    acting_as: str
    rows: tuple[ImportedRow, ...]


class ImportTable:
    """Implements ``Imports``, and lends what waits to whoever registers it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def one(self, import_id: UUID) -> PreviewedImport | None:
        """See the port."""
        rows = await self._database.fetch(
            "SELECT i.document, i.confirmed_at IS NOT NULL AS confirmed,"
            " count(*) FILTER (WHERE r.state = 'ready') AS ready,"
            " coalesce(array_agg(r.line) FILTER (WHERE r.state = 'asked'), '{}') AS asked"
            " FROM organisation_imports i LEFT JOIN organisation_import_rows r USING (import_id)"
            " WHERE import_id = %s GROUP BY i.import_id",
            (import_id,),
        )
        if not rows:
            return None
        row = rows[0]
        return PreviewedImport(import_id, row["document"], row["ready"], frozenset(row["asked"]), row["confirmed"])

    def entering(self, import_id: UUID, document: str, by: UUID, rows: Sequence[PreviewedRow]) -> Sequence[Row]:
        """See the port."""
        entered = Row(
            "INSERT INTO organisation_imports (import_id, document, uploaded_by) VALUES (%s, %s, %s)",
            (import_id, document, by),
        )
        return entered, Row(ENTER_ROWS, (import_id, Jsonb([_entered(row) for row in rows])))

    def confirming(self, import_id: UUID, kept: Sequence[int], by: UUID, acting_as: str) -> Sequence[Row]:
        """See the port."""
        confirmed = Row(
            "UPDATE organisation_imports SET confirmed_by = %s, confirmed_as = %s, confirmed_at = now()"
            " WHERE import_id = %s",
            (by, acting_as, import_id),
        )
        return confirmed, Row(WAIT, {"import_id": import_id, "kept": list(kept)})

    def registered(self, import_id: UUID, lines: Sequence[int]) -> Sequence[Row]:
        """See the port."""
        return [
            Row(
                "UPDATE organisation_import_rows SET state = 'registered' WHERE import_id = %s AND line = ANY(%s)",
                (import_id, list(lines)),
            )
        ]

    def refused(self, import_id: UUID, line: int, fault: Fault) -> Sequence[Row]:
        """See the port."""
        return [
            Row(
                "UPDATE organisation_import_rows SET state = 'refused', faults = %s WHERE import_id = %s AND line = %s",
                (Jsonb([asdict(fault)]), import_id, line),
            )
        ]

    async def waiting(self, limit: int) -> OpenImport | None:
        """Return the oldest confirmed import that is not finished, with up to so many of its rows; None if none is."""
        found = await self._database.fetch(
            "SELECT import_id, document, confirmed_by, confirmed_as FROM organisation_imports"
            " WHERE confirmed_at IS NOT NULL AND finished_at IS NULL ORDER BY confirmed_at, import_id LIMIT 1"
        )
        if not found:
            return None
        one = found[0]
        rows = await self._database.fetch(
            "SELECT line, organisation_id, facts FROM organisation_import_rows"
            " WHERE import_id = %s AND state = %s ORDER BY line LIMIT %s",
            (one["import_id"], RowState.WAITING.value, limit),
        )
        waiting = tuple(
            ImportedRow(row["line"], row["organisation_id"], FACTS.validate_python(row["facts"])) for row in rows
        )
        return OpenImport(one["import_id"], one["document"], one["confirmed_by"], one["confirmed_as"], waiting)

    async def finish(self, import_id: UUID) -> None:
        """Note that no row of an import waits any more."""
        async with self._database.connection() as connection:
            await connection.execute(
                "UPDATE organisation_imports SET finished_at = now() WHERE import_id = %s AND finished_at IS NULL",
                (import_id,),
            )


class ListedImports:
    """Implements ``ListedImports`` of the HTTP door."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def progress(self, import_id: UUID) -> dict[str, Any] | None:
        """Return an import with the number of its rows by state, None if there is none under the id."""
        rows = await self._database.fetch("SELECT * FROM organisation_imports WHERE import_id = %s", (import_id,))
        if not rows:
            return None
        counted = await self._database.fetch(
            "SELECT state, count(*) AS rows FROM organisation_import_rows WHERE import_id = %s GROUP BY state",
            (import_id,),
        )
        return {**rows[0], "rows": {each["state"]: each["rows"] for each in counted}}

    async def page(self, import_id: UUID, *, state: str | None, after: int | None, limit: int) -> list[dict[str, Any]]:
        """Return rows in the order of the document, from behind line ``after``."""
        return await self._database.fetch(
            'SELECT line, state, organisation_id, facts, faults, "like" FROM organisation_import_rows'
            " WHERE import_id = %(import_id)s AND (%(state)s::text IS NULL OR state = %(state)s)"
            " AND (%(after)s::integer IS NULL OR line > %(after)s) ORDER BY line LIMIT %(limit)s",
            {"import_id": import_id, "state": state, "after": after, "limit": limit},
        )


def _entered(row: PreviewedRow) -> dict[str, Any]:
    return {
        "line": row.line,
        "state": row.state.value,
        "organisation_id": row.organisation_id and str(row.organisation_id),
        "facts": row.facts and FACTS.dump_python(row.facts, mode="json"),
        "faults": [asdict(fault) for fault in row.faults],
        "like": row.like and str(row.like),
    }
