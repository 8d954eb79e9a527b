"""Amounts of money and of hours: decimals with the digits they may have, never floats."""

from __future__ import annotations

from decimal import Decimal

from interpares.programme.domain.money.errors import AmountNotFitting, CurrencyNotFitting

# Currencies without a smaller unit (ISO 4217) among those a funder may pay in.
WHOLE_UNITS = frozenset({"CLP", "ISK", "JPY", "KRW", "PYG", "RWF", "UGX", "VND", "XAF", "XOF", "XPF"})
HOUR_DIGITS = 2
LARGEST = Decimal("999999999999.99")
NOTHING = Decimal(0)


def in_currency(amount: Decimal, currency: str, expected: str, field: str) -> Decimal:
    """Return an amount of the programme's currency with all its digits.

    field: of the amount; its currency stands beside it. Raises CurrencyNotFitting, AmountNotFitting.
    """
    if currency != expected:
        message = f"The money of this programme is in {expected}."
        raise CurrencyNotFitting(message, f"Convert the amount to {expected}.", field=f"{field}.currency")
    return exact(amount, 0 if currency in WHOLE_UNITS else 2, f"{field}.value")


def hours(amount: Decimal, field: str) -> Decimal:
    """Return a number of hours with both digits. Raises AmountNotFitting."""
    return exact(amount, HOUR_DIGITS, field)


def exact(amount: Decimal, digits: int, field: str) -> Decimal:
    """Return the amount with exactly so many digits after the point. Raises AmountNotFitting, nothing is rounded."""
    if not amount.is_finite() or not NOTHING <= amount <= LARGEST:
        message = "The amount is negative or larger than any grant."
        raise AmountNotFitting(message, field=field)
    written = amount.quantize(Decimal(1).scaleb(-digits))
    if written != amount:
        message = f"The amount has more than {digits} digits after the point."
        raise AmountNotFitting(message, field=field)
    return written


def more_than_nothing(amount: Decimal, field: str) -> None:
    """Raise AmountNotFitting for zero."""
    if not amount:
        message = "The amount is zero."
        raise AmountNotFitting(message, field=field)
