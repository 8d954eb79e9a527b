"""Prepared decisions: each version a row that is only ever added, so two clerks never overwrite each other.

A draft is working paper, not history: its words are sealed as one text and go with whoever is erased.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interpares.common.errors import Stale
from interpares.common.writes import Row
from interpares.programme.application.desk import Draft

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.commands import UnitOfWork
    from interpares.common.database import Database

ADD = (
    "INSERT INTO draft_versions (draft_id, version, programme_id, status, asks, path, body, written_by, decision_id,"
    " recorded_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, now())"
)
SETTLE = (
    "INSERT INTO draft_versions (draft_id, version, programme_id, status, asks, path, body, written_by, decision_id,"
    " recorded_at) SELECT draft_id, version + 1, programme_id, %s, asks, path, body, written_by, %s, now()"
    " FROM draft_versions WHERE draft_id = %s AND version = %s"
)
LATEST = (
    "SELECT DISTINCT ON (v.draft_id) v.*, t.text AS words,"
    " ARRAY(SELECT w.written_by FROM draft_versions w WHERE w.draft_id = v.draft_id AND w.status = 'prepared'"
    " AND w.version <= v.version ORDER BY w.version) AS writers"
    " FROM draft_versions v LEFT JOIN sealed_texts t ON t.hash = v.body WHERE v.programme_id = %s"
)


def changed() -> Stale:
    """Return what whoever comes second is told."""
    message = "Somebody changed, signed or discarded this draft since you read it."
    return Stale(message, "Read the draft again; what you wrote is still yours to send with the new ETag in If-Match.")


def version_row(  # noqa: PLR0917 -- the columns
    draft_id: UUID, version: int, programme_id: UUID, asks: str, path: str, body: str, written_by: UUID
) -> Row:
    """Return the statement that adds a version that waits for a signature. body: hash of the sealed words."""
    values = (draft_id, version, programme_id, "prepared", asks, path, body, written_by, None)
    return Row(ADD, values, refusal=changed())


class PreparedDrafts:
    """Queries; the port ``Drafts``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def prepared(self, programme_id: UUID, draft_id: UUID, version: int) -> Draft | None:
        """Return a draft at a version, None if that version is none that waited for a signature."""
        row = await self.at(programme_id, draft_id, version)
        if row is None or row["status"] != "prepared":
            return None
        return Draft(draft_id, version, row["asks"], tuple(row["writers"]))

    def settle(self, unit: UnitOfWork, draft: Draft, status: str, decision_id: UUID) -> None:
        """Queue the last version; it is refused if there is one with its number already."""
        unit.write(Row(SETTLE, (status, decision_id, draft.draft_id, draft.version), refusal=changed()))

    async def at(self, programme_id: UUID, draft_id: UUID, version: int) -> dict[str, Any] | None:
        """Return a version of a draft with its words, None once they were erased, and who wrote it up to there."""
        rows = await self._database.fetch(
            LATEST + " AND v.draft_id = %s AND v.version = %s", (programme_id, draft_id, version)
        )
        return rows[0] if rows else None

    async def latest(self, programme_id: UUID, draft_id: UUID) -> dict[str, Any] | None:
        """Return the latest version of a draft."""
        rows = await self._database.fetch(
            LATEST + " AND v.draft_id = %s ORDER BY v.draft_id, v.version DESC", (programme_id, draft_id)
        )
        return rows[0] if rows else None

    async def page(
        self, programme_id: UUID, after: UUID | None, limit: int, status: str | None
    ) -> list[dict[str, Any]]:
        """Return the latest versions in the order the drafts were prepared; status: only those that stand so."""
        return await self._database.fetch(
            f"SELECT * FROM ({LATEST} ORDER BY v.draft_id, v.version DESC) AS drafts"  # noqa: S608 -- a constant
            " WHERE (%s::uuid IS NULL OR draft_id > %s) AND (%s::text IS NULL OR status = %s)"
            " ORDER BY draft_id LIMIT %s",
            (programme_id, after, after, status, status, limit),
        )
