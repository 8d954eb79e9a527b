"""Files as use cases see them: a table of names, a room for contents, and somebody who looks into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime
    from typing import IO
    from uuid import UUID

    from interpares.common.writes import Row
    from interpares.registration.domain.file import MediaType, StoredFile


@dataclass(frozen=True)
class FileNote:
    """What is known of a file. name: as sent, None once it was erased. subjects: people it is about."""

    id: UUID
    organisation_id: UUID
    name: str | None
    media_type: str
    size: int
    sha256: str
    stored_at: datetime
    erased_at: datetime | None


class Files(Protocol):
    """The table of files: names, and whose they are."""

    async def one(self, file_id: UUID) -> FileNote | None:
        """Return what is known of a file, also of one whose content was erased; None if there is none."""
        ...

    async def page(self, organisation_id: UUID, *, after: UUID | None, limit: int) -> list[FileNote]:
        """Return the files of an organisation in the order they came, from behind ``after``."""
        ...

    async def about(self, person_id: UUID, actor: UUID) -> list[FileNote]:
        """Return the files a person is named as a subject of; actor: the opaque id they act under."""
        ...

    def entering(self, file: StoredFile, name: str, subjects: Sequence[UUID]) -> Row:
        """Enter a file; subjects: people it is about."""
        ...

    def erasing(self, file_id: UUID) -> Row:
        """Let the name go, and note that the content has to."""
        ...


class Room(Protocol):
    """Where contents lie: a folder, or a bucket. Nothing in it is named by what people type.

    Raises Busy where it does not answer.
    """

    async def put(self, file_id: UUID, file: IO[bytes]) -> None:
        """Keep a content; putting the same again changes nothing. Raises FilesNotKept where there is no room."""
        ...

    async def content(self, file_id: UUID) -> AsyncIterator[bytes]:
        """Return a content in pieces. Raises FileErased where it is gone."""
        ...

    async def remove(self, file_id: UUID) -> None:
        """Let a content go; one that is gone needs nothing, one that cannot be reached the worker lets go later."""
        ...


class Contents(Protocol):
    """Holds contents against their declared types."""

    def check_first(self, media_type: MediaType, first: bytes) -> None:
        """Refuse a file by its first bytes. Raises FileEmpty, FileUnlikeItsType, FileActive."""
        ...

    def check_whole(self, media_type: MediaType, file: IO[bytes]) -> None:
        """Refuse a file that is not whole, is several things at once, or would run. Raises as ``check_first``."""
        ...
