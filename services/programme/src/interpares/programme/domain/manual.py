"""Rules outside the vocabulary: people apply them, and the decision says which, with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from interpares.programme.domain.decision import RuleRef
from interpares.programme.domain.errors import ManualRuleNotFitting

if TYPE_CHECKING:
    from interpares.programme.domain.decision import Decision
    from interpares.programme.domain.wording import Wording

# What decisions a rule can be applied by, by the beginning of their type.
AREAS: dict[str, tuple[str, ...]] = {
    "application": ("call", "admission", "application", "selection", "ranking", "shortlist", "assessment"),
    "admission": ("admission", "application", "joining", "consortium", "selection", "withdrawal"),
    "role": ("role", "admission", "joining", "selection", "pair", "accompaniment"),
    "hosting": ("duty", "hosting"),
    "meeting": ("meeting", "agreement", "prerequisite", "deadline", "exception", "duty"),
    "money": ("grant", "share", "contribution", "voucher", "money", "expert-days"),
    "output": ("output", "recommendation", "measure", "check", "deliverable", "indicator", "effect"),
    "closure": ("programme-closure",),
}


@dataclass(frozen=True)
class ManualRule:
    """A rule people apply by hand. applies_to: the area of decisions, such as ``admission``."""

    key: str
    applies_to: str
    ref: RuleRef

    def fits(self, decision_type: str) -> bool:
        """Tell whether a decision of a type can apply it."""
        return decision_type.startswith(AREAS[self.applies_to])


def read_manual(wording: Wording) -> dict[str, ManualRule]:
    """Return the rules by key."""
    return {
        key: ManualRule(key, rule["applies_to"], wording.ref("manual", key))
        for key, rule in wording.section("manual").items()
    }


def named(key: str) -> RuleRef:
    """Return what stands for a manual rule until the programme has looked it up."""
    return RuleRef(f"manual.{key}", 0, "")


def applying(decision: Decision, manual: dict[str, ManualRule]) -> Decision:
    """Return the decision with its manual rules looked up. Raises ManualRuleNotFitting."""
    if not decision.manual:
        return decision
    rules = []
    for ref in decision.manual:
        rule = manual.get(ref.id.removeprefix("manual."))
        if rule is None or not rule.fits(decision.type):
            message = f"The template has no rule {ref.id} for a decision of the type {decision.type}."
            raise ManualRuleNotFitting(message, field="manual_rules")
        rules.append(rule.ref)
    return replace(decision, manual=tuple(rules))
