"""Long work shows how far it is: a bar on a terminal, a line now and then everywhere else."""

import io
import json
from typing import Any

import pytest
from rich.console import Console

from interpares.console import progress
from interpares.console.progress import working

Capture = pytest.CaptureFixture[str]


def told(capsys: Capture) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_programs_get_a_line_now_and_then_and_the_last_one(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    with working("verifying", as_json=True) as work:
        for done in (10, 20, 60, 100):
            now += 0.5
            work.reach(done, 100, counted=done // 10)
    assert told(capsys) == [
        {"work": "verifying", "done": 10, "total": 100, "rate": 2.0, "eta_seconds": None},
        {"work": "verifying", "done": 60, "total": 100, "rate": 6.0, "eta_seconds": 1.2},
        {"work": "verifying", "done": 100, "total": 100, "rate": 9.5, "eta_seconds": 0.0},
    ]


def test_a_total_that_grows_is_never_passed(capsys: Capture) -> None:
    with working("verifying", as_json=True) as work:
        work.reach(12, 10, counted=1)
    assert [(line["done"], line["total"]) for line in told(capsys)] == [(12, 12)]


def test_people_get_a_bar_with_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr(progress, "console", lambda: Console(file=screen, force_terminal=True, width=100))
    with working("rebuilding", as_json=False) as work:
        work.reach(50, 100, counted=50)
        work.reach(100, 100, counted=50)
    for part in ("rebuilding", "100%", "/s", "0:00:00"):
        assert part in screen.getvalue()
