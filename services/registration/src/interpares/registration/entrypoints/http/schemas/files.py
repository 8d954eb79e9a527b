"""Files over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, BaseModel

from interpares.registration.application.file_ports import FileNote


def _no_path(value: str) -> str:
    if not value.isprintable() or not value.strip(" .") or any(each in value for each in "/\\"):
        message = "Needs to be the name of a file, without folders."
        raise ValueError(message)
    return value


FileName = Annotated[
    str,
    Query(min_length=1, max_length=200, description="What the file is called; no folder."),
    AfterValidator(_no_path),
]


class FileAnswer(BaseModel):
    """A file is kept. sha256: hex, of its content; position: send it as X-At-Least-Position."""

    id: UUID
    sha256: str
    size: int
    position: int


class FileShown(BaseModel):
    """What is known of a file. name: null once it was erased, then only that it was there, and its hash, is known."""

    id: UUID
    organisation_id: UUID
    name: str | None
    media_type: str
    size: int
    sha256: str
    stored_at: datetime
    erased_at: datetime | None

    @classmethod
    def of(cls, note: FileNote) -> "FileShown":
        """Return a file as it is shown."""
        return cls(**vars(note))
