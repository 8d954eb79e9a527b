"""Meetings, agreements and exceptions, as others hear of them: every event tells the whole of a meeting."""

from collections.abc import Callable
from typing import Any

from interpares.common.contracts import programme as contracts
from interpares.programme.domain.meetings import events
from interpares.programme.domain.meetings.deadlines import Moved
from interpares.programme.domain.meetings.meeting import SURE, Due, Meeting
from interpares.programme.domain.meetings.rules import PARTICIPANTS
from interpares.programme.entrypoints.published import Published


def _meeting(event: events.MeetingEvent) -> dict[str, Any]:
    meeting, details = event.meeting, event.meeting.details
    return {
        "meeting_id": meeting.id,
        "revision": meeting.revision,
        "status": meeting.status.value,
        "title": details.title,
        "format": meeting.format,
        "mode": details.mode.value,
        "strand": meeting.strand,
        "duty": meeting.duty or None,
        "host_id": meeting.host,
        "organiser_id": meeting.organiser,
        "venue": _venue(meeting),
        "starts_local": details.starts.isoformat() if details.starts else None,
        "ends_local": details.ends.isoformat() if details.ends else None,
        "zone": details.zone or None,
        "audiences": details.audiences,
        "themes": details.themes,
        "languages": details.languages,
        "invited": event.invited,
        "seats": details.seats,
        "follows": meeting.follows or None,
    }


def _venue(meeting: Meeting) -> dict[str, str] | None:
    venue = meeting.details.venue
    if venue is None:
        return None
    # Until a meeting is confirmed its address is a matter of those who prepare it.
    address = venue.address if meeting.status in SURE else ""
    return {"place": venue.place, "country": venue.country, "address": address}


def _due(due: Due, event: events.MeetingEvent) -> dict[str, Any]:
    owing = event.invited if due.owed_by == PARTICIPANTS else due.organisations
    return {"key": due.key, "day": due.day, "owed_by": due.owed_by, "organisations": owing}


def _moved(moved: Moved, event: events.MeetingEvent) -> dict[str, Any]:
    owed_by = next(due.owed_by for due in event.due if due.key == moved.key)
    found = {"key": moved.key, "day": moved.day, "owed_by": owed_by, "organisations": moved.organisations}
    return found | {"was": moved.was}


def whole(**more: Callable[[Any], Any]) -> Callable[[Any], dict[str, Any]]:
    """Return what reads a whole meeting off an event, and fields of that event besides."""

    def fields(event: events.MeetingEvent) -> dict[str, Any]:
        told = {name: read(event) for name, read in more.items()}
        due = [_due(each, event) for each in event.due]
        return {"meeting": _meeting(event), "changed": event.changed, "deadlines": due} | told

    return fields


def _proposed(event: events.MeetingProposed) -> dict[str, Any]:
    return {
        "meeting_id": event.meeting.id,
        "organisation_id": event.meeting.asked_by,
        "opened_by": event.opened_by,
        "title": event.meeting.details.title,
        "format": event.meeting.format,
        "strand": event.meeting.strand,
        "themes": event.meeting.details.themes,
        "follows": event.meeting.follows or None,
    }


def _refused(event: events.MeetingRefused) -> dict[str, Any]:
    return {
        "meeting_id": event.meeting.id,
        "organisation_id": event.meeting.asked_by,
        "outcome": event.meeting.status.value,
    }


def _drafted(event: events.AgreementDrafted) -> dict[str, Any]:
    made = event.agreement
    return {"meeting_id": event.meeting, "version": made.number, "hash": made.hash, "sides": made.sides}


def _approved(event: events.AgreementApproved) -> dict[str, Any]:
    return {
        "meeting_id": event.meeting,
        "side": event.side,
        "version": event.version,
        "hash": event.hash,
        "complete": event.complete,
    }


def _excepted(event: events.PrerequisiteExcepted) -> dict[str, Any]:
    return {"organisation_id": event.organisation, "prerequisite": event.prerequisite, "until": event.until}


def _ended(event: events.ExceptionEnded) -> dict[str, Any]:
    return {"organisation_id": event.organisation, "prerequisite": event.prerequisite}


def _duty(event: Any) -> dict[str, Any]:
    return {"duty": event.duty, "meeting_id": event.meeting}


def _told(event: events.AttendanceTold) -> dict[str, Any]:
    return {
        "meeting_id": event.meeting,
        "format": event.format,
        "organisation_id": event.organisation,
        "came": event.came,
    }


def _attendance(event: events.AttendanceCorrected) -> dict[str, Any]:
    return {
        "meeting_id": event.meeting,
        "format": event.format,
        "host_id": event.host,
        "attended": event.attended,
    }


PUBLISHED: Published = {
    events.MeetingProposed: (contracts.MeetingProposed, _proposed),
    events.MeetingRefused: (contracts.MeetingRefused, _refused),
    events.MeetingPlanned: (contracts.MeetingPlanned, whole()),
    events.MeetingChanged: (contracts.MeetingChanged, whole()),
    events.MeetingConfirmed: (
        contracts.MeetingConfirmed,
        whole(agreement=lambda event: event.version, agreement_hash=lambda event: event.hash),
    ),
    events.MeetingRescheduled: (
        contracts.MeetingRescheduled,
        whole(
            moved=lambda event: [_moved(each, event) for each in event.moved],
            told=lambda event: event.told,
            notice_days=lambda event: event.notice_days,
        ),
    ),
    events.MeetingCancelled: (contracts.MeetingCancelled, whole(notice_days=lambda event: event.notice_days)),
    events.MeetingHeld: (contracts.MeetingHeld, whole(attended=lambda event: event.attended)),
    events.AttendanceCorrected: (contracts.AttendanceCorrected, _attendance),
    events.AttendanceTold: (contracts.AttendanceTold, _told),
    events.AgreementDrafted: (contracts.AgreementDrafted, _drafted),
    events.AgreementApproved: (contracts.AgreementApproved, _approved),
    events.PrerequisiteExcepted: (contracts.PrerequisiteExcepted, _excepted),
    events.ExceptionEnded: (contracts.ExceptionEnded, _ended),
    events.DutyScheduled: (contracts.DutyScheduled, _duty),
    events.DutyHeld: (contracts.DutyHeld, _duty),
    events.DutyReturned: (contracts.DutyReturned, _duty),
}
