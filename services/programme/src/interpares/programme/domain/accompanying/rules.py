"""Who is accompanied by whom, as the template has it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from interpares.programme.domain.decision import RuleRef

if TYPE_CHECKING:
    from interpares.programme.domain.wording import Wording


@dataclass(frozen=True)
class AccompanimentRule:
    """Holders of a role are accompanied. days: expert days for each of them at most, None for no limit.

    by_municipality: by another participant, else by a facilitator. themes: none for all of them.
    """

    key: str
    by_municipality: bool
    role: str
    days: Decimal | None
    themes: tuple[str, ...]
    ref: RuleRef


def read_accompaniment(wording: Wording) -> dict[str, AccompanimentRule]:
    """Return the rules by key."""
    return {
        key: AccompanimentRule(
            key=key,
            by_municipality=rule["by"] == "municipality",
            role=rule["role"],
            days=Decimal(rule["expert_days"]) if rule.get("expert_days") else None,
            themes=tuple(rule["themes"]),
            ref=wording.ref("accompaniment", key),
        )
        for key, rule in wording.section("accompaniment").items()
    }
