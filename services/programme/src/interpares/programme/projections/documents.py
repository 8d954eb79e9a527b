"""Documents, their versions and reviews, as they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from interpares.common.writes import Row
from interpares.programme.domain.reviewing import events

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.common.eventstore import Recorded

VIEW = "documents"
DOCUMENTS = (
    "SELECT d.document_id, d.kind, d.owners, t.text AS title, d.conflicts, d.withdrawn, d.entered_at, d.last_decision"
    " FROM documents d LEFT JOIN sealed_texts t ON t.hash = d.title"
)
# What a review led to is seen from its outputs, those that grew out of others included.
REVIEWS = (
    "SELECT r.review_id, r.document_id, r.version, v.document_hash, d.kind, d.owners, r.reviewer_id, r.status,"
    " r.asked_at, r.due, r.answered_at, t.text, r.last_decision,"
    " ARRAY(SELECT o.output_id FROM outputs o WHERE o.programme_id = r.programme_id"
    " AND o.source = 'review:' || r.review_id::text ORDER BY o.output_id) AS outputs"
    " FROM reviews r JOIN documents d USING (programme_id, document_id)"
    " JOIN document_versions v USING (programme_id, document_id, version)"
    " LEFT JOIN sealed_texts t ON t.hash = r.text"
)


class DocumentsProjector:
    """Keeps documents, versions and reviews."""

    VIEW: ClassVar[str] = VIEW
    TABLES: ClassVar[tuple[str, ...]] = ("documents", "document_versions", "reviews")

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """Return the changes of one event."""
        event = recorded.event
        match event:
            case events.DocumentEntered():
                yield Row(
                    "INSERT INTO documents VALUES (%s, %s, %s, %s, %s, '{}', false, %s, %s)",
                    (
                        *(event.originator_id, event.document, event.kind, list(event.owners), event.title),
                        *(event.decision.decided_at, event.event_id),
                    ),
                )
                yield _version(event)
            case events.DocumentVersionEntered():
                yield _version(event)
            case events.ReviewersChosen():
                yield from _chosen(event)
            case events.ReviewGiven():
                yield Row(
                    "UPDATE reviews SET status = 'given', text = %s, answered_at = %s, last_decision = %s"
                    " WHERE programme_id = %s AND review_id = %s",
                    (event.text, event.decision.decided_at, event.event_id, event.originator_id, event.review),
                )
            case events.ReviewLost():
                status = "stepped-back" if isinstance(event, events.ReviewerSteppedBack) else "lapsed"
                yield Row(
                    "UPDATE reviews SET status = %s, answered_at = %s, last_decision = %s"
                    " WHERE programme_id = %s AND review_id = %s",
                    (status, event.decision.decided_at, event.event_id, event.originator_id, event.review),
                )
            case events.ConflictDeclared():
                yield _conflicts("array_append(conflicts, %s)", event)
            case events.ConflictEnded():
                yield _conflicts("array_remove(conflicts, %s)", event)
            case events.DocumentWithdrawn():
                yield Row(
                    "UPDATE documents SET withdrawn = true, last_decision = %s"
                    " WHERE programme_id = %s AND document_id = %s",
                    (event.event_id, event.originator_id, event.document),
                )


def _version(event: events.DocumentEntered | events.DocumentVersionEntered) -> Row:
    return Row(
        "INSERT INTO document_versions VALUES (%s, %s, %s, %s, %s, %s, NULL, %s)",
        (
            *(event.originator_id, event.document, event.version, event.language, event.document_hash),
            *(event.decision.decided_at, event.event_id),
        ),
    )


def _chosen(event: events.ReviewersChosen) -> Iterable[Row]:
    yield Row(
        "UPDATE document_versions SET reviewers_at_least = %s, last_decision = %s"
        " WHERE programme_id = %s AND document_id = %s AND version = %s",
        (event.at_least, event.event_id, event.originator_id, event.document, event.version),
    )
    for each in event.reviewers:
        yield Row(
            "INSERT INTO reviews VALUES (%s, %s, %s, %s, %s, 'asked', %s, %s, NULL, NULL, %s)"
            " ON CONFLICT (programme_id, review_id) DO UPDATE SET status = 'asked', asked_at = excluded.asked_at,"
            " due = excluded.due, answered_at = NULL, last_decision = excluded.last_decision",
            (
                *(event.originator_id, each.review, event.document, event.version, each.organisation),
                *(event.decision.decided_at, event.due, event.event_id),
            ),
        )


def _conflicts(now: str, event: events.ConflictDeclared | events.ConflictEnded) -> Row:
    return Row(
        f"UPDATE documents SET conflicts = {now}, last_decision = %s WHERE programme_id = %s AND document_id = %s",  # noqa: S608 -- constants
        (event.organisation, event.event_id, event.originator_id, event.document),
    )


class DocumentsView:
    """Queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self,
        programme_id: UUID,
        after: UUID | None,
        limit: int,
        *,
        kind: str | None = None,
        owner: UUID | None = None,
    ) -> list[dict[str, Any]]:
        """Return documents with their versions, in the order of their ids, which is that of their entry."""
        rows = await self._database.fetch(
            DOCUMENTS
            + " WHERE d.programme_id = %(programme)s AND (%(after)s::uuid IS NULL OR d.document_id > %(after)s)"
            " AND (%(kind)s::text IS NULL OR d.kind = %(kind)s)"
            " AND (%(owner)s::uuid IS NULL OR %(owner)s = ANY(d.owners)) ORDER BY d.document_id LIMIT %(limit)s",
            {"programme": programme_id, "after": after, "kind": kind, "owner": owner, "limit": limit},
        )
        return await self._with_versions(programme_id, rows)

    async def one(self, programme_id: UUID, document_id: UUID) -> dict[str, Any] | None:
        """Return a document with its versions."""
        rows = await self._database.fetch(
            DOCUMENTS + " WHERE d.programme_id = %s AND d.document_id = %s", (programme_id, document_id)
        )
        return (await self._with_versions(programme_id, rows))[0] if rows else None

    async def reviews(
        self,
        programme_id: UUID,
        after: UUID | None,
        limit: int,
        *,
        document: UUID | None = None,
        reviewer: UUID | None = None,
        status: str | None = None,
    ) -> list[dict[str, Any]]:
        """Return reviews with the version they are of and the outputs they led to, in the order of their ids."""
        return await self._database.fetch(
            REVIEWS + " WHERE r.programme_id = %(programme)s AND (%(after)s::uuid IS NULL OR r.review_id > %(after)s)"
            " AND (%(document)s::uuid IS NULL OR r.document_id = %(document)s)"
            " AND (%(reviewer)s::uuid IS NULL OR r.reviewer_id = %(reviewer)s)"
            " AND (%(status)s::text IS NULL OR r.status = %(status)s) ORDER BY r.review_id LIMIT %(limit)s",
            {
                "programme": programme_id,
                "after": after,
                "document": document,
                "reviewer": reviewer,
                "status": status,
                "limit": limit,
            },
        )

    async def review(self, programme_id: UUID, review_id: str) -> dict[str, Any] | None:
        """Return one review as ``reviews`` does."""
        rows = await self._database.fetch(
            REVIEWS + " WHERE r.programme_id = %s AND r.review_id = %s::uuid", (programme_id, review_id)
        )
        return rows[0] if rows else None

    async def _with_versions(self, programme_id: UUID, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        versions = await self._database.fetch(
            "SELECT * FROM document_versions WHERE programme_id = %s AND document_id = ANY(%s) ORDER BY version",
            (programme_id, [row["document_id"] for row in rows]),
        )
        return [
            row | {"versions": [each for each in versions if each["document_id"] == row["document_id"]]} for row in rows
        ]
