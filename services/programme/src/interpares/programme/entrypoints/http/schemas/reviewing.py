"""Documents, their versions and reviews."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from interpares.common.http import Body, Day, ShortText, Text
from interpares.programme.entrypoints.http.schemas.deciding import Deciding
from interpares.programme.entrypoints.http.schemas.record import Digest

Number = Annotated[int, Field(ge=1, lt=2**31, description="Number of the version.")]
Language = Annotated[str, Field(pattern="^[a-z]{2}$", description="Language of the version, ISO 639-1.")]
Kind = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$", description="Key of the template's documents.")]


class VersionBody(Body):
    """A version of a document: its number, language, and the hash of its content, which stays where it lies."""

    version: Number = 1
    language: Language
    document_hash: Digest


class DocumentGiven(Deciding, VersionBody):
    """A document with its first version here. owners: participants; several only where the template says so."""

    kind: Kind
    owners: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=50)]
    title: Annotated[ShortText, Field(description="What it is called; sealed, never part of an event.")]


class VersionGiven(Deciding, VersionBody):
    """A further version. version: higher than those before."""

    version: Number


class ReviewersGiven(Deciding):
    """Whom to ask, in addition to those asked before. due: until when; without a day, whenever they have it."""

    reviewers: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=50)]
    due: Day | None = None


class ReviewText(Deciding):
    """What a reviewer found. document_hash: of what was read, which has to be this version."""

    document_hash: Digest
    text: Annotated[Text, Field(description="What was found, in words; sealed, never part of an event.")]


class ConflictGiven(Deciding):
    """Who has a conflict of interest about a document."""

    organisation_id: UUID


class Version(BaseModel):
    """A version. reviewers_at_least: by the rule when reviewers were chosen last, null while it is not reviewed."""

    version: int
    language: str
    document_hash: str
    entered_at: datetime
    reviewers_at_least: int | None


class Document(BaseModel):
    """A document. title: null once it was erased. conflicts: who stays out of its reviews."""

    id: Annotated[UUID, Field(validation_alias="document_id")]
    kind: str
    owners: list[UUID]
    title: str | None
    conflicts: list[UUID]
    withdrawn: bool
    entered_at: datetime
    last_decision: UUID
    versions: list[Version]


class Review(BaseModel):
    """A review of a version. text: for the office, auditors, owners and the reviewer; null once it was erased.

    status: asked, given, stepped-back or lapsed. outputs: what was recorded with this review as its source.
    """

    id: Annotated[UUID, Field(validation_alias="review_id")]
    document_id: UUID
    kind: str
    version: int
    document_hash: str
    reviewer_id: UUID
    status: str
    asked_at: datetime
    due: date | None
    answered_at: datetime | None
    text: str | None
    last_decision: UUID
    outputs: list[UUID]


class Reviewed(BaseModel):
    """The review that an output came of: whose, of which version of which document."""

    review_id: UUID
    reviewer_id: UUID
    document_id: UUID
    kind: str
    version: int
    document_hash: str
