"""What this service hears from registration: organisations, applications, memberships."""

from interpares.common import memberships
from interpares.common.commands import UnitOfWork
from interpares.common.contracts.registration import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    OrganisationRegistered,
)
from interpares.common.envelope import Arrived
from interpares.programme.projections.heard import application_row, organisation_row, withdrawal_row


async def on_organisation_registered(event: Arrived, unit: UnitOfWork) -> None:
    """Know the organisation's name and keys."""
    unit.write(organisation_row(OrganisationRegistered.model_validate(event.data)))


async def on_application_submitted(event: Arrived, unit: UnitOfWork) -> None:
    """Put the application before the office."""
    heard = ApplicationSubmitted.model_validate(event.data)
    unit.write(application_row(heard, digest=event.digest, position=event.position, at=event.time))


async def on_application_withdrawn(event: Arrived, unit: UnitOfWork) -> None:
    """Note that it was taken back."""
    heard = ApplicationWithdrawn.model_validate(event.data)
    unit.write(withdrawal_row(heard.application_id, digest=event.digest, position=event.position))


HANDLERS = {
    OrganisationRegistered.TYPE: on_organisation_registered,
    ApplicationSubmitted.TYPE: on_application_submitted,
    ApplicationWithdrawn.TYPE: on_application_withdrawn,
    **memberships.HANDLERS,
}
