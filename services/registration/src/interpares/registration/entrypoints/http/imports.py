"""Organisations as documents: upload, preview, confirm; and the whole directory as a table."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import IO, Annotated, Any, Literal, Protocol
from uuid import UUID

from fastapi import APIRouter, Query, Response

from interpares.common.commands import Commands
from interpares.common.database import Database
from interpares.common.http import (
    After,
    AtLeastPosition,
    CurrentAsked,
    CurrentUpload,
    Limit,
    Page,
    Router,
    decode_cursor,
    page_of,
    upload_router,
)
from interpares.common.views import view_at_least
from interpares.registration.application.decided import Decided, ImportPreviewed
from interpares.registration.application.directory_ports import (
    DirectoryKeys,
    Imports,
    OrganisationNames,
    ReadRow,
    RowState,
)
from interpares.registration.application.import_organisations import ConfirmImport, confirm_import
from interpares.registration.application.preview_import import PreviewImport, preview_import
from interpares.registration.domain.organisation import Facts
from interpares.registration.entrypoints.http.asking import new_id
from interpares.registration.entrypoints.http.authority import known, registrar
from interpares.registration.entrypoints.http.schemas.organisations import (
    ImportAnswer,
    ImportConfirmation,
    ImportRowShown,
    ImportShown,
)
from interpares.registration.entrypoints.http.schemas.words import Answer
from interpares.registration.projections.organisations import (
    Organisations,
    OrganisationsProjector,
    Where,
    facts_of,
)

DOCUMENT_BYTES = 8 * 1024 * 1024
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXPORT_PAGE = 1000
BINARY = {"schema": {"type": "string", "format": "binary"}}
ASKED = "An organisation of this name is known in this country, under another key. Is this another one? Then keep it."
OfState = Annotated[RowState | None, Query()]
Exported = tuple[UUID, Facts, UUID | None]


class ListedImports(Protocol):
    """Asks for imports."""

    async def progress(self, import_id: UUID) -> dict[str, Any] | None:
        """Return an import with the number of its rows by state, None if there is none under the id."""
        ...

    async def page(self, import_id: UUID, *, state: str | None, after: int | None, limit: int) -> list[dict[str, Any]]:
        """Return rows in the order of the document, from behind line ``after``."""
        ...


def upload_routes(
    commands: Commands,
    *,
    read: Callable[[str, IO[bytes]], list[ReadRow]],
    keys: DirectoryKeys,
    names: OrganisationNames,
    imports: Imports,
) -> APIRouter:
    """Return the route that takes documents. read: returns the rows of one, by media type; it may take a while."""
    router = upload_router(accepts=frozenset({CSV, XLSX}), size=DOCUMENT_BYTES, tags=["organisations"])
    preview = partial(preview_import, keys=keys, names=names, imports=imports)

    @router.post("/organisation-imports", status_code=201, operation_id="previewImport")
    async def upload(upload: CurrentUpload, asked: CurrentAsked) -> ImportAnswer:
        """Upload a table of organisations (CSV in UTF-8, or XLSX) and see what would come of each of its rows."""
        rows = await asyncio.to_thread(read, upload.media_type, upload.file)
        command = PreviewImport(new_id(), upload.sha256, rows)
        handled = await asked.run(commands, preview, command, ImportPreviewed)
        return ImportAnswer(id=handled.result.import_id, position=handled.position)

    return router


def import_routes(commands: Commands, imports: Imports, listed: ListedImports) -> APIRouter:
    """Return the routes of imports."""
    router = Router(tags=["organisations"])
    confirm = partial(confirm_import, imports=imports)

    @router.get("/organisation-imports/{import_id}", operation_id="readImport")
    async def read_one(import_id: UUID) -> ImportShown:
        """Return how far an import is: rows by state."""
        return _shown(known(await listed.progress(import_id), "import"))

    @router.get("/organisation-imports/{import_id}/rows", operation_id="listImportRows")
    async def list_rows(
        import_id: UUID, state: OfState = None, after: After = None, limit: Limit = 50
    ) -> Page[ImportRowShown]:
        """List the rows of a document with what is wrong with each, where, and what to do about it."""
        start = decode_cursor(after, int)[0] if after else None
        rows = await listed.page(import_id, state=state, after=start, limit=limit + 1)
        shown = [ImportRowShown(**row, question=ASKED if row["state"] == RowState.ASKED else None) for row in rows]
        return page_of(shown, limit, lambda row: (row.line,))

    @router.post("/organisation-imports/{import_id}/confirmation", operation_id="confirmImport")
    async def confirm_one(import_id: UUID, body: ImportConfirmation, asked: CurrentAsked) -> Answer:
        """Let the rows without fault be registered, and those asked about that are kept; the rest is left out."""
        command = ConfirmImport(
            import_id=import_id,
            keep=body.keep,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=registrar(asked.principal),
        )
        return Answer.to(await asked.run(commands, confirm, command, Decided, lane=import_id))

    return router


def export_routes(database: Database, writers: Mapping[str, Callable[[Sequence[Exported]], bytes]]) -> APIRouter:
    """Return the routes that write the directory as a table. writers: by media type."""
    router = Router(tags=["organisations"])
    organisations = Organisations(database)

    async def written(media_type: str, ending: str, position: int | None) -> Response:
        await view_at_least(database, OrganisationsProjector.VIEW, position)
        everything: list[Exported] = []
        after = None
        while page := await organisations.page(after=after, limit=EXPORT_PAGE, where=Where(), name=None):
            everything += [(each.id, facts_of(each), each.merged_into) for each in page]
            after = page[-1].id
        content = await asyncio.to_thread(writers[media_type], everything)
        headers = {"Content-Disposition": f'attachment; filename="organisations.{ending}"'}
        return Response(content, media_type=media_type, headers=headers)

    @router.get(
        "/organisations.csv",
        operation_id="exportOrganisationsAsCsv",
        response_class=Response,
        responses={200: {"content": {CSV: BINARY}, "description": "The table."}},
    )
    async def export_csv(position: AtLeastPosition = None) -> Response:
        """Return the directory as CSV in UTF-8, in the columns an import reads."""
        return await written(CSV, "csv", position)

    @router.get(
        "/organisations.xlsx",
        operation_id="exportOrganisationsAsXlsx",
        response_class=Response,
        responses={200: {"content": {XLSX: BINARY}, "description": "The table."}},
    )
    async def export_xlsx(position: AtLeastPosition = None) -> Response:
        """Return the directory as a workbook, in the columns an import reads."""
        return await written(XLSX, "xlsx", position)

    return router


def _shown(row: dict[str, Any]) -> ImportShown:
    status: Literal["previewed", "running", "finished"] = "previewed"
    if row["confirmed_at"]:
        status = "finished" if row["finished_at"] else "running"
    return ImportShown(
        id=row["import_id"],
        document=row["document"],
        uploaded_at=row["uploaded_at"],
        confirmed_at=row["confirmed_at"],
        finished_at=row["finished_at"],
        status=status,
        rows=row["rows"],
    )
