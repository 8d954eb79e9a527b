"""``interpares privacy erase``: what it waits for, and what it says of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from interpares.console import looking, output
from interpares.console.__main__ import main
from interpares.console.commands import privacy
from interpares.console.contexts import make_folder, store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from interpares.console.contexts import Context

DECIDED_AT = 42
EXPORT: dict[str, Any] = {
    "actor": "a1",
    "data": {"people": [{"email": "nova@example.org", "subject": "nova"}]},
    "texts": {"programme": [], "registration": []},
}
ANSWERS: dict[str, dict[str, Any]] = {
    "/token": {"access_token": "token", "expires_in": 300},
    "/people/p1/export": EXPORT,
    "/people/p1/erasure-requests": {"id": "r1", "position": DECIDED_AT - 1},
    "/erasure-requests/r1/decision": {"decision": {"id": "d1"}, "position": DECIDED_AT},
    "/privacy/verification": {"left": []},
}
BUSY = httpx2.Response(503, json={"title": "Busy", "detail": "The view lags."}, headers={"Retry-After": "0"})


class Registration:
    """Both services. late: how often the view of requests has not caught up with the decision yet."""

    def __init__(self, late: int) -> None:
        self.late = late

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path.removeprefix("/api/v1")
        if path == "/erasure-requests/r1":
            return self._request(int(request.headers.get("X-At-Least-Position", "0")))
        return httpx2.Response(200, json=ANSWERS[path])

    def _request(self, position: int) -> httpx2.Response:
        """Answer as the service does while its view lags: to whoever names no position, as if nothing was there."""
        if self.late:
            self.late -= 1
            missing = httpx2.Response(404, json={"title": "Not found", "detail": "There is no request with this id."})
            return BUSY if position == DECIDED_AT else missing
        return httpx2.Response(200, json={"confirmed_by": ["programme"]})


@pytest.fixture
def erase(here: Path, context: Callable[..., Context], monkeypatch: pytest.MonkeyPatch) -> Callable[[int], int]:
    folder = make_folder(here) / "demo-1"
    folder.mkdir()
    store(context(), folder)
    monkeypatch.setattr(output, "_as_json", False)
    monkeypatch.setenv("INTERPARES_CONTEXT", "office")

    def run(late: int) -> int:
        transport = httpx2.MockTransport(Registration(late))
        monkeypatch.setattr(looking, "http", lambda: httpx2.AsyncClient(transport=transport))
        arguments = ["erase", "p1", "--reason", "As she asked.", "--yes", "--json"]
        monkeypatch.setattr("sys.argv", ["interpares", "privacy", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        return int(end.value.code or 0)

    return run


# The second goes beyond the patience of the client itself.
@pytest.mark.parametrize("late", [0, 1, 40])
def test_an_erasure_waits_for_the_view_of_requests(
    late: int, erase: Callable[[int], int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PATIENCE_SECONDS", 0.2)
    assert erase(late) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"request": "r1", "decision": "d1", "actor": "a1", "confirmed_by": ["programme"], "left": []}


def test_an_erasure_nobody_confirms_in_time_is_told_all_the_same(
    erase: Callable[[int], int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(privacy, "WAIT_SECONDS", 0.2)
    assert erase(1_000_000) == 0
    assert json.loads(capsys.readouterr().out)["confirmed_by"] == []
