"""Invitations and mandates of an organisation, and what facilitators are available for; ids, days and codes only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from interpares.common.database import Database
from interpares.common.eventstore import Recorded
from interpares.common.writes import Row
from interpares.registration.domain import invitation as invited
from interpares.registration.domain import mandate as mandated
from interpares.registration.domain.facilitator import (
    AvailabilityGiven,
    AvailabilityWithdrawn,
    DaysGivenBack,
    DaysTaken,
    Facilitator,
)
from interpares.registration.domain.invitation import Invitation
from interpares.registration.domain.mandate import Mandate

SEND = (
    "INSERT INTO invitations (invitation_id, organisation_id, capacity, sent_at, sent_as, expires_at, status)"
    " VALUES (%s, %s, %s, %s, %s, %s, 'open')"
)
RENEW = "UPDATE invitations SET expires_at = %s WHERE invitation_id = %s"
CLOSE = "UPDATE invitations SET status = %s, closed_at = %s WHERE invitation_id = %s"
ARRANGE = (
    "INSERT INTO mandates (mandate_id, kind, person_id, actor, organisation_id, capacity, starts_on, ends_on, days,"
    " arranged_at, arranged_as, reason_code, status) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'planned')"
)
ADVANCE = "UPDATE mandates SET status = %s WHERE mandate_id = %s"
END = "UPDATE mandates SET status = 'over', ended_at = %s, ended_as = %s WHERE mandate_id = %s"
GIVE = (
    "INSERT INTO facilitator_availability (window_id, person_id, starts_on, ends_on, days, taken)"
    " SELECT %s, person_id, %s, %s, %s, 0 FROM facilitators WHERE facilitator_id = %s"
)
KNOW = "INSERT INTO facilitators (facilitator_id, person_id) VALUES (%s, %s)"
WITHDRAW = "DELETE FROM facilitator_availability WHERE window_id = %s"
TAKE = "UPDATE facilitator_availability SET taken = taken + %s WHERE window_id = %s"
BOOK = "INSERT INTO facilitator_days (mandate_id, window_id, days) VALUES (%s, %s, %s)"
GIVE_BACK = (
    "WITH back AS (DELETE FROM facilitator_days WHERE mandate_id = %s RETURNING window_id, days)"
    " UPDATE facilitator_availability a SET taken = a.taken - back.days FROM back WHERE a.window_id = back.window_id"
)
INVITATIONS = (
    "SELECT invitation_id AS id, organisation_id, capacity, sent_at, sent_as, expires_at, status, closed_at"
    " FROM invitations"
)
MANDATES = (
    "SELECT mandate_id AS id, kind, person_id, organisation_id, capacity, starts_on, ends_on, days, arranged_at,"
    " arranged_as, reason_code, status, ended_at, ended_as FROM mandates"
)
OF_ORGANISATION = (
    " WHERE organisation_id = %(organisation_id)s AND (%(after)s::uuid IS NULL OR {id} > %(after)s)"
    " ORDER BY {id} LIMIT %(limit)s"
)


@dataclass(frozen=True)
class ListedInvitation:
    """An invitation, without saying whom. closed_at: None while somebody may come."""

    id: UUID
    organisation_id: UUID
    capacity: str
    sent_at: datetime
    sent_as: str
    expires_at: datetime
    status: str
    closed_at: datetime | None


@dataclass(frozen=True)
class ListedMandate:
    """Somebody acting for a while. days: expert days of an accompaniment. ended_at: None until it is over."""

    id: UUID
    kind: str
    person_id: UUID
    organisation_id: UUID
    capacity: str
    starts_on: date
    ends_on: date
    days: int | None
    arranged_at: datetime
    arranged_as: str
    reason_code: str
    status: str
    ended_at: datetime | None
    ended_as: str | None


@dataclass(frozen=True)
class ListedWindow:
    """A period in which a facilitator can be had. taken: days that are agreed already."""

    id: UUID
    starts_on: date
    ends_on: date
    days: int
    taken: int


class JoiningProjector:
    """Keeps all three."""

    VIEW: ClassVar[str] = "joining"
    TABLES: ClassVar[tuple[str, ...]] = (
        "invitations",
        "mandates",
        "facilitators",
        "facilitator_availability",
        "facilitator_days",
    )

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """See ``interpares.common.views.Projector``."""
        event = recorded.event
        yield from _invitation(event)
        yield from _mandate(event)
        yield from _facilitator(event)


def _invitation(event: object) -> Iterable[Row]:
    match event:
        case Invitation.Created():
            sent = (event.originator_id, event.organisation_id, event.capacity.value, event.timestamp)
            yield Row(SEND, (*sent, event.acting_as, event.expires_at))
        case invited.Renewed():
            yield Row(RENEW, (event.expires_at, event.originator_id))
        case invited.Accepted():
            yield Row(CLOSE, ("accepted", event.timestamp, event.originator_id))
        case invited.Withdrawn():
            yield Row(CLOSE, ("withdrawn", event.timestamp, event.originator_id))
        case invited.Lapsed():
            yield Row(CLOSE, ("lapsed", event.timestamp, event.originator_id))


def _mandate(event: object) -> Iterable[Row]:
    match event:
        case Mandate.Created():
            who = (event.originator_id, event.kind.value, event.person_id, event.actor, event.organisation_id)
            when = (event.capacity.value, event.term.starts_on, event.term.ends_on, event.days, event.timestamp)
            yield Row(ARRANGE, (*who, *when, event.acting_as, event.reason_code))
        case mandated.Started():
            yield Row(ADVANCE, ("running", event.originator_id))
        case mandated.Ended():
            yield Row(END, (event.timestamp, event.acting_as, event.originator_id))


def _facilitator(event: object) -> Iterable[Row]:
    match event:
        case Facilitator.Created():
            yield Row(KNOW, (event.originator_id, event.person_id))
        case AvailabilityGiven():
            term = event.window.term
            yield Row(GIVE, (event.window_id, term.starts_on, term.ends_on, event.window.days, event.originator_id))
        case AvailabilityWithdrawn():
            yield Row(WITHDRAW, (event.window_id,))
        case DaysTaken():
            yield Row(TAKE, (event.days, event.window_id))
            yield Row(BOOK, (event.mandate_id, event.window_id, event.days))
        case DaysGivenBack():
            yield Row(GIVE_BACK, (event.mandate_id,))


class Joining:
    """Asks for them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def invitation(self, invitation_id: UUID) -> ListedInvitation | None:
        """Return an invitation, None if there is none under the id."""
        rows = await self._database.fetch(f"{INVITATIONS} WHERE invitation_id = %s", (invitation_id,))
        return ListedInvitation(**rows[0]) if rows else None

    async def invitations(self, organisation_id: UUID, *, after: UUID | None, limit: int) -> list[ListedInvitation]:
        """Return the invitations of an organisation in the order they were sent, from behind ``after``."""
        query = INVITATIONS + OF_ORGANISATION.format(id="invitation_id")
        wanted = {"organisation_id": organisation_id, "after": after, "limit": limit}
        return [ListedInvitation(**row) for row in await self._database.fetch(query, wanted)]

    async def mandate(self, mandate_id: UUID) -> ListedMandate | None:
        """Return a mandate, None if there is none under the id."""
        rows = await self._database.fetch(f"{MANDATES} WHERE mandate_id = %s", (mandate_id,))
        return ListedMandate(**rows[0]) if rows else None

    async def mandates(self, organisation_id: UUID, *, after: UUID | None, limit: int) -> list[ListedMandate]:
        """Return the mandates in an organisation in the order they were arranged, from behind ``after``."""
        query = MANDATES + OF_ORGANISATION.format(id="mandate_id")
        wanted = {"organisation_id": organisation_id, "after": after, "limit": limit}
        return [ListedMandate(**row) for row in await self._database.fetch(query, wanted)]

    async def mandates_of(self, person_id: UUID) -> list[ListedMandate]:
        """Return the mandates of a person, as they begin."""
        rows = await self._database.fetch(
            f"{MANDATES} WHERE person_id = %s ORDER BY starts_on, mandate_id", (person_id,)
        )
        return [ListedMandate(**row) for row in rows]

    async def windows(self, person_id: UUID) -> list[ListedWindow]:
        """Return when a facilitator is available, as the periods begin."""
        rows = await self._database.fetch(
            "SELECT window_id AS id, starts_on, ends_on, days, taken FROM facilitator_availability"
            " WHERE person_id = %s ORDER BY starts_on, window_id",
            (person_id,),
        )
        return [ListedWindow(**row) for row in rows]

    async def due_mandates(self, today: date) -> list[UUID]:
        """Return the mandates whose first day has come, or whose last day is over."""
        rows = await self._database.fetch(
            "SELECT mandate_id FROM mandates WHERE (status = 'planned' AND starts_on <= %(today)s)"
            " OR (status <> 'over' AND ends_on < %(today)s) ORDER BY mandate_id LIMIT 200",
            {"today": today},
        )
        return [row["mandate_id"] for row in rows]

    async def due_invitations(self, now: datetime) -> list[UUID]:
        """Return the open invitations whose time is over."""
        rows = await self._database.fetch(
            "SELECT invitation_id FROM invitations WHERE status = 'open' AND expires_at <= %s"
            " ORDER BY invitation_id LIMIT 200",
            (now,),
        )
        return [row["invitation_id"] for row in rows]
