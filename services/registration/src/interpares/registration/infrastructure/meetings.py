"""The tables of meetings and programmes, as heard from the programme service, and of their participants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from interpares.common.writes import Row
from interpares.registration.application.seat_ports import KnownMeeting
from interpares.registration.domain.seats.refusals import AlreadyNominated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.registration.application.seat_ports import Guest, Needs

FIELDS = (
    "meeting_id, programme_id, revision, status, title, format, mode, place, host_id, organiser_id, starts_local,"
    " ends_local, zone, audiences, languages, invited, seats"
)
ONE = (
    f"SELECT {FIELDS}, (SELECT office_id FROM known_programmes p"  # noqa: S608 -- constants only
    " WHERE p.programme_id = m.programme_id) AS office FROM known_meetings m WHERE meeting_id = %s"
)
PAGE = (
    f"SELECT {FIELDS} FROM known_meetings WHERE"  # noqa: S608 -- constants only
    " (%(all)s OR host_id = ANY(%(own)s) OR organiser_id = ANY(%(own)s) OR invited && %(own)s::uuid[]"
    " OR programme_id IN (SELECT programme_id FROM known_programmes WHERE office_id = ANY(%(offices)s)))"
    " AND (%(programme_id)s::uuid IS NULL OR programme_id = %(programme_id)s)"
    " AND (%(after)s::uuid IS NULL OR meeting_id > %(after)s) ORDER BY meeting_id LIMIT %(limit)s"
)


class MeetingTable:
    """Implements ``MeetingBook``, and reads it."""

    def __init__(self, database: Database | None = None) -> None:
        """``database``: needed for reading only."""
        self._database = database

    def noting(self, meeting: KnownMeeting) -> Row:
        """See the port."""
        values = vars(meeting) | {
            "title": Jsonb(meeting.title),
            "audiences": list(meeting.audiences),
            "languages": list(meeting.languages),
            "invited": list(meeting.invited),
        }
        names = FIELDS.split(", ")
        given = ", ".join(f"%({name.strip()})s" for name in names)
        changed = ", ".join(f"{name.strip()} = excluded.{name.strip()}" for name in names[1:])
        statement = (
            f"INSERT INTO known_meetings ({FIELDS}) VALUES ({given}) ON CONFLICT (meeting_id) DO UPDATE SET {changed}"  # noqa: S608 -- constants only
        )
        return Row(statement, values)

    def noting_programme(self, programme_id: UUID, office_id: UUID) -> Row:
        """See the port."""
        return Row(
            "INSERT INTO known_programmes (programme_id, office_id) VALUES (%s, %s)"
            " ON CONFLICT (programme_id) DO UPDATE SET office_id = excluded.office_id",
            (programme_id, office_id),
        )

    def naming_audiences(self, programme_id: UUID, audiences: Mapping[str, Mapping[str, str]]) -> Row:
        """See the port."""
        return Row(
            "UPDATE known_programmes SET audiences = audiences || %s WHERE programme_id = %s",
            (Jsonb(audiences), programme_id),
        )

    async def audiences(self, programme_id: UUID) -> dict[str, dict[str, str]]:
        """Return what the audiences of a programme are called, language to text by key, as far as that was told."""
        rows = await self._needed().fetch(
            "SELECT audiences FROM known_programmes WHERE programme_id = %s", (programme_id,)
        )
        return dict(rows[0]["audiences"]) if rows else {}

    async def one(self, meeting_id: UUID) -> tuple[KnownMeeting, UUID | None] | None:
        """Return a meeting with the office of its programme, None if there is none under the id."""
        rows = await self._needed().fetch(
            ONE,
            (meeting_id,),
        )
        return (_meeting(rows[0]), rows[0]["office"]) if rows else None

    async def page(
        self,
        *,
        everything: bool,
        own: Iterable[UUID],
        offices: Iterable[UUID],
        programme_id: UUID | None,
        after: UUID | None,
        limit: int,
    ) -> list[KnownMeeting]:
        """Return the meetings somebody has to do with, in order of their ids.

        own: organisations they coordinate. offices: those they work for.
        """
        wanted = {
            "all": everything,
            "own": list(own),
            "offices": list(offices),
            "programme_id": programme_id,
            "after": after,
            "limit": limit,
        }
        return [_meeting(row) for row in await self._needed().fetch(PAGE, wanted)]

    def _needed(self) -> Database:
        assert self._database is not None  # noqa: S101 -- made with one wherever it reads
        return self._database


class ParticipantTable:
    """Implements ``Participants``."""

    def entering(self, meeting_id: UUID, participant_id: UUID, organisation_id: UUID, guest: Guest | None) -> Row:
        """See the port."""
        return Row(
            "INSERT INTO participants (meeting_id, participant_id, organisation_id, given_name, family_name, email)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            (
                meeting_id,
                participant_id,
                organisation_id,
                guest.given_name if guest else None,
                guest.family_name if guest else None,
                guest.email if guest else None,
            ),
            AlreadyNominated(),
        )

    def removing(self, meeting_id: UUID, participant_id: UUID) -> tuple[Row, ...]:
        """See the port."""
        key = (meeting_id, participant_id)
        return (
            Row("DELETE FROM participant_needs WHERE meeting_id = %s AND participant_id = %s", key),
            Row("DELETE FROM participants WHERE meeting_id = %s AND participant_id = %s", key),
        )

    def needing(self, meeting_id: UUID, participant_id: UUID, needs: Needs) -> Row:
        """See the port."""
        return Row(
            "INSERT INTO participant_needs (meeting_id, participant_id, dietary, access) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (meeting_id, participant_id)"
            " DO UPDATE SET dietary = excluded.dietary, access = excluded.access",
            (meeting_id, participant_id, needs.dietary, needs.access),
        )


def _meeting(row: dict[str, Any]) -> KnownMeeting:
    values = {name.strip(): row[name.strip()] for name in FIELDS.split(",")}
    for name in ("audiences", "languages", "invited"):
        values[name] = tuple(values[name])
    return KnownMeeting(**values)
