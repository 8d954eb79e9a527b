"""How a decision may refer to an earlier one: it exists, in the same programme, and nobody was faster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.aggregate import event_id
from interpares.programme.domain.revising.errors import DecisionOvertaken, EarlierDecisionUnknown

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from interpares.programme.domain.decision import Decision
    from interpares.programme.domain.revising.state import Revisions

RELATIONS = ("corrects", "supersedes", "revokes")


def refers(decision: Decision) -> bool:
    """Tell whether a decision refers to an earlier one at all; most do not."""
    return any(getattr(decision, relation) is not None for relation in RELATIONS)


def taken(programme_id: UUID, version: int, decision_id: UUID) -> int | None:
    """Return which event of a programme with so many events took a decision, None if none did."""
    # The id of a decision follows from its number, so nothing needs to be remembered to know it again.
    return next((number for number in range(version, 0, -1) if event_id(programme_id, number) == decision_id), None)


def refuse_unfit(
    programme_id: UUID, version: int, revisions: Revisions, decision: Decision, known: Collection[UUID | None] = ()
) -> None:
    """Raise EarlierDecisionUnknown or DecisionOvertaken if a decision refers to an earlier one that it cannot.

    version: how many events the programme has. known: later decisions that whoever decides knows of: the last
    correction, and what the same command decided a moment ago.
    """
    for relation in RELATIONS:
        earlier = getattr(decision, relation)
        if earlier is None:
            continue
        if taken(programme_id, version, earlier) is None:
            raise EarlierDecisionUnknown(field=relation)
        later = [revisions.ended.get(str(earlier))]
        if relation == "corrects":
            later.append(revisions.corrected.get(str(earlier)))
        for overtaken_by in later:
            if overtaken_by is not None and overtaken_by not in known:
                raise DecisionOvertaken(by=overtaken_by)
