"""Routes: the duty ledger, and what is decided about a duty."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

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
from interpares.programme.application import commands, host
from interpares.programme.domain.duties import Status
from interpares.programme.entrypoints.http import schemas
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.desk import Desk, for_another, why
from interpares.programme.projections.duty_ledger import VIEW, DutyLedger
from interpares.programme.projections.heard_prerequisites import HeardPrerequisites

DutyPath = Annotated[str, Path(pattern=schemas.DUTY, description="strand.rule.ordinal")]


def ledger_routes(database: Database, access: Access) -> APIRouter:
    """Return the routes that read the ledger."""
    router: APIRouter = Router(tags=["duties"])
    ledger = DutyLedger(database)

    @router.get("/programmes/{programme_id}/duties")
    async def list_duties(  # noqa: PLR0917 -- path, caller, filters, page
        programme_id: UUID,
        principal: CurrentPrincipal,
        status: Annotated[Status | None, Query()] = None,
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeastPosition = None,
    ) -> Page[schemas.Duty]:
        """List hosting duties in the order of their keys."""
        await access.reader(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        last = decode_cursor(after, str, str, int) if after else None
        rows = await ledger.page(programme_id, last, limit + 1, status)
        found = [schemas.Duty.model_validate(row) for row in rows]
        return page_of(found, limit, lambda each: (each.strand, each.rule, each.ordinal))

    @router.get("/programmes/{programme_id}/duties/{duty}")
    async def get_duty(
        programme_id: UUID, duty: DutyPath, principal: CurrentPrincipal, at_least: AtLeastPosition = None
    ) -> schemas.Duty:
        """Return one duty."""
        await access.reader(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        row = await ledger.get(programme_id, duty)
        if row is None:
            message = "The ledger of this programme has no such duty."
            raise NotFound(message)
        return schemas.Duty.model_validate(row)

    return router


def duty_routes(database: Database, desk: Desk, access: Access) -> APIRouter:
    """Return the routes that decide about duties."""
    router: APIRouter = Router(tags=["duties"])
    prerequisites = HeardPrerequisites(database)

    @router.post("/programmes/{programme_id}/duties")
    async def derive(programme_id: UUID, body: schemas.Deciding, asked: CurrentAsked) -> schemas.Answer:
        """Add the duties that follow from the role rules and are missing."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.DeriveDuties(programme_id=programme_id, grounds=reasons.grounds, texts=reasons.texts)
        return await desk.carry_out(asked, host.derive_duties, command, programme_id)

    @router.post("/programmes/{programme_id}/duties/{duty}/offer")
    async def offer(programme_id: UUID, duty: DutyPath, body: schemas.Offer, asked: CurrentAsked) -> schemas.Answer:
        """Ask one or more eligible organisations to host; the first acceptance wins."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.OfferDuty(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            duty=duty,
            to=body.to,
            respond_by=body.respond_by,
        )
        use_case = partial(host.offer_duty, prerequisites=prerequisites)
        return await desk.carry_out(asked, use_case, command, programme_id)

    @router.post("/programmes/{programme_id}/duties/{duty}/acceptance")
    async def accept(
        programme_id: UUID, duty: DutyPath, body: schemas.OwnAnswer, asked: CurrentAsked
    ) -> schemas.Answer:
        """Host."""
        membership = await access.office_or(asked.principal, programme_id, body.organisation_id)
        for_another(membership, body)
        reasons = why(asked, membership, body)
        command = commands.AcceptDuty(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            duty=duty,
            organisation_id=body.organisation_id,
        )
        use_case = partial(host.accept_duty, prerequisites=prerequisites)
        return await desk.carry_out(asked, use_case, command, programme_id)

    @router.post("/programmes/{programme_id}/duties/{duty}/refusal")
    async def decline(
        programme_id: UUID, duty: DutyPath, body: schemas.OwnAnswer, asked: CurrentAsked
    ) -> schemas.Answer:
        """Not host."""
        membership = await access.office_or(asked.principal, programme_id, body.organisation_id)
        for_another(membership, body)
        reasons = why(asked, membership, body)
        command = commands.DeclineDuty(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            duty=duty,
            organisation_id=body.organisation_id,
        )
        return await desk.carry_out(asked, host.decline_duty, command, programme_id)

    @router.post("/programmes/{programme_id}/duties/{duty}/release")
    async def release(
        programme_id: UUID, duty: DutyPath, body: schemas.Deciding, asked: CurrentAsked
    ) -> schemas.Answer:
        """Drop out of a duty, or let its host go; what becomes of it says its rule."""
        bound = await access.bound(programme_id, duty)
        membership = await access.office_or(asked.principal, programme_id, bound)
        reasons = why(asked, membership, body)
        command = commands.ReleaseDuty(
            programme_id=programme_id, grounds=reasons.grounds, texts=reasons.texts, duty=duty
        )
        return await desk.carry_out(asked, host.release_duty, command, programme_id)

    @router.post("/programmes/{programme_id}/duties/{duty}/reopening")
    async def reopen(programme_id: UUID, duty: DutyPath, body: schemas.Deciding, asked: CurrentAsked) -> schemas.Answer:
        """Look for a host again."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.ReopenDuty(
            programme_id=programme_id, grounds=reasons.grounds, texts=reasons.texts, duty=duty
        )
        return await desk.carry_out(asked, host.reopen_duty, command, programme_id)

    @router.post("/programmes/{programme_id}/duties/{duty}/lapse")
    async def lapse(programme_id: UUID, duty: DutyPath, body: schemas.Deciding, asked: CurrentAsked) -> schemas.Answer:
        """Go on without the meeting."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.LapseDuty(programme_id=programme_id, grounds=reasons.grounds, texts=reasons.texts, duty=duty)
        return await desk.carry_out(asked, host.lapse_duty, command, programme_id)

    return router
