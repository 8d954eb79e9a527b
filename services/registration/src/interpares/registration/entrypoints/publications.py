"""What leaves the service. What is not mapped here stays inside; people never leave."""

from collections.abc import Callable, Mapping
from typing import Any

from interpares.common.contracts.registration import (
    MembershipEnded,
    MembershipGranted,
)
from interpares.common.envelope import Publication
from interpares.common.eventstore import Recorded
from interpares.registration.domain.membership import Ended, Membership
from interpares.registration.entrypoints.published import applications, organisations, people, prerequisites, seats

# By class of the stored event; each chapter brings its own.
BY_CLASS: Mapping[type, Callable[[Any], Publication | None]] = {
    **organisations.PUBLISHED,
    **people.PUBLISHED,
    **applications.PUBLISHED,
    **prerequisites.PUBLISHED,
    **seats.PUBLISHED,
}


def publish(recorded: Recorded) -> Publication | None:
    """Return what other services are told of a stored event, None for what stays inside."""
    made = BY_CLASS.get(type(recorded.event))
    if made is not None:
        return made(recorded.event)
    match recorded.event:
        case Membership.Created() as event:
            return Publication(
                MembershipGranted(
                    membership_id=event.originator_id,
                    actor=event.actor,
                    organisation_id=event.organisation_id,
                    capacity=event.capacity.value,
                )
            )
        case Ended() as event:
            return Publication(
                MembershipEnded(
                    membership_id=event.originator_id,
                    actor=event.actor,
                    organisation_id=event.organisation_id,
                    capacity=event.capacity.value,
                )
            )
        case _:
            return None
