"""Calls, applications, drafts and rankings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StrictBool, StrictInt

from interpares.common.http import Body, Day, ReasonCode, Text
from interpares.registration.domain.applying.content import Channel, Evidence, Signature
from interpares.registration.domain.applying.ranking_rule import Rule
from interpares.registration.entrypoints.http.schemas.words import About, Reasoned, RoleKey, StrandKey
from interpares.registration.projections.applications import ListedApplication
from interpares.registration.projections.rankings import RankedEntry

LongText = Annotated[str, Field(min_length=1, max_length=20_000)]
Answers = Annotated[
    dict[RoleKey, StrictBool | StrictInt | LongText],
    Field(max_length=200, description="by question: a text, a number, a day, true or false, a choice, a file's id"),
]
Points = Annotated[
    str, Field(pattern=r"^(100(\.0{1,2})?|[0-9]{1,2}(\.[0-9]{1,2})?)$", description="from 0 to 100, as decimal text")
]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="hex SHA-256")]
Motivation = Annotated[Text, Field(description="Why you apply, in your own words; sealed, never part of an event.")]


class SaidOnPaper(Body):
    """How an application came that an office enters. document: of what came; signatories: how many signed it."""

    channel: Channel
    received_on: Day
    document: Sha256 | None = None
    signatories: Annotated[int, Field(ge=0, le=50)] = 0


class DraftContent(Body):
    """What applicants say. evidence: ids of files. members: of the consortium that applies under the lead."""

    motivation: Motivation
    answers: Answers = Field(default_factory=dict)
    evidence: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()
    members: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    about: About = ()


class NewDraft(DraftContent):
    """A draft to begin."""

    programme_id: UUID
    organisation_id: UUID
    role: RoleKey
    strand: StrandKey | None = None


class NewApplication(NewDraft):
    """An application to submit; the motivation is its reason. on_behalf: where an office enters what came to it."""

    reason_code: ReasonCode = "wants-to-take-part"
    on_behalf: SaidOnPaper | None = None


class PointsGiven(Reasoned):
    """How an application is measured. points: by criterion of the call."""

    points: Annotated[dict[RoleKey, Points], Field(min_length=1, max_length=50)]


class Priority(Reasoned):
    """An application is raised or lowered against others. priority: 0 as all begin, more is earlier."""

    priority: Annotated[int, Field(ge=-100, le=100)]


class NewRanking(Reasoned):
    """Those who wait for a role are ranked by the rule of the call."""

    call_id: UUID
    role: RoleKey
    strand: StrandKey | None = None


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


class CallRead(CallShown):
    """A call, whole. conditions: roles, questions, selection and consortia, as the programme published them."""

    conditions: dict[str, Any]


class FindingShown(BaseModel):
    """What a condition of the role found. outcome: holds, fails, or unknown where a fact is missing.

    way_out: what to do where it does not hold.
    """

    index: int
    predicate: str
    outcome: Literal["holds", "fails", "unknown"]
    found: str
    way_out: str


class EligibilityShown(BaseModel):
    """Whether an organisation may apply. eligible: no condition fails. certain: none is unknown either."""

    eligible: bool
    certain: bool
    findings: tuple[FindingShown, ...]


class OutcomeShown(BaseModel):
    """How an application was settled, and how to read why. explanation, letter: addresses at the programme service."""

    reason_code: str
    decision_id: UUID
    explanation: str
    letter: str


@dataclass(frozen=True)
class ApplicationShown(ListedApplication):
    """An application with what was typed. motivation, answers: null once erased. outcome: null while it waits."""

    motivation: str | None
    answers: dict[str, str | int | bool | None]
    outcome: OutcomeShown | None


class DraftShown(BaseModel):
    """A draft with what was typed. signatures_needed: how many the call asks for in all."""

    id: UUID
    programme_id: UUID
    organisation_id: UUID
    role: str
    strand: str | None
    version: int
    motivation: str | None
    answers: dict[str, str | int | bool | None]
    evidence: tuple[Evidence, ...]
    members: tuple[UUID, ...]
    signatures: tuple[Signature, ...]
    signatures_needed: int
    content_hash: str
    saved_at: datetime
    application_id: UUID | None


class RankingShown(BaseModel):
    """A ranking with its rule. entries: all places for who ranks and who audits, one's own for applicants.

    waiting: how many wait still.
    """

    id: UUID
    programme_id: UUID
    role: str
    strand: str | None
    version: int
    rule: Rule
    rule_hash: str
    ranked_at: datetime
    reason_code: str
    waiting: int
    entries: tuple[RankedEntry, ...]
