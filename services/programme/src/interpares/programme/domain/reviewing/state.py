"""Documents and their reviews, as guards need them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from collections.abc import Iterator


class ReviewLoss(StrEnum):
    """Why a review that was asked for will not come, other than that the reviewer stepped back."""

    RELEASED = "released"
    WITHDRAWAL = "withdrawal"
    ROLE_END = "role-end"
    CONFLICT = "conflict"
    DOCUMENT_WITHDRAWN = "document-withdrawn"
    CLOSURE = "closure"


def review_id(document: UUID, version: int, reviewer: UUID) -> UUID:
    """Return the id of the review that a participant makes of a version of a document."""
    return uuid5(document, f"{version}.{reviewer}")


@dataclass(frozen=True)
class Version:
    """A version of a document. hash: hex SHA-256 of its content.

    asked: who is to review it and has not answered; given: who has reviewed it; left: who was asked and will not.
    """

    number: int
    hash: str
    asked: tuple[UUID, ...] = ()
    given: tuple[UUID, ...] = ()
    left: tuple[UUID, ...] = ()

    def answered(self, reviewer: UUID) -> Version:
        """Return it with a review."""
        asked = tuple(each for each in self.asked if each != reviewer)
        given = self.given if reviewer in self.given else (*self.given, reviewer)
        return replace(self, asked=asked, given=given)

    def without(self, reviewer: UUID) -> Version:
        """Return it without somebody who was asked."""
        return replace(self, asked=tuple(each for each in self.asked if each != reviewer), left=(*self.left, reviewer))

    def with_reviewers(self, reviewers: tuple[UUID, ...]) -> Version:
        """Return it with more that are asked; who left before may be asked again."""
        left = tuple(each for each in self.left if each not in reviewers)
        return replace(self, asked=(*self.asked, *reviewers), left=left)


@dataclass(frozen=True)
class Document:
    """versions: by rising number. conflicts: who declared one and stays out. withdrawn: nobody reviews it any more."""

    kind: str
    owners: tuple[UUID, ...]
    versions: tuple[Version, ...]
    conflicts: tuple[UUID, ...] = ()
    withdrawn: bool = False

    def version(self, number: int) -> Version | None:
        """Return a version, None if there is none of this number."""
        return next((each for each in self.versions if each.number == number), None)

    def reviewing(self, version: Version) -> tuple[UUID, ...]:
        """Return who counts as reviewer of a version: asked or answered, and without a conflict of interest."""
        return tuple(each for each in (*version.asked, *version.given) if each not in self.conflicts)

    def changed(self, version: Version) -> Document:
        """Return it with one version as it stands now."""
        versions = tuple(version if each.number == version.number else each for each in self.versions)
        return replace(self, versions=versions)


@dataclass
class Reviewing:
    """The guard state of the chapter.

    lines: each document on a line of its own, by its id. Years of reviews are read with a programme each time it is
    loaded, and looked into hardly ever; as text they cost next to nothing until then.
    """

    lines: dict[str, str] = field(default_factory=dict)

    def known(self, document_id: UUID) -> Document:
        """Return a document that is there."""
        return _read(self.lines[str(document_id)])

    def document(self, key: str) -> Document | None:
        """Return a document by its id as text, None if there is none."""
        return _read(self.lines[key]) if key in self.lines else None

    def all(self) -> Iterator[tuple[UUID, Document]]:
        """Yield all documents with their ids, in the order of these; each as it stands when its turn comes."""
        for key in sorted(self.lines):
            yield UUID(key), _read(self.lines[key])

    def keep(self, document_id: UUID, document: Document) -> None:
        """Remember a document as it stands."""
        self.lines[str(document_id)] = _line(document)

    def found(self, review: str) -> tuple[Version, UUID] | None:
        """Return the version and the reviewer of a review by its id as text, whatever became of it."""
        for document_id, document in self.all():
            for version in document.versions:
                for reviewer in (*version.asked, *version.given, *version.left):
                    if str(review_id(document_id, version.number, reviewer)) == review:
                        return version, reviewer
        return None


def _line(document: Document) -> str:
    """Return a document as text: its fields between bars, organisations between commas, versions at the end."""
    versions = (
        f"{each.number}:{each.hash}:{_ids(each.asked)}:{_ids(each.given)}:{_ids(each.left)}"
        for each in document.versions
    )
    state = "withdrawn" if document.withdrawn else ""
    return "|".join((document.kind, _ids(document.owners), _ids(document.conflicts), state, *versions))


def _read(line: str) -> Document:
    kind, owners, conflicts, state, *versions = line.split("|")
    return Document(kind, _uuids(owners), tuple(map(_version, versions)), _uuids(conflicts), bool(state))


def _version(written: str) -> Version:
    number, digest, asked, given, left = written.split(":")
    return Version(int(number), digest, _uuids(asked), _uuids(given), _uuids(left))


def _ids(organisations: tuple[UUID, ...]) -> str:
    return ",".join(each.hex for each in organisations)


def _uuids(written: str) -> tuple[UUID, ...]:
    return tuple(UUID(each) for each in written.split(",")) if written else ()
