"""Drafts of applications, as they stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from psycopg.types.json import Jsonb
from pydantic import TypeAdapter

from interpares.common.database import Database
from interpares.common.eventstore import Recorded
from interpares.common.writes import Row
from interpares.registration.domain.applying.content import Content, Signature
from interpares.registration.domain.draft import Draft, Saved, Signed, Submitted
from interpares.registration.projections.applications import Sight

CONTENT, SIGNATURES = TypeAdapter(Content), TypeAdapter(tuple[Signature, ...])
BEGIN = (
    "INSERT INTO application_drafts (draft_id, programme_id, office_id, organisation_id, role, strand, version,"
    " content, content_hash, signatures, saved_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, '[]', %s)"
)
SAVE = (
    "UPDATE application_drafts SET version = %s, content = %s, content_hash = %s, saved_at = %s,"
    " signatures = CASE WHEN content = %s THEN signatures ELSE '[]' END WHERE draft_id = %s"
)
SIGN = "UPDATE application_drafts SET version = %s, signatures = signatures || %s WHERE draft_id = %s"
SUBMIT = "UPDATE application_drafts SET version = %s, application_id = %s WHERE draft_id = %s"
SEEN = "(office_id = ANY(%(offices)s) OR organisation_id = ANY(%(organisations)s))"
ONE = f"SELECT * FROM application_drafts WHERE draft_id = %(draft_id)s AND {SEEN}"  # noqa: S608 -- constants only
PAGE = (
    f"SELECT * FROM application_drafts WHERE {SEEN}"  # noqa: S608 -- constants only
    " AND (%(organisation_id)s::uuid IS NULL OR organisation_id = %(organisation_id)s)"
    " AND (%(after)s::uuid IS NULL OR draft_id > %(after)s) ORDER BY draft_id LIMIT %(limit)s"
)


@dataclass(frozen=True)
class ListedDraft:
    """A draft. version: its ETag. content: hashes of what was typed. application_id: None until it is submitted."""

    id: UUID
    programme_id: UUID
    office_id: UUID
    organisation_id: UUID
    role: str
    strand: str | None
    version: int
    content: Content
    content_hash: str
    signatures: tuple[Signature, ...]
    saved_at: datetime
    application_id: UUID | None


class DraftsProjector:
    """Keeps the list."""

    VIEW: ClassVar[str] = "application_drafts"
    TABLES: ClassVar[tuple[str, ...]] = ("application_drafts",)

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """See ``interpares.common.views.Projector``."""
        event = recorded.event
        if isinstance(event, Draft.Created):
            content = _json(event.content)
            begun = (
                event.originator_id,
                event.programme_id,
                event.office_id,
                event.organisation_id,
                event.role,
                event.strand,
                event.originator_version,
                content,
                event.content.hash,
                event.timestamp,
            )
            yield Row(BEGIN, begun)
        elif isinstance(event, Saved):
            content = _json(event.content)
            version, saved_hash = event.originator_version, event.content.hash
            yield Row(SAVE, (version, content, saved_hash, event.timestamp, content, event.originator_id))
        elif isinstance(event, Signed):
            signature = Jsonb(SIGNATURES.dump_python((event.signature,), mode="json"))
            yield Row(SIGN, (event.originator_version, signature, event.originator_id))
        elif isinstance(event, Submitted):
            yield Row(SUBMIT, (event.originator_version, event.application_id, event.originator_id))


class Drafts:
    """Asks for drafts; auditors see what was submitted, not what was thought of."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def one(self, draft_id: UUID, sight: Sight) -> ListedDraft | None:
        """Return a draft, None if there is none under the id that may be seen."""
        rows = await self._database.fetch(ONE, {"draft_id": draft_id, **sight.as_params()})
        return _listed(rows[0]) if rows else None

    async def page(
        self, sight: Sight, *, after: UUID | None, limit: int, organisation_id: UUID | None
    ) -> list[ListedDraft]:
        """Return drafts in the order they were begun, from behind ``after``."""
        wanted = {"after": after, "limit": limit, "organisation_id": organisation_id, **sight.as_params()}
        return [_listed(row) for row in await self._database.fetch(PAGE, wanted)]


def _json(content: Content) -> Jsonb:
    return Jsonb(CONTENT.dump_python(content, mode="json"))


def _listed(row: dict[str, Any]) -> ListedDraft:
    return ListedDraft(
        id=row["draft_id"],
        programme_id=row["programme_id"],
        office_id=row["office_id"],
        organisation_id=row["organisation_id"],
        role=row["role"],
        strand=row["strand"],
        version=row["version"],
        content=CONTENT.validate_python(row["content"]),
        content_hash=row["content_hash"],
        signatures=SIGNATURES.validate_python(row["signatures"]),
        saved_at=row["saved_at"],
        application_id=row["application_id"],
    )
