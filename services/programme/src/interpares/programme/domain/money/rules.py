"""What the template says about money, as the guards need it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from interpares.common.canonical import canonical_json
from interpares.programme.domain.decision import RuleRef
from interpares.programme.domain.money.account import Share

# The one category of a grant that its template does not divide.
UNDIVIDED = "all"


@dataclass(frozen=True)
class ShareRule:
    """What each holder of a role gets, each participant where no role is named."""

    role: str
    amount: Decimal
    approximate: bool


@dataclass(frozen=True)
class OwnRule:
    """What each holder of a role is expected to bring, each participant where no role is named."""

    role: str
    money: Decimal | None
    hours: Decimal | None


@dataclass(frozen=True)
class FundingRules:
    """The section ``funding``, and the term money may be spent in.

    categories: the amount planned by category, None where there is no ceiling. starts, ends: days, both included.
    """

    currency: str
    total: Decimal
    categories: dict[str, Decimal | None]
    shares: tuple[ShareRule, ...]
    own: tuple[OwnRule, ...]
    ref: RuleRef
    starts: date | None = None
    ends: date | None = None

    def share_of(self, roles: tuple[str, ...]) -> Share:
        """Return what a participant with these roles gets by the rules."""
        due = [rule for rule in self.shares if not rule.role or rule.role in roles]
        return Share(sum((rule.amount for rule in due), Decimal(0)), any(rule.approximate for rule in due))


def read_funding(template: dict[str, Any]) -> FundingRules | None:
    """Return the rules, None where the template is silent about money."""
    funding = template.get("funding")
    if not funding:
        return None
    categories = {key: _decimal(category.get("amount")) for key, category in funding.get("categories", {}).items()} or {
        UNDIVIDED: None
    }
    term = template.get("term") or {}
    return FundingRules(
        currency=funding["currency"],
        total=Decimal(funding["total"]),
        categories=categories,
        shares=tuple(
            ShareRule(each.get("role") or "", Decimal(each["amount"]), each["approximate"])
            for each in funding.get("shares", ())
        ),
        own=tuple(
            OwnRule(each.get("role") or "", _decimal(each.get("money")), _decimal(each.get("hours")))
            for each in funding.get("own_contributions", ())
        ),
        ref=RuleRef("funding", template["version"], hashlib.sha256(canonical_json(funding)).hexdigest()),
        starts=_day(term.get("starts")),
        ends=_day(term.get("ends")),
    )


def _decimal(written: str | None) -> Decimal | None:
    return None if written is None else Decimal(written)


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)
