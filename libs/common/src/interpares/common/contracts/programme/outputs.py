"""The end of a programme, its outputs, and the checks that outlive it."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from interpares.common.contracts.programme.deciding import Decided


class ProgrammeClosed(Decided):
    """A programme is over; its outputs and their checks, its money, and corrections go on."""

    TYPE: ClassVar[str] = "programme.closed.v1"

    duties_open: int
    checks_open: int


class Check(BaseModel):
    """A look at what became of an output. months: after the day it was to be done; due: a day."""

    model_config = ConfigDict(frozen=True)

    months: int
    due: date
    status: Literal["pending", "due", "escalated", "answered", "dropped"]


class Output(BaseModel):
    """What came out of a meeting or a review, as it stands after the decision.

    source: ``meeting:<id>``, ``review:<id>``, or ``output:<id>`` of what it grew out of. owner_id: the organisation
    that takes care of it, None while nobody does. due: the day it is to be done. themes: keys of the template. meeting:
    the id of the meeting that a follow-up became, None until it is planned.
    """

    model_config = ConfigDict(frozen=True)

    output_id: UUID
    kind: Literal["recommendation", "measure", "follow-up-meeting"]
    source: str
    status: Literal["open", "assigned", "followed", "done", "dropped"]
    owner_id: UUID | None
    due: date | None
    themes: tuple[str, ...]
    meeting_id: UUID | None
    checks: tuple[Check, ...]


class OutputDecided(Decided):
    """Something about an output was decided."""

    output: Output


class OutputRecorded(OutputDecided):
    """Something came out of a meeting, a review, or an earlier output."""

    TYPE: ClassVar[str] = "programme.output-recorded.v1"


class OutputChanged(OutputDecided):
    """An output was assigned to an owner, followed by another, done, or dropped."""

    TYPE: ClassVar[str] = "programme.output-changed.v1"


class CheckDue(OutputDecided):
    """A check has to be answered by the owner from today on."""

    TYPE: ClassVar[str] = "programme.check-due.v1"

    months: int


class CheckAnswered(OutputDecided):
    """The owner, or the office for it, said what became of the output: a code."""

    TYPE: ClassVar[str] = "programme.check-answered.v1"

    months: int
    finding: str


class CheckEscalated(OutputDecided):
    """Nobody answered a check in time. ``level``: 1 to the office, 2 beyond it."""

    TYPE: ClassVar[str] = "programme.check-escalated.v1"

    months: int
    level: int
