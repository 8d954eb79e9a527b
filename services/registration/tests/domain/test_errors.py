"""Refusals: what each says, and that none says more than it should."""

from __future__ import annotations

import inspect
import re

from interpares.common.errors import DomainError
from interpares.registration.domain import errors, file_refusals
from interpares.registration.domain.errors import (
    ApplicationPending,
    ApplicationSettled,
    CapacityHeld,
    KeyTaken,
    PersonKnown,
)
from interpares.registration.domain.prerequisites import refusals
from interpares.registration.domain.seats import refusals as seat_refusals

REFUSALS = [
    each
    for module in (seat_refusals, errors, file_refusals, refusals)
    for _, each in inspect.getmembers(module, inspect.isclass)
    if issubclass(each, DomainError) and each.__module__ == module.__name__
]


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [refusal.code for refusal in REFUSALS]

    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]{1,63}", code) for code in codes)


def test_a_taken_key_is_named_and_its_holder_is_not() -> None:
    assert str(KeyTaken.under("LAU", "40705")) == "The key LAU 40705 is taken."


def test_a_known_account_is_not_named() -> None:
    assert str(PersonKnown()) == "A person is registered for this account already."


def test_what_holds_already_is_told_with_a_way_out() -> None:
    for refusal in (CapacityHeld(), ApplicationPending(), ApplicationSettled.being("withdrawn")):
        assert "already" in str(refusal) or "pending" in str(refusal)
        assert refusal.way_out
