"""Keep a file an organisation shows something by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 -- answers are read by their annotations

from interpares.registration.domain.file import StoredFile

if TYPE_CHECKING:
    from interpares.registration.application.file_ports import Files
    from interpares.registration.application.ports import Unit
    from interpares.registration.domain.file import MediaType


@dataclass(frozen=True)
class StoreFile:
    """A file whose content is in its room already.

    name: as sent. size: bytes. sha256: hex. subjects: people the file is about. acting_as: capacity of whoever sent it.
    """

    file_id: UUID
    organisation_id: UUID
    name: str
    media_type: MediaType
    size: int
    sha256: str
    subjects: tuple[UUID, ...]
    acting_as: str


@dataclass(frozen=True)
class FileStored:
    """The file is kept under this id. sha256: hex, of its content."""

    file_id: UUID
    sha256: str
    size: int


async def store_file(command: StoreFile, unit: Unit, *, files: Files) -> FileStored:
    """Take note of a file."""
    file = StoredFile.store(
        command.file_id,
        organisation_id=command.organisation_id,
        media_type=command.media_type,
        size=command.size,
        sha256=command.sha256,
        acting_as=command.acting_as,
    )
    unit.write(files.entering(file, command.name, command.subjects))
    unit.save(file)
    return FileStored(file.id, command.sha256, command.size)
