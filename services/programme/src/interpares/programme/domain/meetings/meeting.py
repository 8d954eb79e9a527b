"""Meetings: what one is, and what the guards of a programme need to know of it.

Stored in events for ever: a field may be added with a default, none is renamed or removed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.canonical import canonical_json
from interpares.programme.domain.meetings.agreement import Agreement
from interpares.programme.domain.moment import LocalMoment

if TYPE_CHECKING:
    from collections.abc import Iterable


class MeetingStatus(StrEnum):
    """Where a meeting stands. ``proposed``, ``declined``, ``withdrawn``: of one that was only asked for."""

    PROPOSED = "proposed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    PLANNED = "planned"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    HELD = "held"


AHEAD = frozenset({MeetingStatus.PLANNED, MeetingStatus.CONFIRMED})
UNDECIDED = AHEAD | {MeetingStatus.PROPOSED}
SURE = frozenset({MeetingStatus.CONFIRMED, MeetingStatus.HELD})


class Mode(StrEnum):
    """How those who attend come together."""

    ON_SITE = "on-site"
    ONLINE = "online"
    HYBRID = "hybrid"


@dataclass(frozen=True)
class Venue:
    """Where a meeting takes place: a town by name, two letters of its country, and an address once it is known."""

    place: str
    country: str
    address: str = ""


@dataclass(frozen=True)
class Details:
    """What a meeting is like.

    title: public texts by language. starts, ends: on the clock of ``zone``, without offset; all three open (None, None,
    empty) or given. audiences, themes: keys of the template. seats: for people from other organisations than the host,
    None if not limited. guests: organisations invited beyond what the rule says.
    """

    title: dict[str, str]
    mode: Mode
    venue: Venue | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    zone: str = ""
    audiences: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    seats: int | None = None
    guests: tuple[UUID, ...] = ()

    def begins(self) -> datetime | None:
        """Return the instant of the start, None while it is open."""
        return LocalMoment(self.starts, self.zone).instant("starts") if self.starts else None

    def finishes(self) -> datetime | None:
        """Return the instant of the end, None while it is open."""
        return LocalMoment(self.ends, self.zone).instant("ends") if self.ends else None


@dataclass(frozen=True)
class Meeting:
    """A meeting as it stands after a decision.

    revision: rises by one with every change. rule: path of the rule it follows from, ``hosting.…`` or ``meetings.…``.
    duty: key of the hosting duty it fulfils, empty where nobody owes it. asked_by: who asked for it or offered it.
    follows: what it grew out of, ``meeting:id`` or ``output:id``, else empty.
    """

    id: UUID
    revision: int
    status: MeetingStatus
    rule: str
    format: str
    strand: str
    duty: str
    host: UUID | None
    organiser: UUID | None
    asked_by: UUID | None
    follows: str
    details: Details

    @property
    def subject(self) -> str:
        """What decisions about it are about."""
        return f"meeting:{self.id}"

    @property
    def concerned(self) -> tuple[UUID, ...]:
        """Who is in charge of it: host, organiser, and who asked for it, each once."""
        parties = (self.host, self.organiser, self.asked_by)
        return tuple(dict.fromkeys(party for party in parties if party is not None))


# Fields of a meeting and of its details, by the names under which they are told to others.
TOLD = {
    "status": "status",
    "host": "host_id",
    "organiser": "organiser_id",
    "title": "title",
    "mode": "mode",
    "venue": "venue",
    "starts": "starts_local",
    "ends": "ends_local",
    "zone": "zone",
    "audiences": "audiences",
    "themes": "themes",
    "languages": "languages",
    "seats": "seats",
    "guests": "guests",
}
DATES = frozenset({"starts_local", "ends_local", "zone"})


def differences(before: Meeting, after: Meeting) -> tuple[str, ...]:
    """Return the names of the fields that differ, as they are told to others."""
    return tuple(told for name, told in TOLD.items() if _field(before, name) != _field(after, name))


def _field(meeting: Meeting, name: str) -> object:
    return getattr(meeting if name in {"status", "host", "organiser"} else meeting.details, name)


@dataclass(frozen=True)
class Due:
    """A deadline counted from a meeting, as it stands after a decision.

    owed_by: ``host``, ``organiser``, ``participants``, ``office`` or ``role:…``. organisations: who that is; empty for
    participants, who are all that are invited.
    """

    key: str
    day: date
    owed_by: str
    organisations: tuple[UUID, ...]


@dataclass(frozen=True)
class Standing:
    """What guards need to know of one meeting.

    agreement: the current one, None while there is none that anybody could approve. versions: how many there were.
    invited: a short digest of who was invited last.
    """

    meeting: Meeting
    agreement: Agreement | None = None
    versions: int = 0
    invited: str = ""


@dataclass(frozen=True)
class Exempt:
    """An organisation need not show a prerequisite up to a day, included. ``decision``: that granted it."""

    organisation: UUID
    prerequisite: str
    until: date
    decision: UUID


@dataclass(frozen=True)
class Told:
    """Who was at a meeting of a format, as registration tells of those it recorded."""

    format: str
    organisations: tuple[UUID, ...] = ()


@dataclass
class Meetings:
    """The guard state of the chapter.

    known: those asked for, planned or confirmed, by meeting id. over: of all others status and strand, joined by a
    colon, so that years of meetings cost next to nothing. attended: by format, which organisations were at a meeting of
    it. exempt: by organisation and prerequisite, joined by a colon; an exception that has run out stays until another
    takes its place. told: by meeting id, of those that are not over, and of those held whose own list names nobody but
    the host: there it counts in place of the list.
    """

    known: dict[str, Standing] = field(default_factory=dict)
    over: dict[str, str] = field(default_factory=dict)
    attended: dict[str, tuple[UUID, ...]] = field(default_factory=dict)
    exempt: dict[str, Exempt] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)

    def status(self, key: str) -> MeetingStatus | None:
        """Return where a meeting stands, by its id as text; None if there is none."""
        if key in self.known:
            return self.known[key].meeting.status
        return MeetingStatus(self.over[key].partition(":")[0]) if key in self.over else None

    def were_at(self, form: str) -> frozenset[UUID]:
        """Return the organisations that were at a meeting of a format, hosts among them."""
        told = (
            organisation
            for key, each in self.told.items()
            if each.format == form and key in self.over
            for organisation in each.organisations
        )
        return frozenset((*self.attended.get(form, ()), *told))

    def host_of(self, meeting_id: UUID) -> tuple[UUID, ...]:
        """Return the host of a meeting as a tuple of one; empty if it has none, or is not known, or is over."""
        standing = self.known.get(str(meeting_id))
        return (standing.meeting.host,) if standing and standing.meeting.host else ()


def guest_list_digest(invited: Iterable[UUID]) -> str:
    """Return what tells one list of organisations from another."""
    return hashlib.sha256(canonical_json(sorted(map(str, invited)))).hexdigest()[:16]
