"""Agreements on meetings, and exceptions from prerequisites."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from interpares.common.http import Body, Day, Text
from interpares.programme.domain.meetings.agreement import Bearer
from interpares.programme.entrypoints.http.schemas.deciding import Deciding
from interpares.programme.entrypoints.http.schemas.meetings import Key
from interpares.programme.entrypoints.http.schemas.money import Amount
from interpares.programme.entrypoints.http.schemas.record import Code, Digest

Tasks = Annotated[tuple[Code, ...], Field(max_length=50, description="As codes, such as room or catering.")]
Pair = Annotated[str, Field(pattern="^[a-z]{2,3}-[a-z]{2,3}$", description="Between two languages, such as de-en.")]


class Cost(Body):
    """A cost as a code, who bears it and, if it is known, how much it is."""

    code: Code
    borne_by: Bearer
    amount: Amount | None = None


class Terms(Body):
    """What the sides promise each other; dates, venue, mode, languages and seats are those of the meeting.

    counterpart_id: the other side, where the office hosts and organises the meeting. text: sealed, not part of events.
    """

    host_tasks: Tasks = ()
    other_tasks: Tasks = ()
    costs: Annotated[tuple[Cost, ...], Field(max_length=50)] = ()
    interpretation: Annotated[tuple[Pair, ...], Field(max_length=20)] = ()
    text: Text | None = None
    counterpart: UUID | None = None


class Agreement(Deciding):
    """A version of the agreement to be laid before both sides."""

    terms: Terms


class Approval(Deciding):
    """A side's approval. hash: of the version it has read."""

    organisation_id: UUID
    hash: Digest


class ApprovedBy(BaseModel):
    """A side that approved a version, and the decision by which it did."""

    side: UUID
    decision: UUID
    at: datetime


class AgreementShown(BaseModel):
    """A version of an agreement. hash: SHA-256 of the canonical JSON of content; text: null once it was erased."""

    version: int
    hash: str
    sides: list[UUID]
    content: dict[str, Any]
    text: str | None
    current: bool
    drafted_by: UUID
    drafted_at: datetime
    approvals: list[ApprovedBy]


class Granted(Deciding):
    """An exception from a prerequisite, up to a day, included; it ends by itself."""

    organisation_id: UUID
    prerequisite: Key
    until: Day


class Ended(Deciding):
    """An exception that is to end before its day."""

    organisation_id: UUID
    prerequisite: Key


class ExceptionShown(BaseModel):
    """An exception. state: in-force, run-out, ended, replaced by a later one."""

    id: Annotated[UUID, Field(validation_alias="exception_id")]
    organisation_id: UUID
    prerequisite: str
    until: date
    state: str
    reason_code: str
    granted_at: datetime
    ended_at: datetime | None
    replaced_by: UUID | None
