"""What the guards need to know about money: sums, never the single voucher."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Effort(StrEnum):
    """As what a participant brings its own contribution."""

    MONEY = "money"
    HOURS = "hours"


@dataclass(frozen=True)
class Share:
    """What a participant gets of the grant. An approximate one is no limit to what it spends."""

    amount: Decimal
    approximate: bool


@dataclass(frozen=True)
class Voucher:
    """A receipt.

    day: it was paid on. payee: opaque id of who was paid. amount: in the programme's currency. organisation: whose
    share it is paid from; None for the whole programme. document_hash: hex SHA-256 of the receipt.
    """

    day: date
    payee: UUID
    amount: Decimal
    category: str
    document_hash: str
    organisation: UUID | None = None


@dataclass(frozen=True)
class Contribution:
    """What a participant has brought: money in the programme's currency, or hours."""

    organisation: UUID
    effort: Effort
    amount: Decimal
    day: date
    document_hash: str


@dataclass(frozen=True)
class Own:
    """Pledged and recorded contributions of one participant."""

    pledged_money: Decimal | None = None
    pledged_hours: Decimal | None = None
    money: Decimal = Decimal(0)
    hours: Decimal = Decimal(0)


@dataclass
class Account:
    """Sums.

    total, planned: of the grant as it was awarded; None while only the template tells. shares: decided ones, by
    organisation. spent: by category. used: by organisation. own: by organisation. entries: how many vouchers and
    contributions were recorded; each is known by its number. cancelled: numbers that were taken back.
    """

    total: Decimal | None = None
    planned: dict[str, Decimal | None] | None = None
    shares: dict[str, Share] = field(default_factory=dict)
    spent: dict[str, Decimal] = field(default_factory=dict)
    used: dict[str, Decimal] = field(default_factory=dict)
    own: dict[str, Own] = field(default_factory=dict)
    entries: int = 0
    cancelled: list[int] = field(default_factory=list)

    def book(self, voucher: Voucher, sign: int) -> None:
        """Add a voucher to the sums, or take it back with the sign -1."""
        amount = sign * voucher.amount
        self.spent[voucher.category] = self.spent.get(voucher.category, Decimal(0)) + amount
        if voucher.organisation is not None:
            organisation = str(voucher.organisation)
            self.used[organisation] = self.used.get(organisation, Decimal(0)) + amount
