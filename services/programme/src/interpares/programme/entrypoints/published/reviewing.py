"""What leaves the service about documents and reviews: ids, codes and hashes; titles and what was found stay inside."""

from typing import Any

from interpares.common.contracts.programme import reviewing as contracts
from interpares.programme.domain.reviewing import events
from interpares.programme.entrypoints.published import Published


def _entered(event: events.DocumentEntered) -> dict[str, Any]:
    return {"kind": event.kind, "owners": event.owners, **_version(event)}


def _version(event: events.DocumentEntered | events.DocumentVersionEntered) -> dict[str, Any]:
    return {
        "document_id": event.document,
        "version": event.version,
        "language": event.language,
        "document_hash": event.document_hash,
    }


def _chosen(event: events.ReviewersChosen) -> dict[str, Any]:
    return {
        "document_id": event.document,
        "version": event.version,
        "document_hash": event.document_hash,
        "reviewers": [{"review_id": each.review, "organisation_id": each.organisation} for each in event.reviewers],
        "due": event.due,
    }


def _review(event: events.ReviewEvent) -> dict[str, Any]:
    return {
        "document_id": event.document,
        "version": event.version,
        "document_hash": event.document_hash,
        "review_id": event.review,
        "reviewer_id": event.reviewer,
    }


def _conflict(event: events.ConflictDeclared | events.ConflictEnded) -> dict[str, Any]:
    return {"document_id": event.document, "organisation_id": event.organisation}


PUBLISHED: Published = {
    events.DocumentEntered: (contracts.DocumentEntered, _entered),
    events.DocumentVersionEntered: (contracts.DocumentVersionEntered, _version),
    events.ReviewersChosen: (contracts.ReviewersChosen, _chosen),
    events.ReviewGiven: (contracts.ReviewGiven, _review),
    events.ReviewerSteppedBack: (contracts.ReviewerSteppedBack, _review),
    events.ReviewLapsed: (
        contracts.ReviewLapsed,
        lambda event: {**_review(event), "cause": event.cause.value},
    ),
    events.ConflictDeclared: (contracts.ConflictDeclared, _conflict),
    events.ConflictEnded: (contracts.ConflictEnded, _conflict),
    events.DocumentWithdrawn: (
        contracts.DocumentWithdrawn,
        lambda event: {"document_id": event.document},
    ),
}
