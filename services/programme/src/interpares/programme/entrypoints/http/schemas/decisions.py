"""The decision log, and one decision explained."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field


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
