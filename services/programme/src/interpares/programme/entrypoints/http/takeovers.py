"""Routes: a running programme is taken over from a spreadsheet: form, preview, confirmation."""

import asyncio
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from interpares.common.commands import Commands
from interpares.common.database import Database
from interpares.common.http import CurrentAsked, CurrentPrincipal, CurrentUpload, Router, upload_router
from interpares.programme.application import takeover
from interpares.programme.domain.grounds import Grounds
from interpares.programme.entrypoints import sheets
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.desk import Desk, why
from interpares.programme.entrypoints.http.schemas import Answer, Deciding
from interpares.programme.entrypoints.http.schemas import takeover as schemas
from interpares.programme.projections.heard import HeardOrganisations
from interpares.programme.projections.takeovers import KeptSheets

Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256 of the file, as its preview told.")]
# A preview decides nothing; what it tries needs a reason all the same.
UNDECIDED = "0" * 64


def preview_routes(database: Database, commands: Commands, access: Access) -> APIRouter:
    """Return the route that takes a file."""
    router: APIRouter = upload_router(accepts=sheets.ACCEPTED, size=sheets.MOST_BYTES, tags=["takeover"])
    directory, kept = HeardOrganisations(database), KeptSheets(database)

    @router.post("/programmes/{programme_id}/takeovers")
    async def preview(programme_id: UUID, asked: CurrentAsked, upload: CurrentUpload) -> schemas.Preview:
        """Look at a spreadsheet: what it would enter, and what is wrong with which line. Nothing is decided."""
        membership = await access.office(asked.principal, programme_id)
        lines = await asyncio.to_thread(sheets.lines_of, upload.media_type, upload.file)
        grounds = Grounds("preview", UNDECIDED, membership.capacity.value, membership.organisation_id)
        command = takeover.PreviewTakeover(
            programme_id=programme_id, grounds=grounds, texts=(), document_hash=upload.sha256, lines=lines
        )
        use_case = partial(takeover.preview_takeover, directory=directory, sheets=kept)
        handled = await asked.run(commands, use_case, command, takeover.Previewed, lane=programme_id)
        return schemas.Preview.model_validate(handled.result, from_attributes=True)

    return router


def takeover_routes(database: Database, desk: Desk, access: Access) -> APIRouter:
    """Return the routes of the form and of the confirmation."""
    router: APIRouter = Router(tags=["takeover"])
    directory, kept = HeardOrganisations(database), KeptSheets(database)

    @router.get(
        "/programmes/{programme_id}/takeovers/form",
        response_class=Response,
        responses={200: {"content": {sheets.XLSX: {}}}},
    )
    async def get_form(programme_id: UUID, principal: CurrentPrincipal) -> Response:
        """Return the workbook to be filled in, with its columns explained."""
        await access.desk(principal, programme_id)
        content = await asyncio.to_thread(sheets.form)
        name = {"Content-Disposition": 'attachment; filename="takeover.xlsx"'}
        return Response(content, media_type=sheets.XLSX, headers=name)

    @router.post("/programmes/{programme_id}/takeovers/{document_hash}/confirmation")
    async def confirm(programme_id: UUID, document_hash: Digest, body: Deciding, asked: CurrentAsked) -> Answer:
        """Enter all of the file, each line a decision of its own marked as imported; or nothing of it."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = takeover.ConfirmTakeover(
            programme_id=programme_id, grounds=reasons.grounds, texts=reasons.texts, document_hash=document_hash
        )
        use_case = partial(takeover.confirm_takeover, directory=directory, sheets=kept)
        return await desk.carry_out(asked, use_case, command, programme_id)

    return router
