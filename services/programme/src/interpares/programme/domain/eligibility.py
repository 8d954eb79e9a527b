"""Whether an organisation may have a role: what its predicates found, and what becomes of it.

The predicates are tried outside, on what is known of the organisation; here their findings decide.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from interpares.programme.domain.decision import Criterion
from interpares.programme.domain.errors import NotEligible

if TYPE_CHECKING:
    from interpares.programme.domain.charter import RoleRule

HOLDS = "holds"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Found:
    """What a predicate found. outcome: holds, fails or unknown; found: a code, a number or a day."""

    index: int
    predicate: str
    outcome: str
    found: str


@dataclass(frozen=True)
class Assessment:
    """What was found of an organisation for a role. excepted: the office wants to except it from what does not hold."""

    findings: tuple[Found, ...] = ()
    excepted: bool = False

    def against(self, rule: RoleRule, *, imported: bool = False) -> tuple[Criterion, ...]:
        """Return the findings as criteria of the decision. Raises NotEligible unless all hold or an exception is due.

        A predicate that was not tried is as unknown as one that lacks a fact. imported: what is taken over from another
        system was decided there; the criteria say what was not tried here.
        """
        if imported:
            return self.criteria(rule)
        found = self._whole(rule)
        failing = [each for each in found if each.outcome != HOLDS]
        if failing and not (self.excepted and rule.exceptions):
            raise NotEligible(_says(rule, failing), _way_out(rule, excepted=self.excepted))
        excepted = (Criterion("eligibility-exception", str(len(failing))),) if failing else ()
        return (*self.criteria(rule), *excepted)

    def criteria(self, rule: RoleRule) -> tuple[Criterion, ...]:
        """Return the findings as criteria, whatever they are."""
        return tuple(
            Criterion(f"eligibility-{each.index}-{each.predicate}", f"{each.outcome}:{each.found}")
            for each in self._whole(rule)
        )

    def needs_exception(self, rule: RoleRule) -> bool:
        """Tell whether something does not hold."""
        return any(each.outcome != HOLDS for each in self._whole(rule))

    def _whole(self, rule: RoleRule) -> tuple[Found, ...]:
        tried = {each.index: each for each in self.findings}
        return tuple(
            tried.get(index, Found(index, json.loads(predicate)["predicate"], UNKNOWN, UNKNOWN))
            for index, predicate in enumerate(rule.eligibility)
        )


UNTRIED = Assessment()


def _says(rule: RoleRule, failing: list[Found]) -> str:
    facts = [
        f"roles.{rule.key}.eligibility.{each.index} asks for {required(json.loads(rule.eligibility[each.index]))},"
        f" found {each.found}"
        for each in failing
    ]
    return f"The organisation is not eligible for the role {rule.key}: {'; '.join(facts)}."


def _way_out(rule: RoleRule, *, excepted: bool) -> str:
    if rule.exceptions:
        return "Correct what is known of the organisation, or make an exception with a reason."
    allowed = "The template allows no exception from it; " if excepted else ""
    return f"{allowed}correct what is known of the organisation if it is wrong, or decline.".capitalize()


def required(predicate: dict[str, Any]) -> str:  # noqa: PLR0911 -- one return a predicate
    """Return in words what a predicate asks for."""
    negated = "" if predicate.get("funded", True) and predicate.get("member", True) else "not "
    match predicate["predicate"]:
        case "kind" | "country" as what:
            return f"{what} {' or '.join(predicate['one_of'])}"
        case "population":
            bounds = [f"{word} {predicate[key]}" for key, word in BOUNDS.items() if predicate.get(key) is not None]
            return f"a population of {' and '.join(bounds)}{' together' if predicate['summed'] else ''}"
        case "funding":
            return f"{negated}funded by {predicate['programme']} at {predicate['at']}"
        case "membership":
            return f"{negated}member of {predicate['of']}"
        case "history":
            return f"{predicate['has']} at least {predicate['times']} times"
        case "applicants":
            return f"applicants {predicate['apply']}"
        case several:
            return f"{several} of ({', '.join(map(required, predicate['of']))})"


BOUNDS = {"at_least": "at least", "at_most": "at most"}
