"""Documents and their reviews by peers: ids, versions and hashes; titles and what reviewers write are not published.

A review has the same id for a version and a reviewer, however often it is asked for. ``document_hash``: hex SHA-256 of
the version's content.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from interpares.common.contracts.programme.deciding import Decided


class VersionDecided(Decided):
    """Something about a version of a document."""

    document_id: UUID
    version: int
    document_hash: str


class DocumentEntered(VersionDecided):
    """There is a document, with a first version. kind: key of the template."""

    TYPE: ClassVar[str] = "programme.document-entered.v1"

    kind: str
    owners: tuple[UUID, ...]
    language: str


class DocumentVersionEntered(VersionDecided):
    """There is a further version of a document."""

    TYPE: ClassVar[str] = "programme.document-version-entered.v1"

    language: str


class ReviewerChosen(BaseModel):
    """Who is asked, and the id its review has."""

    model_config = ConfigDict(frozen=True)

    review_id: UUID
    organisation_id: UUID


class ReviewersChosen(VersionDecided):
    """Participants are asked to review a version until a day, None for no day; those asked before still are."""

    TYPE: ClassVar[str] = "programme.reviewers-chosen.v1"

    reviewers: tuple[ReviewerChosen, ...]
    due: date | None


class ReviewDecided(VersionDecided):
    """Something about one review."""

    review_id: UUID
    reviewer_id: UUID


class ReviewGiven(ReviewDecided):
    """A reviewer has said what it finds, or corrected it; outputs name the review as their source."""

    TYPE: ClassVar[str] = "programme.review-given.v1"


class ReviewerSteppedBack(ReviewDecided):
    """A reviewer will not review the version."""

    TYPE: ClassVar[str] = "programme.reviewer-stepped-back.v1"


class ReviewLapsed(ReviewDecided):
    """A review is expected no more.

    cause: ``released`` by the office, or what it follows from: ``withdrawal`` of the reviewer, ``role-end``,
    ``conflict``, ``document-withdrawn``, ``closure`` of the programme.
    """

    TYPE: ClassVar[str] = "programme.review-lapsed.v1"

    cause: str


class ConflictDeclared(Decided):
    """A participant has a conflict of interest about a document, and stays out of its reviews."""

    TYPE: ClassVar[str] = "programme.conflict-declared.v1"

    document_id: UUID
    organisation_id: UUID


class ConflictEnded(Decided):
    """A participant has no conflict of interest about a document any more."""

    TYPE: ClassVar[str] = "programme.conflict-ended.v1"

    document_id: UUID
    organisation_id: UUID


class DocumentWithdrawn(Decided):
    """A document is reviewed no longer; reviews that were given stand."""

    TYPE: ClassVar[str] = "programme.document-withdrawn.v1"

    document_id: UUID
