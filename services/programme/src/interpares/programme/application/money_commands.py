"""What can be asked about money. Amounts are decimals beside their currency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.programme.application.commands import Deciding

if TYPE_CHECKING:
    from decimal import Decimal
    from uuid import UUID

    from interpares.programme.domain.money.account import Contribution, Voucher


@dataclass(frozen=True, kw_only=True)
class AwardGrant(Deciding):
    """Take down what the funder decided."""

    total: Decimal
    currency: str
    categories: dict[str, Decimal]


@dataclass(frozen=True, kw_only=True)
class AllocateShare(Deciding):
    """Give a participant its share of the grant."""

    organisation_id: UUID
    amount: Decimal
    currency: str
    approximate: bool


@dataclass(frozen=True, kw_only=True)
class Pledge(Deciding):
    """Take down what a participant will bring itself."""

    organisation_id: UUID
    money: Decimal | None
    currency: str
    hours: Decimal | None


@dataclass(frozen=True, kw_only=True)
class RecordContribution(Deciding):
    """Take down what a participant brought. ``currency``: empty for hours."""

    contribution: Contribution
    currency: str


@dataclass(frozen=True, kw_only=True)
class CorrectContribution(Deciding):
    """Take a contribution back. ``after``: what it was instead, None if nothing."""

    number: int
    after: Contribution | None
    currency: str


@dataclass(frozen=True, kw_only=True)
class RecordVoucher(Deciding):
    """Take down a payment. ``despite``: codes of the limits it exceeds by a reasoned exception."""

    voucher: Voucher
    currency: str
    despite: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CorrectVoucher(Deciding):
    """Take a voucher back. ``after``: what was paid instead, None if nothing."""

    number: int
    after: Voucher | None
    currency: str
    despite: tuple[str, ...]
