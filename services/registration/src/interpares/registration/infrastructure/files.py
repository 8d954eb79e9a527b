"""The table of files, and the room their contents lie in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import obstore
import structlog
from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, from_url

from interpares.common.cancelling import heed_cancellation
from interpares.common.writes import Row
from interpares.registration.application.file_ports import FileNote
from interpares.registration.domain.file_refusals import FileErased, FilesNotKept

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from typing import IO

    from obstore.store import ObjectStore

    from interpares.common.database import Database
    from interpares.registration.domain.file import StoredFile

COLUMNS = "file_id AS id, organisation_id, name, media_type, size, sha256, stored_at, erased_at"
PIECE = 256 * 1024
FOLDER = "contents"
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
        self._store = _opened(url) if url else None

    async def put(self, file_id: UUID, file: IO[bytes]) -> None:
        """See the port."""
        file.seek(0)
        await obstore.put_async(self._needed(), _place(file_id), file)

    async def content(self, file_id: UUID) -> AsyncIterator[bytes]:
        """See the port."""
        try:
            found = await obstore.get_async(self._needed(), _place(file_id))
        except (NotFoundError, FileNotFoundError) as error:
            raise FileErased from error
        return _pieces(found)

    async def remove(self, file_id: UUID) -> None:
        """See the port."""
        try:
            await obstore.delete_async(self._needed(), _place(file_id))
        except (NotFoundError, FileNotFoundError):
            return

    async def tidied(self, database: Database) -> int:
        """Remove contents that nobody is to find any more: of erased files, and of requests that did not end.

        Contents younger than an hour may belong to a request that is under way. Returns how many were removed.
        """
        if self._store is None:
            return 0
        removed = 0
        async for listed in obstore.list(self._store, FOLDER):
            heed_cancellation()
            for entry in listed:
                file_id = UUID(entry["path"].rpartition("/")[2])
                rows = await database.fetch(
                    "SELECT 1 FROM files WHERE file_id = %s AND erased_at IS NULL"
                    " UNION ALL SELECT 1 WHERE %s > now() - interval '1 hour'"
                    " AND NOT EXISTS (SELECT 1 FROM files WHERE file_id = %s)",
                    (file_id, entry["last_modified"], file_id),
                )
                if not rows:
                    await self.remove(file_id)
                    removed += 1
        if removed:
            log.info("contents-removed", count=removed)
        return removed

    def _needed(self) -> ObjectStore:
        if self._store is None:
            raise FilesNotKept
        return self._store


def _opened(url: str) -> ObjectStore:
    parts = urlsplit(url)
    if parts.scheme == "file":
        return LocalStore(Path(unquote(parts.path)), mkdir=True)
    return from_url(url)


def _place(file_id: UUID) -> str:
    return f"{FOLDER}/{file_id}"


async def _pieces(found: obstore.GetResult) -> AsyncIterator[bytes]:
    async for piece in found.stream(min_chunk_size=PIECE):
        yield bytes(piece)
