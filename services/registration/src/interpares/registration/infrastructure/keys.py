"""The table of official keys: each belongs to one organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.writes import Row
from interpares.registration.domain.errors import KeyTaken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.registration.domain.organisation import Key


class KeyTable:
    """Implements ``DirectoryKeys``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claiming(self, organisation_id: UUID, keys: Sequence[Key]) -> Sequence[Row]:
        """See the port."""
        return [
            Row(
                "INSERT INTO organisation_keys (scheme, value, organisation_id) VALUES (%s, %s, %s)",
                (*key.folded, organisation_id),
                KeyTaken.under(key.scheme, key.value),
            )
            for key in keys
        ]

    def claiming_all(self, claims: Sequence[tuple[UUID, Key]]) -> Row:
        """See the port."""
        folded = [(*key.folded, holder) for holder, key in claims]
        columns = [list(column) for column in zip(*folded, strict=True)]
        return Row(
            "INSERT INTO organisation_keys (scheme, value, organisation_id)"
            " SELECT * FROM unnest(%s::text[], %s::text[], %s::uuid[])",
            columns,
        )

    def releasing(self, organisation_id: UUID, keys: Sequence[Key]) -> Sequence[Row]:
        """See the port."""
        return [
            Row(
                "DELETE FROM organisation_keys WHERE scheme = %s AND value = %s AND organisation_id = %s",
                (*key.folded, organisation_id),
            )
            for key in keys
        ]

    async def holders(self, keys: Sequence[Key]) -> Mapping[tuple[str, str], UUID]:
        """See the port."""
        if not keys:
            return {}
        schemes, values = zip(*(key.folded for key in keys), strict=True)
        rows = await self._database.fetch(
            "SELECT scheme, value, organisation_id FROM organisation_keys"
            " JOIN unnest(%s::text[], %s::text[]) AS wanted (scheme, value) USING (scheme, value)",
            (list(schemes), list(values)),
        )
        return {(row["scheme"], row["value"]): row["organisation_id"] for row in rows}
