"""Seats and participants over HTTP."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from interpares.common.http import Body, Count, Language, ReasonCode, ReasonText, ShortText, Text
from interpares.registration.application.seat_ports import Guest, KnownMeeting
from interpares.registration.domain.seats.parts import Parts
from interpares.registration.domain.seats.rules import By, Quota, Rules
from interpares.registration.entrypoints.http.schemas.people import Mail
from interpares.registration.entrypoints.http.schemas.words import About, DecisionShown, Reasoned
from interpares.registration.projections.seats import SeatedPerson

Audience = Annotated[str, Field(max_length=64, pattern=r"^([a-z][a-z0-9-]{0,63})?$", description="key of the template")]
QuotaKey = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]


class QuotaGiven(Body):
    """How many people of an organisation, an audience or a language; without key: of each of them.

    at_least: a mix that is reported and, where it is enforced, seats that are kept free. at_most: seats they may take.
    """

    by: By
    key: QuotaKey | None = None
    at_least: Count = 0
    at_most: Count | None = None
    enforced: bool = False


class NewSeatRules(Reasoned):
    """The rules seats are given by. overtaking: groups behind may take seats that the one before them can't use."""

    quotas: Annotated[tuple[QuotaGiven, ...], Field(max_length=100)] = ()
    overtaking: bool = True
    respond_days: Annotated[int, Field(ge=1, le=90)] = 14

    def rules(self) -> Rules:
        """Return them as the domain knows them."""
        quotas = tuple(Quota(each.by, each.key, each.at_least, each.at_most, each.enforced) for each in self.quotas)
        return Rules(quotas, self.overtaking, self.respond_days)


class PersonGiven(Body):
    """Who comes: a registered person by id, or somebody by name and address."""

    person_id: UUID | None = None
    given_name: ShortText | None = None
    family_name: ShortText | None = None
    email: Mail | None = None

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        named = [each is not None for each in (self.given_name, self.family_name, self.email)]
        if any(named) if self.person_id is not None else not all(named):
            message = "Needs either person_id, or given_name, family_name and email."
            raise ValueError(message)
        return self

    def guest(self) -> Guest | None:
        """Return who it is, None for a registered person."""
        if self.given_name is None or self.family_name is None or self.email is None:
            return None
        return Guest(self.given_name, self.family_name, self.email)


class NomineeGiven(PersonGiven):
    """Somebody to nominate, for an audience, in a language."""

    audience: Audience = ""
    language: Language = "en"


class NewNomination(Body):
    """People to nominate together: they get seats together or wait together. waits: false to be refused instead."""

    organisation_id: UUID
    people: Annotated[tuple[NomineeGiven, ...], Field(min_length=1, max_length=50)]
    waits: bool = True
    reason_code: ReasonCode = "sent-by-us"
    reason: ReasonText
    about: About = ()


class NominationAnswer(BaseModel):
    """A nomination was decided. waiting_before: groups that wait before it. seats: in the order of the people."""

    decision: DecisionShown
    position: int

    nomination_id: UUID
    seats: tuple[UUID, ...]
    seated: bool
    waiting_before: int
    respond_by: datetime | None


class QuotaShown(BaseModel):
    """A quota for one key: how many are seated under it, how many seats are kept, whether the mix is there."""

    by: By
    key: str
    at_least: int
    at_most: int | None
    enforced: bool
    seated: int
    kept: int
    met: bool


class WaitingShown(BaseModel):
    """A group that waits. place: from 1. obstacle: the rule that keeps it waiting."""

    place: int
    number: int
    nomination_id: UUID
    organisation_id: UUID
    people: int
    obstacle: str


class SeatsShown(BaseModel):
    """The seats of a meeting, without names. taken: by people of others than the host. free: null if not limited."""

    meeting_id: UUID
    status: str
    seats: int | None
    taken: int
    of_host: int
    kept: int
    free: int | None
    overtaking: bool
    respond_days: int
    quotas: tuple[QuotaShown, ...]
    waiting: tuple[WaitingShown, ...]


class Substitution(PersonGiven):
    """Who comes instead."""


class LinkAnswer(BaseModel):
    """A personal link. token: shown once, null where the request was repeated. page: the address to hand on."""

    id: UUID
    token: str | None
    page: str | None
    expires_at: datetime


class NeedsGiven(Body):
    """What a participant needs on the day."""

    dietary: Text | None = None
    access: Text | None = None


class NewAttendance(Reasoned):
    """Who of an organisation came. attended: ids of participants; others: further people, by audience.

    spoke, reviewed: ids of those among the participants who did; others_spoke, others_reviewed: how many of the others.
    Whoever is not named there took part and no more.
    """

    organisation_id: UUID
    attended: Annotated[tuple[UUID, ...], Field(max_length=500)] = ()
    others: Annotated[dict[Audience, Count], Field(max_length=50, default_factory=dict)]
    spoke: Annotated[tuple[UUID, ...], Field(max_length=500)] = ()
    reviewed: Annotated[tuple[UUID, ...], Field(max_length=500)] = ()
    others_spoke: Count = 0
    others_reviewed: Count = 0

    def parts(self) -> Parts:
        """Return what they did as the domain knows it."""
        speakers, reviewers = tuple(dict.fromkeys(self.spoke)), tuple(dict.fromkeys(self.reviewed))
        spoke, reviewed = len(speakers) + self.others_spoke, len(reviewers) + self.others_reviewed
        return Parts(spoke, reviewed, speakers, reviewers)


class NeedsAnswer(BaseModel):
    """What a participant needs is noted."""

    participant_id: UUID
    position: int


@dataclass(frozen=True)
class MeetingShown(KnownMeeting):
    """A meeting one has to do with, as the programme service told of it last."""


@dataclass(frozen=True)
class ParticipantShown(SeatedPerson):
    """A participant; dietary and access are for the office and the host only, and go first."""


class AttendanceShown(BaseModel):
    """Who of an organisation attended, by audience, and how many of them spoke and reviewed."""

    organisation_id: UUID
    version: int
    attended: dict[str, int]
    spoke: int
    reviewed: int
    recorded_at: datetime


class Certificate(BaseModel):
    """What a certificate of attendance says of one person.

    audience_label: what the programme calls the audience, language to text; empty where it did not say.
    """

    participant_id: UUID
    given_name: str | None
    family_name: str | None
    organisation_id: UUID
    organisation: dict[str, str]
    audience: str
    audience_label: dict[str, str]
    meeting_id: UUID
    title: dict[str, str]
    format: str
    place: str | None
    starts_local: str | None
    ends_local: str | None
    zone: str | None
