"""Routes: exceptions from prerequisites, which have a reason and an end."""

from datetime import UTC, date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from interpares.common.database import Database
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
from interpares.programme.application import agree, meetings_commands
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.desk import Desk, why
from interpares.programme.entrypoints.http.schemas import Answer
from interpares.programme.entrypoints.http.schemas import agreements as schemas
from interpares.programme.projections.exceptions import VIEW, Exceptions

EXCEPTIONS = "/programmes/{programme_id}/exceptions"
State = Annotated[Literal["in-force", "run-out", "ended", "replaced"] | None, Query()]


def exception_routes(database: Database, desk: Desk, access: Access) -> APIRouter:
    """Return the routes."""
    router: APIRouter = Router(tags=["exceptions"])
    exceptions = Exceptions(database)

    @router.post(EXCEPTIONS, status_code=201)
    async def grant(programme_id: UUID, body: schemas.Granted, asked: CurrentAsked) -> Answer:
        """Let an organisation do without a prerequisite for a time; it ends by itself."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = meetings_commands.GrantException(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            organisation_id=body.organisation_id,
            prerequisite=body.prerequisite,
            until=body.until,
        )
        return await desk.carry_out(asked, agree.grant_exception, command, programme_id)

    @router.post(f"{EXCEPTIONS}/end")
    async def end(programme_id: UUID, body: schemas.Ended, asked: CurrentAsked) -> Answer:
        """End an exception before its day."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = meetings_commands.EndException(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            organisation_id=body.organisation_id,
            prerequisite=body.prerequisite,
        )
        return await desk.carry_out(asked, agree.end_exception, command, programme_id)

    @router.get(EXCEPTIONS)
    async def list_exceptions(  # noqa: PLR0917 -- path, caller, filters, page
        programme_id: UUID,
        principal: CurrentPrincipal,
        state: State = None,
        organisation: UUID | None = None,
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeastPosition = None,
    ) -> Page[schemas.ExceptionShown]:
        """List exceptions by their last day, and tell which are in force and which have run out."""
        await access.desk(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        last = decode_cursor(after, datetime, UUID) if after else None
        today = datetime.now(UTC).date()
        rows = await exceptions.page(programme_id, last, limit + 1, today, state=state, organisation=organisation)
        found = [schemas.ExceptionShown.model_validate(row) for row in rows]
        return page_of(found, limit, lambda each: (midnight(each.until), each.id))

    return router


def midnight(day: date) -> datetime:
    """Return a day as a cursor can hold it."""
    return datetime.combine(day, time(), UTC)
