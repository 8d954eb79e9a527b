"""Which roles come together in pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.programme.domain.decision import RuleRef

if TYPE_CHECKING:
    from interpares.programme.domain.wording import Wording

ANY_PAIR = "pair"


@dataclass(frozen=True)
class PairRule:
    """Two roles that work together in pairs. between: none if any two participants do. by_office: no consent asked."""

    key: str
    between: tuple[str, ...]
    by_office: bool
    ref: RuleRef

    def fits(self, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
        """Tell whether two participants with these roles can be a pair."""
        if not self.between:
            return True
        first, second = self.between
        return (first in one and second in other) or (second in one and first in other)


def read_pairs(wording: Wording) -> dict[str, PairRule]:
    """Return the pairs of a template; where strands go by pair and none is defined, any two participants are one."""
    pairs = {
        key: PairRule(key, tuple(pair["between"]), pair["consent"] == "office", wording.ref("pairs", key))
        for key, pair in wording.section("pairs").items()
    }
    if not pairs and wording.template["strands"]["by"] == "pair":
        return {ANY_PAIR: PairRule(ANY_PAIR, (), by_office=False, ref=wording.ref("strands"))}
    return pairs
