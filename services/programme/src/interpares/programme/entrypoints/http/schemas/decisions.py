"""The decision log, and one decision explained."""

from datetime import datetime
from typing import Annotated, Any, Literal
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
    actor: UUID
    capacity: str
    rule: str | None
    reason_code: str
    decided_at: datetime
    effective_at: datetime
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


class Later(BaseModel):
    """A decision about this one. details: what it says in particular, such as the parts it corrects."""

    id: UUID
    type: str
    outcome: str
    reason_code: str
    decided_at: datetime
    recorded_at: datetime
    details: dict[str, Any]


class ObjectionRaised(Later):
    """An objection, and its answer once there is one."""

    answer: Later | None


class ReliedOn(BaseModel):
    """A piece of evidence in words.

    kind: of the reference, before its colon. names: of the organisation it comes from. label: what the template calls
    it, code: what it is called without that. title: of the meeting it is about. day: it is from, until: it ends.
    """

    ref: str
    version: int
    hash: str
    position: int
    kind: str
    of: UUID | None
    names: dict[str, str]
    label: dict[str, str]
    code: str
    title: dict[str, str]
    day: str | None
    until: str | None


class Earlier(BaseModel):
    """The decision another one is about, or takes the place of."""

    id: UUID
    type: str
    decided_at: datetime


class Explanation(BaseModel):
    """One decision, whole: who, in what capacity, when, why, by which rule, on what evidence, instead of what.

    details: what was decided in particular. reason: the text as typed, if it may be read; reason_hash goes on proving
    what it was. standing: what is right in the record where that was corrected; to correct once more, send the id of
    the last entry of corrected_by in ``seen``. relied_on: the evidence in words, in the same order.
    hash: of what a letter on this decision rests on.
    """

    id: UUID
    position: int
    programme_id: UUID
    programme_title: dict[str, str]
    office: Concerned
    type: str
    subject: str
    outcome: str
    details: dict[str, Any]
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
    reason_status: Literal["shown", "withheld", "erased"]
    reason_hash: str
    criteria: list[dict[str, Any]]
    rule: RuleApplied | None
    manual: list[RuleApplied] = []
    evidence: list[dict[str, Any]]
    relied_on: list[ReliedOn]
    alternatives: list[Instead]
    concerns: list[Concerned]
    source: dict[str, Any]
    file_reference: str
    follows: UUID | None
    corrects: UUID | None
    supersedes: UUID | None
    revokes: UUID | None
    earlier: Earlier | None
    consequences: list[Consequence]
    standing: dict[str, str]
    corrected_by: list[Later]
    superseded_by: list[Later]
    revoked_by: list[Later]
    communications: list[Later]
    objections: list[ObjectionRaised]
    hash: str
