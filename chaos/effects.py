"""What each service must know of the other: read from one store, compared with the tables and events of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interpares.programme.domain import events as programme_events
from interpares.registration.domain.application import Admitted, Application, Declined, Withdrawn
from interpares.registration.domain.membership import Ended, Membership
from interpares.registration.domain.organisation import Organisation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chaos.comparison import Comparison
    from chaos.evidence import Store, Written

Fact = tuple[Any, ...]


def compare_effects(
    comparison: Comparison,
    programme: tuple[Store, Sequence[Written]],
    registration: tuple[Store, Sequence[Written]],
) -> None:
    """Compare in both directions; each side is its store and the events in it."""
    (at_programme, decided), (at_registration, registered) = programme, registration
    _organisations(comparison, registered, at_programme)
    _memberships(comparison, registered, at_programme)
    _applications(comparison, registered, at_programme)
    _calls(comparison, decided, at_registration)
    _settlements(comparison, decided, registered)
    for name, store in (("programme", at_programme), ("registration", at_registration)):
        parked = store.rows("SELECT feed, position, error FROM parked")
        comparison.add(f"{name}: parked", (), [tuple(row.values()) for row in parked])


def _organisations(comparison: Comparison, registered: Iterable[Written], programme: Store) -> None:
    comparison.add(
        "programme: organisations heard of",
        [
            (event.originator_id, event.kind.value, event.country, *sorted(event.names.items()))
            for event in _of(registered, Organisation.Created)
        ],
        [
            (row["organisation_id"], row["kind"], row["country"], *sorted(row["names"].items()))
            for row in programme.rows("SELECT * FROM heard_organisations")
        ],
        ordered=False,
    )


def _memberships(comparison: Comparison, registered: Iterable[Written], programme: Store) -> None:
    registered = list(registered)
    ended = {event.originator_id for event in _of(registered, Ended)}
    comparison.add(
        "programme: memberships heard of",
        [
            (event.originator_id, event.actor, event.organisation_id, event.capacity.value)
            for event in _of(registered, Membership.Created)
            if event.originator_id not in ended
        ],
        [
            (row["membership_id"], row["actor"], row["organisation_id"], row["capacity"])
            for row in programme.rows("SELECT * FROM memberships")
        ],
        ordered=False,
    )


def _applications(comparison: Comparison, registered: Iterable[Written], programme: Store) -> None:
    """Each application carries the position of the last that was heard of it, so order shows in the position."""
    must_be: dict[Any, Fact] = {}
    for each in registered:
        match each.event:
            case Application.Created() as event:
                must_be[event.originator_id] = (event.originator_id, event.organisation_id, False, 1, each.position)
            case Withdrawn() as event:
                must_be[event.originator_id] = (event.originator_id, event.organisation_id, True, 2, each.position)
    comparison.add(
        "programme: applications heard of",
        must_be.values(),
        [
            (row["application_id"], row["organisation_id"], row["withdrawn"], row["version"], row["position"])
            for row in programme.rows("SELECT * FROM heard_applications")
        ],
        ordered=False,
    )


def _calls(comparison: Comparison, decided: Iterable[Written], registration: Store) -> None:
    decided = list(decided)
    closed = {event.originator_id for event in _of(decided, programme_events.CallClosed)}
    comparison.add(
        "registration: calls heard of",
        [
            (event.event_id, event.originator_id, event.originator_id in closed)
            for event in _of(decided, programme_events.CallOpened)
        ],
        [(row["call_id"], row["programme_id"], row["closed"]) for row in registration.rows("SELECT * FROM calls")],
        ordered=False,
    )


def _settlements(comparison: Comparison, decided: Iterable[Written], registered: Iterable[Written]) -> None:
    """Each admission and refusal settles one application over there, once, in the order they were decided."""
    comparison.add(
        "registration: decisions on applications",
        [
            (event.application, event.event_id)
            for event in _of(decided, programme_events.ParticipationAdmitted, programme_events.ApplicationDeclined)
        ],
        [(event.originator_id, event.decision_id) for event in _of(registered, Admitted, Declined)],
    )


def _of(events: Iterable[Written], *kinds: type) -> list[Any]:
    return [each.event for each in events if isinstance(each.event, kinds)]
