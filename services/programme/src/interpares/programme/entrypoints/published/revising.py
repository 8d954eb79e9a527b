"""What leaves the service about what becomes of decisions."""

from typing import Any

from interpares.common.contracts import programme as contracts
from interpares.programme.domain.revising import events
from interpares.programme.entrypoints.published import Published


def _communicated(event: events.DecisionCommunicated) -> dict[str, Any]:
    return {
        "told": event.told,
        "to": event.to,
        "channel": event.channel,
        "communicated_at": event.communicated_at,
        "letter_hash": event.letter_hash,
    }


def _answered(event: events.ObjectionAnswered) -> dict[str, Any]:
    return {"objection": event.objection, "against": event.against, "organisation_id": event.organisation}


PUBLISHED: Published = {
    events.DecisionCommunicated: (contracts.DecisionCommunicated, _communicated),
    events.DecisionObjected: (
        contracts.DecisionObjected,
        lambda event: {"against": event.against, "organisation_id": event.organisation},
    ),
    events.ObjectionAnswered: (contracts.ObjectionAnswered, _answered),
    events.DecisionCorrected: (
        contracts.DecisionCorrected,
        lambda event: {"corrected": event.corrected, "parts": tuple(each.part.value for each in event.parts)},
    ),
    events.DecisionSuperseded: (
        contracts.DecisionSuperseded,
        lambda event: {"superseded": event.superseded, "by": event.by},
    ),
    events.DecisionRevoked: (contracts.DecisionRevoked, lambda event: {"revoked": event.revoked}),
}
