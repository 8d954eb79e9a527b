"""Grant, shares, vouchers and own contributions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from interpares.common.errors import Busy
from interpares.programme.application.decided import Decided, decided
from interpares.programme.domain.money.errors import UnknownEntry
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.programme.application.money_commands import (
        AllocateShare,
        AwardGrant,
        CorrectContribution,
        CorrectVoucher,
        Pledge,
        RecordContribution,
        RecordVoucher,
    )
    from interpares.programme.application.ports import Unit
    from interpares.programme.domain.money.account import Contribution, Voucher


class Entries(Protocol):
    """What was recorded under a number, with the id of the decision; it never changes, so a view may tell it."""

    async def voucher(self, programme_id: UUID, number: int) -> tuple[Voucher, UUID] | None:
        """Return a voucher, None if there is none under the number (yet)."""

    async def contribution(self, programme_id: UUID, number: int) -> tuple[Contribution, UUID] | None:
        """Return a contribution, None if there is none under the number (yet)."""

    async def reached(self, programme_id: UUID) -> int:
        """Return the highest number that is known here, 0 if there is none."""


async def award_grant(command: AwardGrant, unit: Unit) -> Decided:
    """Take down what the funder decided. Raises what ``Money.award_grant`` raises."""
    programme = await unit.load(Programme, command.programme_id)
    awarded = programme.award_grant(command.total, command.currency, command.categories, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(awarded)


async def allocate_share(command: AllocateShare, unit: Unit) -> Decided:
    """Give a participant its share. Raises what ``Money.allocate_share`` raises."""
    programme = await unit.load(Programme, command.programme_id)
    allocated = programme.allocate_share(
        command.organisation_id,
        command.amount,
        command.currency,
        approximate=command.approximate,
        grounds=command.grounds,
    )
    unit.save(programme, texts=command.texts)
    return decided(allocated)


async def pledge(command: Pledge, unit: Unit) -> Decided:
    """Take down what a participant will bring. Raises what ``Money.pledge`` raises."""
    programme = await unit.load(Programme, command.programme_id)
    pledged = programme.pledge(command.organisation_id, command.money, command.currency, command.hours, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(pledged)


async def record_contribution(command: RecordContribution, unit: Unit) -> Decided:
    """Take down what a participant brought. Raises what ``Money.record_contribution`` raises."""
    programme = await unit.load(Programme, command.programme_id)
    recorded = programme.record_contribution(command.contribution, command.currency, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(recorded)


async def correct_contribution(command: CorrectContribution, unit: Unit, *, entries: Entries) -> Decided:
    """Take a contribution back, and take down what it was. Raises what ``Money.correct_contribution`` raises."""
    programme = await unit.load(Programme, command.programme_id)
    found = await entries.contribution(programme.id, command.number)
    if found is None:
        raise await _missing(programme, command.number, entries)
    before, corrects = found
    cancelled = programme.correct_contribution(
        command.number, before, command.after, command.currency, corrects=corrects, grounds=command.grounds
    )
    unit.save(programme, texts=command.texts)
    return decided(cancelled)


async def record_voucher(command: RecordVoucher, unit: Unit) -> Decided:
    """Take down a payment. Raises what ``Money.record_voucher`` raises."""
    programme = await unit.load(Programme, command.programme_id)
    recorded = programme.record_voucher(command.voucher, command.currency, command.despite, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(recorded)


async def correct_voucher(command: CorrectVoucher, unit: Unit, *, entries: Entries) -> Decided:
    """Take a voucher back, and take down what was paid. Raises what ``Money.correct_voucher`` raises."""
    programme = await unit.load(Programme, command.programme_id)
    found = await entries.voucher(programme.id, command.number)
    if found is None:
        raise await _missing(programme, command.number, entries)
    before, corrects = found
    cancelled = programme.correct_voucher(
        command.number,
        before,
        command.after,
        command.currency,
        command.despite,
        corrects=corrects,
        grounds=command.grounds,
    )
    unit.save(programme, texts=command.texts)
    return decided(cancelled)


async def _missing(programme: Programme, number: int, entries: Entries) -> UnknownEntry | Busy:
    """Return why nothing was found under a number: there is nothing of the kind, or the view is not there yet."""
    if await entries.reached(programme.id) < number <= programme.state.money.entries:
        return Busy(1.0, "The view has not caught up with what was recorded a moment ago.")
    message = "Nothing of the kind was recorded under this number."
    return UnknownEntry(message)
