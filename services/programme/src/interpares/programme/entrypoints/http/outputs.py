"""Routes: what came out of meetings and reviews, who takes care of it, and what checks found."""

from functools import partial
from typing import Annotated
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
from interpares.common.views import view_at_least
from interpares.programme.application import output_commands, outputs
from interpares.programme.domain.outputs.output import CHECKED_AFTER, Kind, Output, Standing
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.desk import Desk, for_another, why
from interpares.programme.entrypoints.http.schemas import Answer, Deciding
from interpares.programme.entrypoints.http.schemas import outputs as schemas
from interpares.programme.projections.documents import VIEW as DOCUMENTS
from interpares.programme.projections.documents import DocumentsView
from interpares.programme.projections.heard import HeardOrganisations
from interpares.programme.projections.outputs import VIEW, OutputsView

Months = Annotated[int, Path(ge=1, le=120, description="The check so many months after the day it was due.")]
Source = Annotated[str | None, Query(pattern=schemas.SOURCE)]


def output_routes(database: Database, access: Access) -> APIRouter:
    """Return the routes that read outputs."""
    router: APIRouter = Router(tags=["outputs"])
    view, reviews = OutputsView(database), DocumentsView(database)

    @router.get("/programmes/{programme_id}/outputs")
    async def list_outputs(  # noqa: PLR0917 -- path, caller, filters, page
        programme_id: UUID,
        principal: CurrentPrincipal,
        kind: Kind | None = None,
        standing: Standing | None = None,
        owner: UUID | None = None,
        source: Source = None,
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeastPosition = None,
    ) -> Page[schemas.Output]:
        """List outputs with their checks, as they were recorded."""
        await access.reader(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        (last,) = decode_cursor(after, UUID) if after else (None,)
        rows = await view.page(programme_id, last, limit + 1, kind=kind, standing=standing, owner=owner, source=source)
        return page_of([schemas.Output.model_validate(row) for row in rows], limit, lambda each: (each.id,))

    @router.get("/programmes/{programme_id}/outputs/{output_id}")
    async def trace(
        programme_id: UUID, output_id: UUID, principal: CurrentPrincipal, at_least: AtLeastPosition = None
    ) -> schemas.Chain:
        """Trace an output back to its source, and on to measures, follow-up meetings and checks."""
        await access.reader(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        await view_at_least(database, DOCUMENTS, at_least)
        chain = await view.chain(programme_id, output_id)
        if not chain:
            message = "This programme has no such output."
            raise NotFound(message)
        kind, _, key = chain[0]["source"].partition(":")
        reviewed = await reviews.review(programme_id, key) if kind == "review" else None
        return schemas.Chain.model_validate({"source": chain[0]["source"], "reviewed": reviewed, "outputs": chain})

    return router


def following_routes(database: Database, desk: Desk, access: Access) -> APIRouter:
    """Return the routes that decide about outputs and checks."""
    router: APIRouter = Router(tags=["outputs"])
    view, organisations = OutputsView(database), HeardOrganisations(database)

    @router.post("/programmes/{programme_id}/outputs", status_code=201)
    async def record(programme_id: UUID, body: schemas.OutputGiven, asked: CurrentAsked) -> Answer:
        """Record what came out of a meeting, a review or an earlier output."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        text = asked.sealed(body.text, body.about)
        months = body.checks_after_months
        command = output_commands.RecordOutput(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=(*reasons.texts, text),
            output_id=uuid7(),
            output=Output(body.kind, body.source, owner=body.owner_id, due=body.due, themes=body.themes),
            months=(CHECKED_AFTER if body.owner_id else ()) if months is None else months,
            text=text.hash,
        )
        use_case = partial(outputs.record_output, organisations=organisations)
        return await desk.carry_out(asked, use_case, command, programme_id)

    @router.post("/programmes/{programme_id}/outputs/{output_id}/assignment")
    async def assign(programme_id: UUID, output_id: UUID, body: schemas.Assignment, asked: CurrentAsked) -> Answer:
        """Give it to an owner until a day, and plan its checks."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = output_commands.AssignOutput(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            output_id=output_id,
            owner=body.owner_id,
            due=body.due,
            months=body.checks_after_months,
        )
        use_case = partial(outputs.assign_output, organisations=organisations)
        return await desk.carry_out(asked, use_case, command, programme_id)

    @router.post("/programmes/{programme_id}/outputs/{output_id}/meeting")
    async def meet(programme_id: UUID, output_id: UUID, body: schemas.FollowUp, asked: CurrentAsked) -> Answer:
        """Say which meeting a follow-up meeting became."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = output_commands.MeetFor(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            output_id=output_id,
            meeting=body.meeting_id,
        )
        return await desk.carry_out(asked, outputs.meet_for, command, programme_id)

    @router.post("/programmes/{programme_id}/outputs/{output_id}/completion")
    async def finish(programme_id: UUID, output_id: UUID, body: Deciding, asked: CurrentAsked) -> Answer:
        """Say that it is done; its checks go on."""
        membership = await access.office_or(asked.principal, programme_id, await view.owner(programme_id, output_id))
        reasons = why(asked, membership, body)
        command = output_commands.FinishOutput(
            programme_id=programme_id, grounds=reasons.grounds, texts=reasons.texts, output_id=output_id
        )
        return await desk.carry_out(asked, outputs.finish_output, command, programme_id)

    @router.post("/programmes/{programme_id}/outputs/{output_id}/dropping")
    async def drop(programme_id: UUID, output_id: UUID, body: Deciding, asked: CurrentAsked) -> Answer:
        """Give it up, and its open checks with it."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = output_commands.DropOutput(
            programme_id=programme_id, grounds=reasons.grounds, texts=reasons.texts, output_id=output_id
        )
        return await desk.carry_out(asked, outputs.drop_output, command, programme_id)

    @router.post("/programmes/{programme_id}/outputs/{output_id}/checks/{months}/answer")
    async def answer(
        programme_id: UUID, output_id: UUID, months: Months, body: schemas.CheckAnswer, asked: CurrentAsked
    ) -> Answer:
        """Say what became of it: as its owner, or as the office for the owner."""
        membership = await access.office_or(asked.principal, programme_id, await view.owner(programme_id, output_id))
        for_another(membership, body)
        reasons = why(asked, membership, body)
        note = asked.sealed(body.note, body.about) if body.note else None
        command = output_commands.AnswerCheck(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=(*reasons.texts, note) if note else reasons.texts,
            output_id=output_id,
            months=months,
            finding=body.finding,
            note=note.hash if note else "",
        )
        return await desk.carry_out(asked, outputs.answer_check, command, programme_id)

    return router
