"""Meetings: planned, asked for, changed; and what is read of them."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, WithJsonSchema

from interpares.common.http import Body, Count, Language, ShortText, ZoneName
from interpares.programme.entrypoints.http.schemas.deciding import Deciding, LocalTime, Texts
from interpares.programme.entrypoints.http.schemas.duties import DUTY

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$", description="Key in the template.")]
Keys = Annotated[tuple[Key, ...], Field(max_length=50)]
Strand = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,64}$")]
Mode = Literal["on-site", "online", "hybrid"]
Organisations = Annotated[tuple[UUID, ...], Field(max_length=500)]
Follows = Annotated[
    str,
    Field(
        pattern=r"^(meeting|output):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        description="What it grows out of: meeting:id or output:id.",
    ),
]


class Venue(Body):
    """Where a meeting takes place: a town by name; the address is shown to all once the meeting is confirmed."""

    place: ShortText
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    address: ShortText | None = None


class Dates(Body):
    """From when to when, on the clock of the zone, without offset; it may be several days."""

    starts: LocalTime
    ends: LocalTime
    zone: ZoneName


class Kept(Body):
    """What can be said, and later changed, of any meeting."""

    mode: Mode = "on-site"
    venue: Venue | None = None
    dates: Dates | None = None
    audiences: Annotated[Keys, Field(description="Those of the format, if left out.")] = ()
    themes: Annotated[Keys, Field(description="That of the format, if left out.")] = ()
    languages: Annotated[tuple[Language, ...], Field(max_length=20)] = ()
    seats: Annotated[Count, Field(description="For people of other organisations than the host.")] | None = None
    guests: Annotated[Organisations, Field(description="Organisations invited besides those of the rule.")] = ()


class OnOccasion(Kept):
    """A meeting that nobody owes."""

    title: Texts
    occasion: Key
    format: Key
    strand: Strand | None = None
    follows: Follows | None = None


class Plan(Kept, Deciding):
    """A meeting to be planned: of a duty, or on an occasion with its format."""

    title: Texts
    duty: Annotated[str, Field(pattern=DUTY)] | None = None
    occasion: Key | None = None
    format: Key | None = None
    strand: Strand | None = None
    follows: Follows | None = None
    host_id: UUID | None = None
    organiser_id: UUID | None = None


class Proposal(OnOccasion, Deciding):
    """A meeting that an organisation asks for, or offers to host."""

    organisation_id: UUID


class Change(Kept, Deciding):
    """What is to be different; what is left out stays. revision: as you have read the meeting."""

    title: Texts | None = None
    host_id: UUID | None = None
    organiser_id: UUID | None = None
    revision: Count | None = None


class Rescheduling(Deciding):
    """Other dates."""

    dates: Dates


class Holding(Deciding):
    """A meeting that took place; the host was there."""

    attended: Organisations = ()


class Record(Plan):
    """A meeting that took place and was not planned here; ``retrospective`` says where it is taken from."""

    attended: Organisations = ()


class VenueShown(BaseModel):
    """Where a meeting takes place. address: empty for those who have no part in it until it is confirmed."""

    place: str
    country: str
    address: str


class MeetingShown(BaseModel):
    """A meeting as it stands. rule: by its path in the template. starts_local, ends_local: on the clock of zone."""

    id: Annotated[UUID, Field(validation_alias="meeting_id")]
    revision: int
    status: str
    rule: str
    format: str
    strand: str
    duty: str | None
    host_id: UUID | None
    organiser_id: UUID | None
    asked_by_id: UUID | None
    follows: str | None
    title: dict[str, str]
    mode: str
    venue: VenueShown | None
    starts_local: LocalTime | None
    ends_local: LocalTime | None
    zone: str | None
    audiences: list[str]
    themes: list[str]
    languages: list[str]
    seats: int | None
    guests: list[UUID]
    invited: list[UUID]
    attended: list[UUID]
    agreement_version: int | None
    agreement_hash: str | None
    agreement_sides: list[UUID]
    approved_by: list[UUID]
    last_decision: UUID


class Happening(BaseModel):
    """What was decided about a meeting. changed: names of the fields that differ from before."""

    position: int
    decision: Annotated[UUID, Field(validation_alias="decision_id")]
    type: str
    outcome: str
    reason_code: str
    revision: int | None
    agreement_version: int | None
    changed: list[str]
    decided_at: datetime
    recorded_at: datetime
    source: str


class Deadline(BaseModel):
    """A day that follows from a meeting. overdue: it has passed, by the calendar of UTC."""

    meeting_id: UUID
    title: dict[str, str]
    status: str
    key: str
    day: date
    owed_by: str
    organisations: list[UUID]
    overdue: bool


class Missing(BaseModel):
    """A prerequisite an organisation has not met. since: when it was revoked, ran out, or from when it will count."""

    organisation_id: UUID
    prerequisite: str
    due_before: str
    ground: str
    since: date | None
    message: str


class InPlace(BaseModel):
    """An exception that stands in for a prerequisite, up to a day, included."""

    organisation_id: UUID
    prerequisite: str
    until: date


class Lacking(BaseModel):
    """Something of the meeting itself that is missing, by code and in words."""

    code: str
    message: str


class GateShown(BaseModel):
    """What stands between a meeting and its confirmation, now.

    lacks: of the meeting itself. unapproved: sides that have not approved the agreement. missing: prerequisites of the
    host. coming: prerequisites due before the meeting is held. evidence: facts that would be relied on.
    """

    open: bool
    lacks: list[Lacking]
    unapproved: list[UUID]
    missing: list[Missing]
    exceptions: list[InPlace]
    coming: list[Missing]
    evidence: Annotated[list[dict[str, Any]], WithJsonSchema({"type": "array", "items": {"type": "object"}})]
