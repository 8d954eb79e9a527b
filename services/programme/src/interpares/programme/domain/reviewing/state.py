"""Documents and their reviews, as guards need them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID, uuid5


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
    """The guard state of the chapter: documents by their ids."""

    documents: dict[str, Document] = field(default_factory=dict)

    def found(self, review: str) -> tuple[Version, UUID] | None:
        """Return the version and the reviewer of a review by its id as text, whatever became of it."""
        for key, document in self.documents.items():
            for version in document.versions:
                for reviewer in (*version.asked, *version.given, *version.left):
                    if str(review_id(UUID(key), version.number, reviewer)) == review:
                        return version, reviewer
        return None
