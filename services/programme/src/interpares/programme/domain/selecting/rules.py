"""What the template says about choosing among applicants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.programme.domain.decision import RuleRef

if TYPE_CHECKING:
    from interpares.programme.domain.wording import Wording

LOT = "lot"


@dataclass(frozen=True)
class Weighed:
    """A criterion and its weight; weights count in relation to each other."""

    key: str
    weight: int


@dataclass(frozen=True)
class SelectionRule:
    """How applicants for some roles are chosen.

    assessments: how many an application needs. tie_break: criteria in order, ``lot`` draws lots.
    places: in each strand; None if not limited.
    """

    key: str
    roles: tuple[str, ...]
    criteria: tuple[Weighed, ...]
    assessments: int
    tie_break: tuple[str, ...]
    places: int | None
    ref: RuleRef


def read_selection(wording: Wording) -> dict[str, SelectionRule]:
    """Return the rules of the section ``selection`` by key."""
    return {
        key: SelectionRule(
            key=key,
            roles=tuple(rule["roles"]),
            criteria=tuple(Weighed(each, part["weight"]) for each, part in sorted(rule["criteria"].items())),
            assessments=rule["jury"]["assessments"],
            tie_break=tuple(rule.get("tie_break", ())),
            places=rule.get("places"),
            ref=wording.ref("selection", key),
        )
        for key, rule in wording.template.get("selection", {}).items()
    }
