"""The answer to a command: the decision it led to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 -- answers are stored and read by their annotations
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 -- as above

if TYPE_CHECKING:
    from interpares.programme.domain.events import Event


@dataclass(frozen=True)
class Decided:
    """A decision in short; its consequences by rule are decisions of their own that follow it.

    decision_id: the id of its event. created_id: of the programme or the participating organisation that came to be.
    """

    decision_id: UUID
    type: str
    subject: str
    outcome: str
    reason_code: str
    decided_at: datetime
    created_id: UUID | None = None


def decided(event: Event, created_id: UUID | None = None) -> Decided:
    """Return the answer that tells of an event."""
    decision = event.decision
    return Decided(
        decision_id=event.event_id,
        type=decision.type,
        subject=decision.subject,
        outcome=decision.outcome,
        reason_code=decision.reason_code,
        decided_at=decision.decided_at,
        created_id=created_id,
    )
