"""Register an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.registration.application.decided import OrganisationRegistered
from interpares.registration.domain.organisation import Organisation

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.registration.application.ports import OrganisationKeys, Unit
    from interpares.registration.domain.organisation import Coordinates, Key, Kind


@dataclass(frozen=True)
class RegisterOrganisation:
    """Fields as in the event ``Organisation.Created``."""

    organisation_id: UUID
    kind: Kind
    country: str
    keys: tuple[Key, ...]
    names: dict[str, str]
    population: int | None
    languages: tuple[str, ...]
    coordinates: Coordinates | None
    acting_as: str


async def register_organisation(
    command: RegisterOrganisation, unit: Unit, *, keys: OrganisationKeys
) -> OrganisationRegistered:
    """Register an organisation under keys nobody else holds. Raises KeyTaken once it is written."""
    organisation = Organisation.register(
        command.organisation_id,
        kind=command.kind,
        country=command.country,
        keys=command.keys,
        names=command.names,
        population=command.population,
        languages=command.languages,
        coordinates=command.coordinates,
        acting_as=command.acting_as,
    )
    unit.write(*keys.claiming(organisation.id, command.keys))
    unit.save(organisation)
    return OrganisationRegistered(organisation.id)
