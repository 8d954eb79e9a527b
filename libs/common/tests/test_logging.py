from __future__ import annotations

import io
import json
import logging
import warnings
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest
import structlog

from interpares.common import logging as own_logging
from interpares.common.telemetry import continued

if TYPE_CHECKING:
    from collections.abc import Iterator


class Lines:
    def __init__(self) -> None:
        self.stream = io.StringIO()

    def read(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    lines = Lines()
    own_logging.configure("programme", "api", "INFO", lines.stream)
    yield lines
    root.handlers, root.level = before, level
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def test_a_line_is_json_with_service_role_time_level_and_trace(lines: Lines) -> None:
    with continued("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "", "work"):
        structlog.get_logger("interpares.sample").info("duty-accepted", position=7)
    (line,) = lines.read()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "duty-accepted",
        "position": 7,
        "service": "programme",
        "role": "api",
        "level": "info",
        "logger": "interpares.sample",
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
    }


def test_what_libraries_log_goes_the_same_way(lines: Lines) -> None:
    logging.getLogger("uvicorn.error").warning("started on %s", 8000)
    (line,) = lines.read()
    assert (line["event"], line["logger"], line["service"]) == ("started on 8000", "uvicorn.error", "programme")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("deprecated", stacklevel=1)
    assert lines.read()[1]["logger"] == "py.warnings"


def test_denied_keys_are_dropped_however_deep(lines: Lines) -> None:
    structlog.get_logger().info(
        "saved",
        reason="canary",
        Email="canary",
        token="canary",
        inner={"text": "canary", "kept": [{"name": "canary", "id": 1}]},
    )
    assert "canary" not in lines.stream.getvalue()
    assert lines.read()[0]["inner"] == {"kept": [{"id": 1}]}


def test_an_exception_shows_types_and_places_but_no_message(lines: Lines) -> None:
    quoting = "Key (email)=(canary) already exists"

    def failing() -> None:
        try:
            raise psycopg.errors.UniqueViolation(quoting)
        except psycopg.Error as error:
            raise ValueError(quoting) from error

    try:
        failing()
    except ValueError:
        structlog.get_logger().exception("failed")
        logging.getLogger("library").exception("failed")
    assert "canary" not in lines.stream.getvalue()
    for line in lines.read():
        assert line["exception"] == ["ValueError", "psycopg.errors.UniqueViolation [23505]"]
        assert line["at"][-1].endswith(" failing")


def test_the_parts_of_a_group_are_named(lines: Lines) -> None:
    group = ExceptionGroup("canary", [ValueError("canary"), KeyError("canary")])
    structlog.get_logger().error("failed", exc_info=group)
    assert lines.read()[0]["exception"] == ["ExceptionGroup", "ValueError", "KeyError"]
    assert "canary" not in lines.stream.getvalue()


def test_asyncio_may_not_quote_a_failed_task(lines: Lines) -> None:
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: <Task ValueError('canary')>")
    assert lines.read()[0]["event"] == "Task exception was never retrieved"


def test_access_lines_of_libraries_which_quote_query_strings_are_quiet(lines: Lines) -> None:
    for name in ("uvicorn.access", "httpx2", "httpcore2"):
        logging.getLogger(name).info("GET /?q=canary")
    assert lines.read() == []


def test_levels_below_the_set_one_are_left_out(lines: Lines) -> None:
    structlog.get_logger().debug("detail")
    logging.getLogger("library").debug("detail")
    assert lines.read() == []


def test_ids_are_written_and_other_objects_named_by_their_type(lines: Lines) -> None:
    some_id = uuid4()
    structlog.get_logger().info("saved", id=some_id, error=ValueError("canary"))
    (line,) = lines.read()
    assert (line["id"], line["error"]) == (str(some_id), "ValueError")
