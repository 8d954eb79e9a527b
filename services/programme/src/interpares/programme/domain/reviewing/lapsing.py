"""Reviews that will not come: of who has left, of a document that was withdrawn, of a programme that was closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.decision import Criterion
from interpares.programme.domain.reviewing import events
from interpares.programme.domain.reviewing.owning import Owning
from interpares.programme.domain.reviewing.state import ReviewLoss, review_id

if TYPE_CHECKING:
    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.reviewing.state import Document, Version

LOST_BY = {
    ReviewLoss.WITHDRAWAL: "reviewer-left",
    ReviewLoss.ROLE_END: "reviewer-role-ended",
    ReviewLoss.CONFLICT: "conflict-of-interest",
    ReviewLoss.DOCUMENT_WITHDRAWN: "document-withdrawn",
    ReviewLoss.CLOSURE: "programme-closed",
}


class Lapsing(Owning):
    """What becomes of reviews that were asked for."""

    def withdraw_document(self, document_id: UUID, grounds: Grounds) -> events.DocumentWithdrawn:
        """Have a document reviewed no longer; reviews that were given stand, with all that came out of them."""
        self._reviewable(document_id)
        return self._withdraw_document(document_id, grounds, follows=None)

    def _end_reviews(self, organisation: UUID, grounds: Grounds, *, follows: UUID, role: str = "") -> None:
        """Let go what somebody was to review that has left or lost the role it reviews in, and what only it owned."""
        members = self.state.participations
        for document_id, document in self.state.reviewing.all():
            if role:
                self._role_ended(document_id, document, organisation, role, grounds, follows=follows)
                continue
            for version in document.versions:
                if organisation in version.asked:
                    self._lapse_review(
                        document_id, version, organisation, ReviewLoss.WITHDRAWAL, grounds, follows=follows
                    )
            owned = organisation in document.owners and not document.withdrawn
            if owned and not any(members[str(owner)].active for owner in document.owners):
                self._withdraw_document(document_id, grounds, follows=follows)

    def _end_all_reviews(self, grounds: Grounds, *, follows: UUID) -> None:
        """Let all reviews go that have not come."""
        for document_id, _ in self.state.reviewing.all():
            self._lapse_open(document_id, ReviewLoss.CLOSURE, grounds, follows=follows)

    def _role_ended(
        self, document_id: UUID, document: Document, organisation: UUID, role: str, grounds: Grounds, *, follows: UUID
    ) -> None:
        roles = self._document_rule(document).reviewer_roles
        member = self.state.participations[str(organisation)]
        if role in roles and not any(member.holds(each) for each in roles):
            for version in document.versions:
                if organisation in version.asked:
                    self._lapse_review(
                        document_id, version, organisation, ReviewLoss.ROLE_END, grounds, follows=follows
                    )

    def _withdraw_document(
        self, document_id: UUID, grounds: Grounds, *, follows: UUID | None
    ) -> events.DocumentWithdrawn:
        document = self.state.reviewing.known(document_id)
        decision = grounds.decide(
            "document-withdrawal",
            f"document:{document_id}",
            "withdrawn",
            concerns=document.owners,
            rule=self._document_rule(document).ref,
            alternatives=() if follows else (instead("go-on", grounds),),
            follows=follows,
            reason_code="owners-left" if follows else "",
        )
        withdrawn = self._happen(events.DocumentWithdrawn, decision=decision, document=document_id)
        self._lapse_open(document_id, ReviewLoss.DOCUMENT_WITHDRAWN, grounds, follows=withdrawn.event_id)
        return withdrawn

    def _lapse_open(self, document_id: UUID, cause: ReviewLoss, grounds: Grounds, *, follows: UUID) -> None:
        for version in self.state.reviewing.known(document_id).versions:
            for reviewer in version.asked:
                self._lapse_review(document_id, version, reviewer, cause, grounds, follows=follows)

    def _lapse_review(
        self,
        document_id: UUID,
        version: Version,
        reviewer: UUID,
        cause: ReviewLoss,
        grounds: Grounds,
        *,
        follows: UUID | None,
    ) -> events.ReviewLapsed:
        document = self.state.reviewing.known(document_id)
        decision = grounds.decide(
            "review-lapse",
            f"review:{review_id(document_id, version.number, reviewer)}",
            "released" if follows is None else "lapsed",
            concerns=(reviewer, *document.owners),
            rule=self._document_rule(document).ref,
            criteria=(Criterion("version", str(version.number)),),
            alternatives=() if follows else (instead("wait-on", grounds),),
            follows=follows,
            reason_code=LOST_BY[cause] if follows else "",
        )
        return self._happen(
            events.ReviewLapsed, decision=decision, cause=cause, **reviewed(document_id, version, reviewer)
        )


def reviewed(document_id: UUID, version: Version, reviewer: UUID) -> dict[str, Any]:
    """Return what every event about a review says of it."""
    return {
        "document": document_id,
        "version": version.number,
        "document_hash": version.hash,
        "review": review_id(document_id, version.number, reviewer),
        "reviewer": reviewer,
    }
