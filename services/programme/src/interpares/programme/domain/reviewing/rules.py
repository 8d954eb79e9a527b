"""Which documents peers review, as the template has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.programme.domain.decision import RuleRef

if TYPE_CHECKING:
    from interpares.programme.domain.wording import Wording


@dataclass(frozen=True)
class DocumentRule:
    """A kind of document. several: it may have more than one owner. No roles: any participant owns, or reviews.

    at_least: so many review a version that is reviewed.
    """

    key: str
    several: bool
    owner_roles: tuple[str, ...]
    reviewer_roles: tuple[str, ...]
    at_least: int
    ref: RuleRef


def read_documents(wording: Wording) -> dict[str, DocumentRule]:
    """Return the rules by key."""
    return {
        key: DocumentRule(
            key=key,
            several=rule["owners"] == "several",
            owner_roles=tuple(rule["owner_roles"]),
            reviewer_roles=tuple(rule["reviewer_roles"]),
            at_least=rule["reviewers_at_least"],
            ref=wording.ref("documents", key),
        )
        for key, rule in wording.section("documents").items()
    }
