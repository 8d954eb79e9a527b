"""Remove what goes of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.common.context import occasion

if TYPE_CHECKING:
    from interpares.registration.application.ports import Unit
    from interpares.registration.application.privacy.ports import PersonalDataStore


@dataclass(frozen=True)
class Expire:
    """Whatever is over by now."""


@dataclass(frozen=True)
class Expired:
    """It is gone."""


async def expire(_command: Expire, unit: Unit, *, store: PersonalDataStore) -> Expired:
    """Remove rows whose time, as the register gives it, is over; repeated, it finds nothing."""
    unit.write(*store.expiring(occasion().now))
    return Expired()
