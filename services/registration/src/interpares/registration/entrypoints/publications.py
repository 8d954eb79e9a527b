"""What leaves the service. What is not mapped here stays inside; people never leave."""

from interpares.common.contracts.registration import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    Key,
    MembershipEnded,
    MembershipGranted,
    OrganisationRegistered,
    Place,
)
from interpares.common.envelope import Publication
from interpares.common.eventstore import Recorded
from interpares.registration.domain.application import Application, Withdrawn
from interpares.registration.domain.membership import Ended, Membership
from interpares.registration.domain.organisation import Organisation
from interpares.registration.entrypoints.published import privacy


def publish(recorded: Recorded) -> Publication | None:
    """Return what other services are told of a stored event, None for what stays inside."""
    match recorded.event:
        case Organisation.Created() as event:
            return Publication(_organisation(event))
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
            return privacy.publish(recorded)


def _organisation(event: Organisation.Created) -> OrganisationRegistered:
    place = event.coordinates
    return OrganisationRegistered(
        organisation_id=event.originator_id,
        kind=event.kind.value,
        country=event.country,
        keys=tuple(Key(scheme=key.scheme, value=key.value) for key in event.keys),
        names=event.names,
        population=event.population,
        languages=event.languages,
        coordinates=Place(latitude=place.latitude, longitude=place.longitude) if place else None,
    )


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
