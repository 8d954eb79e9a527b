"""Meetings, as the programme service decides about them: what they are becomes what seats rest on."""

from collections.abc import Mapping

from interpares.common.commands import UnitOfWork
from interpares.common.contracts.programme import (
    CallOpened,
    Meeting,
    MeetingCancelled,
    MeetingChanged,
    MeetingConfirmed,
    MeetingDecided,
    MeetingHeld,
    MeetingPlanned,
    MeetingRescheduled,
    ProgrammeDrafted,
)
from interpares.common.contracts.programme.course import RulesAmended
from interpares.common.envelope import Arrived
from interpares.registration.application.seat_ports import KnownMeeting, MeetingBook, Participants
from interpares.registration.application.seats import NoteMeeting, note_meeting
from interpares.registration.domain.seats.rules import Facts
from interpares.registration.entrypoints.subscriptions import Handler, instant

KINDS: tuple[type[MeetingDecided], ...] = (
    MeetingPlanned,
    MeetingChanged,
    MeetingConfirmed,
    MeetingRescheduled,
    MeetingCancelled,
    MeetingHeld,
)
TIMES = frozenset({"starts_local", "ends_local", "zone"})


def meeting_handlers(book: MeetingBook, participants: Participants) -> Mapping[str, Handler]:
    """Return what to do with an event of the programme service, by its type."""

    async def on_meeting(event: Arrived, unit: UnitOfWork) -> None:
        decided = MeetingDecided.model_validate(event.data)
        command = NoteMeeting(
            meeting=_known(decided),
            facts=_facts(decided.meeting),
            rescheduled=event.type == MeetingRescheduled.TYPE or not TIMES.isdisjoint(decided.changed),
        )
        await note_meeting(command, unit, book=book, participants=participants)

    async def on_programme(event: Arrived, unit: UnitOfWork) -> None:
        drafted = ProgrammeDrafted.model_validate(event.data)
        unit.write(
            book.noting_programme(drafted.programme_id, drafted.office_id),
            book.naming_audiences(drafted.programme_id, drafted.audiences),
        )

    async def on_rules(event: Arrived, unit: UnitOfWork) -> None:
        amended = RulesAmended.model_validate(event.data)
        unit.write(book.naming_audiences(amended.programme_id, amended.audiences))

    async def on_call(event: Arrived, unit: UnitOfWork) -> None:
        opened = CallOpened.model_validate(event.data)
        unit.write(book.noting_programme(opened.programme_id, opened.office_id))

    return {
        ProgrammeDrafted.TYPE: on_programme,
        RulesAmended.TYPE: on_rules,
        CallOpened.TYPE: on_call,
        **{kind.TYPE: on_meeting for kind in KINDS},
    }


def _known(decided: MeetingDecided) -> KnownMeeting:
    meeting = decided.meeting
    return KnownMeeting(
        meeting_id=meeting.meeting_id,
        programme_id=decided.programme_id,
        revision=meeting.revision,
        status=meeting.status,
        title=dict(meeting.title),
        format=meeting.format,
        mode=meeting.mode,
        place=meeting.venue.place if meeting.venue else None,
        host_id=meeting.host_id,
        organiser_id=meeting.organiser_id,
        starts_local=meeting.starts_local,
        ends_local=meeting.ends_local,
        zone=meeting.zone,
        audiences=meeting.audiences,
        languages=meeting.languages,
        invited=meeting.invited,
        seats=meeting.seats,
    )


def _facts(meeting: Meeting) -> Facts:
    dated = meeting.starts_local is not None and meeting.zone is not None
    return Facts(
        status=meeting.status,
        host_id=meeting.host_id,
        invited=meeting.invited,
        seats=meeting.seats,
        audiences=meeting.audiences,
        languages=meeting.languages,
        starts_at=instant(str(meeting.starts_local), str(meeting.zone)) if dated else None,
    )
