"""The course of a programme: what comes before its term, the term, phases, deliverables, indicators, its rules."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from interpares.common.contracts.programme.deciding import Decided


class InitiationBegun(Decided):
    """An office begins to win partners for a programme that has no call."""

    TYPE: ClassVar[str] = "programme.initiation-begun.v1"


class WorkshopAgreed(Decided):
    """The partners agreed goals, themes, activities, costs, schedule and responsibilities; keys of the template."""

    TYPE: ClassVar[str] = "programme.workshop-agreed.v1"

    participants: tuple[UUID, ...]
    goals: tuple[str, ...]
    themes: tuple[str, ...]
    activities: tuple[str, ...]
    costs: Decimal
    currency: str
    starts: date
    ends: date


class GrantApplied(Decided):
    """The carrier applied to the funder."""

    TYPE: ClassVar[str] = "programme.grant-applied.v1"

    number: int
    amount: Decimal
    currency: str
    submitted_on: date


class GrantGranted(Decided):
    """The funder grants; the term runs from a day to a day, both included, without an end if None."""

    TYPE: ClassVar[str] = "programme.grant-granted.v1"

    number: int
    starts: date
    ends: date | None


class GrantRefused(Decided):
    """The funder refuses."""

    TYPE: ClassVar[str] = "programme.grant-refused.v1"

    number: int


class ProgrammeOpened(Decided):
    """A standing programme is open to those who want to join."""

    TYPE: ClassVar[str] = "programme.opened.v1"


class TermSet(Decided):
    """The term of a programme is fixed, or changed."""

    TYPE: ClassVar[str] = "programme.term-set.v1"

    starts: date
    ends: date | None


class PhaseBegun(Decided):
    """The programme is in another phase."""

    TYPE: ClassVar[str] = "programme.phase-begun.v1"

    phase: str


class DeliverableHandedIn(Decided):
    """A participant handed in. ``deliverable``: phase, milestone and key with dots."""

    TYPE: ClassVar[str] = "programme.deliverable-handed-in.v1"

    deliverable: str
    organisation_id: UUID
    version: int


class DeliverableAccepted(Decided):
    """What was handed in is accepted."""

    TYPE: ClassVar[str] = "programme.deliverable-accepted.v1"

    deliverable: str
    organisation_id: UUID
    version: int


class DeliverableReturned(Decided):
    """What was handed in is sent back; another version is due."""

    TYPE: ClassVar[str] = "programme.deliverable-returned.v1"

    deliverable: str
    organisation_id: UUID
    version: int


class IndicatorRecorded(Decided):
    """What a goal is measured by was measured. ``reached``: the target is."""

    TYPE: ClassVar[str] = "programme.indicator-recorded.v1"

    goal: str
    indicator: str
    value: Decimal
    measured_on: date
    reached: bool


class RulesAmended(Decided):
    """Another version of the template is in force. touched: earlier decisions that applied a rule which changed.

    audiences: what those of the template are called, language to text by key.
    """

    TYPE: ClassVar[str] = "programme.rules-amended.v1"

    template_version: int
    template_hash: str
    strands: tuple[str, ...]
    changed: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    touched: tuple[UUID, ...]
    audiences: dict[str, dict[str, str]] = Field(default_factory=dict)
