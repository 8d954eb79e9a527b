"""Register an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.registration.application.decided import OrganisationRegistered
from interpares.registration.domain.organisation import Organisation

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.sealed import SealedText
    from interpares.registration.application.ports import OrganisationKeys, Unit
    from interpares.registration.domain.organisation import Facts


@dataclass(frozen=True)
class RegisterOrganisation:
    """reason: why it is registered, None where nothing was typed. acting_as: capacity of whoever registers it."""

    organisation_id: UUID
    facts: Facts
    acting_as: str
    reason_code: str = ""
    reason: SealedText | None = None


async def register_organisation(
    command: RegisterOrganisation, unit: Unit, *, keys: OrganisationKeys
) -> OrganisationRegistered:
    """Register an organisation under keys nobody else holds.

    Raises NotFound for a member that is unknown, what ``Facts.check`` raises, and KeyTaken once it is written.
    """
    for each in command.facts.members:
        await unit.load(Organisation, each)
    organisation = Organisation.register(
        command.organisation_id,
        command.facts,
        acting_as=command.acting_as,
        reason_code=command.reason_code,
        reason=command.reason.hash if command.reason else "",
    )
    unit.write(*keys.claiming(organisation.id, command.facts.keys))
    unit.save(organisation, texts=(command.reason,) if command.reason else ())
    return OrganisationRegistered(organisation.id)
