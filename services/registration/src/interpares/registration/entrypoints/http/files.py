"""Files of organisations: sent in, shown, fetched, erased."""

import asyncio
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from interpares.common.commands import Commands
from interpares.common.http import (
    After,
    CurrentAsked,
    CurrentPrincipal,
    CurrentUpload,
    Limit,
    Page,
    Router,
    page_of,
    upload_router,
)
from interpares.common.policy import Principal
from interpares.registration.application.decided import Decided
from interpares.registration.application.erase_file import EraseFile, erase_file
from interpares.registration.application.file_ports import Contents, FileNote, Files, Room
from interpares.registration.application.ports import Dealings
from interpares.registration.application.store_file import FileStored, StoreFile, store_file
from interpares.registration.domain.file import MediaType
from interpares.registration.domain.file_refusals import FileErased
from interpares.registration.entrypoints.http.asking import behind, new_id
from interpares.registration.entrypoints.http.authority import known
from interpares.registration.entrypoints.http.keeping import check_reads, keeper, reads
from interpares.registration.entrypoints.http.schemas.files import FileAnswer, FileName, FileShown
from interpares.registration.entrypoints.http.schemas.words import Answer, Reasoned

BINARY = {"schema": {"type": "string", "format": "binary"}}
# Whatever shows the file shall run nothing of it.
AS_ATTACHMENT = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}
CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"content": {each.value: BINARY for each in MediaType}, "description": "The file, as it was sent."}
}
Subjects = Annotated[list[UUID], Query(max_length=50, description="ids of the people the file is about")]


def sending_routes(
    commands: Commands, files: Files, room: Room, contents: Contents, dealings: Dealings, *, size: int
) -> APIRouter:
    """Return the route that takes files. size: how large they may be, in bytes."""
    router = upload_router(
        accepts=frozenset(each.value for each in MediaType),
        size=size,
        look=lambda declared, first: contents.check_first(MediaType(declared), first),
        tags=["files"],
    )
    store = partial(store_file, files=files)

    @router.post("/organisations/{organisation_id}/files", status_code=201, operation_id="storeFile")
    async def store_one(
        organisation_id: UUID,
        name: FileName,
        upload: CurrentUpload,
        asked: CurrentAsked,
        about: Subjects = [],  # noqa: B006 -- FastAPI copies it
    ) -> FileAnswer:
        """Keep a file as evidence: the body is the file, its type the Content-Type. The hash is what events name."""
        acting_as = await keeper(asked.principal, organisation_id, dealings)
        declared = MediaType(upload.media_type)
        await asyncio.to_thread(contents.check_whole, declared, upload.file)
        command = StoreFile(
            file_id=new_id(),
            organisation_id=organisation_id,
            name=name,
            media_type=declared,
            size=upload.size,
            sha256=upload.sha256,
            subjects=tuple(about),
            acting_as=acting_as,
        )
        await room.put(command.file_id, upload.file)
        handled = await asked.run(commands, store, command, FileStored)
        if handled.repeated:
            await room.remove(command.file_id)
        stored = handled.result
        return FileAnswer(id=stored.file_id, sha256=stored.sha256, size=stored.size, position=handled.position)

    return router


def file_routes(commands: Commands, files: Files, room: Room, dealings: Dealings) -> APIRouter:
    """Return the routes that show, fetch and erase files."""
    router = Router(tags=["files"])
    erase = partial(erase_file, files=files)

    async def seen(file_id: UUID, principal: Principal) -> FileNote:
        note = await files.one(file_id)
        return known(note if note and await reads(principal, note.organisation_id, dealings) else None, "file")

    @router.get("/organisations/{organisation_id}/files", operation_id="listFiles")
    async def list_all(
        organisation_id: UUID, principal: CurrentPrincipal, after: After = None, limit: Limit = 50
    ) -> Page[FileShown]:
        """List the files of an organisation in the order they came, erased ones included."""
        await check_reads(principal, organisation_id, dealings)
        rows = await files.page(organisation_id, after=behind(after), limit=limit + 1)
        return page_of([FileShown.of(row) for row in rows], limit, lambda row: (row.id,))

    @router.get("/files/{file_id}", operation_id="readFile")
    async def read_one(file_id: UUID, principal: CurrentPrincipal) -> FileShown:
        """Return what is known of a file."""
        return FileShown.of(await seen(file_id, principal))

    @router.get(
        "/files/{file_id}/content", operation_id="fetchFile", response_class=StreamingResponse, responses=CONTENT
    )
    async def fetch_one(file_id: UUID, principal: CurrentPrincipal) -> StreamingResponse:
        """Return the file itself, to be saved and never shown in place."""
        note = await seen(file_id, principal)
        if note.name is None:
            raise FileErased
        headers = {
            **AS_ATTACHMENT,
            "Content-Length": str(note.size),
            "Content-Disposition": attachment(note.name, MediaType(note.media_type)),
            "ETag": f'"{note.sha256}"',
        }
        return StreamingResponse(await room.content(file_id), headers=headers, media_type=note.media_type)

    @router.post("/files/{file_id}/erasure", operation_id="eraseFile")
    async def erase_one(file_id: UUID, body: Reasoned, asked: CurrentAsked) -> Answer:
        """Let the content and the name of a file go; that it was there, and its hash, stay on record."""
        note = await seen(file_id, asked.principal)
        command = EraseFile(
            file_id=file_id,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=await keeper(asked.principal, note.organisation_id, dealings),
        )
        handled = await asked.run(commands, erase, command, Decided, lane=file_id)
        await room.remove(file_id)
        return Answer.to(handled)

    return router


def attachment(name: str, kind: MediaType) -> str:
    """Return the header that has a file saved: with the ending of what it is, whatever its name says."""
    stem = name if name.casefold().endswith(f".{kind.ending}") else f"{name}.{kind.ending}"
    plain = "".join(each if each.isascii() and (each.isalnum() or each in " ._-") else "_" for each in stem)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(stem, safe='')}"
