"""What every decision is asked for with, and answered with."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, WithJsonSchema

from interpares.common.http import Body, Instant, ReasonCode, ReasonText, ShortText

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
