"""What guards need to know about what became of earlier decisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from interpares.programme.domain.decision import Decision


@dataclass(frozen=True)
class Objection:
    """An objection that waits for its answer: which decision it is against, and whose it is."""

    against: UUID
    organisation: UUID


@dataclass
class Revisions:
    """What became of decisions, by their ids as text.

    corrected: the last decision that corrected one. ended: the one that superseded or revoked one.
    objections: those that wait for an answer, by their own id.
    """

    corrected: dict[str, UUID] = field(default_factory=dict)
    ended: dict[str, UUID] = field(default_factory=dict)
    objections: dict[str, Objection] = field(default_factory=dict)

    def note(self, decision_id: UUID, decision: Decision) -> None:
        """Remember which earlier decisions a decision corrects, supersedes or revokes."""
        if decision.corrects is not None:
            self.corrected[str(decision.corrects)] = decision_id
        for ended in (decision.supersedes, decision.revokes):
            if ended is not None:
                self.ended[str(ended)] = decision_id
