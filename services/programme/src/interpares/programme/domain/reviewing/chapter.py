"""Deciding about reviews: asked for, given, and who stays out of them.

Who reviews what is decided by the office, version by version; every rule is checked here, whoever proposes the
reviewers. A review is bound to the hash of the version, and what it recommends becomes an output with it as source.
Rounds that share many reviews out evenly are not made here: what they propose is chosen here all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.context import occasion
from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.decision import Criterion
from interpares.programme.domain.errors import MomentNotFitting
from interpares.programme.domain.reviewing import events
from interpares.programme.domain.reviewing.errors import (
    ConflictNotFitting,
    OtherContent,
    ReviewNotOpen,
    TooFewReviewers,
    UnknownReview,
)
from interpares.programme.domain.reviewing.lapsing import Lapsing, reviewed
from interpares.programme.domain.reviewing.owning import shown
from interpares.programme.domain.reviewing.pool import Pool
from interpares.programme.domain.reviewing.state import ReviewLoss, review_id

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from interpares.programme.domain.decision import Decision
    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.reviewing.state import Document, Version


class Reviewing(Lapsing):
    """Who reviews what."""

    def choose_reviewers(
        self, document_id: UUID, number: int, reviewers: tuple[UUID, ...], due: date | None, grounds: Grounds
    ) -> events.ReviewersChosen:
        """Ask participants to review a version, in addition to those asked before. due: until when, None for no day.

        Raises ReviewerNotFitting, TooFewReviewers, MomentNotFitting, and as for all.
        """
        document = self._reviewable(document_id)
        version, rule = self._document_version(document, number), self._document_rule(document)
        pool = Pool(document, version, rule, self.state.participations, self._day(grounds))
        pool.refuse_unfit(reviewers)
        if due is not None and due < occasion().now.date() and not grounds.looks_back:
            message = "The day lies in the past."
            raise MomentNotFitting(message, "Give a day from today on, or enter it as retrospective.", field="due")
        count = len(document.reviewing(version)) + len(reviewers)
        if not reviewers or count < rule.at_least:
            message = (
                f"The rule {rule.ref.id} asks for {rule.at_least} reviewers, these make {count};"
                f" {len(set(pool.free()) - set(reviewers))} more could review this version."
            )
            raise TooFewReviewers(message, field="reviewers")
        decision = grounds.decide(
            "reviewer-choice",
            f"document:{document_id}",
            "chosen",
            concerns=(*reviewers, *document.owners),
            rule=rule.ref,
            criteria=(
                Criterion("version", str(number)),
                Criterion("reviewers", str(count)),
                Criterion("reviewers-at-least", str(rule.at_least)),
            ),
            evidence=(shown(document_id, number, version.hash),),
            alternatives=(
                *pool.others(reviewers),
                instead("no-review", grounds),
            ),
        )
        return self._happen(
            events.ReviewersChosen,
            decision=decision,
            document=document_id,
            version=number,
            document_hash=version.hash,
            reviewers=tuple(events.Reviewer(review_id(document_id, number, each), each) for each in reviewers),
            due=due,
            at_least=rule.at_least,
        )

    def give_review(  # noqa: PLR0917 -- which version of what, by whom, of which content
        self, document_id: UUID, number: int, reviewer: UUID, document_hash: str, text: str, grounds: Grounds
    ) -> events.ReviewGiven:
        """Take a review. document_hash: of what was read. text: hash of the sealed text. Once given, only corrected.

        Raises UnknownReview, ReviewNotOpen, OtherContent, and as for all.
        """
        document, version = self._asked_for(document_id, number, reviewer, corrected=grounds.corrects is not None)
        if document_hash != version.hash:
            message = f"What was read is not version {number} of the document."
            raise OtherContent(message)
        decision = grounds.decide(
            "review",
            f"review:{review_id(document_id, number, reviewer)}",
            "given",
            concerns=(reviewer, *document.owners),
            rule=self._document_rule(document).ref,
            criteria=(Criterion("version", str(number)),),
            evidence=(shown(document_id, number, version.hash),),
            alternatives=(instead("step-back", grounds),),
        )
        return self._happen(
            events.ReviewGiven, decision=decision, text=text, **reviewed(document_id, version, reviewer)
        )

    def step_back(self, document_id: UUID, number: int, reviewer: UUID, grounds: Grounds) -> events.ReviewerSteppedBack:
        """Let a reviewer step back from a version. Raises UnknownReview, ReviewNotOpen, and as for all."""
        document, version = self._asked_for(document_id, number, reviewer)
        decision = grounds.decide(
            "review-step-back",
            f"review:{review_id(document_id, number, reviewer)}",
            "stepped-back",
            concerns=(reviewer, *document.owners),
            rule=self._document_rule(document).ref,
            criteria=(Criterion("version", str(number)),),
            alternatives=(instead("give-review", grounds),),
        )
        return self._happen(events.ReviewerSteppedBack, decision=decision, **reviewed(document_id, version, reviewer))

    def release_reviewer(self, document_id: UUID, number: int, reviewer: UUID, grounds: Grounds) -> events.ReviewLapsed:
        """Expect a review no longer, by decision of the office. Raises UnknownReview, ReviewNotOpen, and as for all."""
        _, version = self._asked_for(document_id, number, reviewer)
        return self._lapse_review(document_id, version, reviewer, ReviewLoss.RELEASED, grounds, follows=None)

    def declare_conflict(self, document_id: UUID, organisation: UUID, grounds: Grounds) -> events.ConflictDeclared:
        """Keep a participant out of the reviews of a document, for a conflict of interest it has declared.

        A review it was asked for lapses; one it has given stands, and counts no longer towards those that are needed.
        Raises NotParticipating, ConflictNotFitting, and as for all.
        """
        document = self._reviewable(document_id)
        self._member(organisation)
        if organisation in (*document.owners, *document.conflicts):
            message = "The organisation owns the document, or has declared the conflict before."
            raise ConflictNotFitting(message)
        declared = self._happen(
            events.ConflictDeclared,
            decision=self._about_conflict("conflict-declaration", "declared", document_id, organisation, grounds),
            document=document_id,
            organisation=organisation,
        )
        for version in document.versions:
            if organisation in version.asked:
                self._lapse_review(
                    document_id, version, organisation, ReviewLoss.CONFLICT, grounds, follows=declared.event_id
                )
        return declared

    def end_conflict(self, document_id: UUID, organisation: UUID, grounds: Grounds) -> events.ConflictEnded:
        """Let a participant review again that had declared a conflict of interest. Raises ConflictNotFitting."""
        document = self._reviewable(document_id)
        if organisation not in document.conflicts:
            message = "The organisation has declared no conflict of interest about this document."
            raise ConflictNotFitting(message)
        return self._happen(
            events.ConflictEnded,
            decision=self._about_conflict("conflict-end", "ended", document_id, organisation, grounds),
            document=document_id,
            organisation=organisation,
        )

    def _about_conflict(
        self, decision_type: str, outcome: str, document_id: UUID, organisation: UUID, grounds: Grounds
    ) -> Decision:
        return grounds.decide(
            decision_type,
            f"document:{document_id}",
            outcome,
            concerns=(organisation,),
            rule=self._document_rule(self.state.reviewing.known(document_id)).ref,
            alternatives=(instead("leave-as-it-was", grounds),),
        )

    def _asked_for(
        self, document_id: UUID, number: int, reviewer: UUID, *, corrected: bool = False
    ) -> tuple[Document, Version]:
        """Return the version somebody is to review or, ``corrected``, has reviewed."""
        document = self._reviewable(document_id)
        version = self._document_version(document, number)
        if reviewer not in (*version.asked, *version.given, *version.left):
            message = "The organisation was not asked to review this version."
            raise UnknownReview(message)
        if reviewer not in (version.given if corrected else version.asked):
            message = "Nobody waits for this review."
            raise ReviewNotOpen(message)
        return document, version
