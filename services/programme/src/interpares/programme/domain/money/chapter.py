"""Deciding about money: what was awarded, who gets how much, what was paid, what participants bring."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from interpares.common.context import occasion
from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.chapter import Chapter
from interpares.programme.domain.decision import Criterion
from interpares.programme.domain.errors import MomentNotFitting, NotParticipating
from interpares.programme.domain.money import events
from interpares.programme.domain.money.account import Effort, Share
from interpares.programme.domain.money.amounts import NOTHING, hours, in_currency, more_than_nothing
from interpares.programme.domain.money.errors import (
    BeyondLimits,
    EntryAlreadyCancelled,
    GrantExceeded,
    NoFunding,
    NothingPledged,
    UnknownCategory,
    UnknownEntry,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from uuid import UUID

    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.money.account import Contribution, Voucher
    from interpares.programme.domain.money.rules import FundingRules


class Money(Chapter):
    """Grant, shares, vouchers, own contributions."""

    def award_grant(
        self, total: Decimal, currency: str, categories: dict[str, Decimal], grounds: Grounds
    ) -> events.GrantAwarded:
        """Take down what the funder decided; a later decision of the funder replaces an earlier one.

        categories: in the same currency. Those not named keep no ceiling; together they stay within the total.
        Raises NoFunding, CurrencyNotFitting, AmountNotFitting, UnknownCategory, GrantExceeded.
        """
        rules = self._funding()
        total = in_currency(total, currency, rules.currency, "total")
        more_than_nothing(total, "total.value")
        planned: dict[str, Decimal | None] = dict.fromkeys(rules.categories)
        for key, amount in categories.items():
            self._category(key, f"categories.{key}")
            planned[key] = in_currency(amount, currency, rules.currency, f"categories.{key}")
        account = self.state.money
        too_much = sum(filter(None, planned.values()), NOTHING) > total
        spent = sum(account.spent.values(), NOTHING) > total
        for key, ceiling in planned.items():
            spent |= ceiling is not None and account.spent.get(key, NOTHING) > ceiling
        if too_much or spent:
            message = "The categories plan more than the grant." if too_much else "More was spent already."
            raise GrantExceeded(message)
        decision = grounds.decide(
            "grant-award",
            f"programme:{self.id}",
            "awarded",
            rule=rules.ref,
            alternatives=(instead("keep-figures", grounds),),
        )
        return self._happen(events.GrantAwarded, decision=decision, currency=currency, total=total, categories=planned)

    def allocate_share(
        self, organisation: UUID, amount: Decimal, currency: str, *, approximate: bool, grounds: Grounds
    ) -> events.ShareAllocated:
        """Give a participant its share of the grant; what all shares leave over stays unallocated.

        Raises NoFunding, NotParticipating, CurrencyNotFitting, AmountNotFitting, GrantExceeded.
        """
        rules = self._funding()
        self._member(organisation)
        amount = in_currency(amount, currency, rules.currency, "amount")
        others = sum(
            (share.amount for member, share in self._shares(rules).items() if member != str(organisation)), NOTHING
        )
        if others + amount > self._total(rules):
            message = "Together the shares are more than the grant."
            raise GrantExceeded(message)
        decision = grounds.decide(
            "share-allocation",
            f"participation:{organisation}",
            "allocated",
            concerns=(organisation,),
            rule=rules.ref,
            alternatives=(instead("share-by-rule", grounds),),
        )
        return self._happen(
            events.ShareAllocated,
            decision=decision,
            organisation=organisation,
            currency=currency,
            amount=amount,
            approximate=approximate,
        )

    def pledge(
        self, organisation: UUID, money: Decimal | None, currency: str, effort: Decimal | None, grounds: Grounds
    ) -> events.ContributionPledged:
        """Take down what a participant will bring itself. ``effort``: in hours.

        Raises NoFunding, NotParticipating, NothingPledged, CurrencyNotFitting, AmountNotFitting.
        """
        rules = self._funding()
        self._member(organisation)
        if money is None and effort is None:
            message = "Neither money nor hours are pledged."
            raise NothingPledged(message, field="money")
        decision = grounds.decide(
            "contribution-pledge",
            f"participation:{organisation}",
            "pledged",
            concerns=(organisation,),
            rule=rules.ref,
            alternatives=(instead("no-pledge", grounds),),
        )
        return self._happen(
            events.ContributionPledged,
            decision=decision,
            organisation=organisation,
            currency=rules.currency,
            money=None if money is None else in_currency(money, currency, rules.currency, "money"),
            hours=None if effort is None else hours(effort, "hours"),
        )

    def record_contribution(
        self, contribution: Contribution, currency: str, grounds: Grounds
    ) -> events.ContributionRecorded:
        """Take down what a participant brought. ``currency``: empty for hours.

        Raises NoFunding, NotParticipating, CurrencyNotFitting, AmountNotFitting, MomentNotFitting.
        """
        rules = self._funding()
        self._member(contribution.organisation)
        return self._bring(rules, contribution, currency, grounds, corrects=None)

    def correct_contribution(
        self,
        number: int,
        before: Contribution,
        after: Contribution | None,
        currency: str,
        *,
        corrects: UUID,
        grounds: Grounds,
    ) -> events.ContributionCancelled:
        """Take a contribution back and, if it was another one, take that down.

        before, corrects: what was recorded under the number, and by which decision.
        Raises UnknownEntry, EntryAlreadyCancelled, and what recording raises.
        """
        rules = self._funding()
        self._standing(number)
        decision = replace(grounds, corrects=corrects).decide(
            "contribution-cancellation",
            f"contribution:{number}",
            "cancelled",
            concerns=(before.organisation,),
            rule=rules.ref,
            alternatives=(instead("keep-entry", grounds),),
        )
        cancelled = self._happen(events.ContributionCancelled, decision=decision, number=number, contribution=before)
        if after is not None:
            self._bring(rules, after, currency, grounds, corrects=corrects)
        return cancelled

    def record_voucher(
        self, voucher: Voucher, currency: str, despite: tuple[str, ...], grounds: Grounds
    ) -> events.VoucherRecorded:
        """Take down a payment. ``despite``: codes of limits that are exceeded by a reasoned exception.

        Raises NoFunding, UnknownCategory, CurrencyNotFitting, AmountNotFitting, MomentNotFitting, NotParticipating,
        BeyondLimits.
        """
        return self._pay(self._funding(), voucher, currency, despite, grounds, corrects=None)

    def correct_voucher(
        self,
        number: int,
        before: Voucher,
        after: Voucher | None,
        currency: str,
        despite: tuple[str, ...],
        *,
        corrects: UUID,
        grounds: Grounds,
    ) -> events.VoucherCancelled:
        """Take a voucher back and, if it was another one, take that down.

        before, corrects: what was recorded under the number, and by which decision.
        Raises UnknownEntry, EntryAlreadyCancelled, and what recording raises.
        """
        rules = self._funding()
        self._standing(number)
        decision = replace(grounds, corrects=corrects).decide(
            "voucher-cancellation",
            f"voucher:{number}",
            "cancelled",
            concerns=() if before.organisation is None else (before.organisation,),
            rule=rules.ref,
            alternatives=(instead("keep-entry", grounds),),
        )
        cancelled = self._happen(events.VoucherCancelled, decision=decision, number=number, voucher=before)
        if after is not None:
            self._pay(rules, after, currency, despite, grounds, corrects=corrects)
        return cancelled

    def _bring(
        self, rules: FundingRules, contribution: Contribution, currency: str, grounds: Grounds, *, corrects: UUID | None
    ) -> events.ContributionRecorded:
        _past(contribution.day)
        if contribution.effort is Effort.MONEY:
            amount = in_currency(contribution.amount, currency, rules.currency, "amount")
        else:
            currency = ""
            amount = hours(contribution.amount, "amount.value")
        more_than_nothing(amount, "amount.value")
        number = self.state.money.entries + 1
        decision = replace(grounds, corrects=corrects).decide(
            "contribution-record",
            f"contribution:{number}",
            "recorded",
            concerns=(contribution.organisation,),
            rule=rules.ref,
        )
        return self._happen(
            events.ContributionRecorded,
            decision=decision,
            number=number,
            contribution=replace(contribution, amount=amount),
            currency=currency,
        )

    def _pay(
        self,
        rules: FundingRules,
        voucher: Voucher,
        currency: str,
        despite: tuple[str, ...],
        grounds: Grounds,
        *,
        corrects: UUID | None,
    ) -> events.VoucherRecorded:
        self._category(voucher.category, "category")
        amount = in_currency(voucher.amount, currency, rules.currency, "amount")
        more_than_nothing(amount, "amount.value")
        _past(voucher.day)
        if voucher.organisation is not None and str(voucher.organisation) not in self.state.participations:
            message = "The organisation never took part in this programme."
            raise NotParticipating(message)
        voucher = replace(voucher, amount=amount)
        beyond = dict(self._beyond(rules, voucher))
        told = tuple(code for code in beyond if code not in despite)
        if told:
            raise BeyondLimits(told, {code: beyond[code] for code in told})
        number = self.state.money.entries + 1
        decision = replace(
            grounds,
            corrects=corrects,
            criteria=(*grounds.criteria, *(Criterion(code, by) for code, by in beyond.items())),
        ).decide(
            "voucher-record",
            f"voucher:{number}",
            "recorded",
            concerns=() if voucher.organisation is None else (voucher.organisation,),
            rule=rules.ref,
            alternatives=(instead("refuse-payment", grounds),) if beyond else (),
        )
        return self._happen(
            events.VoucherRecorded,
            decision=decision,
            number=number,
            voucher=voucher,
            currency=currency,
            despite=tuple(beyond),
        )

    def _beyond(self, rules: FundingRules, voucher: Voucher) -> Iterator[tuple[str, str]]:
        """Yield the code of each limit a voucher exceeds, with the amount or the day it exceeds it by."""
        account = self.state.money
        ceiling = (rules.categories if account.planned is None else account.planned).get(voucher.category)
        spent = account.spent.get(voucher.category, NOTHING) + voucher.amount
        if ceiling is not None and spent > ceiling:
            yield "category-overspent", str(spent - ceiling)
        spent = sum(account.spent.values(), NOTHING) + voucher.amount
        if spent > self._total(rules):
            yield "grant-overspent", str(spent - self._total(rules))
        share = self._shares(rules).get(str(voucher.organisation))
        if share is not None and not share.approximate:
            used = account.used.get(str(voucher.organisation), NOTHING) + voucher.amount
            if used > share.amount:
                yield "share-overspent", str(used - share.amount)
        course = self.state.course
        starts, ends = course.starts or rules.starts, course.ends or rules.ends
        if (starts and voucher.day < starts) or (ends and voucher.day > ends):
            yield "outside-term", voucher.day.isoformat()

    def _funding(self) -> FundingRules:
        rules = self.state.charter.funding
        if rules is None:
            message = "The template of this programme says nothing about money."
            raise NoFunding(message)
        return rules

    def _total(self, rules: FundingRules) -> Decimal:
        return rules.total if self.state.money.total is None else self.state.money.total

    def _shares(self, rules: FundingRules) -> dict[str, Share]:
        """Return the share of everybody who has one: as decided, else by the rules while it takes part."""
        by_rule = {
            key: rules.share_of(member.roles)
            for key, member in self.state.participations.items()
            if member.active and rules.shares
        }
        return by_rule | self.state.money.shares

    def _category(self, key: str, field: str) -> None:
        if key not in self._funding().categories:
            message = "The template of this programme has no such budget category."
            raise UnknownCategory(message, field=field)

    def _standing(self, number: int) -> None:
        account = self.state.money
        if not 1 <= number <= account.entries:
            message = "Nothing was recorded under this number."
            raise UnknownEntry(message)
        if number in account.cancelled:
            message = "What was recorded under this number was taken back before."
            raise EntryAlreadyCancelled(message)


def _past(day: date) -> None:
    if day > occasion().now.date():
        message = "The day lies in the future."
        raise MomentNotFitting(message, "Enter it once it has happened.", field="day")
