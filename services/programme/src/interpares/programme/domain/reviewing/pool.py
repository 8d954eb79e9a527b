"""Who can review a version of a document, and what keeps whom from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.programme.domain.decision import Alternative
from interpares.programme.domain.reviewing.errors import ReviewerNotFitting

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from interpares.programme.domain.participation import Participations
    from interpares.programme.domain.reviewing.rules import DocumentRule
    from interpares.programme.domain.reviewing.state import Document, Version

KEPT_OUT = {
    "own-document": "It owns the document; no owner reviews its own.",
    "conflict-of-interest": "It has declared a conflict of interest about the document.",
    "reviews-already": "It reviews this version already.",
}


@dataclass(frozen=True)
class Pool:
    """Who holds a role that reviews a version of a document, on a day."""

    document: Document
    version: Version
    rule: DocumentRule
    participations: Participations
    day: date

    def members(self) -> tuple[UUID, ...]:
        """Return them in the order of admission, also those that are kept out of this version."""
        roles = self.rule.reviewer_roles
        return tuple(
            member.organisation
            for member in sorted(self.participations.values(), key=lambda each: each.number)
            if member.active and (not roles or any(member.holds(role, self.day) for role in roles))
        )

    def free(self) -> tuple[UUID, ...]:
        """Return who could still be asked."""
        return tuple(each for each in self.members() if self.ground(each) not in KEPT_OUT)

    def refuse_unfit(self, reviewers: tuple[UUID, ...]) -> None:
        """Raise ReviewerNotFitting for the first that cannot review the version."""
        members = self.members()
        for index, reviewer in enumerate(reviewers):
            if reviewer not in members:
                roles = f" in the role {' or '.join(self.rule.reviewer_roles)}" if self.rule.reviewer_roles else ""
                fact = f"By the rule {self.rule.ref.id} participants{roles} review; it is none."
            elif reviewer in reviewers[:index]:
                fact = "It is named twice."
            else:
                fact = KEPT_OUT.get(self.ground(reviewer), "")
            if fact:
                raise ReviewerNotFitting(fact, field=f"reviewers.{index}")

    def others(self, chosen: tuple[UUID, ...]) -> tuple[Alternative, ...]:
        """Return who was not chosen, each with its ground."""
        return tuple(Alternative(self.ground(each), each) for each in self.members() if each not in chosen)

    def ground(self, organisation: UUID) -> str:
        """Return the code of what keeps a member out, else of how it stands to the version.

        ``stepped-back``: it was asked for this version before and will not; it may be asked again.
        """
        if organisation in self.document.owners:
            return "own-document"
        if organisation in self.document.conflicts:
            return "conflict-of-interest"
        if organisation in (*self.version.asked, *self.version.given):
            return "reviews-already"
        return "stepped-back" if organisation in self.version.left else "not-chosen"
