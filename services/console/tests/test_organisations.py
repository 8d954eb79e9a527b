"""``interpares organisations``: what is sent, what is printed, and the code it ends with."""

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

FAULT = {"column": "kind", "message": "This is no kind of organisation.", "way_out": "Write municipality."}
FAULTY: dict[str, Any] = {"line": 3, "state": "faulty", "faults": [FAULT], "question": None}
ASKED: dict[str, Any] = {"line": 4, "state": "asked", "faults": [], "question": "Is this another one?"}
BORNE = {
    "score": 96,
    "organisation": {
        "id": "o1",
        "names": {"nl": "Borne"},
        "country": "NL",
        "kind": "municipality",
        "keys": [{"scheme": "LAU", "value": "GM0147"}],
    },
}
Capture = pytest.CaptureFixture[str]


class Service:
    """A registration service that answers what it was told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.rows = [FAULTY, ASKED]
        self.asked: list[tuple[str, str, bytes]] = []
        self.left = 2

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "issuer.test":
            return httpx2.Response(200, json={"access_token": "token", "expires_in": 300})
        path = request.url.path.removeprefix("/api/v1")
        self.asked.append((request.method, f"{path}?{request.url.query.decode()}", request.content))
        answers: dict[str, Any] = {
            "/organisation-imports": {"id": "i1"},
            "/organisation-imports/i1/confirmation": {"position": 9},
            "/organisations/search": {"items": [BORNE], "next": None},
        }
        if path == "/organisation-imports/i1/rows":
            state = request.url.params["state"]
            answers[path] = {"items": [row for row in self.rows if row["state"] == state], "next": None}
        if path == "/organisation-imports/i1":
            self.left -= 1
            status = "finished" if self.left <= 0 else "running"
            answers[path] = {"id": "i1", "status": status, "rows": {"ready": 7, "faulty": 1}}
        if path.startswith("/organisations."):
            return httpx2.Response(200, content=b"PK table")
        return httpx2.Response(200, json=answers[path])


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
        monkeypatch.setattr("sys.argv", ["interpares", "organisations", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        return int(end.value.code or 0)

    return run


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "towns.csv"
    file.write_bytes(b"kind,country\n")
    return file


def test_an_import_is_looked_at_line_by_line(
    service: Service, call: Callable[..., int], capsys: Capture, table: Path
) -> None:
    assert call("import", table) == 1
    shown = capsys.readouterr()
    assert "3     kind    This is no kind of organisation.  Write municipality." in shown.out
    assert "--keep 4" in shown.out
    assert "2 lines" in shown.err
    assert service.asked[0] == ("POST", "/organisation-imports?", b"kind,country\n")
    assert not any("confirmation" in path for _, path, _ in service.asked)


def test_a_confirmed_import_is_waited_for(
    service: Service, call: Callable[..., int], capsys: Capture, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interpares.console.commands.organisations.LOOK_SECONDS", 0.001)
    service.rows = [ASKED]
    assert call("import", table, "--confirm", "--reason", "The list.", "--keep", "4", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["status"], shown["told"]) == ("finished", [])
    (sent,) = [json.loads(content) for _, path, content in service.asked if "confirmation" in path]
    assert sent == {"reason_code": "imported", "reason": "The list.", "keep": [4]}


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_the_directory_is_exported(ending: str, service: Service, call: Callable[..., int], tmp_path: Path) -> None:
    file = tmp_path / f"all{ending}"
    assert call("export", file) == 0
    assert file.read_bytes() == b"PK table"
    assert service.asked[-1][1] == f"/organisations{ending}?"


def test_a_name_is_searched(service: Service, call: Callable[..., int], capsys: Capture) -> None:
    assert call("search", "Bornne", "--country", "NL") == 0
    assert capsys.readouterr().out.splitlines()[1].split() == [
        "96", "Borne", "NL", "municipality", "LAU", "GM0147", "o1",
    ]  # fmt: skip
    assert "text=Bornne" in service.asked[-1][1]
    assert call("search", "Bornne", "--json") == 0
    assert json.loads(capsys.readouterr().out) == BORNE


def test_what_cannot_be_meant_is_refused(service: Service, call: Callable[..., int], table: Path) -> None:
    for arguments in (
        ("import", table, "--confirm"),
        ("import", table.with_suffix(".pdf")),
        ("import", table.with_name("nothing.csv")),
        ("export", table.with_suffix(".pdf")),
        ("export", table / "inside.csv"),
    ):
        assert call(*arguments) == 2, arguments
    assert not [each for each in service.asked if each[0] == "POST"]
