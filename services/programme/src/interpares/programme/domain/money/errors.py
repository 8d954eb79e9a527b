"""What can stand against a decision about money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.errors import Conflict, Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping


class NoFunding(Conflict):
    """The template of this programme says nothing about money."""

    code = "no-funding"
    way_out = "Draft the programme from a template with a section funding."


class CurrencyNotFitting(Invalid):
    """Money of a programme is in the currency of its template."""

    code = "currency-not-fitting"


class AmountNotFitting(Invalid):
    """An amount is zero, negative, too large, or has more digits than its currency."""

    code = "amount-not-fitting"
    way_out = "Give a positive amount with at most the digits the currency has; nothing is rounded for you."


class UnknownCategory(Invalid):
    """The template of this programme has no such budget category."""

    code = "unknown-category"
    way_out = "Choose one of the categories the funding of the programme lists."


class NothingPledged(Invalid):
    """A pledge names an amount of money, a number of hours, or both."""

    code = "nothing-pledged"
    way_out = "Say what will be brought; 0 takes an earlier pledge back."


class GrantExceeded(Conflict):
    """The parts would be more than the grant, or the grant less than what was spent of it."""

    code = "grant-exceeded"
    way_out = "Lower another part first, or take down that the grant was raised."


class BeyondLimits(Conflict):
    """A payment exceeds its category, the grant, a share, or lies outside the term."""

    code = "beyond-limits"

    def __init__(self, codes: tuple[str, ...], by: Mapping[str, str]) -> None:
        """Name each limit, and the amount or day it is exceeded by."""
        told = ", ".join(f"{code} ({by[code]})" for code in codes)
        way_out = f"Correct the voucher, or repeat it with despite: [{', '.join(codes)}] and the reason in full."
        super().__init__(f"The payment lies beyond limits: {told}.", way_out)


class UnknownEntry(NotFound):
    """Nothing was recorded under this number."""

    code = "unknown-entry"


class EntryAlreadyCancelled(Conflict):
    """What was recorded under this number was taken back before; what stands instead has a number of its own."""

    code = "entry-already-cancelled"
    way_out = "Correct the entry that stands now."
