from __future__ import annotations

import json

import pytest
import structlog
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from interpares.common.errors import Conflict, DomainError, Forbidden, LaterRelease, NotFound
from interpares.common.http.gate import NoCapacity
from interpares.common.problems import TECHNICAL, answer, field, page, sentence
from interpares.common.telemetry import continued


class Unnamed(DomainError):
    """A fact of no kind."""


@pytest.mark.parametrize(
    ("error", "status"),
    [(Conflict("Taken."), 409), (NotFound("Gone."), 404), (Forbidden("Not you."), 403), (Unnamed("Odd."), 409)],
)
def test_the_kind_of_a_fact_picks_the_status(error: DomainError, status: int) -> None:
    assert answer(error).status_code == status


def test_a_problem_names_the_trace() -> None:
    with continued("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "", "request"):
        said = json.loads(bytes(answer(Conflict("Taken.", "Choose another.")).body))
    assert said == {
        "type": "/problems/conflict",
        "title": "Conflict",
        "status": 409,
        "detail": "Taken.",
        "code": "conflict",
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "way_out": "Choose another.",
        "errors": [],
    }


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "bad-request"), (404, "not-found"), (405, "method-not-allowed"), (413, "too-large"), (418, "bad-request")],
)
def test_refusals_of_the_framework_become_problems(status: int, code: str) -> None:
    said = json.loads(bytes(answer(HTTPException(status, "canary")).body))
    assert (said["status"], said["code"]) == (status, code)
    assert "canary" not in str(said)


def test_a_caller_who_left_is_no_failure_of_ours() -> None:
    with structlog.testing.capture_logs() as logs:
        assert answer(ClientDisconnect()).status_code == 400
    assert logs == []


def test_what_nobody_foresaw_is_logged_and_says_nothing() -> None:
    with structlog.testing.capture_logs() as logs:
        refused = answer(ZeroDivisionError("canary"))
    assert refused.status_code == 500
    assert b"canary" not in bytes(refused.body)
    assert [line["event"] for line in logs] == ["unexpected"]


def test_half_characters_in_a_fact_do_not_break_the_answer() -> None:
    assert json.loads(bytes(answer(Conflict("\ud800")).body))["detail"] == "?"


def test_no_more_than_fifty_faults_are_listed() -> None:
    faults = [{"type": "missing", "loc": ("body", "x", n), "msg": ""} for n in range(60)]
    assert len(json.loads(bytes(answer(RequestValidationError(faults)).body))["errors"]) == 50


@pytest.mark.parametrize(
    ("loc", "path"),
    [
        (("body", "to", 0), "to.0"),
        (("query", "limit"), "limit"),
        (("body", "label", "de", "[key]"), "label.de"),
        (("body",), "body"),
        (("body", "x" * 300), "x" * 200),
        ((), ""),
    ],
)
def test_a_field_is_named_by_its_path(loc: tuple[str | int, ...], path: str) -> None:
    assert field(loc) == path


@pytest.mark.parametrize(
    ("error", "text"),
    [
        ({"type": "literal_error", "ctx": {"expected": "'a' or 'b'"}}, "Needs to be one of 'a' or 'b'."),
        ({"type": "datetime_from_date_parsing", "ctx": {}}, "Needs to be a date or time as in ISO 8601."),
        ({"type": "a kind not heard of"}, "This cannot be taken as it is."),
        ({"type": "value_error", "ctx": {"error": ValueError("Needs to be odd.")}}, "Needs to be odd."),
    ],
)
def test_faults_are_told_in_plain_sentences(error: dict[str, object], text: str) -> None:
    assert sentence(error) == text


@pytest.mark.parametrize(
    "code", [*TECHNICAL, "busy", "idempotency-key-reused", "conflict", NoCapacity.code, LaterRelease.code]
)
def test_every_code_has_a_page(code: str) -> None:
    shown = page(code)
    assert shown.media_type == "text/plain"
    assert len(bytes(shown.body).decode().splitlines()) >= 3


def test_an_unknown_code_has_none() -> None:
    with pytest.raises(HTTPException):
        page("canary")
