"""What happens to documents and their reviews; stored for ever like all events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.programme.domain.events import Event
from interpares.programme.domain.reviewing.state import Document, ReviewLoss, Version

if TYPE_CHECKING:
    from interpares.programme.domain.programme import Programme


class DocumentEvent(Event):
    """Something about a document."""

    document: UUID

    def before(self, aggregate: Programme) -> Document:
        """Return the document as it stood."""
        return aggregate.state.reviewing.known(self.document)

    def after(self, aggregate: Programme, document: Document) -> None:
        """Remember the document as it stands now."""
        aggregate.state.reviewing.keep(self.document, document)


class DocumentEntered(DocumentEvent):
    """There is a document, with a first version. ``title``: hex hash of a sealed text. ``document_hash``: SHA-256."""

    TOPIC = "programme.programme.document-entered.v1"
    kind: str
    owners: tuple[UUID, ...]
    title: str
    version: int
    language: str
    document_hash: str

    def apply(self, aggregate: Programme) -> None:
        """Begin with one version and no reviews."""
        self.after(aggregate, Document(self.kind, self.owners, (Version(self.version, self.document_hash),)))


class DocumentVersionEntered(DocumentEvent):
    """There is a further version of a document."""

    TOPIC = "programme.programme.document-version-entered.v1"
    version: int
    language: str
    document_hash: str

    def apply(self, aggregate: Programme) -> None:
        """Add it; reviews of earlier ones go on."""
        document = self.before(aggregate)
        versions = (*document.versions, Version(self.version, self.document_hash))
        self.after(aggregate, replace(document, versions=versions))


class VersionEvent(DocumentEvent):
    """Something about the reviews of a version; ``document_hash`` is that of its content."""

    version: int
    document_hash: str

    def version_before(self, aggregate: Programme) -> Version:
        """Return the version as it stood."""
        return next(each for each in self.before(aggregate).versions if each.number == self.version)

    def version_after(self, aggregate: Programme, version: Version) -> None:
        """Remember the version as it stands now."""
        self.after(aggregate, self.before(aggregate).changed(version))


@dataclass(frozen=True)
class Reviewer:
    """Who is asked, and the id its review has."""

    review: UUID
    organisation: UUID


class ReviewersChosen(VersionEvent):
    """Participants are asked to review a version until a day. ``at_least``: so many have to, by the rule."""

    TOPIC = "programme.programme.reviewers-chosen.v1"
    reviewers: tuple[Reviewer, ...]
    due: date | None
    at_least: int

    def apply(self, aggregate: Programme) -> None:
        """Wait for their reviews."""
        asked = tuple(each.organisation for each in self.reviewers)
        self.version_after(aggregate, self.version_before(aggregate).with_reviewers(asked))


class ReviewEvent(VersionEvent):
    """Something about one review."""

    review: UUID
    reviewer: UUID


class ReviewGiven(ReviewEvent):
    """A reviewer has said what it finds, or corrected it. ``text``: hex hash of the sealed text."""

    TOPIC = "programme.programme.review-given.v1"
    text: str

    def apply(self, aggregate: Programme) -> None:
        """Wait for it no longer."""
        self.version_after(aggregate, self.version_before(aggregate).answered(self.reviewer))


class ReviewLost(ReviewEvent):
    """A review will not come."""

    def apply(self, aggregate: Programme) -> None:
        """Wait for it no longer."""
        self.version_after(aggregate, self.version_before(aggregate).without(self.reviewer))


class ReviewerSteppedBack(ReviewLost):
    """A reviewer will not review the version."""

    TOPIC = "programme.programme.reviewer-stepped-back.v1"


class ReviewLapsed(ReviewLost):
    """A review will not come, and the reviewer did not step back; a closed programme lets them all lapse."""

    TOPIC = "programme.programme.review-lapsed.v1"
    OUTLIVES = True
    cause: ReviewLoss


class ConflictDeclared(DocumentEvent):
    """A participant has a conflict of interest about a document, and stays out of its reviews."""

    TOPIC = "programme.programme.conflict-declared.v1"
    organisation: UUID

    def apply(self, aggregate: Programme) -> None:
        """Keep it out."""
        document = self.before(aggregate)
        self.after(aggregate, replace(document, conflicts=(*document.conflicts, self.organisation)))


class ConflictEnded(DocumentEvent):
    """A participant has no conflict of interest about a document any more, or never had."""

    TOPIC = "programme.programme.conflict-ended.v1"
    organisation: UUID

    def apply(self, aggregate: Programme) -> None:
        """Let it review again."""
        document = self.before(aggregate)
        left = tuple(each for each in document.conflicts if each != self.organisation)
        self.after(aggregate, replace(document, conflicts=left))


class DocumentWithdrawn(DocumentEvent):
    """Nobody is to review it any more; reviews that were given stand."""

    TOPIC = "programme.programme.document-withdrawn.v1"

    def apply(self, aggregate: Programme) -> None:
        """Take no more versions and reviews."""
        self.after(aggregate, replace(self.before(aggregate), withdrawn=True))
