"""Routes: decisions prepared by a clerk, signed by another."""

import json
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from uuid_utils.compat import uuid7

from interpares.common.commands import Commands, UnitOfWork
from interpares.common.database import Database
from interpares.common.errors import Invalid, NotFound
from interpares.common.http import (
    After,
    Asked,
    CurrentAsked,
    CurrentPrincipal,
    Limit,
    Page,
    Router,
    decode_cursor,
    page_of,
)
from interpares.common.policy import Policy
from interpares.common.sealed import SealedText, seal
from interpares.common.writes import Row
from interpares.programme.application import desk as use_cases
from interpares.programme.application import desk_commands
from interpares.programme.application.desk import SavedDraft
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.by_hand import refuse_without_rules
from interpares.programme.entrypoints.http.desk import Desk, why
from interpares.programme.entrypoints.http.prepared import Prepared, preparing
from interpares.programme.entrypoints.http.schemas import Answer, Deciding
from interpares.programme.entrypoints.http.schemas import desk as schemas
from interpares.programme.projections.drafts import PreparedDrafts, changed, version_row
from interpares.programme.projections.explaining import Explanations

IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=32, description='ETag of the version you read, such as "3"; needed.'),
]


def draft_routes(database: Database, access: Access) -> APIRouter:
    """Return the routes that read drafts."""
    router: APIRouter = Router(tags=["drafts"])
    drafts = PreparedDrafts(database)

    @router.get("/programmes/{programme_id}/drafts")
    async def list_drafts(
        programme_id: UUID,
        principal: CurrentPrincipal,
        status: Annotated[Literal["prepared", "signed", "discarded"] | None, Query()] = None,
        after: After = None,
        limit: Limit = 50,
    ) -> Page[schemas.Draft]:
        """List drafts in the order they were prepared, each at its latest version."""
        await access.desk(principal, programme_id)
        (last,) = decode_cursor(after, UUID) if after else (None,)
        rows = await drafts.page(programme_id, last, limit + 1, status)
        return page_of([_shown(row) for row in rows], limit, lambda each: (each.id,))

    @router.get("/programmes/{programme_id}/drafts/{draft_id}")
    async def get_draft(
        programme_id: UUID, draft_id: UUID, principal: CurrentPrincipal, response: Response
    ) -> schemas.Draft:
        """Return a draft at its latest version, with its ETag."""
        await access.desk(principal, programme_id)
        row = await drafts.latest(programme_id, draft_id)
        if row is None:
            raise _unknown()
        response.headers["ETag"] = f'"{row["version"]}"'
        return _shown(row)

    return router


def drafting_routes(database: Database, commands: Commands, access: Access, policy: Policy) -> APIRouter:
    """Return the routes by which decisions are prepared and edited."""
    router: APIRouter = Router(tags=["drafts"])
    drafts = PreparedDrafts(database)
    rules = Explanations(database)

    @router.post("/programmes/{programme_id}/drafts", status_code=201)
    async def prepare(
        programme_id: UUID, body: schemas.DraftGiven, asked: CurrentAsked, request: Request, response: Response
    ) -> schemas.DraftAnswer:
        """Prepare a decision; it is checked as if it were sent, and taken when another person signs it."""
        await access.office(asked.principal, programme_id)
        found = preparing(request.app, policy).find(programme_id, body.path)
        written = found.preparable.read(body.body)
        refuse_without_rules(found.preparable.path, written, await rules.template(programme_id))
        text = seal(json.dumps(body.body), asked.principal.actor, written.about, official=True)
        draft = SavedDraft(uuid7(), 1)
        row = version_row(
            draft.draft_id, 1, programme_id, found.preparable.path, body.path, text.hash, asked.principal.actor
        )
        answer = await _save(commands, asked, draft, row, text)
        response.headers["ETag"] = f'"{answer.version}"'
        return answer

    @router.put("/programmes/{programme_id}/drafts/{draft_id}")
    async def edit(  # noqa: PLR0917 -- path, body, caller, version, the application and its answer
        programme_id: UUID,
        draft_id: UUID,
        body: schemas.DraftChanged,
        asked: CurrentAsked,
        request: Request,
        response: Response,
        if_match: IfMatch = None,
    ) -> schemas.DraftAnswer:
        """Write a draft anew. Of two who edit the same version the second is told (412), and nothing is lost."""
        await access.office(asked.principal, programme_id)
        version = _version(if_match)
        before = await drafts.at(programme_id, draft_id, version)
        if before is None:
            raise _unknown()
        if before["status"] != "prepared":
            raise changed()
        preparable = preparing(request.app, policy).find(programme_id, before["path"]).preparable
        written = preparable.read(body.body)
        refuse_without_rules(preparable.path, written, await rules.template(programme_id))
        text = seal(json.dumps(body.body), asked.principal.actor, written.about, official=True)
        row = version_row(
            draft_id, version + 1, programme_id, before["asks"], before["path"], text.hash, asked.principal.actor
        )
        answer = await _save(commands, asked, SavedDraft(draft_id, version + 1), row, text)
        response.headers["ETag"] = f'"{answer.version}"'
        return answer

    return router


