"""Pairs, the course of a programme, accompaniment, amendments."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from interpares.common.contracts.template import Template
from interpares.common.http import Body
from interpares.programme.entrypoints.http.schemas.deciding import Deciding
from interpares.programme.entrypoints.http.schemas.record import Digest

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
Keys = Annotated[tuple[Key, ...], Field(max_length=200)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217.")]
Amount = Annotated[Decimal, Field(gt=0, max_digits=14, decimal_places=2)]
Value = Annotated[Decimal, Field(max_digits=18, decimal_places=6, allow_inf_nan=False)]
Days = Annotated[Decimal, Field(max_digits=6, decimal_places=2, allow_inf_nan=False)]
Organisations = Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


class PairProposal(Deciding):
    """Two participants that are to be a pair. ``kind``: key of the pair in the template."""

    kind: Key
    members: Annotated[tuple[UUID, UUID], Field(description="Two participants.")]


class PairAnswer(Deciding):
    """The answer of one side."""

    organisation_id: UUID


class Pair(BaseModel):
    """A pair. status: proposed, concluded, declined or ended. consented: who wants it so far."""

    pair: str
    kind: str
    members: list[UUID]
    consented: list[UUID]
    status: str


class Responsibility(Body):
    """A participant is in charge of a task, which is a code."""

    organisation_id: UUID
    task: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,63}$")]


class Workshop(Deciding):
    """What the partners agreed in their joint workshop: by keys of the template; activities are formats."""

    goals: Keys = ()
    themes: Keys = ()
    activities: Keys = ()
    costs: Amount
    currency: Currency
    starts: date
    ends: date
    responsibilities: Annotated[tuple[Responsibility, ...], Field(min_length=1, max_length=500)]
    participants: Organisations
    minutes_hash: Digest | None = None


class GrantApplication(Deciding):
    """What the carrier applied for, and when it was handed in."""

    amount: Amount
    currency: Currency
    submitted_on: date
    document_hash: Digest


class Term(Deciding):
    """The term, both days included; what is left out the template tells."""

    starts: date | None = None
    ends: date | None = None


class HandIn(Deciding):
    """A deliverable is handed in. ``document_hash``: SHA-256 of the document."""

    organisation_id: UUID
    document_hash: Digest


class DeliverableAnswer(Deciding):
    """The answer to what a participant handed in."""

    organisation_id: UUID


class Handed(BaseModel):
    """Where a deliverable of a participant stands: missing, handed-in, accepted or returned."""

    organisation_id: UUID
    status: str
    version: int


class Deliverable(BaseModel):
    """What is handed in by a milestone, and by whom it is so far."""

    deliverable: str
    handed: list[Handed]


class Milestone(BaseModel):
    """A point to be reached. due: None as long as nobody can tell the day."""

    phase: str
    milestone: str
    due: date | None
    deliverables: list[Deliverable]


class Measured(Deciding):
    """What a goal is measured by, on a day that has come."""

    value: Value
    measured_on: date


class Measurement(BaseModel):
    """A value that was taken down."""

    value: Decimal
    measured_on: date
    reached: bool
    decision_id: UUID


class Indicator(BaseModel):
    """What a goal is measured by, and how far it has come. reached: by the value measured last, in time or not."""

    indicator: str
    label: dict[str, str]
    unit: dict[str, str]
    value: Decimal | None
    target: Decimal
    by: date
    reached: bool
    measured: list[Measurement]


class Goal(BaseModel):
    """What the programme is after."""

    goal: str
    label: dict[str, str]
    indicators: list[Indicator]


class Accompanied(Deciding):
    """Who goes along with a participant. ``days``: expert days, all that are left if not said."""

    rule: Key
    organisation_id: UUID
    companion_id: Annotated[UUID, Field(description="A participant, or a facilitator.")]
    days: Days | None = None
    themes: Keys = ()


class ExpertDays(Deciding):
    """Expert days on a day; negative ones take back those of the booking that is named in ``corrects``."""

    day: date
    days: Days


class Accompaniment(BaseModel):
    """An accompaniment. ``days``: agreed, None for no limit; ``booked``: of them so far."""

    accompaniment: str
    rule: str
    organisation_id: UUID
    companion_id: UUID
    days: Decimal | None
    booked: Decimal
    ended: bool


class Amendment(Deciding):
    """Another version of the template. ``strands``: all of them if there are to be more."""

    template: Template
    strands: Annotated[tuple[Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,64}$")], ...], Field(max_length=100)] = ()


class TemplateVersion(BaseModel):
    """A version of the template that is or was in force. ``decision_id``: of the decision that put it there."""

    version: int
    template_hash: str
    decision_id: UUID
    recorded_at: datetime | None
