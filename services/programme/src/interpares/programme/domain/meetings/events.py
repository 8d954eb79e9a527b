"""What happens to meetings: stored events, each carrying the whole decision and the whole meeting as it stands then.

Stored for ever: topics and fields never change. Applying never refuses, so history always loads.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, cast
from uuid import UUID

from interpares.programme.domain.duties import Status
from interpares.programme.domain.events import Event
from interpares.programme.domain.meetings.agreement import Agreement, Version
from interpares.programme.domain.meetings.deadlines import Moved
from interpares.programme.domain.meetings.meeting import (
    UNDECIDED,
    Due,
    Exempt,
    Meeting,
    Standing,
    Told,
    guest_list_digest,
)
from interpares.programme.domain.meetings.prerequisites import exemption_key

if TYPE_CHECKING:
    from interpares.programme.domain.programme import Programme
    from interpares.programme.domain.state import State


class MeetingEvent(Event):
    """A meeting as it stands after a decision.

    invited: organisations that may send people. changed: names of the fields that differ from before. due: deadlines
    that follow. agreement: the new version that this decision made of the agreement, None if it left it as it was.
    void: the agreement has no current version any more.
    """

    meeting: Meeting
    invited: tuple[UUID, ...]
    changed: tuple[str, ...]
    due: tuple[Due, ...]
    agreement: Version | None
    void: bool

    def apply(self, aggregate: Programme) -> None:
        """Take the meeting as it is; of one that is over only how and where it ended."""
        meetings, key = aggregate.state.meetings, str(self.meeting.id)
        if self.meeting.status not in UNDECIDED:
            meetings.known.pop(key, None)
            meetings.over[key] = f"{self.meeting.status}:{self.meeting.strand}"
            meetings.told.pop(key, None)
            return
        before = meetings.known.get(key, Standing(self.meeting))
        agreed, versions = before.agreement, before.versions
        if self.agreement is not None:
            agreed, versions = _current(self.agreement), self.agreement.number
        meetings.known[key] = Standing(
            meeting=self.meeting,
            agreement=None if self.void else agreed,
            versions=versions,
            invited=guest_list_digest(self.invited),
        )


class MeetingProposed(MeetingEvent):
    """An organisation asks for a meeting, or offers one; ``opened_by`` says which."""

    TOPIC = "programme.programme.meeting-proposed.v1"
    opened_by: str


class MeetingRefused(MeetingEvent):
    """A meeting that was asked for will not come about: declined by the office or withdrawn by whoever asked."""

    TOPIC = "programme.programme.meeting-refused.v1"


class MeetingPlanned(MeetingEvent):
    """A meeting is planned; host, dates and venue may still be open."""

    TOPIC = "programme.programme.meeting-planned.v1"


class MeetingChanged(MeetingEvent):
    """A meeting was changed, found its host or lost it."""

    TOPIC = "programme.programme.meeting-changed.v1"


class MeetingConfirmed(MeetingEvent):
    """A meeting will take place: both sides approved ``hash``, and the prerequisites were met or excepted."""

    TOPIC = "programme.programme.meeting-confirmed.v1"
    version: int
    hash: str


class MeetingRescheduled(MeetingEvent):
    """A meeting takes place at another time.

    moved: deadlines that fall on another day. told: whom that affects. notice_days: days from the decision to the start
    as it was.
    """

    TOPIC = "programme.programme.meeting-rescheduled.v1"
    moved: tuple[Moved, ...]
    told: tuple[UUID, ...]
    notice_days: int


class MeetingCancelled(MeetingEvent):
    """A meeting will not take place. notice_days: days from the decision to its start, None if that was open."""

    TOPIC = "programme.programme.meeting-cancelled.v1"
    notice_days: int | None


class MeetingHeld(MeetingEvent):
    """A meeting took place, and these organisations were there, the host among them."""

    TOPIC = "programme.programme.meeting-held.v1"
    attended: tuple[UUID, ...]

    def apply(self, aggregate: Programme) -> None:
        """Remember who was at a meeting of this format; where nobody is named, who registration told of counts."""
        meetings, key = aggregate.state.meetings, str(self.meeting.id)
        told = meetings.told.get(key, Told(self.meeting.format))
        super().apply(aggregate)
        if not _guests(self.attended, self.meeting.host):
            meetings.told[key] = told
        attended = meetings.attended
        before = attended.get(self.meeting.format, ())
        attended[self.meeting.format] = tuple(sorted({*before, *self.attended}, key=str))


class AttendanceCorrected(Event):
    """Other organisations were at a meeting than was recorded.

    attended: all that were there, the host among them. removed: who by that was at no meeting of this format.
    seen: the last correction of the holding before this one. told: where the list names nobody but the host now, whom
    registration recorded.
    """

    TOPIC = "programme.programme.attendance-corrected.v1"
    OUTLIVES = True
    meeting: UUID
    format: str
    host: UUID | None
    attended: tuple[UUID, ...]
    removed: tuple[UUID, ...]
    seen: UUID | None
    told: tuple[UUID, ...] = ()

    def apply(self, aggregate: Programme) -> None:
        """Remember who was at a meeting of this format, and who was not."""
        meetings = aggregate.state.meetings
        meetings.told.pop(str(self.meeting), None)
        if not _guests(self.attended, self.host):
            meetings.told[str(self.meeting)] = Told(self.format, self.told)
        attended = meetings.attended
        before = attended.get(self.format, ())
        attended[self.format] = tuple(sorted({*before, *self.attended} - {*self.removed}, key=str))


class AttendanceTold(Event):
    """Registration recorded whether people of an organisation came; it counts where the meeting names no guests.

    A decision by nobody: it takes note of a fact, which is its evidence.
    """

    TOPIC = "programme.programme.attendance-told.v1"
    OUTLIVES = True
    meeting: UUID
    format: str
    organisation: UUID
    came: bool

    def apply(self, aggregate: Programme) -> None:
        """Remember who came."""
        told, key = aggregate.state.meetings.told, str(self.meeting)
        others = {*told.get(key, Told(self.format)).organisations} - {self.organisation}
        there = {*others, self.organisation} if self.came else others
        told[key] = Told(self.format, tuple(sorted(there, key=str)))


class AgreementDrafted(Event):
    """A version of the agreement lies before both sides; approvals of earlier versions are void."""

    TOPIC = "programme.programme.agreement-drafted.v1"
    meeting: UUID
    agreement: Version

    def apply(self, aggregate: Programme) -> None:
        """Make it the current one."""
        known = aggregate.state.meetings.known
        standing = known[str(self.meeting)]
        known[str(self.meeting)] = replace(standing, agreement=_current(self.agreement), versions=self.agreement.number)


class AgreementApproved(Event):
    """A side approved a version, by its hash. ``complete``: both have now."""

    TOPIC = "programme.programme.agreement-approved.v1"
    meeting: UUID
    side: UUID
    version: int
    hash: str
    complete: bool

    def apply(self, aggregate: Programme) -> None:
        """Note the approval."""
        known = aggregate.state.meetings.known
        standing = known[str(self.meeting)]
        agreed = cast("Agreement", standing.agreement)
        approved = replace(agreed, approved_by=(*agreed.approved_by, self.side))
        known[str(self.meeting)] = replace(standing, agreement=approved)


class PrerequisiteExcepted(Event):
    """An organisation need not show a prerequisite up to a day, included."""

    TOPIC = "programme.programme.prerequisite-excepted.v1"
    organisation: UUID
    prerequisite: str
    until: date

    def apply(self, aggregate: Programme) -> None:
        """Let the exception stand in the place of an earlier one."""
        exempt = aggregate.state.meetings.exempt
        key = exemption_key(self.organisation, self.prerequisite)
        exempt[key] = Exempt(self.organisation, self.prerequisite, self.until, self.event_id)


class ExceptionEnded(Event):
    """An exception was ended before its day."""

    TOPIC = "programme.programme.exception-ended.v1"
    organisation: UUID
    prerequisite: str

    def apply(self, aggregate: Programme) -> None:
        """Forget the exception."""
        del aggregate.state.meetings.exempt[exemption_key(self.organisation, self.prerequisite)]


class DutyScheduled(Event):
    """A hosting duty has its meeting."""

    TOPIC = "programme.programme.duty-scheduled.v1"
    duty: str
    meeting: UUID

    def apply(self, aggregate: Programme) -> None:
        """Move the duty on."""
        _move(aggregate.state, self.duty, Status.SCHEDULED)


class DutyHeld(Event):
    """A hosting duty is fulfilled."""

    TOPIC = "programme.programme.duty-held.v1"
    duty: str
    meeting: UUID

    def apply(self, aggregate: Programme) -> None:
        """End the duty."""
        _move(aggregate.state, self.duty, Status.HELD)


class DutyReturned(Event):
    """A hosting duty waits for a meeting again; its host has it still."""

    TOPIC = "programme.programme.duty-returned.v1"
    duty: str
    meeting: UUID

    def apply(self, aggregate: Programme) -> None:
        """Move the duty back."""
        _move(aggregate.state, self.duty, Status.ACCEPTED)


def _current(made: Version) -> Agreement:
    return Agreement(made.number, made.hash, made.sides, made.content["terms"])


def _move(state: State, duty: str, status: Status) -> None:
    state.duties[duty] = replace(state.duties[duty], status=status)


def _guests(attended: tuple[UUID, ...], host: UUID | None) -> bool:
    """Tell whether a list of who was at a meeting names anybody but its host."""
    return any(each != host for each in attended)
