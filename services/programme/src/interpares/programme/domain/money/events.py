"""What happens to the money of a programme; stored for ever like all events."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.programme.domain.events import Event
from interpares.programme.domain.money.account import Contribution, Effort, Own, Share, Voucher

if TYPE_CHECKING:
    from interpares.programme.domain.money.account import Account
    from interpares.programme.domain.programme import Programme


class GrantAwarded(Event):
    """The funder decided how much there is. ``categories``: planned by category, None without a ceiling."""

    TOPIC = "programme.programme.grant-awarded.v1"
    OUTLIVES = True
    currency: str
    total: Decimal
    categories: dict[str, Decimal | None]

    def apply(self, aggregate: Programme) -> None:
        """Hold these figures against what is spent from here on."""
        aggregate.state.money.total = self.total
        aggregate.state.money.planned = dict(self.categories)


class ShareAllocated(Event):
    """A participant gets so much of the grant, in place of what the rules gave it."""

    TOPIC = "programme.programme.share-allocated.v1"
    OUTLIVES = True
    organisation: UUID
    currency: str
    amount: Decimal
    approximate: bool

    def apply(self, aggregate: Programme) -> None:
        """Note the share."""
        aggregate.state.money.shares[str(self.organisation)] = Share(self.amount, self.approximate)


class ContributionPledged(Event):
    """A participant said what it will bring, in place of what it said before; None: nothing of the kind."""

    TOPIC = "programme.programme.contribution-pledged.v1"
    OUTLIVES = True
    organisation: UUID
    currency: str
    money: Decimal | None
    hours: Decimal | None

    def apply(self, aggregate: Programme) -> None:
        """Note the pledge."""
        account = aggregate.state.money
        own = account.own.get(str(self.organisation), Own())
        pledged = replace(own, pledged_money=self.money, pledged_hours=self.hours)
        account.own[str(self.organisation)] = pledged


class ContributionRecorded(Event):
    """A participant brought something. ``currency``: of an amount of money; empty for hours."""

    TOPIC = "programme.programme.contribution-recorded.v1"
    OUTLIVES = True
    number: int
    contribution: Contribution
    currency: str

    def apply(self, aggregate: Programme) -> None:
        """Add it up."""
        aggregate.state.money.entries = self.number
        _bring(aggregate.state.money, self.contribution, 1)


class ContributionCancelled(Event):
    """A recorded contribution was none; what stands instead follows as an event of its own."""

    TOPIC = "programme.programme.contribution-cancelled.v1"
    OUTLIVES = True
    number: int
    contribution: Contribution

    def apply(self, aggregate: Programme) -> None:
        """Take it back."""
        aggregate.state.money.cancelled.append(self.number)
        _bring(aggregate.state.money, self.contribution, -1)


class VoucherRecorded(Event):
    """Something was paid from the grant. ``despite``: codes of the limits it exceeds by a reasoned exception."""

    TOPIC = "programme.programme.voucher-recorded.v1"
    OUTLIVES = True
    number: int
    voucher: Voucher
    currency: str
    despite: tuple[str, ...]

    def apply(self, aggregate: Programme) -> None:
        """Add it up."""
        aggregate.state.money.entries = self.number
        aggregate.state.money.book(self.voucher, 1)


class VoucherCancelled(Event):
    """A recorded voucher was none; what stands instead follows as an event of its own."""

    TOPIC = "programme.programme.voucher-cancelled.v1"
    OUTLIVES = True
    number: int
    voucher: Voucher

    def apply(self, aggregate: Programme) -> None:
        """Take it back."""
        aggregate.state.money.cancelled.append(self.number)
        aggregate.state.money.book(self.voucher, -1)


def _bring(account: Account, contribution: Contribution, sign: int) -> None:
    own = account.own.get(str(contribution.organisation), Own())
    amount = sign * contribution.amount
    if contribution.effort is Effort.MONEY:
        own = replace(own, money=own.money + amount)
    else:
        own = replace(own, hours=own.hours + amount)
    account.own[str(contribution.organisation)] = own
