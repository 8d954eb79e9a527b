"""What is asked and answered over HTTP."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from interpares.common.commands import Handled
from interpares.common.http import Body, Count, ReasonCode, ReasonText, ShortText, Text
from interpares.registration.application.decided import Decided
from interpares.registration.domain.membership import Capacity
from interpares.registration.domain.organisation import Kind
from interpares.registration.projections.applications import ListedApplication


def _on_one_line(value: str) -> str:
    if not value.isprintable():
        message = "Contains a character that cannot be printed."
        raise ValueError(message)
    return value


Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$", description="ISO 639, with a country if need be")]
Names = Annotated[dict[Language, ShortText], Field(max_length=40, description='by language, as in {"de": "Gmunden"}')]
Degrees = Annotated[
    str, Field(pattern=r"^-?[0-9]{1,3}(\.[0-9]{1,8})?$", description="WGS 84, as decimal text such as 47.9183")
]
Scheme = Annotated[
    str, Field(pattern=r"^[A-Za-z][A-Za-z0-9._-]{0,31}$", description="register the key is from, for example LAU")
]
Mail = Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$"), AfterValidator(_on_one_line)]
Subject = Annotated[
    str,
    Field(min_length=1, max_length=255, description="``sub`` of the person's account at the identity provider"),
    AfterValidator(_on_one_line),
]
About = Annotated[tuple[UUID, ...], Field(max_length=50, description="ids of the people the text is about")]
RoleKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$", description="key of a role the call seeks")]
StrandKey = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]


class NewKey(Body):
    """An official key."""

    scheme: Scheme
    value: ShortText


class Place(Body):
    """A place on earth."""

    latitude: Degrees
    longitude: Degrees


class NewOrganisation(Body):
    """An organisation to register."""

    kind: Kind
    country: Country
    keys: Annotated[tuple[NewKey, ...], Field(max_length=20)]
    names: Names
    population: Count | None = None
    languages: Annotated[tuple[Language, ...], Field(max_length=20)] = ()
    coordinates: Place | None = None


class NewPerson(Body):
    """A person to register."""

    given_name: ShortText
    family_name: ShortText
    email: Mail
    subject: Subject


class Reasoned(Body):
    """The why of a decision."""

    reason_code: ReasonCode
    reason: ReasonText
    about: About = ()


class NewMembership(Reasoned):
    """A membership to grant."""

    person_id: UUID
    organisation_id: UUID
    capacity: Capacity


class NewApplication(Body):
    """An application to submit; the motivation is its reason."""

    programme_id: UUID
    organisation_id: UUID
    role: RoleKey
    strand: StrandKey | None = None
    motivation: Annotated[Text, Field(description="Why you apply, in your own words; sealed, never part of an event.")]
    reason_code: ReasonCode = "wants-to-take-part"
    about: About = ()


class DecisionShown(BaseModel):
    """A decision in short. subject: ``kind:id`` of what it is about."""

    id: UUID
    type: str
    subject: str
    outcome: str
    decided_at: datetime
    reason_code: str


class Answer(BaseModel):
    """A decision was taken. position: send it as X-At-Least-Position to read what came of it."""

    decision: DecisionShown
    position: int

    @classmethod
    def to(cls, handled: Handled[Decided]) -> Self:
        """Return the answer to a command."""
        short = handled.result
        decision = DecisionShown(
            id=short.decision_id,
            type=short.type,
            subject=short.subject,
            outcome=short.outcome,
            decided_at=short.decided_at,
            reason_code=short.reason_code,
        )
        created = {"id": short.created_id} if short.created_id else {}
        return cls(decision=decision, position=handled.position, **created)


class CreatingAnswer(Answer):
    """A decision was taken that made something. id: of what was made."""

    id: UUID


class OrganisationAnswer(BaseModel):
    """An organisation was registered."""

    id: UUID
    position: int


class PersonAnswer(BaseModel):
    """A person was registered. actor: the opaque id the person acts under."""

    id: UUID
    actor: UUID
    position: int


class PersonShown(BaseModel):
    """A person, with personal data: this is the only answer that holds any."""

    id: UUID
    actor: UUID
    given_name: str
    family_name: str
    email: str


class MembershipHeld(BaseModel):
    """A membership as its holder sees it."""

    id: UUID
    organisation_id: UUID
    capacity: Capacity


class Me(BaseModel):
    """Who asks, without a name."""

    actor: UUID
    memberships: tuple[MembershipHeld, ...]


class Deadline(BaseModel):
    """A local time with its zone, for example 2026-12-01T12:00 in Europe/Brussels, and the instant it stands for."""

    local: str
    zone: str
    instant: datetime


class CallShown(BaseModel):
    """A call one can apply under. office_id: the organisation that runs the programme."""

    id: UUID
    programme_id: UUID
    office_id: UUID
    title: dict[str, str]
    roles: tuple[str, ...]
    strands: tuple[str, ...]
    deadline: Deadline


@dataclass(frozen=True)
class ApplicationShown(ListedApplication):
    """An application with its motivation. motivation: null once it was erased."""

    motivation: str | None
