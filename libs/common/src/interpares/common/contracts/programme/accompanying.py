"""Accompaniment: somebody goes along with a participant. ``accompaniment``: such as ``process-1``."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from interpares.common.contracts.programme.deciding import Decided


class AccompanimentAgreed(Decided):
    """Somebody will go along. companion_id: a participant or opaque id of a facilitator. days: None for no limit."""

    TYPE: ClassVar[str] = "programme.accompaniment-agreed.v1"

    accompaniment: str
    rule: str
    organisation_id: UUID
    companion_id: UUID
    days: Decimal | None
    themes: tuple[str, ...]


class ExpertDaysBooked(Decided):
    """Expert days were booked on a day, negative ones taken back. ``booked``: all so far."""

    TYPE: ClassVar[str] = "programme.expert-days-booked.v1"

    accompaniment: str
    day: date
    days: Decimal
    booked: Decimal


class AccompanimentEnded(Decided):
    """Nobody goes along any more."""

    TYPE: ClassVar[str] = "programme.accompaniment-ended.v1"

    accompaniment: str
    organisation_id: UUID
    companion_id: UUID
