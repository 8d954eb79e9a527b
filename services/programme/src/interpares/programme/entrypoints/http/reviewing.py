"""Routes: documents whose versions peers review."""

from collections.abc import Collection
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query
from uuid_utils.compat import uuid7

from interpares.common.database import Database
from interpares.common.errors import NotFound
from interpares.common.http import (
    After,
    AtLeastPosition,
    CurrentAsked,
    CurrentPrincipal,
    Limit,
    Page,
    Router,
    decode_cursor,
    page_of,
)
from interpares.common.policy import Capacity, Principal
from interpares.common.views import view_at_least
from interpares.programme.application import reviewing
from interpares.programme.application import reviewing_commands as commands
from interpares.programme.entrypoints.http.access import Access, own
from interpares.programme.entrypoints.http.desk import Desk, for_another, why
from interpares.programme.entrypoints.http.schemas import Answer, Deciding
from interpares.programme.entrypoints.http.schemas import reviewing as schemas
from interpares.programme.projections.documents import VIEW, DocumentsView

DOCUMENTS = "/programmes/{programme_id}/documents"
DOCUMENT = f"{DOCUMENTS}/{{document_id}}"
REVIEW = f"{DOCUMENT}/versions/{{version}}/reviews/{{reviewer_id}}"
Number = Annotated[int, Path(ge=1, lt=2**31, description="Number of the version.")]
Kind = Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
Status = Annotated[Literal["asked", "given", "stepped-back", "lapsed"] | None, Query()]


def document_routes(database: Database, access: Access) -> APIRouter:
    """Return the routes that read documents and reviews."""
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


