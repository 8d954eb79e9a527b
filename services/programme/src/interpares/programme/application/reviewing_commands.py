"""What can be asked about documents and their reviews."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.programme.application.commands import Deciding

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class EnterDocument(Deciding):
    """Enter a document. title: hash of the sealed text. document_hash: SHA-256 of the version."""

    document_id: UUID
    kind: str
    owners: tuple[UUID, ...]
    title: str
    version: int
    language: str
    document_hash: str


@dataclass(frozen=True, kw_only=True)
class EnterVersion(Deciding):
    """Enter a further version."""

    document_id: UUID
    version: int
    language: str
    document_hash: str


@dataclass(frozen=True, kw_only=True)
class ChooseReviewers(Deciding):
    """Ask participants to review a version until a day, None for no day."""

    document_id: UUID
    version: int
    reviewers: tuple[UUID, ...]
    due: date | None


@dataclass(frozen=True, kw_only=True)
class AboutReview(Deciding):
    """Something about the review of a version by a participant."""

    document_id: UUID
    version: int
    reviewer: UUID


@dataclass(frozen=True, kw_only=True)
class GiveReview(AboutReview):
    """Say what was found. document_hash: of what was read. text: hash of the sealed text."""

    document_hash: str
    text: str


@dataclass(frozen=True, kw_only=True)
class AboutConflict(Deciding):
    """A participant has a conflict of interest about a document, or has none any more."""

    document_id: UUID
    organisation_id: UUID


@dataclass(frozen=True, kw_only=True)
class WithdrawDocument(Deciding):
    """Have a document reviewed no longer."""

    document_id: UUID
