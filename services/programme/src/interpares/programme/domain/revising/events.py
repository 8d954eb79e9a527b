"""What happens to an earlier decision: events of their own, so that no history is edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.programme.domain.events import Event
from interpares.programme.domain.revising.state import Objection

if TYPE_CHECKING:
    from interpares.programme.domain.programme import Programme


class Part(StrEnum):
    """What of a record can be corrected; whatever changed the programme is undone by a decision of its own."""

    REASON_CODE = "reason_code"
    REASON = "reason"
    FILE_REFERENCE = "file_reference"
    DECIDED_AT = "decided_at"
    EFFECTIVE_AT = "effective_at"


@dataclass(frozen=True)
class CorrectedPart:
    """A part of a record: what stood there, and what is right. A code, the hash of a sealed text, an ISO instant."""

    part: Part
    was: str
    now: str


class DecisionCommunicated(Event):
    """Organisations were told of a decision. letter_hash: hex, of what the letter rests on; empty if none was sent."""

    TOPIC = "programme.programme.decision-communicated.v1"
    OUTLIVES = True
    told: UUID
    to: tuple[UUID, ...]
    channel: str
    communicated_at: datetime
    letter_hash: str


class DecisionObjected(Event):
    """An organisation objects to a decision."""

    TOPIC = "programme.programme.decision-objected.v1"
    OUTLIVES = True
    against: UUID
    organisation: UUID

    def apply(self, aggregate: Programme) -> None:
        """Wait for the answer."""
        aggregate.state.revisions.objections[str(self.event_id)] = Objection(self.against, self.organisation)


class ObjectionAnswered(Event):
    """The office answers an objection; the outcome stands in the decision."""

    TOPIC = "programme.programme.objection-answered.v1"
    OUTLIVES = True
    objection: UUID
    against: UUID
    organisation: UUID

    def apply(self, aggregate: Programme) -> None:
        """Wait no longer."""
        aggregate.state.revisions.objections.pop(str(self.objection), None)


class DecisionCorrected(Event):
    """The record of a decision was wrong and is put right. ``seen``: the correction before this one."""

    TOPIC = "programme.programme.decision-corrected.v1"
    OUTLIVES = True
    corrected: UUID
    parts: tuple[CorrectedPart, ...]
    seen: UUID | None


class DecisionSuperseded(Event):
    """A later decision takes the place of an earlier one. ``by``: that later decision."""

    TOPIC = "programme.programme.decision-superseded.v1"
    OUTLIVES = True
    superseded: UUID
    by: UUID


class DecisionRevoked(Event):
    """A decision holds no longer."""

    TOPIC = "programme.programme.decision-revoked.v1"
    OUTLIVES = True
    revoked: UUID
