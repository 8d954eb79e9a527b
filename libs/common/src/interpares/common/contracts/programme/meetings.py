"""Meetings: every event tells the whole of one, as it stands after the decision."""

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


class MeetingDecided(Decided):
    """Something about a meeting was decided. ``changed``: names of the fields that differ from the revision before."""

    meeting: Meeting
    changed: tuple[str, ...] = ()


class MeetingPlanned(MeetingDecided):
    """A meeting is planned; host, dates and venue may still be open."""

    TYPE: ClassVar[str] = "programme.meeting-planned.v1"


class MeetingChanged(MeetingDecided):
    """A planned meeting was changed, or a confirmed one in other things than its dates."""

    TYPE: ClassVar[str] = "programme.meeting-changed.v1"


class MeetingConfirmed(MeetingDecided):
    """A meeting will take place: the agreement stands and the prerequisites are met, or excepted."""

    TYPE: ClassVar[str] = "programme.meeting-confirmed.v1"


class MeetingRescheduled(MeetingDecided):
    """A confirmed meeting takes place at another time."""

    TYPE: ClassVar[str] = "programme.meeting-rescheduled.v1"


class MeetingCancelled(MeetingDecided):
    """A meeting will not take place."""

    TYPE: ClassVar[str] = "programme.meeting-cancelled.v1"


class MeetingHeld(MeetingDecided):
    """A meeting took place. ``attended``: the organisations that were there, as far as they were recorded here."""

    TYPE: ClassVar[str] = "programme.meeting-held.v1"

    attended: tuple[UUID, ...] = ()
