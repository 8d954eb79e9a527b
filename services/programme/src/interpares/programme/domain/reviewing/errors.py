"""What can stand against a decision about a document or its review."""

from __future__ import annotations

from interpares.common.errors import Conflict, Invalid, NotFound


class UnknownDocumentKind(Invalid):
    """The template knows no such documents."""

    code = "unknown-document-kind"
    way_out = "Name one of the documents of the programme's template."


class OwnersNotFitting(Invalid):
    """The organisations cannot own such a document: too many or none, one of them twice, or in other roles."""

    code = "owners-not-fitting"
    way_out = "Name as owners as many participants as the template lets own it, each in a role that owns it."


class VersionNotFitting(Invalid):
    """A further version has a higher number than those before, and another content than any of them."""

    code = "version-not-fitting"


class UnknownDocument(NotFound):
    """This programme has no such document, or no such version of it."""

    code = "unknown-document"


class DocumentWithdrawn(Conflict):
    """The document was withdrawn, or all of its owners have left."""

    code = "document-withdrawn"
    way_out = "Enter it anew if it is to be reviewed."


class ReviewerNotFitting(Invalid):
    """The organisation cannot review this version; the fact says which rule keeps it out."""

    code = "reviewer-not-fitting"
    way_out = "Choose participants in a reviewer's role that do not own it, have no conflict and do not review it yet."


class TooFewReviewers(Invalid):
    """A version that is reviewed is reviewed by as many as the template asks for, at the least."""

    code = "too-few-reviewers"
    way_out = "Choose more of those who could review it, or amend the rule."


class UnknownReview(NotFound):
    """The organisation was never asked to review this version."""

    code = "unknown-review"


class ReviewNotOpen(Conflict):
    """The review was given before, or is not expected any more."""

    code = "review-not-open"
    way_out = "A review that was given is put right by naming its decision in corrects."


class OtherContent(Conflict):
    """A review is bound to the content of a version: its hash is not that of the version."""

    code = "other-content"
    way_out = "Read the version that is named, and give the hash of what was read."


class ConflictNotFitting(Conflict):
    """An owner has no conflict of interest to declare, and nobody has two, or ends one that was not declared."""

    code = "conflict-not-fitting"