def reviewing_routes(desk: Desk, access: Access) -> APIRouter:
    """Return the routes that decide about documents and reviews."""
    router: APIRouter = Router(tags=["documents"])

    async def owners_of(programme_id: UUID, document_id: UUID) -> Collection[UUID]:
        document = (await access.programme(programme_id)).state.reviewing.document(str(document_id))
        return document.owners if document else ()

    @router.post(DOCUMENTS, status_code=201)
    async def enter(programme_id: UUID, body: schemas.DocumentGiven, asked: CurrentAsked) -> Answer:
        """Enter a document: as one of its owners, or as the office for them."""
        membership = await access.office_or_one_of(asked.principal, programme_id, body.owners)
        for_another(membership, body)
        reasons = why(asked, membership, body)
        title = asked.sealed(body.title, body.about)
        command = commands.EnterDocument(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=(*reasons.texts, title),
            document_id=uuid7(),
            kind=body.kind,
            owners=body.owners,
            title=title.hash,
            version=body.version,
            language=body.language,
            document_hash=body.document_hash,
        )
        return await desk.carry_out(asked, reviewing.enter_document, command, programme_id)

    @router.post(f"{DOCUMENT}/versions", status_code=201)
    async def enter_version(
        programme_id: UUID, document_id: UUID, body: schemas.VersionGiven, asked: CurrentAsked
    ) -> Answer:
        """Enter a further version; reviews of earlier ones go on."""
        owners = await owners_of(programme_id, document_id)
        membership = await access.office_or_one_of(asked.principal, programme_id, owners)
        for_another(membership, body)
        reasons = why(asked, membership, body)
        command = commands.EnterVersion(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            document_id=document_id,
            version=body.version,
            language=body.language,
            document_hash=body.document_hash,
        )
        return await desk.carry_out(asked, reviewing.enter_version, command, programme_id)

    @router.post(f"{DOCUMENT}/versions/{{version}}/reviewers", status_code=201)
    async def choose(
        programme_id: UUID, document_id: UUID, version: Number, body: schemas.ReviewersGiven, asked: CurrentAsked
    ) -> Answer:
        """Ask participants to review a version, in addition to those asked before."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.ChooseReviewers(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            document_id=document_id,
            version=version,
            reviewers=body.reviewers,
            due=body.due,
        )
        return await desk.carry_out(asked, reviewing.choose_reviewers, command, programme_id)

    @router.post(REVIEW)
    async def give(  # noqa: PLR0917 -- path, body, caller
        programme_id: UUID,
        document_id: UUID,
        version: Number,
        reviewer_id: UUID,
        body: schemas.ReviewText,
        asked: CurrentAsked,
    ) -> Answer:
        """Say what was found: as the reviewer, or as the office for it. The answer has the id of the review."""
        membership = await access.office_or(asked.principal, programme_id, reviewer_id)
        for_another(membership, body)
        reasons = why(asked, membership, body)
        text = asked.sealed(body.text, body.about)
        command = commands.GiveReview(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=(*reasons.texts, text),
            document_id=document_id,
            version=version,
            reviewer=reviewer_id,
            document_hash=body.document_hash,
            text=text.hash,
        )
        return await desk.carry_out(asked, reviewing.give_review, command, programme_id)

    @router.post(f"{REVIEW}/refusal")
    async def step_back(  # noqa: PLR0917 -- path, body, caller
        programme_id: UUID,
        document_id: UUID,
        version: Number,
        reviewer_id: UUID,
        body: Deciding,
        asked: CurrentAsked,
    ) -> Answer:
        """Step back from a review: as the reviewer, or as the office for it."""
        membership = await access.office_or(asked.principal, programme_id, reviewer_id)
        for_another(membership, body)
        reasons = why(asked, membership, body)
        command = commands.AboutReview(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            document_id=document_id,
            version=version,
            reviewer=reviewer_id,
        )
        return await desk.carry_out(asked, reviewing.step_back, command, programme_id)

    @router.post(f"{REVIEW}/release")
    async def release(  # noqa: PLR0917 -- path, body, caller
        programme_id: UUID,
        document_id: UUID,
        version: Number,
        reviewer_id: UUID,
        body: Deciding,
        asked: CurrentAsked,
    ) -> Answer:
        """Expect a review no longer, so that somebody else can be asked."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.AboutReview(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            document_id=document_id,
            version=version,
            reviewer=reviewer_id,
        )
        return await desk.carry_out(asked, reviewing.release_reviewer, command, programme_id)

    @router.post(f"{DOCUMENT}/withdrawal")
    async def withdraw(programme_id: UUID, document_id: UUID, body: Deciding, asked: CurrentAsked) -> Answer:
        """Have a document reviewed no longer; reviews that were given stand."""
        owners = await owners_of(programme_id, document_id)
        reasons = why(asked, await access.office_or_one_of(asked.principal, programme_id, owners), body)
        command = commands.WithdrawDocument(
            programme_id=programme_id, grounds=reasons.grounds, texts=reasons.texts, document_id=document_id
        )
        return await desk.carry_out(asked, reviewing.withdraw_document, command, programme_id)

    return router


def conflict_routes(desk: Desk, access: Access) -> APIRouter:
    """Return the routes about conflicts of interest."""
    router: APIRouter = Router(tags=["documents"])

    @router.post(f"{DOCUMENT}/conflicts", status_code=201)
    async def declare(
        programme_id: UUID, document_id: UUID, body: schemas.ConflictGiven, asked: CurrentAsked
    ) -> Answer:
        """Declare a conflict of interest about a document: as who has it, or as the office for it."""
        membership = await access.office_or(asked.principal, programme_id, body.organisation_id)
        for_another(membership, body)
        reasons = why(asked, membership, body)
        command = commands.AboutConflict(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            document_id=document_id,
            organisation_id=body.organisation_id,
        )
        return await desk.carry_out(asked, reviewing.declare_conflict, command, programme_id)

    @router.post(f"{DOCUMENT}/conflicts/{{organisation_id}}/end")
    async def end(
        programme_id: UUID, document_id: UUID, organisation_id: UUID, body: Deciding, asked: CurrentAsked
    ) -> Answer:
        """Let an organisation review again that had declared a conflict of interest."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.AboutConflict(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            document_id=document_id,
            organisation_id=organisation_id,
        )
        return await desk.carry_out(asked, reviewing.end_conflict, command, programme_id)

    return router
