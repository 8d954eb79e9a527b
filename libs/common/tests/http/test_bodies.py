from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.exceptions import RequestValidationError
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from interpares.common.http.bodies import Count, Day, Instant, ReasonCode, ReasonText, ShortText, ZoneName, parse
from interpares.common.problems import field, sentence

if TYPE_CHECKING:
    import httpx2

DUTY = "/api/v1/duties/9d8ef3a2-6b56-4f4d-8f0a-6f1f2b1f0001/offer"
BODY = {"reason_code": "first-come", "reason": "They asked first."}
JSON = {"Content-Type": "application/json"}


async def fault(anna: httpx2.AsyncClient, content: bytes) -> tuple[str, str]:
    answer = await anna.post(DUTY, content=content, headers={**JSON, "Idempotency-Key": "k"})
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "canary" not in answer.text
    first = answer.json()["errors"][0]
    return first["field"], first["message"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "This is needed."),
        (b"{", "This is not JSON."),
        (b"canary", "This is not JSON."),
        (b"\xff\xfe", "This is not UTF-8."),
        (b'{"reason": "\xc3\x28"}', "This is not UTF-8."),
        (json.dumps(BODY).encode("utf-16"), "This is not UTF-8."),
        (b"\xef\xbb\xbf{}", "This is not JSON."),
        (b"NaN", "Numbers need to be finite."),
        (b'{"weight": -Infinity}', "Numbers need to be finite."),
        (b'{"weight": 1e999}', "Numbers need to be finite."),
        (b'{"weight": ' + b"9" * 5000 + b"}", "This is not JSON."),
        (b"[" * 100_000, "This is nested too deeply."),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "This is nested too deeply."),
        (b"[" * 40 + b"]" * 40, "This is nested too deeply."),
        (b'{"reason": "canary", "reason": "canary"}', "An object names one of its fields twice."),
        (b'{"canary\\u0000": 1}', "A field's name contains a character that no text may contain."),
        (b'{"canary\\ud800": 1}', "A field's name contains a character that no text may contain."),
        (b"[]", "Needs to be an object."),
        (b'"canary"', "Needs to be an object."),
    ],
)
async def test_a_body_that_is_no_strict_json_is_refused(content: bytes, message: str, anna: httpx2.AsyncClient) -> None:
    assert await fault(anna, content) == ("body", message)


UNFIT = [
    "\x00",
    "\x07",
    "\x0b",
    "\r",
    "\x1b",
    "\x7f",
    "\x85",
    "\u061c",
    "\u200f",
    "\u202e",
    "\u2066",
    "\ud800",
    "\udfff",
]


@pytest.mark.parametrize("character", UNFIT)
@pytest.mark.parametrize(
    ("name", "value"),
    [("reason", "canary{}"), ("label.de", {"de": "canary{}"}), ("about.1", ["x", "canary{}"])],
)
async def test_characters_no_text_may_contain_are_refused_and_the_field_named(
    character: str, name: str, value: Any, anna: httpx2.AsyncClient
) -> None:
    written = json.dumps({**BODY, name.split(".", maxsplit=1)[0]: value}).replace("{}", json.dumps(character)[1:-1])
    assert await fault(anna, written.encode()) == (name, "Contains a character that no text may contain.")


async def test_line_breaks_tabs_and_every_script_are_taken(anna: httpx2.AsyncClient) -> None:
    reason = "Erste Zeile\n\tzweite: Übersicht, Ελλάδα, България, 你好, 👍🏽, עברית"
    answer = await anna.post(DUTY, json={**BODY, "reason": reason})
    assert (answer.status_code, answer.json()["reason"]) == (201, reason)


