"""Outputs and checks, as others hear of them: each time the whole output."""

from typing import Any

from interpares.common.contracts import programme as contracts
from interpares.programme.domain.outputs import events
from interpares.programme.entrypoints.published import Published


def _whole(event: events.OutputEvent) -> dict[str, Any]:
    now = event.now
    return {
        "output": {
            "output_id": event.output,
            "kind": now.kind.value,
            "source": now.source,
            "status": now.standing.value,
            "owner_id": now.owner,
            "due": now.due,
            "themes": now.themes,
            "meeting_id": now.meeting,
            "checks": [
                {"months": check.months, "due": check.due, "status": check.status.value} for check in now.checks
            ],
        }
    }


PUBLISHED: Published = {
    events.OutputRecorded: (contracts.OutputRecorded, _whole),
    events.OutputChanged: (contracts.OutputChanged, _whole),
    events.CheckFellDue: (contracts.CheckDue, lambda event: {**_whole(event), "months": event.months}),
    events.CheckAnswered: (
        contracts.CheckAnswered,
        lambda event: {**_whole(event), "months": event.months, "finding": event.finding.value},
    ),
    events.CheckEscalated: (
        contracts.CheckEscalated,
        lambda event: {**_whole(event), "months": event.months, "level": event.level},
    ),
}
