"""Drafts of applications: begun, saved against their ETag, signed."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response

from interpares.common.commands import Commands
from interpares.common.database import Database
from interpares.common.eventstore import EventStore
from interpares.common.http import After, AtLeastPosition, CurrentAsked, CurrentPrincipal, Limit, Page, Router, page_of
from interpares.common.policy import Capacity, Principal
from interpares.common.views import view_at_least
from interpares.registration.application.applying_ports import Eligibility
from interpares.registration.application.decided import Decided
from interpares.registration.application.draft_application import (
    BeginDraft,
    SaveDraft,
    SignDraft,
    begin_draft,
    save_draft,
    sign_draft,
)
from interpares.registration.application.ports import KnownCalls, PendingApplications, SealedTexts
from interpares.registration.domain.draft import Draft
from interpares.registration.entrypoints.http.asking import behind, new_id
from interpares.registration.entrypoints.http.authority import applicant, known, organisations
from interpares.registration.entrypoints.http.saying import opened_answers, said
from interpares.registration.entrypoints.http.schemas.applications import DraftContent, DraftShown, NewDraft
from interpares.registration.entrypoints.http.schemas.words import Answer, CreatingAnswer
from interpares.registration.projections.applications import Sight
from interpares.registration.projections.drafts import Drafts, DraftsProjector, ListedDraft

IfMatch = Annotated[
    str, Header(alias="If-Match", pattern='^"[0-9]{1,9}"$', description="ETag of the draft as it was read.")
]


def draft_routes(
    commands: Commands,
    store: EventStore,
    database: Database,
    *,
    calls: KnownCalls,
    pending: PendingApplications,
    eligibility: Eligibility,
    texts: SealedTexts,
) -> APIRouter:
    """Return the routes."""
    router = Router(tags=["applications"])
    drafts = Drafts(database)
    begin = partial(begin_draft, calls=calls)
    save = partial(save_draft, calls=calls)
    sign = partial(sign_draft, calls=calls, pending=pending, eligibility=eligibility)

    async def drafter(principal: Principal, draft_id: UUID) -> Capacity:
        """Return the capacity in which somebody works at a draft; NotFound where it is none of theirs."""
        draft = await store.load(Draft, draft_id)
        if draft is None or not _sees(principal, draft):
            return known(None, "draft")
        return applicant(principal, draft.state.organisation_id, draft.state.office_id)

    async def shown(draft: ListedDraft) -> DraftShown:
        call = await calls.of(draft.programme_id)
        return DraftShown(
            **{name: getattr(draft, name) for name in DraftShown.model_fields if hasattr(draft, name)},
            motivation=await texts.opened(draft.content.motivation),
            answers=await opened_answers(texts, draft.content.answers),
            evidence=draft.content.evidence,
            members=draft.content.members,
            signatures_needed=call.form.signatories_at_least if call else 0,
        )

    @router.post("/drafts", status_code=201, operation_id="beginDraft")
    async def begin_one(body: NewDraft, asked: CurrentAsked) -> CreatingAnswer:
        """Begin a draft; what is answered has to be right, nothing has to be complete."""
        command = BeginDraft(
            draft_id=new_id(),
            programme_id=body.programme_id,
            organisation_id=body.organisation_id,
            role=body.role,
            strand=body.strand,
            said=said(asked, body),
            acting_as=applicant(asked.principal, body.organisation_id, await calls.office_of(body.programme_id)),
        )
        return CreatingAnswer.to(await asked.run(commands, begin, command, Decided))

    @router.get("/drafts", operation_id="listDrafts")
    async def list_all(
        *,
        principal: CurrentPrincipal,
        after: After = None,
        limit: Limit = 20,
        organisation_id: UUID | None = None,
        position: AtLeastPosition = None,
    ) -> Page[ListedDraft]:
        """List the drafts of one's organisations, and of those an office drafts for, in the order they were begun."""
        start = behind(after)
        await view_at_least(database, DraftsProjector.VIEW, position)
        rows = await drafts.page(_sight(principal), after=start, limit=limit + 1, organisation_id=organisation_id)
        return page_of(rows, limit, lambda row: (row.id,))

    @router.get("/drafts/{draft_id}", operation_id="readDraft")
    async def read_one(
        draft_id: UUID, principal: CurrentPrincipal, response: Response, position: AtLeastPosition = None
    ) -> DraftShown:
        """Return one draft with what was typed; its ETag is its version."""
        await view_at_least(database, DraftsProjector.VIEW, position)
        draft = known(await drafts.one(draft_id, _sight(principal)), "draft")
        response.headers["ETag"] = f'"{draft.version}"'
        return await shown(draft)

    @router.put("/drafts/{draft_id}", operation_id="saveDraft")
    async def save_one(draft_id: UUID, body: DraftContent, asked: CurrentAsked, if_match: IfMatch) -> Answer:
        """Save a draft, whole; signatures on another content count no more, and every content before is kept."""
        command = SaveDraft(
            draft_id, int(if_match.strip('"')), said(asked, body), await drafter(asked.principal, draft_id)
        )
        return Answer.to(await asked.run(commands, save, command, Decided, lane=draft_id))

    @router.post("/drafts/{draft_id}/signature", operation_id="signDraft")
    async def sign_one(draft_id: UUID, asked: CurrentAsked, if_match: IfMatch) -> Answer:
        """Sign a draft as it was read; the last signature the call asks for submits it."""
        command = SignDraft(draft_id, int(if_match.strip('"')), await drafter(asked.principal, draft_id))
        return Answer.to(await asked.run(commands, sign, command, Decided, lane=draft_id))

    return router


def _sight(principal: Principal) -> Sight:
    return Sight(
        offices=organisations(principal, Capacity.OFFICE), organisations=organisations(principal, Capacity.COORDINATOR)
    )


def _sees(principal: Principal, draft: Draft) -> bool:
    return principal.of(draft.state.organisation_id) or principal.of(draft.state.office_id)
