"""The table of official keys: each belongs to one organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.writes import Row
from interpares.registration.domain.errors import KeyTaken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from interpares.registration.domain.organisation import Key


class KeyTable:
    """Implements ``OrganisationKeys``."""

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
