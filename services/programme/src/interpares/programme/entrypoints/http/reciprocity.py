"""Routes: who gave and who took, and which audiences were reached."""

from uuid import UUID

from fastapi import APIRouter

from interpares.common.database import Database
from interpares.common.http import After, AtLeastPosition, CurrentPrincipal, Limit, Page, Router, decode_cursor, page_of
from interpares.common.views import view_at_least
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.schemas import reciprocity as schemas
from interpares.programme.projections import duty_ledger, meetings, programmes
from interpares.programme.projections.programmes import Programmes
from interpares.programme.projections.reciprocity import Reciprocity

VIEWS = (programmes.VIEW, meetings.VIEW, duty_ledger.VIEW)


def reciprocity_routes(database: Database, access: Access) -> APIRouter:
    """Return the routes."""
    router: APIRouter = Router(tags=["reciprocity"])
    counts = Reciprocity(database)

    @router.get("/programmes/{programme_id}/reciprocity")
    async def list_balances(
        programme_id: UUID,
        principal: CurrentPrincipal,
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeastPosition = None,
    ) -> Page[schemas.Balance]:
        """List what each participant gave and took."""
        await access.reader(principal, programme_id)
        for view in VIEWS:
            await view_at_least(database, view, at_least)
        (last,) = decode_cursor(after, UUID) if after else (None,)
        rows = await counts.page(programme_id, last, limit + 1)
        found = [schemas.Balance.model_validate(row) for row in rows]
        return page_of(found, limit, lambda each: (each.organisation_id,))

    @router.get("/programmes/{programme_id}/coverage")
    async def get_coverage(
        programme_id: UUID, principal: CurrentPrincipal, at_least: AtLeastPosition = None
    ) -> schemas.Coverage:
        """Tell which audiences were reached, by how many meetings, organisations and people."""
        await access.reader(principal, programme_id)
        for view in VIEWS:
            await view_at_least(database, view, at_least)
        programme = await Programmes(database).get(programme_id)
        template = programme["template"] if programme else {}
        found = await counts.coverage(programme_id, template)
        audiences = [schemas.Audience.model_validate(each) for each in found]
        return schemas.Coverage(programme_id=programme_id, audiences=audiences)

    return router
