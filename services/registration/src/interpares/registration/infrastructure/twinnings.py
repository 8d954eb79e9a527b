"""The table of links that go on: two organisations are linked once at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.writes import Row
from interpares.registration.domain.directory.errors import TwinnedAlready

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID


class TwinningTable:
    """Implements ``Twinnings``."""

    def entering(self, twinning_id: UUID, between: Sequence[UUID]) -> Row:
        """See the port."""
        return Row(
            "INSERT INTO twinnings_held (twinning_id, one, other) VALUES (%s, %s, %s)",
            (twinning_id, *between),
            TwinnedAlready(),
        )

    def ending(self, twinning_id: UUID) -> Row:
        """See the port."""
        return Row("DELETE FROM twinnings_held WHERE twinning_id = %s", (twinning_id,))
