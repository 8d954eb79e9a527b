"""What leaves the service. What is not mapped here stays inside; people never leave."""

from collections.abc import Callable, Mapping
from typing import Any

from interpares.common.contracts.registration import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    MembershipEnded,
    MembershipGranted,
)
from interpares.common.envelope import Publication
from interpares.common.eventstore import Recorded
from interpares.registration.domain.application import Application, Withdrawn
from interpares.registration.domain.membership import Ended, Membership
from interpares.registration.entrypoints.published import organisations, people, prerequisites

# By class of the stored event; each chapter brings its own.
BY_CLASS: Mapping[type, Callable[[Any], Publication | None]] = {
    **organisations.PUBLISHED,
    **people.PUBLISHED,
    **prerequisites.PUBLISHED,
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
        case Application.Created() as event:
            return Publication(_application(event), event.programme_id)
        case Withdrawn() as event:
            withdrawn = ApplicationWithdrawn(
                application_id=event.originator_id,
                programme_id=event.programme_id,
                organisation_id=event.organisation_id,
            )
            return Publication(withdrawn, event.programme_id)
        case _:
            return None


def _application(event: Application.Created) -> ApplicationSubmitted:
    return ApplicationSubmitted(
        application_id=event.originator_id,
        programme_id=event.programme_id,
        organisation_id=event.organisation_id,
        kind=event.kind,
        country=event.country,
        role=event.role,
        strand=event.strand,
    )
