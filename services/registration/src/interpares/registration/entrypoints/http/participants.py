"""Participants of a meeting: who they are, what they need, who came; the list of signatures and certificates."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from interpares.common.commands import Commands
from interpares.common.context import Occasion
from interpares.common.database import Database
from interpares.common.http import (
    After,
    AtLeastPosition,
    CurrentAsked,
    CurrentOccasion,
    CurrentPrincipal,
    Limit,
    Page,
    Router,
    page_of,
)
from interpares.common.views import view_at_least
from interpares.registration.application.decided import Decided
from interpares.registration.application.privacy.ports import Reads
from interpares.registration.application.seat_ports import Needs, Participants
from interpares.registration.application.seats import (
    NeedsNoted,
    NoteAttendance,
    NoteNeeds,
    note_attendance,
    note_needs,
)
from interpares.registration.domain.seats.plan import plan_id
from interpares.registration.entrypoints.http.asking import behind
from interpares.registration.entrypoints.http.at_meetings import KnownMeetings, attending
from interpares.registration.entrypoints.http.authority import known
from interpares.registration.entrypoints.http.directory import IfMatch, version_of
from interpares.registration.entrypoints.http.pages import PageLanguage
from interpares.registration.entrypoints.http.schemas.seats import (
    AttendanceShown,
    Certificate,
    NeedsAnswer,
    NeedsGiven,
    NewAttendance,
    ParticipantShown,
)
from interpares.registration.entrypoints.http.schemas.words import Answer
from interpares.registration.entrypoints.http.signatures import signature_list
from interpares.registration.projections.organisations import Organisations
from interpares.registration.projections.seats import SeatedPerson, Seats, SeatsProjector

PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}, "description": "PDF"}
}
EXPECTED = ("held", "accepted")


def participant_routes(
    commands: Commands, database: Database, *, meetings: KnownMeetings, participants: Participants, reads: Reads
) -> APIRouter:
    """Return the routes."""
    router = Router(prefix="/meetings/{meeting_id}", tags=["participants"])
    seats, organisations = Seats(database), Organisations(database)
    needing = partial(note_needs, participants=participants)

    @router.get("/participants", operation_id="listParticipants")
    async def list_all(
        *,
        meeting_id: UUID,
        principal: CurrentPrincipal,
        occasion: CurrentOccasion,
        after: After = None,
        limit: Limit = 50,
        position: AtLeastPosition = None,
    ) -> Page[ParticipantShown]:
        """List participants: one's own, as office or host everybody, with what they need. Reads are noted."""
        here = await attending(principal, meeting_id, meetings)
        await view_at_least(database, SeatsProjector.VIEW, position)
        sight = here.own if here.runs is None else None
        rows = await seats.people(meeting_id, organisations=sight, after=behind(after), limit=limit + 1)
        await _note(reads, rows, occasion, "participants")
        hidden = {} if here.runs else {"dietary": None, "access": None}
        return page_of([ParticipantShown(**vars(row) | hidden) for row in rows], limit, lambda row: (row.seat_id,))

    @router.post("/participants/{participant_id}/needs", operation_id="noteNeeds")
    async def note_needs_of(
        meeting_id: UUID, participant_id: UUID, body: NeedsGiven, asked: CurrentAsked
    ) -> NeedsAnswer:
        """Note what a participant needs on the day; only office and host see it, and it goes first."""
        here = await attending(asked.principal, meeting_id, meetings)
        rows = await seats.people(meeting_id, organisations=None if here.runs else here.own)
        known(next((row for row in rows if row.participant_id == participant_id), None), "participant")
        command = NoteNeeds(meeting_id, participant_id, Needs(body.dietary, body.access))
        handled = await asked.run(commands, needing, command, NeedsNoted, lane=plan_id(meeting_id))
        return NeedsAnswer(participant_id=handled.result.participant_id, position=handled.position)

    @router.get("/signature-list", operation_id="printSignatureList", response_class=Response, responses=PDF)
    async def print_list(
        meeting_id: UUID,
        principal: CurrentPrincipal,
        occasion: CurrentOccasion,
        language: Annotated[PageLanguage, Query(description="Language of the list.")] = "de",
        position: AtLeastPosition = None,
    ) -> Response:
        """Return the list to be signed on the day, by organisation, as PDF; for the office and the host."""
        here = await attending(principal, meeting_id, meetings)
        here.running()
        await view_at_least(database, SeatsProjector.VIEW, position)
        rows = [row for row in await seats.people(meeting_id, organisations=None) if row.status in EXPECTED]
        await _note(reads, rows, occasion, "signature-list")
        names = {each: await organisations.one(each) for each in {row.organisation_id for row in rows}}
        called = {each: next(iter(found.names.values())) if found else str(each) for each, found in names.items()}
        audiences = await meetings.audiences(here.meeting.programme_id)
        content = signature_list(here.meeting, rows, organisations=called, audiences=audiences, language=language)
        disposition = f'attachment; filename="signatures-{meeting_id}.pdf"'
        return Response(content, media_type="application/pdf", headers={"Content-Disposition": disposition})

    @router.get("/certificates", operation_id="listCertificates")
    async def list_certificates(
        meeting_id: UUID, principal: CurrentPrincipal, occasion: CurrentOccasion, position: AtLeastPosition = None
    ) -> tuple[Certificate, ...]:
        """Return what certificates of attendance say, for those who came: one's own, as office or host everybody."""
        here = await attending(principal, meeting_id, meetings)
        await view_at_least(database, SeatsProjector.VIEW, position)
        came = {each for attendance in await seats.attendance(meeting_id) for each in attendance.present}
        sight = here.own if here.runs is None else None
        rows = [row for row in await seats.people(meeting_id, organisations=sight) if row.participant_id in came]
        await _note(reads, rows, occasion, "certificates")
        names = {each: await organisations.one(each) for each in {row.organisation_id for row in rows}}
        meeting = here.meeting
        audiences = await meetings.audiences(meeting.programme_id)
        return tuple(
            Certificate(
                participant_id=row.participant_id,
                given_name=row.given_name,
                family_name=row.family_name,
                organisation_id=row.organisation_id,
                organisation=found.names if (found := names[row.organisation_id]) else {},
                audience=row.audience,
                audience_label=audiences.get(row.audience, {}),
                meeting_id=meeting_id,
                title=meeting.title,
                format=meeting.format,
                place=meeting.place,
                starts_local=meeting.starts_local,
                ends_local=meeting.ends_local,
                zone=meeting.zone,
            )
            for row in rows
        )

    return router


