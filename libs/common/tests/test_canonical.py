"""Canonical bytes and leaf hashes never change: the values here were fixed with the first release."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interpares.common.canonical import NotCanonical, canonical_json, event_bytes, leaf_hash

ORIGINATOR = UUID("00000000-0000-4000-8000-000000000001")
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def test_the_bytes_of_an_event_are_canonical_json() -> None:
    given_bytes = event_bytes(ORIGINATOR, 2, "a.b.c.v1", b'{"x":1}')

    assert given_bytes == (
        b'{"originator_id":"00000000-0000-4000-8000-000000000001","originator_version":2,"state":{"x":1},"topic":"a.b.c.v1"}'
    )
    assert canonical_json(json.loads(given_bytes)) == given_bytes


def test_the_leaf_hash_is_that_of_rfc_6962() -> None:
    leaf = leaf_hash(ORIGINATOR, 2, "a.b.c.v1", b'{"x":1}')

    assert leaf == hashlib.sha256(b"\x00" + event_bytes(ORIGINATOR, 2, "a.b.c.v1", b'{"x":1}')).digest()
    assert leaf.hex() == "edc453186e31b816fc09b9df5ce012cea34300d3be86e7ab1ff50738afce5578"


def test_keys_are_sorted_and_text_stays_utf8() -> None:
    assert canonical_json({"b": "Zürich", "a": [1, True, None]}) == '{"a":[1,true,null],"b":"Zürich"}'.encode()


@pytest.mark.parametrize("value", [1.5, {"a": [float("nan")]}, Decimal(1), b"x", object()])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical_json(value)


@given(values)
def test_equal_values_have_equal_bytes(value: object) -> None:
    once = canonical_json(value)

    assert canonical_json(json.loads(once)) == once
