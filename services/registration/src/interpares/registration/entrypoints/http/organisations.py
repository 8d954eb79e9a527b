"""Organisations and who acts for them."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from interpares.common.commands import Commands
from interpares.common.database import Database
from interpares.common.http import After, AtLeastPosition, CurrentAsked, CurrentPrincipal, Limit, Page, Router, page_of
from interpares.common.views import view_at_least
from interpares.registration.application.decided import OrganisationRegistered
from interpares.registration.application.ports import OrganisationKeys
from interpares.registration.application.register_organisation import RegisterOrganisation, register_organisation
from interpares.registration.domain.organisation import Coordinates, Key, Kind
from interpares.registration.entrypoints.http.asking import behind, new_id
from interpares.registration.entrypoints.http.authority import check_sees_members, known, registrar
from interpares.registration.entrypoints.http.schemas.organisations import Country, NewOrganisation, OrganisationAnswer
from interpares.registration.projections.memberships import (
    ListedMembership,
    MembershipsProjector,
    OrganisationMemberships,
)
from interpares.registration.projections.organisations import ListedOrganisation, Organisations, OrganisationsProjector

NamePart = Annotated[str | None, Query(min_length=1, max_length=200, description="Part of a name in any language.")]


def organisation_routes(commands: Commands, database: Database, keys: OrganisationKeys) -> APIRouter:
    """Return the routes."""
    router = Router(tags=["organisations"])
    register = partial(register_organisation, keys=keys)
    listed = Organisations(database)
    members = OrganisationMemberships(database)

    @router.post("/organisations", status_code=201, operation_id="registerOrganisation")
    async def register_one(body: NewOrganisation, asked: CurrentAsked) -> OrganisationAnswer:
        """Register an organisation under its official keys."""
        place = body.coordinates
        command = RegisterOrganisation(
            organisation_id=new_id(),
            kind=body.kind,
            country=body.country,
            keys=tuple(Key(key.scheme, key.value) for key in body.keys),
            names=body.names,
            population=body.population,
            languages=body.languages,
            coordinates=Coordinates(place.latitude, place.longitude) if place else None,
            acting_as=registrar(asked.principal),
        )
        handled = await asked.run(commands, register, command, OrganisationRegistered)
        return OrganisationAnswer(id=handled.result.organisation_id, position=handled.position)

    @router.get("/organisations", operation_id="listOrganisations")
    async def list_all(
        *,
        after: After = None,
        limit: Limit = 50,
        country: Annotated[Country | None, Query()] = None,
        kind: Kind | None = None,
        name: NamePart = None,
        position: AtLeastPosition = None,
    ) -> Page[ListedOrganisation]:
        """List organisations in the order they were registered."""
        start = behind(after)
        await view_at_least(database, OrganisationsProjector.VIEW, position)
        rows = await listed.page(after=start, limit=limit + 1, country=country, kind=kind, name=name)
        return page_of(rows, limit, lambda row: (row.id,))

    @router.get("/organisations/{organisation_id}", operation_id="readOrganisation")
    async def read_one(organisation_id: UUID, position: AtLeastPosition = None) -> ListedOrganisation:
        """Return one organisation."""
        await view_at_least(database, OrganisationsProjector.VIEW, position)
        return known(await listed.one(organisation_id), "organisation")

    @router.get("/organisations/{organisation_id}/memberships", operation_id="listMemberships")
    async def list_members(
        organisation_id: UUID,
        principal: CurrentPrincipal,
        after: After = None,
        limit: Limit = 50,
        position: AtLeastPosition = None,
    ) -> Page[ListedMembership]:
        """List who acts or acted for an organisation, by opaque ids."""
        check_sees_members(principal, organisation_id)
        start = behind(after)
        await view_at_least(database, MembershipsProjector.VIEW, position)
        rows = await members.page(organisation_id, after=start, limit=limit + 1)
        return page_of(rows, limit, lambda row: (row.id,))

    return router
