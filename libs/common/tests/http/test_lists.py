from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from interpares.common.errors import Invalid
from interpares.common.http import decode_cursor, encode_cursor, page_of

if TYPE_CHECKING:
    import httpx2


def test_a_cursor_carries_its_keys_in_an_opaque_form() -> None:
    keys = (7, "Wien", uuid4(), datetime(2026, 3, 1, tzinfo=UTC))
    cursor = encode_cursor(*keys)
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert decode_cursor(cursor, *map(type, keys)) == keys


def encoded(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%%%",
        "rubbish",
        encoded(b"\xff"),
        encoded(b"{}"),
        encoded(b"[]"),
        encoded(b'["1"]'),
        encoded(b"[true]"),
        encoded(b"[1,2]"),
        encoded(b"[9223372036854775808]"),
        encoded(b"[" * 5000),
    ],
)
def test_a_cursor_of_another_make_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        decode_cursor(cursor, int)
    assert refused.value.field == "after"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (uuid4().__class__, b'["x"]'),
        (uuid4().__class__, b"[5]"),
        (datetime, b'["2026-03-01"]'),
        (datetime, b"[5]"),
        (str, b"[5]"),
        (str, b'["\\u0000"]'),
        (str, b'["\\ud800"]'),
    ],
)
def test_keys_of_another_kind_are_refused(kind: type, value: bytes) -> None:
    with pytest.raises(Invalid):
        decode_cursor(encoded(value), kind)


def test_one_row_more_than_wanted_tells_that_there_is_a_next_page() -> None:
    page = page_of([1, 2, 3], 2, lambda row: (row,))
    assert page.items == (1, 2)
    assert page.next is not None
    assert decode_cursor(page.next, int) == (2,)
    assert page_of([1, 2], 2, lambda row: (row,)).next is None
    assert page_of([], 2, lambda row: (row,)).items == ()


async def test_a_list_is_read_page_by_page(anna: httpx2.AsyncClient) -> None:
    seen: list[int] = []
    after: str | None = None
    while True:
        page = (await anna.get("/api/v1/duties", params={"after": after} if after else {})).json()
        seen += page["items"]
        after = page["next"]
        if after is None:
            break
    assert seen == [0, 1, 2, 3, 4]


async def test_a_bad_cursor_names_its_field(anna: httpx2.AsyncClient) -> None:
    answer = await anna.get("/api/v1/duties?after=rubbish")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"][0]["field"] == "after"
