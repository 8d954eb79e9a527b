"""Bodies and answers of the programme service."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, WithJsonSchema

from interpares.common.contracts.template import Template
from interpares.common.http import Body, Instant, ReasonCode, ReasonText, ShortText, ZoneName

DUTY = r"^[A-Za-z0-9_-]{1,64}\.[a-z0-9_-]{1,64}\.[0-9]{1,6}$"
RoleKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$", description="Key of a role in the template.")]
FileReference = Annotated[
    str,
    Field(
        max_length=64, pattern=r"^[\w./()-]([\w ./()-]{0,62}[\w./()-])?$", description="Number of the office's file."
    ),
]
# In JSON Schema a date-time has an offset, which a local time must not have.
LocalTime = Annotated[
    datetime,
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$"}),
]
Texts = Annotated[
    dict[Annotated[str, Field(pattern="^[a-z]{2}$")], ShortText],
    Field(min_length=1, max_length=30, description="Text by language, ISO 639-1."),
]


class OnBehalf(Body):
    """The decision reached the office another way and is entered for whoever took it."""

    channel: Annotated[str, Field(pattern="^(phone|mail|letter|meeting)$")]
    received_on: Instant
    document_hash: Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256 of the letter.")] | None = None


class Deciding(Body):
    """What every decision needs: a reason."""

    reason_code: ReasonCode
    reason: ReasonText
    about: Annotated[
        tuple[UUID, ...],
        Field(max_length=50, description="People the reason is about, so that it can be erased with them."),
    ] = ()
    effective_at: Instant | None = None
    file_reference: FileReference | None = None
    on_behalf: OnBehalf | None = None


class Draft(Deciding):
    """A programme to be drafted."""

    title: Texts
    office_id: UUID
    template: Template
    strands: Annotated[
        tuple[Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,64}$")], ...],
        Field(max_length=100, description="Parts of the programme, such as countries."),
    ] = ()


class Deadline(Body):
    """A moment on the clock of a place."""

    local: Annotated[LocalTime, Field(description="Local time without offset, for example 2026-12-01T12:00.")]
    zone: ZoneName


class Call(Deciding):
    """A call to be opened."""

    deadline: Deadline


class Admission(Deciding):
    """An application to be admitted."""

    application_id: UUID
    role: RoleKey


class Role(Deciding):
    """A role to be granted."""

    role: RoleKey


class Offer(Deciding):
    """A duty to be offered."""

    to: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=500)]
    respond_by: Instant | None = None


class OwnAnswer(Deciding):
    """An organisation's answer to an offer."""

    organisation_id: UUID


class DecisionBrief(BaseModel):
    """A decision in short."""

    id: UUID
    type: str
    subject: str
    outcome: str
    decided_at: datetime
    reason_code: str


class Answer(BaseModel):
    """What a command led to. position: send it as X-At-Least-Position to see the change in any view."""

    decision: DecisionBrief
    position: int
    id: UUID | None = Field(default=None, description="Of what came to be.")


class Programme(BaseModel):
    """A programme. deadline_local: on the clock of deadline_zone."""

    id: Annotated[UUID, Field(validation_alias="programme_id")]
    office_id: UUID
    title: dict[str, str]
    template_hash: str
    strands: list[str]
    stage: str
    deadline_local: LocalTime | None
    deadline_zone: str | None
    drafted_at: datetime


class Named(BaseModel):
    """An organisation with its names and keys, as far as registration has told of them."""

    organisation_id: UUID
    names: dict[str, str]
    keys: list[dict[str, str]]


class Application(Named):
    """An application as it came in."""

    application_id: UUID
    kind: str
    country: str
    role: str
    strand: str | None
    withdrawn: bool
    submitted_at: datetime


class Participation(Named):
    """An organisation that takes part."""

    application_id: UUID
    strand: str
    roles: list[str]
    active: bool
    admitted_at: datetime


class Duty(BaseModel):
    """A line of the duty ledger."""

    duty: str
    strand: str
    rule: str
    ordinal: int
    format: str
    status: str
    owner_id: UUID | None
    host_id: UUID | None
    offered_to: list[UUID]
    declined_by: list[UUID]
    respond_by: datetime | None
    last_decision: UUID


class Logged(BaseModel):
    """A line of the decision log. follows: the decision this one is the consequence of."""

    position: int
    id: Annotated[UUID, Field(validation_alias="decision_id")]
    type: str
    subject: str
    outcome: str
    concerns: list[UUID]
    reason_code: str
    decided_at: datetime
    recorded_at: datetime
    follows: UUID | None


class Concerned(BaseModel):
    """An organisation a decision is about; names are empty if registration has not told of it yet."""

    organisation_id: UUID
    names: dict[str, str]
    keys: list[dict[str, str]]


class Instead(BaseModel):
    """What could have been decided instead, and why it was not."""

    ground: str
    option: str
    organisation: Concerned | None


class RuleApplied(BaseModel):
    """The rule as it stands in the template of the programme."""

    id: str
    version: int
    hash: str
    text: Any


class Consequence(BaseModel):
    """A decision that followed by a rule."""

    id: Annotated[UUID, Field(validation_alias="decision_id")]
    type: str
    subject: str
    outcome: str


class Explanation(BaseModel):
    """One decision, whole: who, in what capacity, when, why, by which rule, on what evidence, instead of what.

    reason: the text as typed; null once it was erased, reason_hash goes on proving what it was.
    """

    id: Annotated[UUID, Field(validation_alias="decision_id")]
    position: int
    programme_id: UUID
    programme_title: dict[str, str]
    type: str
    subject: str
    outcome: str
    actor: UUID
    capacity: str
    organisation: Concerned | None
    authority: dict[str, Any] | None
    interest: dict[str, Any] | None
    decided_at: datetime
    effective_at: datetime
    recorded_at: datetime
    reason_code: str
    reason: str | None
    reason_hash: str
    criteria: list[dict[str, Any]]
    rule: RuleApplied | None
    evidence: list[dict[str, Any]]
    alternatives: list[Instead]
    concerns: list[Concerned]
    source: dict[str, Any]
    file_reference: str
    follows: UUID | None
    corrects: UUID | None
    supersedes: UUID | None
    revokes: UUID | None
    consequences: list[Consequence]
