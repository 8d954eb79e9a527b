"""The table of files, and the room their contents lie in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import obstore
import structlog
from obstore.exceptions import NotFoundError

from interpares.common.cancelling import heed_cancellation
from interpares.common.errors import Busy
from interpares.common.writes import Row
from interpares.registration.application.file_ports import FileNote
from interpares.registration.domain.file_refusals import FileErased, FilesNotKept
from interpares.registration.infrastructure.rooms import FOLDER, answering, nowhere, opened_store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from typing import IO

    from obstore.store import ObjectStore

    from interpares.common.database import Database
    from interpares.registration.domain.file import StoredFile

COLUMNS = "file_id AS id, organisation_id, name, media_type, size, sha256, stored_at, erased_at"
# Of contents that lie there: those of erased files, and those of no file that are old enough to be nobody's.
LEFT = (
    "SELECT lying.file_id FROM unnest(%s::uuid[], %s::timestamptz[]) AS lying (file_id, since)"
    " LEFT JOIN files USING (file_id) WHERE CASE WHEN files.file_id IS NULL"
    " THEN lying.since <= now() - interval '1 hour' ELSE files.erased_at IS NOT NULL END"
)
PIECE = 256 * 1024
log = structlog.get_logger(__name__)


class FileTable:
    """Implements ``Files``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def one(self, file_id: UUID) -> FileNote | None:
        """See the port."""
        rows = await self._database.fetch(f"SELECT {COLUMNS} FROM files WHERE file_id = %s", (file_id,))  # noqa: S608 -- constants only
        return FileNote(**rows[0]) if rows else None

    async def page(self, organisation_id: UUID, *, after: UUID | None, limit: int) -> list[FileNote]:
        """See the port."""
        rows = await self._database.fetch(
            f"SELECT {COLUMNS} FROM files WHERE organisation_id = %(organisation_id)s"  # noqa: S608 -- constants only
            " AND (%(after)s::uuid IS NULL OR file_id > %(after)s) ORDER BY file_id LIMIT %(limit)s",
            {"organisation_id": organisation_id, "after": after, "limit": limit},
        )
        return [FileNote(**row) for row in rows]

    async def about(self, person_id: UUID, actor: UUID) -> list[FileNote]:
        """See the port."""
        rows = await self._database.fetch(
            f"SELECT {COLUMNS} FROM files WHERE subjects && %s AND erased_at IS NULL ORDER BY file_id",  # noqa: S608 -- constants only
            ([person_id, actor],),
        )
        return [FileNote(**row) for row in rows]

    def entering(self, file: StoredFile, name: str, subjects: Sequence[UUID]) -> Row:
        """See the port."""
        event: Any = file.pending_events[0]
        return Row(
            "INSERT INTO files (file_id, organisation_id, name, media_type, size, sha256, subjects, stored_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            (
                file.id,
                event.organisation_id,
                name,
                event.media_type.value,
                event.size,
                event.sha256,
                list(subjects),
                event.timestamp,
            ),
        )

    def erasing(self, file_id: UUID) -> Row:
        """See the port."""
        return Row("UPDATE files SET name = NULL, subjects = '{}', erased_at = now() WHERE file_id = %s", (file_id,))


class FileRoom:
    """Implements ``Room`` on a folder (``file:///…``), on S3 (``s3://bucket/prefix``), or nowhere."""

    def __init__(self, url: str | None) -> None:
        """``url``: None where no files are kept. S3 takes the usual AWS_… variables."""
        self._store = opened_store(url) if url else None

    async def put(self, file_id: UUID, file: IO[bytes]) -> None:
        """See the port."""
        file.seek(0)
        with answering():
            await obstore.put_async(self._needed(), _place(file_id), file)

    async def content(self, file_id: UUID) -> AsyncIterator[bytes]:
        """See the port."""
        with answering():
            try:
                found = await obstore.get_async(self._needed(), _place(file_id))
            except (NotFoundError, FileNotFoundError) as error:
                if nowhere(error):
                    raise
                raise FileErased from error
        return _pieces(found)

    async def remove(self, file_id: UUID) -> None:
        """See the port."""
        try:
            await self._removed(file_id)
        except Busy:
            log.warning("content-removed-later", file=str(file_id))

    async def tidied(self, database: Database) -> int:
        """Remove contents that nobody is to find any more: of erased files, and of requests that did not end.

        Contents younger than an hour may belong to a request that is under way. Returns how many were removed. Raises
        Busy where the room does not answer.
        """
        removed = 0
        async for file_id in self._left(database):
            await self._removed(file_id)
            removed += 1
        if removed:
            log.info("contents-removed", count=removed)
        return removed

    async def left(self, database: Database) -> int:
        """Return how many contents lie there that nobody is to find any more. Raises Busy."""
        return len([file_id async for file_id in self._left(database)])

    async def _left(self, database: Database) -> AsyncIterator[UUID]:
        if self._store is None:
            return
        listed = obstore.list(self._store, FOLDER)
        while True:
            heed_cancellation()
            with answering():
                entries = await anext(listed, None)
            if entries is None:
                return
            found = {_file_of(entry["path"]): entry["last_modified"] for entry in entries}
            if found.pop(None, None):
                # Somebody put it there who is none of ours.
                log.warning("content-of-nobody")
            for row in await database.fetch(LEFT, (list(found), list(found.values()))):
                yield row["file_id"]

    async def _removed(self, file_id: UUID) -> None:
        with answering():
            try:
                await obstore.delete_async(self._needed(), _place(file_id))
            except (NotFoundError, FileNotFoundError) as error:
                if nowhere(error):
                    raise

    def _needed(self) -> ObjectStore:
        if self._store is None:
            raise FilesNotKept
        return self._store


def _place(file_id: UUID) -> str:
    return f"{FOLDER}/{file_id}"


def _file_of(place: str) -> UUID | None:
    try:
        return UUID(place.rpartition("/")[2])
    except ValueError:
        return None


async def _pieces(found: obstore.GetResult) -> AsyncIterator[bytes]:
    async for piece in found.stream(min_chunk_size=PIECE):
        yield bytes(piece)
