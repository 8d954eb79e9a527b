"""What can be asked about outputs and their checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.programme.application.commands import Deciding

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from interpares.programme.domain.outputs.output import Finding, Output


@dataclass(frozen=True, kw_only=True)
class RecordOutput(Deciding):
    """Take down what came out. months: after its day it is checked. text: hash of the sealed text that says what."""

    output_id: UUID
    output: Output
    months: tuple[int, ...]
    text: str


@dataclass(frozen=True, kw_only=True)
class AssignOutput(Deciding):
    """Give an output to an owner until a day."""

    output_id: UUID
    owner: UUID
    due: date
    months: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class MeetFor(Deciding):
    """Say which meeting a follow-up meeting became."""

    output_id: UUID
    meeting: UUID


@dataclass(frozen=True, kw_only=True)
class FinishOutput(Deciding):
    """Say that an output is done."""

    output_id: UUID


@dataclass(frozen=True, kw_only=True)
class DropOutput(Deciding):
    """Give an output up."""

    output_id: UUID


@dataclass(frozen=True, kw_only=True)
class AnswerCheck(Deciding):
    """Answer a check. note: hash of a sealed text, empty without one."""

    output_id: UUID
    months: int
    finding: Finding
    note: str


@dataclass(frozen=True, kw_only=True)
class TendChecks(Deciding):
    """Let the checks of a programme fall due and escalate."""
