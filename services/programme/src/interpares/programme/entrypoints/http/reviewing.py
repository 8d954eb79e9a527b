"""Routes that decide about documents whose versions peers review."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from uuid_utils.compat import uuid7

from interpares.common.http import CurrentAsked, Router
from interpares.programme.application import reviewing
from interpares.programme.application import reviewing_commands as commands
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.desk import Desk, Why, for_another, why
from interpares.programme.entrypoints.http.documents import DOCUMENT, DOCUMENTS
from interpares.programme.entrypoints.http.schemas import Answer, Deciding
from interpares.programme.entrypoints.http.schemas import reviewing as schemas

REVIEW = f"{DOCUMENT}/versions/{{version}}/reviews/{{reviewer_id}}"
Number = Annotated[int, Path(ge=1, lt=2**31, description="Number of the version.")]


@dataclass(frozen=True)
class ReviewPath:
    """Which review a route is about: of a version of a document, by a participant."""

    programme_id: UUID
    document_id: UUID
    version: Number
    reviewer_id: UUID


OfReview = Annotated[ReviewPath, Depends()]


def about_review(of: ReviewPath, reasons: Why) -> commands.AboutReview:
    """Return the command about a review that says nothing but which."""
    return commands.AboutReview(
        programme_id=of.programme_id,
        grounds=reasons.grounds,
        texts=reasons.texts,
        document_id=of.document_id,
        version=of.version,
        reviewer=of.reviewer_id,
    )


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
    async def give(of: OfReview, body: schemas.ReviewText, asked: CurrentAsked) -> Answer:
        """Say what was found: as the reviewer, or as the office for it. The answer has the id of the review."""
        membership = await access.office_or(asked.principal, of.programme_id, of.reviewer_id)
        for_another(membership, body)
        reasons = why(asked, membership, body)
        text = asked.sealed(body.text, body.about)
        command = commands.GiveReview(
            programme_id=of.programme_id,
            grounds=reasons.grounds,
            texts=(*reasons.texts, text),
            document_id=of.document_id,
            version=of.version,
            reviewer=of.reviewer_id,
            document_hash=body.document_hash,
            text=text.hash,
        )
        return await desk.carry_out(asked, reviewing.give_review, command, of.programme_id)

    @router.post(f"{REVIEW}/refusal")
    async def step_back(of: OfReview, body: Deciding, asked: CurrentAsked) -> Answer:
        """Step back from a review: as the reviewer, or as the office for it."""
        membership = await access.office_or(asked.principal, of.programme_id, of.reviewer_id)
        for_another(membership, body)
        reasons = why(asked, membership, body)
        return await desk.carry_out(asked, reviewing.step_back, about_review(of, reasons), of.programme_id)

    @router.post(f"{REVIEW}/release")
    async def release(of: OfReview, body: Deciding, asked: CurrentAsked) -> Answer:
        """Expect a review no longer, so that somebody else can be asked."""
        reasons = why(asked, await access.office(asked.principal, of.programme_id), body)
        return await desk.carry_out(asked, reviewing.release_reviewer, about_review(of, reasons), of.programme_id)

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