def settling_routes(database: Database, desk: Desk, access: Access, policy: Policy) -> APIRouter:
    """Return the routes by which drafts are signed and discarded."""
    router: APIRouter = Router(tags=["drafts"])
    drafts = PreparedDrafts(database)

    @router.post("/programmes/{programme_id}/drafts/{draft_id}/signature")
    async def sign(  # noqa: PLR0917 -- path, body, caller, version, the application
        programme_id: UUID,
        draft_id: UUID,
        body: schemas.Signature,  # noqa: ARG001 -- says that a signature needs none of its own
        asked: CurrentAsked,
        request: Request,
        if_match: IfMatch = None,
    ) -> Answer:
        """Take the decision as it was prepared. Whoever wrote on it does not sign it."""
        await access.office(asked.principal, programme_id)
        version = _version(if_match)
        draft = await drafts.prepared(programme_id, draft_id, version)
        row = await drafts.at(programme_id, draft_id, version)
        latest = await drafts.latest(programme_id, draft_id)
        if draft is None or row is None or latest is None:
            raise changed() if latest else _unknown()
        if latest["version"] > version and not asked.request_hash:
            # With a key the first result is found further on; without one nothing may be tried.
            raise changed()
        await access.may_sign(asked.principal, programme_id, draft.writers)
        if row["words"] is None:
            message = "The words of this draft were erased."
            raise NotFound(message)
        found = preparing(request.app, policy).find(programme_id, row["path"])
        signing = Prepared(asked.principal, asked.occasion, asked.request_hash, drafts, draft)
        return await found.preparable.endpoint(
            **found.values, body=found.preparable.read(json.loads(row["words"])), asked=signing
        )

    @router.post("/programmes/{programme_id}/drafts/{draft_id}/discard")
    async def discard(
        programme_id: UUID, draft_id: UUID, body: Deciding, asked: CurrentAsked, if_match: IfMatch = None
    ) -> Answer:
        """Give a draft up; the reason stays."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = desk_commands.DiscardDraft(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            draft_id=draft_id,
            version=_version(if_match),
        )
        use_case = partial(use_cases.discard_draft, drafts=drafts)
        return await desk.carry_out(asked, use_case, command, programme_id)

    return router


async def _save(commands: Commands, asked: Asked, draft: SavedDraft, row: Row, text: SealedText) -> schemas.DraftAnswer:
    async def add(saved: SavedDraft, unit: UnitOfWork) -> SavedDraft:
        unit.seal(text)
        unit.write(row)
        return saved

    handled = await asked.run(commands, add, draft, SavedDraft, lane=draft.draft_id)
    return schemas.DraftAnswer(id=handled.result.draft_id, version=handled.result.version)


def _version(if_match: str | None) -> int:
    written = (if_match or "").strip('"')
    if not written.isascii() or not written.isdecimal() or not 1 <= int(written) < 2**31:
        message = "It has to be said which version of the draft is meant."
        raise Invalid(message, "Send the ETag of the draft you read in If-Match.", field="If-Match")
    return int(written)


def _shown(row: dict[str, Any]) -> schemas.Draft:
    words = row["words"]
    body = None if words is None else json.loads(words)
    return schemas.Draft.model_validate({**row, "body": body, "prepared_by": row["writers"][0]})


def _unknown() -> NotFound:
    return NotFound("There is no such draft.")
