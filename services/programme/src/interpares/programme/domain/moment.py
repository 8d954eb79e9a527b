"""Moments as people mean them: the time on the clock of a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from interpares.programme.domain.errors import MomentNotFitting


@dataclass(frozen=True)
class LocalMoment:
    """A moment on the clock of a place: local time without offset, and the IANA name of the zone."""

    local: datetime
    zone: str

    def instant(self, field: str) -> datetime:
        """Return the instant in UTC. Raises MomentNotFitting in the field for a zone or a time that do not exist."""
        try:
            return self.local.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
        except (KeyError, ValueError, OSError, OverflowError) as error:
            message = "There is no such moment: the time zone is unknown or the year out of range."
            raise MomentNotFitting(message, field=field) from error


def later(moment: datetime, now: datetime, field: str) -> None:
    """Raise MomentNotFitting in the field unless an aware instant lies in the future."""
    if moment <= now:
        message = "The moment lies in the past."
        raise MomentNotFitting(message, field=field)
