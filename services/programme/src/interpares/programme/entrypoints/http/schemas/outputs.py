"""Outputs and their checks."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from interpares.common.http import Day, Text
from interpares.programme.domain.outputs.output import CHECKED_AFTER, Finding, Kind
from interpares.programme.entrypoints.http.schemas.deciding import Deciding
from interpares.programme.entrypoints.http.schemas.reviewing import Reviewed

SOURCE = r"^(meeting|review|output):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
Months = Annotated[
    tuple[int, ...],
    Field(max_length=12, description="Whole months after the day it is due; each is a check. Empty: no checks."),
]
Wording = Annotated[Text, Field(description="What came out, in words; sealed, never part of an event.")]


class OutputGiven(Deciding):
    """Something that came out. checks_after_months: 3, 6, 12 and 24 if it has an owner and nothing else is said."""

    kind: Kind
    source: Annotated[str, Field(pattern=SOURCE, description="meeting:<id>, review:<id> or output:<id>")]
    text: Wording
    themes: Annotated[tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")], ...], Field(max_length=50)] = ()
    owner_id: UUID | None = None
    due: Day | None = None
    checks_after_months: Months | None = None


class Assignment(Deciding):
    """Who takes care of an output, and until when."""

    owner_id: UUID
    due: Day
    checks_after_months: Months = CHECKED_AFTER


class FollowUp(Deciding):
    """The meeting that a follow-up meeting became."""

    meeting_id: UUID


class CheckAnswer(Deciding):
    """What a check found. note: what became of it, in words; sealed."""

    finding: Finding
    note: Text | None = None


class Check(BaseModel):
    """A look at what became of an output. level: how far it escalated; decision_id: the one that answered it."""

    months: int
    due: date
    status: str
    level: int
    finding: str | None
    note: Annotated[str | None, Field(validation_alias="note_text")]
    decision_id: UUID | None


class Output(BaseModel):
    """What came out of a meeting or a review. text: null once it was erased."""

    id: Annotated[UUID, Field(validation_alias="output_id")]
    kind: str
    source: str
    standing: str
    text: str | None
    themes: list[str]
    owner_id: UUID | None
    due: date | None
    meeting_id: UUID | None
    recorded_at: datetime
    last_decision: UUID
    checks: list[Check]


class Link(Output):
    """An output in a chain. distance: 0 is the one asked for, -1 what it grew out of, 1 what grew out of it."""

    distance: int


class Chain(BaseModel):
    """An output traced both ways: its first source, all it grew out of, and all that grew out of it.

    reviewed: the review that is its first source, if it is one of a document.
    """

    source: str
    reviewed: Reviewed | None = None
    outputs: list[Link]
