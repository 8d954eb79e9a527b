from __future__ import annotations

from interpares.common.errors import Busy, Conflict, Invalid, KeyReused


class DutyTaken(Conflict):
    """Another organisation was faster."""

    code = "duty-taken"
    way_out = "Choose an open duty."


def test_a_fact_carries_code_message_and_the_way_out_of_its_class_or_its_own() -> None:
    taken = DutyTaken("AT.1 is taken.")
    assert (taken.code, taken.message, str(taken)) == ("duty-taken", "AT.1 is taken.", "AT.1 is taken.")
    assert taken.way_out == "Choose an open duty."
    assert DutyTaken("AT.1 is taken.", "Choose AT.2.").way_out == "Choose AT.2."
    assert DutyTaken.way_out == "Choose an open duty."


def test_an_invalid_field_is_named() -> None:
    assert Invalid("There is no such role.", field="role").field == "role"


def test_technical_refusals_need_no_words() -> None:
    assert Busy(1.5).retry_after == 1.5
    assert KeyReused().code == "idempotency-key-reused"
