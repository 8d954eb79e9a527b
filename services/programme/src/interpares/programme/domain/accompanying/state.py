"""An accompaniment, as guards need it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID


@dataclass(frozen=True)
class Accompaniment:
    """id: rule and number, such as ``process-2``. companion: a participant, or opaque id of a facilitator.

    days: agreed expert days, None for no limit; booked: of them.
    """

    id: str
    rule: str
    organisation: UUID
    companion: UUID
    days: Decimal | None
    booked: Decimal = Decimal(0)
    ended: bool = False

    @property
    def claim(self) -> Decimal:
        """What it takes of the days its organisation has: all that were agreed, once it has ended those booked."""
        return self.booked if self.ended or self.days is None else self.days


Accompaniments: TypeAlias = "dict[str, Accompaniment]"
