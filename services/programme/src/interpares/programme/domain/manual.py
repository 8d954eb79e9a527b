"""Rules outside the vocabulary: people apply them, and the decision says which, with its reason.

A decision can name every rule of its area; one that settles the matter of the area has to. Whoever looks into an
application, lets somebody in, gives a role, finds a host, decides that a meeting takes place, chooses reviewers, enters
money or an output in the books, or closes the programme, says by its name that the rule was applied, and in the reason
how. What only prepares, moves, corrects or ends something is not asked for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from interpares.programme.domain.decision import RuleRef, SourceKind
from interpares.programme.domain.errors import ManualRuleNotFitting, ManualRuleNotNamed

if TYPE_CHECKING:
    from collections.abc import Collection

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
    "review": ("document", "review", "conflict"),
    "closure": ("programme-closure",),
}
# What settles the matter of an area and has to name its rules: a type, with a slash before the one outcome that does.
SETTLING: dict[str, tuple[str, ...]] = {
    "application": ("assessment", "admission", "application-refusal", "selection-result"),
    "admission": ("admission", "application-refusal", "joining", "selection-result"),
    "role": ("role-grant", "admission", "joining", "selection-result"),
    "hosting": ("duty-offer", "duty-acceptance"),
    # Whoever takes its own request back decides nothing about the meeting.
    "meeting": ("meeting-planning", "meeting-refusal/declined", "meeting-confirmation"),
    "money": (
        "grant-award",
        "share-allocation",
        "contribution-pledge",
        "contribution-record",
        "voucher-record",
        "expert-days",
    ),
    "output": ("output-record", "output-change", "check-answer", "deliverable-answer", "indicator"),
    "review": ("reviewer-choice",),
    "closure": ("programme-closure",),
}
# Taken here by people. Time decides by itself; what was decided elsewhere or before is history that is only entered.
BY_PEOPLE = frozenset({SourceKind.DIRECT, SourceKind.ON_BEHALF})


@dataclass(frozen=True)
class ManualRule:
    """A rule people apply by hand. applies_to: the area of decisions, such as ``admission``. label: by language."""

    key: str
    applies_to: str
    ref: RuleRef
    label: dict[str, str] = field(default_factory=dict)

    def fits(self, decision_type: str) -> bool:
        """Tell whether a decision of a type can apply it."""
        return decision_type.startswith(AREAS[self.applies_to])

    def asked_of(self, decision_type: str, outcome: str = "") -> bool:
        """Tell whether a decision of a type, with an outcome, has to name it."""
        return not {decision_type, f"{decision_type}/{outcome}"}.isdisjoint(SETTLING[self.applies_to])

    @property
    def called(self) -> str:
        """Its path, with what the template calls it."""
        return f"{self.ref.id} ({' / '.join(text for _, text in sorted(self.label.items()))})"


def read_manual(wording: Wording) -> dict[str, ManualRule]:
    """Return the rules by key."""
    return {
        key: ManualRule(key, rule["applies_to"], wording.ref("manual", key), dict(rule["label"]))
        for key, rule in wording.section("manual").items()
    }


def named(key: str) -> RuleRef:
    """Return what stands for a manual rule until the programme has looked it up."""
    return RuleRef(f"manual.{key}", 0, "")


def asked_for(manual: dict[str, ManualRule], decision_type: str, outcome: str = "") -> tuple[ManualRule, ...]:
    """Return the rules that a decision people take has to name, by their keys."""
    return tuple(rule for _, rule in sorted(manual.items()) if rule.asked_of(decision_type, outcome))


def applying(decision: Decision, manual: dict[str, ManualRule]) -> Decision:
    """Return the decision with its manual rules looked up. Raises ManualRuleNotFitting, ManualRuleNotNamed.

    A consequence names none: the decision it follows from did.
    """
    rules = []
    for ref in decision.manual:
        rule = manual.get(ref.id.removeprefix("manual."))
        if rule is None or not rule.fits(decision.type):
            message = f"The template has no rule {ref.id} for a decision of the type {decision.type}."
            raise ManualRuleNotFitting(message, field="manual_rules")
        rules.append(rule.ref)
    if decision.follows is None and decision.source.kind in BY_PEOPLE:
        refuse_unnamed(asked_for(manual, decision.type, decision.outcome), {ref.id for ref in rules})
    return replace(decision, manual=tuple(rules))


def refuse_unnamed(asked: tuple[ManualRule, ...], told: Collection[str], *, at: str = "manual_rules") -> None:
    """Raise ManualRuleNotNamed unless all rules a decision is asked for are among those named, by their paths."""
    missing = [rule for rule in asked if rule.ref.id not in told]
    if missing:
        raise ManualRuleNotNamed([rule.key for rule in missing], ", ".join(rule.called for rule in missing), field=at)
