"""Selections, as others hear of them: criteria, results, and who waits; what the jury found stays inside."""

from typing import Any

from interpares.common.contracts import programme as contracts
from interpares.programme.domain.selecting import events
from interpares.programme.entrypoints.published import Published


def _fixed(event: events.CriteriaFixed) -> dict[str, Any]:
    return {
        "selection": event.rule,
        "roles": event.roles,
        "strands": event.strands,
        "criteria": {each.key: each.weight for each in event.criteria},
        "places": event.places,
    }


def _decided(event: events.SelectionDecided) -> dict[str, Any]:
    return {
        "round": event.round,
        "admitted": event.admitted,
        "waiting": event.waiting,
        "declined": event.declined,
    }


def _waits(event: events.ApplicationWaitlisted) -> dict[str, Any]:
    return {"application_id": event.application, "organisation_id": event.organisation, "place": event.place}


PUBLISHED: Published = {
    events.CriteriaFixed: (contracts.SelectionCriteriaFixed, _fixed),
    events.SelectionDecided: (contracts.SelectionDecided, _decided),
    events.ApplicationWaitlisted: (contracts.ApplicationWaitlisted, _waits),
}
