"""The names of organisations, as the directory's view has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from interpares.common.database import Database


class NameTable:
    """Implements ``OrganisationNames``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def bearers(self, names: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], UUID]:
        """See the port."""
        if not names:
            return {}
        countries, forms = zip(*names, strict=True)
        rows = await self._database.fetch(
            "SELECT country, form, organisation_id FROM organisation_names"
            " JOIN unnest(%s::text[], %s::text[]) AS wanted (country, form) USING (country, form)",
            (list(countries), list(forms)),
        )
        return {(row["country"], row["form"]): row["organisation_id"] for row in rows}
