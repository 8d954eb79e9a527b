"""Seats as a list: who was nominated by whom, and what became of it; and who attended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from psycopg.types.json import Jsonb

from interpares.common.database import Database
from interpares.common.eventstore import Recorded
from interpares.common.writes import Row
from interpares.registration.domain.seats import events
from interpares.registration.domain.seats.plan import SeatPlan, plan_id

NOMINATE = (
    "INSERT INTO seats (seat_id, plan_id, nomination_id, number, organisation_id, participant_id, audience, language,"
    " status, nominated_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'waiting', %s)"
)
HOLD = "UPDATE seats SET status = 'held', respond_by = %s WHERE nomination_id = %s AND status = 'waiting'"
DISPLACE = (
    "UPDATE seats SET status = 'waiting', respond_by = NULL WHERE nomination_id = %s AND status IN ('held', 'accepted')"
)
ACCEPT = "UPDATE seats SET status = 'accepted', respond_by = NULL WHERE seat_id = %s"
RELEASE = "UPDATE seats SET status = %s, respond_by = NULL, settled_at = %s WHERE seat_id = %s"
SUBSTITUTE = "UPDATE seats SET participant_id = %s, status = 'held', respond_by = %s WHERE seat_id = %s"
ASK_AGAIN = "UPDATE seats SET status = 'held', respond_by = %s WHERE plan_id = %s AND status IN ('held', 'accepted')"
FREE = (
    "UPDATE seats SET status = %s, respond_by = NULL, settled_at = %s"
    " WHERE plan_id = %s AND status IN ('held', 'accepted', 'waiting')"
)
ATTEND = (
    "INSERT INTO attendances (meeting_id, organisation_id, version, attended, present, spoke, reviewed,"
    " recorded_at, recorded_as) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
    " ON CONFLICT (meeting_id, organisation_id) DO UPDATE SET"
    " version = excluded.version, attended = excluded.attended, present = excluded.present,"
    " spoke = excluded.spoke, reviewed = excluded.reviewed,"
    " recorded_at = excluded.recorded_at, recorded_as = excluded.recorded_as"
)
OPEN = "INSERT INTO seat_plans (plan_id, meeting_id, programme_id) VALUES (%s, %s, %s)"
DUE = "SELECT DISTINCT meeting_id FROM seats JOIN seat_plans USING (plan_id) WHERE status = 'held' AND respond_by <= %s"
# Of a registered person the data are read where they lie.
PEOPLE = (
    "SELECT s.seat_id, s.nomination_id, s.organisation_id, s.participant_id, s.audience, s.language, s.status,"
    " s.respond_by, coalesce(g.given_name, p.given_name) AS given_name,"
    " coalesce(g.family_name, p.family_name) AS family_name, coalesce(g.email, p.email) AS email,"
    " n.dietary, n.access"
    " FROM seats s LEFT JOIN participants g ON g.meeting_id = %(meeting_id)s AND g.participant_id = s.participant_id"
    " LEFT JOIN people p ON p.person_id = s.participant_id"
    " LEFT JOIN participant_needs n ON n.meeting_id = %(meeting_id)s AND n.participant_id = s.participant_id"
    " WHERE s.plan_id = %(plan_id)s AND s.status IN ('held', 'accepted', 'waiting')"
    " AND (%(organisations)s::uuid[] IS NULL OR s.organisation_id = ANY(%(organisations)s))"
    " AND (%(seat_id)s::uuid IS NULL OR s.seat_id = %(seat_id)s)"
    " AND (%(after)s::uuid IS NULL OR s.seat_id > %(after)s) ORDER BY s.seat_id LIMIT %(limit)s"
)


@dataclass(frozen=True)
class SeatedPerson:
    """A participant with their data. status: waiting, held, accepted. dietary, access: None once they expired."""

    seat_id: UUID
    nomination_id: UUID
    organisation_id: UUID
    participant_id: UUID
    audience: str
    language: str
    status: str
    respond_by: datetime | None
    given_name: str | None
    family_name: str | None
    email: str | None
    dietary: str | None
    access: str | None


@dataclass(frozen=True)
class Attendance:
    """Who of an organisation attended. attended: people by audience. present: participants, as far as known.

    spoke, reviewed: how many of them did.
    """

    meeting_id: UUID
    organisation_id: UUID
    version: int
    attended: dict[str, int]
    present: tuple[UUID, ...]
    spoke: int
    reviewed: int
    recorded_at: datetime
    recorded_as: str


class SeatsProjector:
    """Keeps both lists."""

    VIEW: ClassVar[str] = "seats"
    TABLES: ClassVar[tuple[str, ...]] = ("seat_plans", "seats", "attendances")

    def project(self, recorded: Recorded) -> Iterable[Row]:  # noqa: C901 -- a case for every event
        """See ``interpares.common.views.Projector``."""
        event = recorded.event
        match event:
            case SeatPlan.Created():
                yield Row(OPEN, (event.originator_id, event.meeting_id, event.programme_id))
            case events.Nominated():
                for each in event.people:
                    seat = (each.seat_id, event.originator_id, event.nomination_id, event.number)
                    who = (event.organisation_id, each.participant_id, each.audience, each.language)
                    yield Row(NOMINATE, (*seat, *who, event.timestamp))
            case events.Seated():
                yield Row(HOLD, (event.respond_by, event.nomination_id))
            case events.Displaced():
                yield Row(DISPLACE, (event.nomination_id,))
            case events.Accepted():
                yield Row(ACCEPT, (event.seat_id,))
            case events.Released():
                yield Row(RELEASE, (event.cause, event.timestamp, event.seat_id))
            case events.Substituted():
                yield Row(SUBSTITUTE, (event.substitute_id, event.respond_by, event.seat_id))
            case events.AskedAgain():
                yield Row(ASK_AGAIN, (event.respond_by, event.originator_id))
            case events.Freed():
                yield Row(FREE, (event.cause, event.timestamp, event.originator_id))
            case events.AttendanceNoted():
                what = (event.meeting_id, event.organisation_id, event.version, Jsonb(event.attended))
                did = (list(event.participants), event.parts.spoke, event.parts.reviewed)
                yield Row(ATTEND, (*what, *did, event.timestamp, event.acting_as))


class Seats:
    """Asks for seats."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def people(
        self,
        meeting_id: UUID,
        *,
        organisations: frozenset[UUID] | None,
        after: UUID | None = None,
        limit: int = 10_000,
        seat_id: UUID | None = None,
    ) -> list[SeatedPerson]:
        """Return participants with their data. organisations: those they are sent by; None for all."""
        wanted = {
            "meeting_id": meeting_id,
            "plan_id": plan_id(meeting_id),
            "organisations": None if organisations is None else list(organisations),
            "after": after,
            "limit": limit,
            "seat_id": seat_id,
        }
        return [SeatedPerson(**row) for row in await self._database.fetch(PEOPLE, wanted)]

    async def meeting_of(self, seat_id: UUID) -> UUID | None:
        """Return the meeting a seat is at, None if there is no such seat."""
        rows = await self._database.fetch(
            "SELECT meeting_id FROM seats JOIN seat_plans USING (plan_id) WHERE seat_id = %s", (seat_id,)
        )
        return rows[0]["meeting_id"] if rows else None

    async def attendance(self, meeting_id: UUID) -> list[Attendance]:
        """Return who attended, by organisation."""
        rows = await self._database.fetch(
            "SELECT * FROM attendances WHERE meeting_id = %s ORDER BY organisation_id", (meeting_id,)
        )
        return [Attendance(**row | {"present": tuple(row["present"])}) for row in rows]

    async def due(self, now: datetime) -> list[UUID]:
        """Return the meetings at which somebody has not answered in time."""
        return [row["meeting_id"] for row in await self._database.fetch(DUE, (now,))]