def attendance_routes(commands: Commands, database: Database, *, meetings: KnownMeetings) -> APIRouter:
    """Return the routes about who came."""
    router = Router(prefix="/meetings/{meeting_id}", tags=["participants"])
    seats = Seats(database)

    @router.post("/attendance", operation_id="noteAttendance")
    async def note_attendance_of(
        meeting_id: UUID, body: NewAttendance, asked: CurrentAsked, if_match: IfMatch = None
    ) -> Answer:
        """Record who of an organisation came, and who of them spoke or reviewed; a later record replaces it.

        The ETag of a record is its version in the list, that of none yet is "0".
        """
        acting_as = (await attending(asked.principal, meeting_id, meetings)).running()
        rows = await seats.people(meeting_id, organisations=frozenset({body.organisation_id}))
        audience = {row.participant_id: row.audience for row in rows}
        counted = dict(body.others)
        for each in dict.fromkeys(body.attended):
            counted[audience.get(each, "")] = counted.get(audience.get(each, ""), 0) + 1
        command = NoteAttendance(
            meeting_id=meeting_id,
            organisation_id=body.organisation_id,
            attended=counted,
            participants=tuple(dict.fromkeys(body.attended)),
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=acting_as,
            parts=body.parts(),
            version=version_of(if_match),
        )
        return Answer.to(await asked.run(commands, note_attendance, command, Decided, lane=plan_id(meeting_id)))

    @router.get("/attendance", operation_id="readAttendance")
    async def read_attendance(
        meeting_id: UUID, principal: CurrentPrincipal, position: AtLeastPosition = None
    ) -> tuple[AttendanceShown, ...]:
        """Return how many came, by organisation and audience, spoke and reviewed; without names."""
        await attending(principal, meeting_id, meetings)
        await view_at_least(database, SeatsProjector.VIEW, position)
        return tuple(
            AttendanceShown(
                organisation_id=each.organisation_id,
                version=each.version,
                attended=each.attended,
                spoke=each.spoke,
                reviewed=each.reviewed,
                recorded_at=each.recorded_at,
            )
            for each in await seats.attendance(meeting_id)
        )

    return router


async def _note(reads: Reads, rows: list[SeatedPerson], occasion: Occasion, route: str) -> None:
    for row in rows:
        await reads.note(
            reader=occasion.actor, person_id=row.participant_id, why="meeting", route=route, now=occasion.now
        )