@pytest.mark.parametrize(
    ("changes", "name", "message"),
    [
        ({"reason": None}, "reason", "Needs to be a text."),
        ({"reason": "  \n "}, "reason", "Needs at least 1 characters."),
        ({"reason": "\u200b"}, "reason", "Needs to say something."),
        ({"reason": "x" * 4001}, "reason", "Takes at most 4000 characters."),
        ({"reason_code": "Because"}, "reason_code", "Is not written as it must be."),
        ({"canary": "canary"}, "canary", "There is no such field."),
        ({"role": "operator"}, "role", "There is no such field."),
        ({"weight": 10}, "weight", "Needs to be at most 9."),
        ({"weight": "canary"}, "weight", "Needs to be a whole number."),
        ({"weight": 1.5}, "weight", "Needs to be a whole number."),
        ({"weight": 2**63}, "weight", "This number is too large."),
        ({"about": ["canary"]}, "about.0", "Needs to be an id (UUID)."),
        ({"label": {"de": "a\nb"}}, "label.de", "Is not written as it must be."),
        ({"label": {}}, "label", "Needs at least 1 entries."),
    ],
)
async def test_a_field_that_is_not_as_needed_is_named_in_a_plain_sentence_without_its_value(
    changes: dict[str, Any], name: str, message: str, anna: httpx2.AsyncClient
) -> None:
    answer = await anna.post(DUTY, json={**BODY, **changes})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": name, "message": message}]
    if name != "canary":
        assert "canary" not in answer.text


async def test_no_reason_no_decision(anna: httpx2.AsyncClient) -> None:
    answer = await anna.post(DUTY, json={})
    assert answer.json()["errors"] == [
        {"field": "reason_code", "message": "This is needed."},
        {"field": "reason", "message": "This is needed."},
    ]


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/xml", ";"]
)
async def test_what_is_not_sent_as_json_is_refused(content_type: str, anna: httpx2.AsyncClient) -> None:
    answer = await anna.post(DUTY, content=json.dumps(BODY).encode(), headers={"Content-Type": content_type})
    assert answer.status_code == 415
    assert answer.json()["code"] == "unsupported-media-type"


async def test_a_route_without_fields_takes_none(anna: httpx2.AsyncClient) -> None:
    assert (await anna.post("/api/v1/duties", json={})).status_code == 200
    answer = await anna.post("/api/v1/duties", json={"force": True})
    assert (answer.status_code, answer.json()["errors"]) == (422, [{"field": "body", "message": "Takes no fields."}])


@pytest.mark.parametrize("query", ["town=%00", "town=a%0Db", "town=%E2%80%AE", "%00=1", "limit=%00"])
async def test_queries_are_held_to_the_same(query: str, anna: httpx2.AsyncClient) -> None:
    assert (await anna.get(f"/api/v1/duties?{query}")).status_code == 422


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=1e3", "limit=" + "9" * 5000, "town=" + "x" * 201])
async def test_queries_are_bounded(query: str, anna: httpx2.AsyncClient) -> None:
    assert (await anna.get(f"/api/v1/duties?{query}")).status_code == 422


@pytest.mark.parametrize(
    ("position", "status"), [("0", 200), (str(2**63 - 1), 200), (str(2**63), 422), ("-1", 422), ("x", 422)]
)
async def test_a_position_fits_64_bits(position: str, status: int, anna: httpx2.AsyncClient) -> None:
    answer = await anna.get("/api/v1/duties", headers={"X-At-Least-Position": position})
    assert answer.status_code == status


@pytest.mark.parametrize("path", ["%00", "x%0Dy", "not-an-id", "%ff", "%E2%80%AE"])
async def test_ids_in_paths_are_held_to_the_same(path: str, anna: httpx2.AsyncClient) -> None:
    assert (await anna.post(f"/api/v1/duties/{path}/offer", json=BODY)).status_code == 422


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_comes_is_parsed_or_refused(content: bytes) -> None:
    try:
        value = parse(content)
    except RequestValidationError as error:
        for each in error.errors():
            assert field(each["loc"])
            assert sentence(each)
    else:
        assert json.loads(content) == value


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (ReasonCode, "drew-lots", "x"),
        (ReasonText, "because", "\u2003"),
        (ShortText, "Wien", "x" * 201),
        (Count, 5, -1),
        (Instant, "2026-03-01T12:00:00+01:00", "2026-03-01T12:00:00"),
        (Instant, "1900-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"),
        (Instant, "2026-03-01T12:00:00Z", "9999-12-31T23:59:59-14:00"),
        (Day, "2026-03-01", "0001-01-01"),
        (ZoneName, "Europe/Brussels", "../../etc/passwd"),
        (ZoneName, "UTC", "Europe"),
    ],
)
def test_the_types_of_fields_take_and_refuse(kind: Any, good: Any, bad: Any) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    adapter.validate_python(good)
    with pytest.raises(ValidationError):
        adapter.validate_python(bad)
