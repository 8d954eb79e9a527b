"""Routes that read documents and their reviews."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from interpares.common.database import Database
from interpares.common.errors import NotFound
from interpares.common.http import After, AtLeastPosition, CurrentPrincipal, Limit, Page, Router, decode_cursor, page_of
from interpares.common.policy import Capacity, Principal
from interpares.common.views import view_at_least
from interpares.programme.entrypoints.http.access import Access, own
from interpares.programme.entrypoints.http.schemas import reviewing as schemas
from interpares.programme.projections.documents import VIEW, DocumentsView

DOCUMENTS = "/programmes/{programme_id}/documents"
DOCUMENT = f"{DOCUMENTS}/{{document_id}}"
Kind = Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
Status = Annotated[Literal["asked", "given", "stepped-back", "lapsed"] | None, Query()]


def document_routes(database: Database, access: Access) -> APIRouter:
    """Return them."""
    router: APIRouter = Router(tags=["documents"])
    view = DocumentsView(database)

    @router.get(DOCUMENTS)
    async def list_documents(  # noqa: PLR0917 -- path, caller, filters, page
        programme_id: UUID,
        principal: CurrentPrincipal,
        kind: Kind = None,
        owner: UUID | None = None,
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeastPosition = None,
    ) -> Page[schemas.Document]:
        """List documents with their versions, as they were entered."""
        await access.reader(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        (last,) = decode_cursor(after, UUID) if after else (None,)
        rows = await view.page(programme_id, last, limit + 1, kind=kind, owner=owner)
        return page_of([schemas.Document.model_validate(row) for row in rows], limit, lambda each: (each.id,))

    @router.get(DOCUMENT)
    async def show(
        programme_id: UUID, document_id: UUID, principal: CurrentPrincipal, at_least: AtLeastPosition = None
    ) -> schemas.Document:
        """Show a document with its versions."""
        await access.reader(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        row = await view.one(programme_id, document_id)
        if row is None:
            message = "This programme has no such document."
            raise NotFound(message)
        return schemas.Document.model_validate(row)

    @router.get("/programmes/{programme_id}/reviews")
    async def list_reviews(  # noqa: PLR0917 -- path, caller, filters, page
        programme_id: UUID,
        principal: CurrentPrincipal,
        document: UUID | None = None,
        reviewer: UUID | None = None,
        status: Status = None,
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeastPosition = None,
    ) -> Page[schemas.Review]:
        """List reviews: who was asked, who has not answered, what was found and what came out of it."""
        await access.reader(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        (last,) = decode_cursor(after, UUID) if after else (None,)
        rows = await view.reviews(programme_id, last, limit + 1, document=document, reviewer=reviewer, status=status)
        programme = await access.programme(programme_id)
        found = [_for(principal, programme.state.office, row) for row in rows]
        return page_of(found, limit, lambda each: (each.id,))

    return router


def _for(principal: Principal, office: UUID, row: dict[str, Any]) -> schemas.Review:
    """Return a review as somebody may read it: what was found is for those it concerns."""
    concerned = {*row["owners"], row["reviewer_id"]}
    desk = principal.has(Capacity.AUDITOR) or principal.of(office, Capacity.OFFICE)
    shown = desk or not concerned.isdisjoint(own(principal))
    return schemas.Review.model_validate(row if shown else row | {"text": None})
