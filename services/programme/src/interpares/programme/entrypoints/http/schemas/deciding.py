"""What every decision is asked for with, and answered with."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, WithJsonSchema

from interpares.common.http import Body, Instant, ReasonCode, ReasonText, ShortText
from interpares.programme.entrypoints.http.schemas.record import (
    Authority,
    Criterion,
    Interest,
    OnBehalf,
    Proof,
    Retrospective,
)

FileReference = Annotated[
    str,
    Field(max_length=64, pattern=r"^[\w./()-]([\w ./()-]*[\w./()-])?$", description="Number of the office's file."),
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


Earlier = Annotated[UUID, Field(description="Id of an earlier decision of this programme.")]


class Deciding(Body):
    """What every decision needs: a reason; and what makes it whole for an auditor, where there is something to say."""

    reason_code: ReasonCode
    reason: ReasonText
    about: Annotated[
        tuple[UUID, ...],
        Field(max_length=50, description="People the reason is about, so that it can be erased with them."),
    ] = ()
    decided_at: Annotated[Instant, Field(description="If it was not just now.")] | None = None
    effective_at: Annotated[Instant, Field(description="If not from the decision on.")] | None = None
    authority: Authority | None = None
    interest: Interest | None = None
    criteria: Annotated[tuple[Criterion, ...], Field(max_length=50)] = ()
    evidence: Annotated[tuple[Proof, ...], Field(max_length=50)] = ()
    file_reference: FileReference | None = None
    on_behalf: OnBehalf | None = None
    retrospective: Retrospective | None = None
    corrects: Earlier | None = None
    supersedes: Earlier | None = None
    revokes: Earlier | None = None
    manual_rules: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")], ...],
        Field(max_length=20, description="Keys of the template's manual rules that are applied here by hand."),
    ] = ()


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


class Named(BaseModel):
    """An organisation with its names and keys, as far as registration has told of them."""

    organisation_id: UUID
    names: dict[str, str]
    keys: list[dict[str, str]]
