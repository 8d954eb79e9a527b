"""What happens to accompaniments; stored for ever like all events."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.programme.domain.accompanying.state import Accompaniment
from interpares.programme.domain.events import Event

if TYPE_CHECKING:
    from interpares.programme.domain.programme import Programme


class AccompanimentAgreed(Event):
    """Somebody will go along with a participant. ``days``: expert days at most, None for no limit."""

    TOPIC = "programme.programme.accompaniment-agreed.v1"
    accompaniment: str
    rule: str
    organisation: UUID
    companion: UUID
    days: Decimal | None
    themes: tuple[str, ...]

    def apply(self, aggregate: Programme) -> None:
        """Count its days from here on."""
        aggregate.state.accompaniments[self.accompaniment] = Accompaniment(
            self.accompaniment, self.rule, self.organisation, self.companion, self.days
        )


class ExpertDaysBooked(Event):
    """Expert days were used, or will be, on a day; negative ones take back what was booked wrongly."""

    TOPIC = "programme.programme.expert-days-booked.v1"
    accompaniment: str
    day: date
    days: Decimal
    booked: Decimal

    def apply(self, aggregate: Programme) -> None:
        """Remember the sum."""
        accompaniments = aggregate.state.accompaniments
        accompaniments[self.accompaniment] = replace(accompaniments[self.accompaniment], booked=self.booked)


class AccompanimentEnded(Event):
    """Nobody goes along any more."""

    TOPIC = "programme.programme.accompaniment-ended.v1"
    accompaniment: str
    organisation: UUID
    companion: UUID

    def apply(self, aggregate: Programme) -> None:
        """Free the days that were not booked."""
        accompaniments = aggregate.state.accompaniments
        accompaniments[self.accompaniment] = replace(accompaniments[self.accompaniment], ended=True)
