"""What this service hears from registration: organisations, applications, memberships."""

from interpares.common import erasing, memberships
from interpares.common.commands import UnitOfWork
from interpares.common.contracts.registration import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    OrganisationRegistered,
    OrganisationUpdated,
)
from interpares.common.envelope import Arrived
from interpares.programme.domain.participation import Applicant
from interpares.programme.entrypoints.heard import prerequisites, rankings
from interpares.programme.projections.heard import (
    HeardOrganisation,
    application_row,
    organisation_row,
    withdrawal_row,
)


async def on_organisation_registered(event: Arrived, unit: UnitOfWork) -> None:
    """Know the organisation's name and keys, and what roles may ask of it; told anew, it is known anew."""
    heard = OrganisationRegistered.model_validate(event.data)
    organisation = HeardOrganisation(
        organisation_id=heard.organisation_id,
        kind=heard.kind,
        country=heard.country,
        keys=[key.model_dump() for key in heard.keys],
        names=heard.names,
        population=heard.population,
        funding=[funding.model_dump(mode="json") for funding in heard.funding],
        member_of=heard.member_of,
        version=heard.version,
        hash=event.digest,
        position=event.position,
    )
    unit.write(organisation_row(organisation))


async def on_application_submitted(event: Arrived, unit: UnitOfWork) -> None:
    """Put the application before the office."""
    heard = ApplicationSubmitted.model_validate(event.data)
    applicant = Applicant(
        application_id=heard.application_id,
        programme_id=heard.programme_id,
        organisation_id=heard.organisation_id,
        country=heard.country,
        role=heard.role,
        strand=heard.strand,
        withdrawn=False,
        version=heard.version,
        hash=event.digest,
        position=event.position,
        members=heard.members,
    )
    unit.write(application_row(applicant, kind=heard.kind, submitted_at=event.time))


async def on_application_withdrawn(event: Arrived, unit: UnitOfWork) -> None:
    """Note that it was taken back."""
    heard = ApplicationWithdrawn.model_validate(event.data)
    unit.write(withdrawal_row(heard.application_id, digest=event.digest, position=event.position))


HANDLERS = {
    OrganisationRegistered.TYPE: on_organisation_registered,
    OrganisationUpdated.TYPE: on_organisation_registered,
    ApplicationSubmitted.TYPE: on_application_submitted,
    ApplicationWithdrawn.TYPE: on_application_withdrawn,
    **memberships.HANDLERS,
    **erasing.HANDLERS,
    **prerequisites.HANDLERS,
    **rankings.HANDLERS,
}
