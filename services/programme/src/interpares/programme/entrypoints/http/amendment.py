"""Routes: the rules in force, those before, and their amendment."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path

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
from interpares.programme.application import rules_commands as commands
from interpares.programme.application.amending import amend
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.desk import Desk, why
from interpares.programme.entrypoints.http.schemas import Answer
from interpares.programme.entrypoints.http.schemas import rules as schemas
from interpares.programme.projections.programmes import VIEW, Programmes
from interpares.programme.projections.rules_applied import RulesApplied

TEMPLATES = "/programmes/{programme_id}/templates"
Version = Annotated[int, Path(ge=1, le=2**31 - 1)]


def amendment_routes(database: Database, desk: Desk, access: Access) -> APIRouter:
    """Return the routes."""
    router: APIRouter = Router(tags=["templates"])
    programmes = Programmes(database)

    @router.post(TEMPLATES, status_code=201)
    async def put_in_force(programme_id: UUID, body: schemas.Amendment, asked: CurrentAsked) -> Answer:
        """Put another version of the template in force; the decision names which earlier ones it touches."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.Amend(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            template=body.template.as_document(),
            strands=body.strands,
        )
        return await desk.carry_out(asked, partial(amend, applications=RulesApplied(database)), command, programme_id)

    @router.get(TEMPLATES)
    async def list_versions(
        programme_id: UUID,
        principal: CurrentPrincipal,
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeastPosition = None,
    ) -> Page[schemas.TemplateVersion]:
        """List the versions that are or were in force."""
        await access.reader(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        (last,) = decode_cursor(after, int) if after else (0,)
        rows = await programmes.templates(programme_id, last, limit + 1)
        found = [schemas.TemplateVersion.model_validate(row) for row in rows]
        return page_of(found, limit, lambda each: (each.version,))

    @router.get(f"{TEMPLATES}/{{version}}")
    async def get_version(
        programme_id: UUID, version: Version, principal: CurrentPrincipal, at_least: AtLeastPosition = None
    ) -> dict[str, Any]:
        """Return one version as it was stored."""
        await access.reader(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        template = await programmes.template(programme_id, version)
        if template is None:
            message = "This programme never had such a version."
            raise NotFound(message)
        return template

    return router
