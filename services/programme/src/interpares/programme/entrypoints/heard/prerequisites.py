"""What organisations showed, as registration tells of it."""

from interpares.common.commands import UnitOfWork
from interpares.common.contracts.registration import PrerequisiteConfirmed, PrerequisiteRevoked
from interpares.common.envelope import Arrived
from interpares.programme.domain.meetings.prerequisites import Fact
from interpares.programme.projections.heard_prerequisites import confirmation_row, revocation_row


async def on_prerequisite_confirmed(event: Arrived, unit: UnitOfWork) -> None:
    """Let it count at the gate."""
    heard = PrerequisiteConfirmed.model_validate(event.data)
    fact = Fact(
        fact_id=heard.fact_id,
        prerequisite=heard.prerequisite,
        kind=heard.kind,
        version=heard.version,
        valid_from=heard.valid_from,
        valid_until=heard.valid_until,
        revoked_on=None,
        hash=heard.evidence_hash,
        position=event.position,
    )
    unit.write(confirmation_row(fact, heard.organisation_id, heard.programme_id))


async def on_prerequisite_revoked(event: Arrived, unit: UnitOfWork) -> None:
    """Let it count no longer, from the day it was revoked on."""
    heard = PrerequisiteRevoked.model_validate(event.data)
    unit.write(revocation_row(heard.fact_id, heard.version, event.time.date(), event.position))


HANDLERS = {
    PrerequisiteConfirmed.TYPE: on_prerequisite_confirmed,
    PrerequisiteRevoked.TYPE: on_prerequisite_revoked,
}
