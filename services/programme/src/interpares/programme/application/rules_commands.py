"""What a programme can be asked by its rules: who joins and pairs, how it runs, who goes along, which rules hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from interpares.programme.application.commands import Deciding
from interpares.programme.domain.holding import PLAIN

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from interpares.programme.domain.course.events import Agreement
    from interpares.programme.domain.holding import Terms


@dataclass(frozen=True, kw_only=True)
class Join(Deciding):
    """Take part without having applied. ``members``: of the consortium, under the organisation's lead."""

    organisation_id: UUID
    role: str
    strand: str | None = None
    terms: Terms = PLAIN
    members: tuple[UUID, ...] = ()
    excepted: bool = False


@dataclass(frozen=True, kw_only=True)
class ChangeConsortium(Deciding):
    """Take part with these members."""

    organisation_id: UUID
    members: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class ProposePair(Deciding):
    """Propose a pair. ``by``: the member that proposes, None for the office."""

    kind: str
    members: tuple[UUID, UUID]
    by: UUID | None


@dataclass(frozen=True, kw_only=True)
class AnswerPair(Deciding):
    """Consent to a pair, or decline it, for one side."""

    pair: str
    organisation_id: UUID


@dataclass(frozen=True, kw_only=True)
class EndPair(Deciding):
    """Part two."""

    pair: str


@dataclass(frozen=True, kw_only=True)
class Step(Deciding):
    """A step in the course of a programme that needs nothing but its reason."""


@dataclass(frozen=True, kw_only=True)
class AgreeWorkshop(Deciding):
    """Take down what the partners agreed."""

    agreement: Agreement


@dataclass(frozen=True, kw_only=True)
class ApplyForGrant(Deciding):
    """Take down that the carrier applied."""

    amount: Decimal
    currency: str
    submitted_on: date
    document_hash: str


@dataclass(frozen=True, kw_only=True)
class SetTerm(Deciding):
    """Fix the term, by a grant or without one; None for what the template tells."""

    starts: date | None = None
    ends: date | None = None


@dataclass(frozen=True, kw_only=True)
class BeginPhase(Deciding):
    """Go on to a phase."""

    phase: str


@dataclass(frozen=True, kw_only=True)
class HandIn(Deciding):
    """Hand in a deliverable: phase, milestone and key with dots."""

    deliverable: str
    organisation_id: UUID
    document_hash: str


@dataclass(frozen=True, kw_only=True)
class AnswerDeliverable(Deciding):
    """Accept what was handed in, or send it back."""

    deliverable: str
    organisation_id: UUID


@dataclass(frozen=True, kw_only=True)
class RecordIndicator(Deciding):
    """Take down what a goal is measured by."""

    goal: str
    indicator: str
    value: Decimal
    measured_on: date


@dataclass(frozen=True, kw_only=True)
class AgreeAccompaniment(Deciding):
    """Agree that somebody goes along. ``days``: None for all that are left."""

    rule: str
    organisation_id: UUID
    companion_id: UUID
    days: Decimal | None = None
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BookExpertDays(Deciding):
    """Book expert days."""

    accompaniment: str
    day: date
    days: Decimal


@dataclass(frozen=True, kw_only=True)
class EndAccompaniment(Deciding):
    """Let nobody go along any more."""

    accompaniment: str


@dataclass(frozen=True, kw_only=True)
class Amend(Deciding):
    """Put another version of the template in force. ``strands``: all of them; empty if they stay as they are."""

    template: dict[str, Any]
    strands: tuple[str, ...] = ()
