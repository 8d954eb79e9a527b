"""Files: what organisations show as evidence. The log knows that there is one, what it weighs and what it hashes to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.aggregate import Aggregate, Snapshot
from interpares.registration.domain.file_refusals import FileErased
from interpares.registration.domain.grounds import Grounds


class MediaType(StrEnum):
    """What may be kept; documents of office programs are kept closed and never looked into for showing."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ODT = "application/vnd.oasis.opendocument.text"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"
    CSV = "text/csv"
    TXT = "text/plain"

    @property
    def ending(self) -> str:
        """The ending of names of such files, without the dot."""
        return ENDINGS[self]


ENDINGS = {
    MediaType.PDF: "pdf",
    MediaType.PNG: "png",
    MediaType.JPEG: "jpg",
    MediaType.DOCX: "docx",
    MediaType.XLSX: "xlsx",
    MediaType.ODT: "odt",
    MediaType.ODS: "ods",
    MediaType.CSV: "csv",
    MediaType.TXT: "txt",
}


@dataclass(frozen=True)
class State:
    """What decisions about a file rest on. sha256: hex, of its content."""

    organisation_id: UUID
    sha256: str
    erased: bool = False


class Change(Aggregate.Event):
    """A change of a file; names of files are typed and lie in a table."""


class Erased(Change):
    """The content and the name are gone; the hash stays, and with it what was proved by it.

    reason: hex hash of the sealed text. acting_as: capacity of whoever erased it.
    """

    TOPIC = "registration.file.erased.v1"

    organisation_id: UUID
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: StoredFile) -> None:
        """Take note."""
        aggregate.state = replace(aggregate.state, erased=True)


class StoredFile(Aggregate):
    """One file of an organisation."""

    TOPIC = "registration.file"
    Event = Change
    if TYPE_CHECKING:
        state: State

    class Created(Change, Aggregate.Created):
        """A file was stored. size: bytes. sha256: hex, of the content. acting_as: capacity of whoever sent it."""

        TOPIC = "registration.file.stored.v1"

        organisation_id: UUID
        media_type: MediaType
        size: int
        sha256: str
        acting_as: str

        def apply(self, aggregate: StoredFile) -> None:
            """Take up what decisions rest on."""
            aggregate.state = State(self.organisation_id, self.sha256)

    @classmethod
    def store(
        cls, file_id: UUID, *, organisation_id: UUID, media_type: MediaType, size: int, sha256: str, acting_as: str
    ) -> StoredFile:
        """Take note of a file that is where it belongs."""
        return cls._create(
            cls.Created,
            id=file_id,
            organisation_id=organisation_id,
            media_type=media_type,
            size=size,
            sha256=sha256,
            acting_as=acting_as,
        )

    def erase(self, grounds: Grounds) -> None:
        """Let the content go. Raises FileErased where it has gone already."""
        if self.state.erased:
            raise FileErased
        self.trigger_event(
            Erased,
            organisation_id=self.state.organisation_id,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )


class StoredFileSnapshot(Snapshot):
    """A file at a version."""

    TOPIC = "registration.file.snapshot"
    AGGREGATE = StoredFile
    state: State
