"""``interpares desk`` and ``interpares takeover``: what is sent, what is printed, and the code they end with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from interpares.console import looking, output
from interpares.console.__main__ import main
from interpares.console.commands.desk import _what
from interpares.console.contexts import make_folder, store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from interpares.console.contexts import Context

WAITING = {
    "programme_id": "p1",
    "title": {"en": "MULTIPLY"},
    "item": "duty:AT.visits.1",
    "kind": "offer",
    "waits_for": "organisation",
    "organisation_id": "o1",
    "names": {"de": "Graz"},
    "keys": [],
    "since": "2026-03-01T09:30:00Z",
    "due": "2026-03-05T09:30:00Z",
    "overdue": True,
    "owner": "a1",
    "deputy": "a2",
    "reminded_at": "2026-03-06T09:30:00Z",
    "meeting": {},
    "label": {},
}
CAME_IN = {
    "programme_id": "p1",
    "title": {"en": "MULTIPLY"},
    "at": "2026-03-01T09:30:00Z",
    "kind": "on-behalf",
    "subject": "duty:AT.visits.1",
    "outcome": "declined",
    "organisation_id": "o2",
    "names": {},
    "channel": "phone",
    "meeting": {},
}
FINE: dict[str, Any] = {
    "document_hash": "ab" * 32,
    "rows": {"participant": 2},
    "decisions": 3,
    "faults": [],
    "taken_over": False,
}
FAULT = {"line": 3, "column": "day", "message": "This is no day.", "way_out": "Write it as 2026-03-01."}
LIMIT = {**FAULT, "line": 4, "way_out": "Repeat it with despite: [grant-overspent] and the reason."}


class Service:
    """A programme service that answers what it was told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.preview = FINE
        self.waiting, self.came_in = [WAITING], [CAME_IN]
        self.asked: list[tuple[str, str, bytes]] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:  # noqa: PLR0911 -- one line a route
        if request.url.host == "issuer.test":
            return httpx2.Response(200, json={"access_token": "token", "expires_in": 300})
        path = request.url.path.removeprefix("/api/v1")
        self.asked.append((request.method, str(request.url.query, "ascii"), request.content))
        match path.split("/")[1:]:
            case ["desk", "items"]:
                return httpx2.Response(200, json={"items": self.waiting, "next": None})
            case ["desk", "incoming"]:
                return httpx2.Response(200, json={"items": self.came_in, "next": None})
            case ["programmes", "p1", "takeovers"]:
                return httpx2.Response(200, json=self.preview)
            case ["programmes", "p1", "takeovers", "form"]:
                return httpx2.Response(200, content=b"PK form")
            case ["programmes", "p1", "takeovers", _, "confirmation"]:
                return httpx2.Response(200, json={"decision": {"id": "d1"}, "position": 9})
        return httpx2.Response(404, json={"title": "Not found"})


