"""Meetings as they stand, with their history, the versions of their agreements, and the deadlines that follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from psycopg.types.json import Jsonb

from interpares.common.writes import Row
from interpares.programme.domain.meetings import events
from interpares.programme.domain.meetings.rules import PARTICIPANTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from interpares.common.eventstore import Recorded

VIEW = "meetings"
FIELDS = (
    "meeting_id",
    "programme_id",
    "revision",
    "status",
    "rule",
    "format",
    "strand",
    "duty",
    "host_id",
    "organiser_id",
    "asked_by_id",
    "follows",
    "title",
    "mode",
    "venue",
    "starts_local",
    "ends_local",
    "zone",
    "starts_at",
    "ends_at",
    "audiences",
    "themes",
    "languages",
    "seats",
    "guests",
    "invited",
    "last_decision",
)
MEETING = (
    f"INSERT INTO meetings ({', '.join(FIELDS)}, attended, agreement_sides, approved_by)"  # noqa: S608 -- our own names
    f" VALUES ({', '.join(f'%({name})s' for name in FIELDS)}, '{{}}', '{{}}', '{{}}')"
    f" ON CONFLICT (meeting_id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in FIELDS[2:])}"
)
AGREEMENT = (
    "INSERT INTO meeting_agreements (meeting_id, version, hash, sides, content, drafted_by, drafted_at, approvals)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, '[]')"
)
CURRENT = (
    "UPDATE meetings SET agreement_version = %s, agreement_hash = %s, agreement_sides = %s, approved_by = '{}',"
    " last_decision = %s WHERE meeting_id = %s"
)
VOID = (
    "UPDATE meetings SET agreement_version = NULL, agreement_hash = NULL, agreement_sides = '{}', approved_by = '{}'"
    " WHERE meeting_id = %s"
)
APPROVE = (
    "UPDATE meeting_agreements SET approvals = approvals || %s::jsonb WHERE meeting_id = %s AND version = %s",
    "UPDATE meetings SET approved_by = approved_by || %s::uuid, last_decision = %s WHERE meeting_id = %s",
)


class MeetingsProjector:
    """Keeps the tables."""

    VIEW: ClassVar[str] = VIEW
    TABLES: ClassVar[tuple[str, ...]] = ("meetings", "meeting_history", "meeting_agreements", "meeting_deadlines")

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """Return the changes of one event."""
        event = recorded.event
        match event:
            case events.MeetingEvent():
                yield Row(MEETING, _meeting(event))
                yield from _agreed(event)
                yield from _deadlines(event)
                if isinstance(event, events.MeetingHeld):
                    yield Row(
                        "UPDATE meetings SET attended = %s WHERE meeting_id = %s",
                        (list(event.attended), event.meeting.id),
                    )
                version = event.agreement.number if event.agreement else None
                yield _history(recorded, event.meeting.id, event.meeting.revision, version, event.changed)
            case events.AttendanceCorrected():
                yield Row(
                    "UPDATE meetings SET attended = %s, last_decision = %s WHERE meeting_id = %s",
                    (list(event.attended), event.event_id, event.meeting),
                )
                yield _history(recorded, event.meeting, None, None, ("attended",))
            case events.AgreementDrafted():
                yield from _drafted(event, event.meeting)
                yield _history(recorded, event.meeting, None, event.agreement.number)
            case events.AgreementApproved():
                approval = {"side": str(event.side), "decision": str(event.event_id), "at": event.timestamp.isoformat()}
                yield Row(APPROVE[0], (Jsonb([approval]), event.meeting, event.version))
                yield Row(APPROVE[1], (event.side, event.event_id, event.meeting))
                yield _history(recorded, event.meeting, None, event.version)
            case _:
                return


def _meeting(event: events.MeetingEvent) -> dict[str, Any]:
    meeting, details = event.meeting, event.meeting.details
    venue = details.venue
    return {
        "meeting_id": meeting.id,
        "programme_id": event.originator_id,
        "revision": meeting.revision,
        "status": meeting.status.value,
        "rule": meeting.rule,
        "format": meeting.format,
        "strand": meeting.strand,
        "duty": meeting.duty or None,
        "host_id": meeting.host,
        "organiser_id": meeting.organiser,
        "asked_by_id": meeting.asked_by,
        "follows": meeting.follows or None,
        "title": Jsonb(details.title),
        "mode": details.mode.value,
        "venue": Jsonb({"place": venue.place, "country": venue.country, "address": venue.address}) if venue else None,
        "starts_local": details.starts,
        "ends_local": details.ends,
        "zone": details.zone or None,
        "starts_at": details.begins(),
        "ends_at": details.finishes(),
        "audiences": list(details.audiences),
        "themes": list(details.themes),
        "languages": list(details.languages),
        "seats": details.seats,
        "guests": list(details.guests),
        "invited": list(event.invited),
        "last_decision": event.event_id,
    }


def _agreed(event: events.MeetingEvent) -> Iterable[Row]:
    if event.void:
        yield Row(VOID, (event.meeting.id,))
    if event.agreement is not None:
        yield from _drafted(event, event.meeting.id)


def _drafted(event: Any, meeting: Any) -> Iterable[Row]:
    made = event.agreement
    by, at = event.metadata.actor, event.timestamp
    yield Row(AGREEMENT, (meeting, made.number, made.hash, list(made.sides), Jsonb(made.content), by, at))
    yield Row(CURRENT, (made.number, made.hash, list(made.sides), event.event_id, meeting))


def _deadlines(event: events.MeetingEvent) -> Iterable[Row]:
    yield Row("DELETE FROM meeting_deadlines WHERE meeting_id = %s", (event.meeting.id,))
    for due in event.due:
        owing = event.invited if due.owed_by == PARTICIPANTS else due.organisations
        yield Row(
            "INSERT INTO meeting_deadlines VALUES (%s, %s, %s, %s, %s, %s)",
            (event.originator_id, event.meeting.id, due.key, due.day, due.owed_by, list(owing)),
        )


def _history(
    recorded: Recorded, meeting: Any, revision: int | None, version: int | None, changed: tuple[str, ...] = ()
) -> Row:
    event = recorded.event
    decision = event.decision
    return Row(
        "INSERT INTO meeting_history VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            recorded.position,
            meeting,
            event.event_id,
            decision.type,
            decision.outcome,
            decision.reason_code,
            revision,
            version,
            list(changed),
            decision.decided_at,
            event.timestamp,
            decision.source.kind.value,
        ),
    )
