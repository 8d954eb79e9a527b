"""What leaves the service: every decision, with codes and ids; typed reasons and whole records stay inside."""

from collections.abc import Callable
from typing import Any

from interpares.common.contracts import programme as contracts
from interpares.common.contracts.contract import Contract
from interpares.common.envelope import Publication
from interpares.common.erasing import confirmation
from interpares.common.eventstore import Recorded
from interpares.programme.domain import events
from interpares.programme.domain.programme import Programme
from interpares.programme.entrypoints.published import (
    audiences,
    closing,
    desk,
    meetings,
    outputs,
    reviewing,
    revising,
    rules,
    selecting,
)


def publish(recorded: Recorded) -> Publication | None:
    """Return what is published for an event of a programme."""
    event = recorded.event
    made = PUBLISHED.get(type(event))
    if made is None:
        return confirmation(recorded)
    contract, fields = made
    return Publication(
        contract.model_validate({"programme_id": event.originator_id, "decision": _summary(event), **fields(event)}),
        event.originator_id,
    )


def _summary(event: events.Event) -> contracts.DecisionSummary:
    decision = event.decision
    return contracts.DecisionSummary(
        decision_id=event.event_id,
        type=decision.type,
        subject=decision.subject,
        outcome=decision.outcome,
        reason_code=decision.reason_code,
        decided_at=decision.decided_at,
        effective_at=decision.effective_at,
        follows=decision.follows,
    )


def _drafted(event: Programme.Created) -> dict[str, Any]:
    return {
        "office_id": event.office,
        "title": event.title,
        "template": event.template["id"],
        "template_version": event.template["version"],
        "template_hash": event.template_hash,
        "strands": event.strands,
        "audiences": audiences(event.template),
    }


def _call_opened(event: events.CallOpened) -> dict[str, Any]:
    return {
        "call_id": event.event_id,
        "office_id": event.office,
        "title": event.title,
        "roles": event.roles,
        "strands": event.strands,
        "deadline_local": event.deadline.local.isoformat(),
        "deadline_zone": event.deadline.zone,
        "conditions": event.conditions,
    }


def _admitted(event: events.ParticipationAdmitted) -> dict[str, Any]:
    return {
        "application_id": event.application,
        "organisation_id": event.organisation,
        "role": event.role,
        "strand": event.strand,
    }


def _derived(event: events.DutiesDerived) -> dict[str, Any]:
    return {
        "derived": [
            {
                "duty": f"{duty.strand}.{duty.rule}.{duty.ordinal}",
                "strand": duty.strand,
                "rule": duty.rule,
                "format": duty.format,
                "owner_id": duty.owner,
            }
            for duty in event.duties
        ],
        "assigned": [{"duty": found.duty, "owner_id": found.owner} for found in event.assigned],
    }


def _released(event: events.DutyReleased) -> dict[str, Any]:
    return {
        "duty": event.duty,
        "organisation_id": event.organisation,
        "hosted": event.hosted,
        "cause": event.cause.value,
    }


Fields = Callable[[Any], dict[str, Any]]
PUBLISHED: dict[type, tuple[type[Contract], Fields]] = {
    Programme.Created: (contracts.ProgrammeDrafted, _drafted),
    events.CallOpened: (contracts.CallOpened, _call_opened),
    events.CallClosed: (contracts.CallClosed, lambda event: {"call_id": event.call}),
    events.ParticipationAdmitted: (contracts.ParticipationAdmitted, _admitted),
    events.ApplicationDeclined: (
        contracts.ApplicationDeclined,
        lambda event: {"application_id": event.application, "organisation_id": event.organisation},
    ),
    events.RoleGranted: (
        contracts.RoleGranted,
        lambda event: {"organisation_id": event.organisation, "role": event.role},
    ),
    events.RoleEnded: (
        contracts.RoleEnded,
        lambda event: {"organisation_id": event.organisation, "role": event.role},
    ),
    events.ParticipationWithdrawn: (
        contracts.ParticipationWithdrawn,
        lambda event: {"organisation_id": event.organisation},
    ),
    events.DutiesDerived: (contracts.DutiesDerived, _derived),
    events.DutyOffered: (
        contracts.DutyOffered,
        lambda event: {"duty": event.duty, "to": event.to, "respond_by": event.respond_by},
    ),
    events.DutyAccepted: (
        contracts.DutyAccepted,
        lambda event: {"duty": event.duty, "host_id": event.host, "format": event.format},
    ),
    events.DutyDeclined: (
        contracts.DutyDeclined,
        lambda event: {"duty": event.duty, "organisation_id": event.organisation},
    ),
    events.DutyReleased: (contracts.DutyReleased, _released),
    events.DutyReopened: (contracts.DutyReopened, lambda event: {"duty": event.duty, "owner_id": event.owner}),
    events.DutyLapsed: (contracts.DutyLapsed, lambda event: {"duty": event.duty, "cause": event.cause.value}),
    **closing.PUBLISHED,
    **outputs.PUBLISHED,
    **reviewing.PUBLISHED,
    **desk.PUBLISHED,
    **revising.PUBLISHED,
    **selecting.PUBLISHED,
    **meetings.PUBLISHED,
    **rules.PUBLISHED,
}
