"""``interpares seats``: what is printed of the seats of a meeting."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from interpares.console import looking, output
from interpares.console.__main__ import main
from interpares.console.contexts import make_folder, store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from interpares.console.contexts import Context

STAND: dict[str, Any] = {
    "meeting_id": "m1",
    "status": "planned",
    "seats": 2,
    "taken": 1,
    "of_host": 3,
    "kept": 1,
    "free": 1,
    "overtaking": True,
    "respond_days": 14,
    "quotas": [
        {"by": "audience", "key": "mayors", "at_least": 1, "at_most": None, "enforced": True, "seated": 0, "kept": 1,
         "met": False},
        {"by": "organisation", "key": "o1", "at_least": 0, "at_most": 2, "enforced": False, "seated": 1, "kept": 0,
         "met": True},
    ],
    "waiting": [
        {"place": 1, "number": 2, "nomination_id": "n1", "organisation_id": "o1", "people": 2,
         "obstacle": "what is left is reserved"},
    ],
}  # fmt: skip
OPEN = {**STAND, "seats": None, "free": None, "quotas": [], "waiting": []}


def answer(request: httpx2.Request) -> httpx2.Response:
    if request.url.host == "issuer.test":
        return httpx2.Response(200, json={"access_token": "token", "expires_in": 300})
    match request.url.path.removeprefix("/api/v1"):
        case "/meetings/m1/seats":
            return httpx2.Response(200, json=STAND)
        case "/meetings/m2/seats":
            return httpx2.Response(200, json=OPEN)
        case "/organisations":
            return httpx2.Response(200, json={"items": [{"id": "o1", "names": {"de": "Graz"}}], "next": None})
    return httpx2.Response(404, json={"title": "Not found", "detail": "There is no meeting with this id."})


@pytest.fixture
def call(here: Path, context: Callable[..., Context], monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    folder = make_folder(here) / "demo-1"
    folder.mkdir()
    store(context(), folder)
    monkeypatch.setattr(looking, "http", lambda: httpx2.AsyncClient(transport=httpx2.MockTransport(answer)))
    monkeypatch.setattr(output, "_as_json", False)
    monkeypatch.setenv("INTERPARES_CONTEXT", "office")

    def run(*arguments: str) -> int:
        monkeypatch.setattr("sys.argv", ["interpares", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        return int(end.value.code or 0)

    return run


def test_the_seats_of_a_meeting_and_who_waits(call: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert call("seats", "m1") == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "Seats: 2, 1 free; taken 1, kept 1, of the host 3",
        "counted by of at least at most seated kept there",
        "audience mayors 1 (enforced) – 0 1 no",
        "organisation Graz 0 2 1 0 yes",
        "place sent by people waits because",
        "1 Graz 2 what is left is reserved",
    ]


def test_a_meeting_without_limits(call: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert call("seats", "m2") == 0
    assert capsys.readouterr().out.splitlines() == [
        "Seats: not limited; taken 1, kept 1, of the host 3",
        "Nobody waits.",
    ]
    assert call("seats", "m1", "--json") == 0
    assert json.loads(capsys.readouterr().out) == STAND


def test_a_meeting_that_is_not_there(call: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert call("seats", "m3") == 1
    assert "There is no meeting" in capsys.readouterr().err