@pytest.fixture
def service(here: Path, context: Callable[..., Context], monkeypatch: pytest.MonkeyPatch) -> Service:
    run = make_folder(here) / "demo-1"
    run.mkdir()
    store(context(), run)
    made = Service()
    monkeypatch.setattr(looking, "http", lambda: httpx2.AsyncClient(transport=httpx2.MockTransport(made)))
    monkeypatch.setattr(output, "_as_json", False)
    monkeypatch.setenv("INTERPARES_CONTEXT", "office")
    return made


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    def run(*arguments: object) -> int:
        monkeypatch.setattr("sys.argv", ["interpares", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        return int(end.value.code or 0)

    return run


Capture = pytest.CaptureFixture[str]


def test_the_desk_shows_who_has_not_answered(service: Service, call: Callable[..., int], capsys: Capture) -> None:
    assert call("desk", "--kind", "offer", "--days", "7") == 0
    [head, line] = capsys.readouterr().out.splitlines()
    assert head.split() == ["due", "kind", "what", "waits", "for", "owner", "deputy", "reminded"]
    assert line.split() == ["2026-03-05", "overdue", "offer", "duty:AT.visits.1", "Graz", "a1", "a2", "2026-03-06"]
    assert "kind=offer" in service.asked[-1][1]
    assert "due_before=" in service.asked[-1][1]


def test_the_desk_names_deadlines_and_meetings_by_their_titles() -> None:
    meeting = {"de": "Treffen in Graz", "en": "Meeting in Graz"}
    agreement = WAITING | {"item": "agreement:m1", "meeting": meeting}
    deadline = agreement | {"item": "deadline:m1.names", "label": {"de": "Namen"}}
    assert list(map(_what, (agreement, deadline, WAITING))) == [
        "Meeting in Graz",
        "Meeting in Graz: Namen",
        "duty:AT.visits.1",
    ]


def test_of_several_programmes_the_desk_tells_which(
    service: Service, call: Callable[..., int], capsys: Capture
) -> None:
    other = {"programme_id": "p2", "title": {"de": "Start [Smart]"}}
    service.waiting.append(WAITING | other)
    service.came_in.append(CAME_IN | other | {"subject": "meeting:m1", "meeting": {"en": "Talk [in Graz]"}})
    assert call("desk") == 0
    [head, first, second] = capsys.readouterr().out.splitlines()
    assert "programme" in head
    assert "MULTIPLY" in first
    assert "Start [Smart]" in second
    assert call("desk", "--incoming") == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert "meeting: Talk [in Graz]" in last
    assert "Start [Smart]" in last


def test_the_desk_shows_what_came_in(service: Service, call: Callable[..., int], capsys: Capture) -> None:
    assert call("desk", "--incoming") == 0
    assert capsys.readouterr().out.splitlines()[1].split()[2:] == [
        "on-behalf",
        "duty:AT.visits.1",
        "declined",
        "o2",
        "phone",
    ]
    assert call("desk", "--json") == 0
    assert json.loads(capsys.readouterr().out) == WAITING


def test_a_takeover_is_looked_at_and_entered_only_when_confirmed(
    service: Service, call: Callable[..., int], capsys: Capture, tmp_path: Path
) -> None:
    file = tmp_path / "programme.csv"
    file.write_bytes(b"record\n")
    assert call("takeover", file, "--programme", "p1") == 0
    assert "--confirm enters 3 decisions" in capsys.readouterr().out
    assert [each[0] for each in service.asked] == ["POST"]
    assert service.asked[0][2] == b"record\n"

    assert call("takeover", file, "--programme", "p1", "--confirm") == 2
    capsys.readouterr()
    assert call("takeover", file, "--programme", "p1", "--confirm", "--reason", "Kept in a table.") == 0
    assert "the first is d1" in capsys.readouterr().out
    assert json.loads(service.asked[-1][2]) == {"reason_code": "takeover", "reason": "Kept in a table."}


def test_faults_are_told_by_line_and_nothing_is_entered(
    service: Service, call: Callable[..., int], capsys: Capture, tmp_path: Path
) -> None:
    service.preview = {**FINE, "faults": [FAULT, LIMIT]}
    file = tmp_path / "programme.XLSX"
    file.write_bytes(b"PK")
    assert call("takeover", file, "--programme", "p1", "--confirm", "--reason", "Kept in a table.") == 1
    told = capsys.readouterr()
    assert "This is no day." in told.out
    assert "despite: [grant-overspent]" in told.out
    assert "Nothing was entered" in told.err
    assert len(service.asked) == 1


def test_a_file_that_was_taken_over_is_told(
    service: Service, call: Callable[..., int], capsys: Capture, tmp_path: Path
) -> None:
    service.preview = {**FINE, "taken_over": True}
    file = tmp_path / "programme.csv"
    file.write_bytes(b"record\n")
    assert call("takeover", file, "--programme", "p1", "--confirm", "--reason", "Again.", "--json") == 0
    assert json.loads(capsys.readouterr().out)["taken_over"]
    assert len(service.asked) == 1


def test_the_form_is_written_to_a_new_file(
    service: Service, call: Callable[..., int], capsys: Capture, tmp_path: Path
) -> None:
    file = tmp_path / "form.xlsx"
    assert call("takeover", file, "--programme", "p1", "--form") == 0
    assert file.read_bytes() == b"PK form"
    assert call("takeover", file, "--programme", "p1", "--form") == 2
    assert call("takeover", tmp_path / "missing.csv", "--programme", "p1") == 2
    assert call("takeover", file.rename(tmp_path / "form.ods"), "--programme", "p1") == 2
