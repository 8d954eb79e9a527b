"""Organisations and who acts for them."""

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from interpares.common.commands import Commands
from interpares.common.database import Database
from interpares.common.http import (
    After,
    AtLeastPosition,
    CurrentAsked,
    CurrentPrincipal,
    Instant,
    Limit,
    Page,
    Router,
    decode_cursor,
    page_of,
)
from interpares.common.views import view_at_least
from interpares.registration.application.decided import OrganisationRegistered
from interpares.registration.application.ports import OrganisationKeys
from interpares.registration.application.register_organisation import RegisterOrganisation, register_organisation
from interpares.registration.domain.organisation import Kind
from interpares.registration.entrypoints.http.asking import behind, new_id
from interpares.registration.entrypoints.http.authority import known, registrar
from interpares.registration.entrypoints.http.registrars import Registrars
from interpares.registration.entrypoints.http.schemas.organisations import (
    Country,
    FoundOrganisation,
    NewOrganisation,
    OrganisationAnswer,
    Scheme,
)
from interpares.registration.projections.memberships import (
    ListedMembership,
    MembershipsProjector,
    OrganisationMemberships,
)
from interpares.registration.projections.organisations import (
    ListedOrganisation,
    Organisations,
    OrganisationsProjector,
    Where,
)
from interpares.registration.projections.search import OrganisationSearch

NamePart = Annotated[str | None, Query(min_length=1, max_length=200, description="Part of a name in any language.")]
SearchText = Annotated[str, Query(min_length=2, max_length=200, description="A name, as somebody remembers it.")]
OfCountry = Annotated[Country | None, Query()]
OfScheme = Annotated[Scheme | None, Query(description="Scheme of the key that region is the beginning of.")]
Region = Annotated[
    str | None, Query(min_length=1, max_length=32, description="Beginning of a key, for example DE21 with NUTS-3.")
]


def organisation_routes(
    commands: Commands, database: Database, keys: OrganisationKeys, registrars: Registrars
) -> APIRouter:
    """Return the routes."""
    router = Router(tags=["organisations"])
    register = partial(register_organisation, keys=keys)
    organisations = Organisations(database)
    members = OrganisationMemberships(database)
    search = OrganisationSearch(database)

    @router.post("/organisations", status_code=201, operation_id="registerOrganisation")
    async def register_one(body: NewOrganisation, asked: CurrentAsked) -> OrganisationAnswer:
        """Register an organisation under its official keys."""
        command = RegisterOrganisation(
            organisation_id=new_id(),
            facts=body.as_facts(),
            acting_as=registrar(asked.principal),
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about) if body.reason else None,
        )
        handled = await asked.run(commands, register, command, OrganisationRegistered)
        return OrganisationAnswer(id=handled.result.organisation_id, position=handled.position)

    @router.get("/organisations", operation_id="listOrganisations")
    async def list_all(
        *,
        after: After = None,
        limit: Limit = 50,
        country: OfCountry = None,
        kind: Kind | None = None,
        scheme: OfScheme = None,
        region: Region = None,
        name: NamePart = None,
        position: AtLeastPosition = None,
    ) -> Page[ListedOrganisation]:
        """List organisations in the order of their ids: those entered by hand in the order they were registered."""
        start = behind(after)
        await view_at_least(database, OrganisationsProjector.VIEW, position)
        where = Where(country, kind, scheme, region)
        rows = await organisations.page(after=start, limit=limit + 1, where=where, name=name)
        return page_of(rows, limit, lambda row: (row.id,))

    # Before the route of one organisation, which would take the word for an id.
    @router.get("/organisations/search", operation_id="searchOrganisations")
    async def search_all(
        *,
        text: SearchText,
        after: After = None,
        limit: Limit = 20,
        country: OfCountry = None,
        kind: Kind | None = None,
        scheme: OfScheme = None,
        region: Region = None,
        position: AtLeastPosition = None,
    ) -> Page[FoundOrganisation]:
        """Find organisations by a name as somebody remembers it; umlauts, accents, a slip of the pen are forgiven."""
        start = decode_cursor(after, int, UUID) if after else None
        await view_at_least(database, OrganisationsProjector.VIEW, position)
        where = Where(country, kind, scheme, region)
        found = await search.page(text, where, after=start, limit=limit + 1)
        shown = [FoundOrganisation(score=each.score, organisation=each.organisation) for each in found]
        return page_of(shown, limit, lambda row: (row.score, row.organisation.id))

    @router.get("/organisations/{organisation_id}", operation_id="readOrganisation")
    async def read_one(
        organisation_id: UUID,
        response: Response,
        as_of: Annotated[Instant | None, Query(description="What was on record at this instant.")] = None,
        position: AtLeastPosition = None,
    ) -> ListedOrganisation:
        """Return one organisation, as it is on record or as it was at an instant; its ETag is its version."""
        await view_at_least(database, OrganisationsProjector.VIEW, position)
        organisation = known(await _read(organisation_id, as_of), "organisation")
        response.headers["ETag"] = f'"{organisation.version}"'
        return organisation

    async def _read(organisation_id: UUID, as_of: datetime | None) -> ListedOrganisation | None:
        if as_of is None:
            return await organisations.one(organisation_id)
        return await organisations.as_of(organisation_id, as_of)

    @router.get("/organisations/{organisation_id}/memberships", operation_id="listMemberships")
    async def list_members(
        organisation_id: UUID,
        principal: CurrentPrincipal,
        after: After = None,
        limit: Limit = 50,
        position: AtLeastPosition = None,
    ) -> Page[ListedMembership]:
        """List who acts or acted for an organisation, by opaque ids."""
        await registrars.check_sees_members(principal, organisation_id)
        start = behind(after)
        await view_at_least(database, MembershipsProjector.VIEW, position)
        rows = await members.page(organisation_id, after=start, limit=limit + 1)
        return page_of(rows, limit, lambda row: (row.id,))

    return router
