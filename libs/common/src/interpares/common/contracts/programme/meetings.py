"""Meetings: every event tells the whole of one, as it stands after the decision."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from interpares.common.contracts.programme.deciding import Decided


class Venue(BaseModel):
    """Where a meeting takes place: a town by name, and an address once the meeting is confirmed."""

    model_config = ConfigDict(frozen=True)

    place: str
    country: str
    address: str = ""


class Meeting(BaseModel):
    """A meeting.

    revision: rises by one with every change. duty: the hosting duty it fulfils, None where nobody owes it.
    organiser_id: who organises, host_id: who hosts; None while that is open. audiences, themes, format: keys of the
    template. starts_local, ends_local: ISO 8601 without offset, on the clock of ``zone`` (IANA); None while open.
    invited: organisations that may send people. seats: people from organisations other than the host; None if not
    limited. follows: the meeting or output it grew out of.
    """

    model_config = ConfigDict(frozen=True)

    meeting_id: UUID
    revision: int
    status: Literal["planned", "confirmed", "cancelled", "held"]
    title: dict[str, str]
    format: str
    mode: Literal["on-site", "online", "hybrid"]
    strand: str
    duty: str | None
    host_id: UUID | None
    organiser_id: UUID | None
    venue: Venue | None
    starts_local: str | None
    ends_local: str | None
    zone: str | None
    audiences: tuple[str, ...]
    themes: tuple[str, ...]
    languages: tuple[str, ...]
    invited: tuple[UUID, ...]
    seats: int | None
    follows: str | None = None


class MeetingDeadline(BaseModel):
    """A deadline counted from a meeting, by its key in the template; ``was``: the day it fell on before, if any.

    owed_by: host, organiser, participants, office, or role:…; organisations: who that is, all invited for participants.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    day: date
    owed_by: str
    organisations: tuple[UUID, ...]
    was: date | None = None


class MeetingDecided(Decided):
    """Something about a meeting was decided. ``changed``: names of the fields that differ from the revision before.

    deadlines: all that follow from its dates as they stand.
    """

    meeting: Meeting
    changed: tuple[str, ...] = ()
    deadlines: tuple[MeetingDeadline, ...] = ()


class MeetingPlanned(MeetingDecided):
    """A meeting is planned; host, dates and venue may still be open."""

    TYPE: ClassVar[str] = "programme.meeting-planned.v1"


class MeetingChanged(MeetingDecided):
    """A planned meeting was changed, or a confirmed one in other things than its dates, or a host was lost or found.

    A meeting that was confirmed has status ``planned`` where it is no longer what both sides agreed on; it is confirmed
    again once they have.
    """

    TYPE: ClassVar[str] = "programme.meeting-changed.v1"


class MeetingConfirmed(MeetingDecided):
    """A meeting will take place: the agreement stands and the prerequisites are met, or excepted.

    agreement: the version both sides approved, agreement_hash: hex SHA-256 of its content.
    """

    TYPE: ClassVar[str] = "programme.meeting-confirmed.v1"

    agreement: int = 0
    agreement_hash: str = ""


class MeetingRescheduled(MeetingDecided):
    """A meeting that had dates takes place at another time; until both sides agreed on it, its status is ``planned``.

    moved: deadlines that fall on another day than before. told: organisations that owe one of those. notice_days: days
    from the decision to the start as it was.
    """

    TYPE: ClassVar[str] = "programme.meeting-rescheduled.v1"

    moved: tuple[MeetingDeadline, ...] = ()
    told: tuple[UUID, ...] = ()
    notice_days: int = 0


class MeetingCancelled(MeetingDecided):
    """A meeting will not take place. ``notice_days``: from the decision to its start, None if that was open."""

    TYPE: ClassVar[str] = "programme.meeting-cancelled.v1"

    notice_days: int | None = None


class MeetingHeld(MeetingDecided):
    """A meeting took place. ``attended``: the organisations that were there, as far as they were recorded here."""

    TYPE: ClassVar[str] = "programme.meeting-held.v1"

    attended: tuple[UUID, ...] = ()


class AttendanceCorrected(Decided):
    """Other organisations were at a meeting than was told when it was held; ``attended`` takes the place of those."""

    TYPE: ClassVar[str] = "programme.attendance-corrected.v1"

    meeting_id: UUID
    format: str
    host_id: UUID | None
    attended: tuple[UUID, ...]


class AttendanceTold(Decided):
    """Registration recorded whether people of an organisation came; the programme took note of it.

    It counts as attendance where the meeting's own list names nobody but its host.
    """

    TYPE: ClassVar[str] = "programme.attendance-told.v1"

    meeting_id: UUID
    format: str
    organisation_id: UUID
    came: bool


class MeetingProposed(Decided):
    """An organisation asks for a meeting, offers to host one, or wants one to follow: ``opened_by``."""

    TYPE: ClassVar[str] = "programme.meeting-proposed.v1"

    meeting_id: UUID
    organisation_id: UUID
    opened_by: Literal["request", "offer", "follow-up"]
    title: dict[str, str]
    format: str
    strand: str
    themes: tuple[str, ...]
    follows: str | None


class MeetingRefused(Decided):
    """A meeting that was asked for will not come about: ``declined`` by the office, or ``withdrawn`` by who asked."""

    TYPE: ClassVar[str] = "programme.meeting-refused.v1"

    meeting_id: UUID
    organisation_id: UUID
    outcome: Literal["declined", "withdrawn"]


class AgreementDrafted(Decided):
    """A version of the agreement lies before both sides; approvals of earlier versions are void.

    hash: hex SHA-256 of the content's canonical JSON; the content is asked for by meeting and version.
    """

    TYPE: ClassVar[str] = "programme.agreement-drafted.v1"

    meeting_id: UUID
    version: int
    hash: str
    sides: tuple[UUID, ...]


class AgreementApproved(Decided):
    """One side approved a version of the agreement. ``complete``: both have now."""

    TYPE: ClassVar[str] = "programme.agreement-approved.v1"

    meeting_id: UUID
    side: UUID
    version: int
    hash: str
    complete: bool


class PrerequisiteExcepted(Decided):
    """An organisation need not show a prerequisite up to a day, included; after it the exception has ended."""

    TYPE: ClassVar[str] = "programme.prerequisite-excepted.v1"

    organisation_id: UUID
    prerequisite: str
    until: date


class ExceptionEnded(Decided):
    """An exception was ended before its day."""

    TYPE: ClassVar[str] = "programme.exception-ended.v1"

    organisation_id: UUID
    prerequisite: str


class DutyScheduled(Decided):
    """A hosting duty has its meeting."""

    TYPE: ClassVar[str] = "programme.duty-scheduled.v1"

    duty: str
    meeting_id: UUID


class DutyHeld(Decided):
    """A hosting duty is fulfilled."""

    TYPE: ClassVar[str] = "programme.duty-held.v1"

    duty: str
    meeting_id: UUID


class DutyReturned(Decided):
    """The meeting of a hosting duty was cancelled; its host owes one still."""

    TYPE: ClassVar[str] = "programme.duty-returned.v1"

    duty: str
    meeting_id: UUID
