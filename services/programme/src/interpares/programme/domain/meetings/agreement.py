"""What host and organiser agree on: terms, the content they are part of, and the one hash both sides approve.

The content is the meeting as it is agreed (who, where, when, how) with the terms. Its hash is the SHA-256 of its
canonical JSON, so whoever reads a version can compute it again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from interpares.common.canonical import canonical_json

if TYPE_CHECKING:
    from interpares.programme.domain.meetings.meeting import Meeting


class Bearer(StrEnum):
    """Who bears a cost."""

    HOST = "host"
    OTHER_SIDE = "other-side"
    PARTICIPANTS = "participants"
    GRANT = "grant"


@dataclass(frozen=True)
class Cost:
    """A cost as a code, such as ``catering``, and who bears it. amount: None if it is not known; needs a currency."""

    code: str
    borne_by: Bearer
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True)
class Terms:
    """What the sides promise each other.

    host_tasks, other_tasks: codes such as ``room``. interpretation: pairs of languages such as ``de-en``. text: hex
    hash of what was typed besides, sealed; empty if nothing. counterpart: who the other side is where one organisation
    hosts and organises for the office.
    """

    host_tasks: tuple[str, ...] = ()
    other_tasks: tuple[str, ...] = ()
    costs: tuple[Cost, ...] = ()
    interpretation: tuple[str, ...] = ()
    text: str = ""
    counterpart: UUID | None = None

    def document(self) -> dict[str, Any]:
        """Return the terms as JSON values."""
        return {
            "host_tasks": list(self.host_tasks),
            "other_tasks": list(self.other_tasks),
            "costs": [_cost(cost) for cost in self.costs],
            "interpretation": list(self.interpretation),
            "text": self.text,
            "counterpart": str(self.counterpart) if self.counterpart else None,
        }


def _cost(cost: Cost) -> dict[str, Any]:
    amount = None if cost.amount is None else f"{cost.amount:.2f}"
    return {"code": cost.code, "borne_by": cost.borne_by.value, "amount": amount, "currency": cost.currency}


@dataclass(frozen=True)
class Version:
    """One version of an agreement, whole. hash: hex SHA-256 of the canonical JSON of ``content``."""

    number: int
    hash: str
    sides: tuple[UUID, ...]
    content: dict[str, Any]


@dataclass(frozen=True)
class Agreement:
    """The current version as guards need it. approved_by: sides that approved this very hash."""

    version: int
    hash: str
    sides: tuple[UUID, ...]
    terms: dict[str, Any]
    approved_by: tuple[UUID, ...] = ()

    @property
    def lacks(self) -> tuple[UUID, ...]:
        """The sides that have not approved."""
        return tuple(side for side in self.sides if side not in self.approved_by)


def sides(meeting: Meeting, office: UUID, counterpart: UUID | None) -> tuple[UUID, ...]:
    """Return the two sides: the host and who organises; of a host that organises itself the other side is the office.

    Where the office hosts and organises, the other side is who asked for the meeting, else the counterpart that the
    terms name. Fewer than two if that is nobody.
    """
    if meeting.host is None or meeting.organiser is None:
        return ()
    others = (meeting.organiser, office, meeting.asked_by, counterpart)
    other = next((each for each in others if each not in {None, meeting.host}), None)
    return (meeting.host,) if other is None else (meeting.host, other)


def version(number: int, meeting: Meeting, two: tuple[UUID, ...], terms: dict[str, Any]) -> Version:
    """Return a version of the agreement on a meeting."""
    details = meeting.details
    venue = details.venue
    content = {
        "meeting": str(meeting.id),
        "format": meeting.format,
        "host": str(meeting.host),
        "organiser": str(meeting.organiser),
        "sides": [str(side) for side in two],
        "mode": details.mode.value,
        "venue": {"place": venue.place, "country": venue.country, "address": venue.address} if venue else None,
        "starts": details.starts.isoformat() if details.starts else None,
        "ends": details.ends.isoformat() if details.ends else None,
        "zone": details.zone,
        "languages": list(details.languages),
        "seats": details.seats,
        "terms": terms,
    }
    return Version(number, hashlib.sha256(canonical_json(content)).hexdigest(), two, content)
