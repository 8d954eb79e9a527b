"""The command line: what it prints for people and for programs, and the code it ends with."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from interpares.console import looking, output
from interpares.console.__main__ import main
from interpares.console.contexts import Context, make_folder, store

MakeContext = Callable[..., Context]
PROGRAMMES = ("p1", "p2")
LOGGED = {
    "position": 7,
    "id": "d1",
    "type": "duty-acceptance",
    "subject": "duty:AT.award-meeting.1",
    "outcome": "accepted",
    "concerns": ["o1", "o2"],
    "reason_code": "gladly",
    "decided_at": "2026-03-01T09:30:00Z",
    "recorded_at": "2026-03-01T09:30:00Z",
    "follows": None,
}
GRAZ = {"organisation_id": "o1", "names": {"de": "Graz"}, "keys": []}
NAMELESS = {"organisation_id": "o9", "names": {}, "keys": []}
WHOLE = {
    **LOGGED,
    "programme_id": "p2",
    "programme_title": {"en": "MULTIPLY"},
    "actor": "a1",
    "capacity": "coordinator",
    "organisation": GRAZ,
    "authority": None,
    "interest": None,
    "effective_at": "2026-03-01T09:30:00Z",
    "reason": "The hall is free.",
    "reason_hash": "ab" * 32,
    "criteria": [{"code": "capacity", "finding": "600"}],
    "rule": {"id": "hosting.award", "version": 1, "hash": "cd" * 32, "text": {"label": {"en": "The winner hosts"}}},
    "manual": [{"id": "manual.hall", "version": 1, "hash": "ad" * 32, "text": {"label": {"en": "The hall is seen"}}}],
    "evidence": [{"ref": "application:x", "version": 1, "hash": "ef" * 32, "position": 3}],
    "relied_on": [
        {
            "ref": "application:x",
            "version": 1,
            "hash": "ef" * 32,
            "position": 3,
            "kind": "application",
            "of": "o1",
            "names": {"de": "Graz"},
            "label": {"en": "Host"},
            "code": "host",
            "title": {"en": "Talk"},
            "day": "2026-03-01T09:30:00+00:00",
            "until": None,
        },
        {
            "ref": "minutes:7",
            "version": 1,
            "hash": "af" * 32,
            "position": 0,
            "kind": "minutes",
            "of": None,
            "names": {},
            "label": {},
            "code": "7",
            "title": {},
            "day": None,
            "until": None,
        },
    ],
    "alternatives": [
        {"ground": "declined", "option": "", "organisation": NAMELESS},
        {"ground": "gladly", "option": "decline", "organisation": None},
    ],
    "concerns": [GRAZ],
    "source": {"kind": "on_behalf", "channel": "phone"},
    "file_reference": "",
    "corrects": None,
    "supersedes": None,
    "revokes": None,
    "consequences": [{"id": "d2", "type": "duty-lapse", "subject": "duty:x", "outcome": "lapsed"}],
}
DENIED = {
    "title": "No capacity",
    "detail": "None of your memberships allows this.",
    "way_out": "Ask an operator.",
    "trace_id": "7661",
    "status": 403,
    "code": "no-capacity",
    "errors": [{"field": "type", "message": "Is not written as it must be."}],
}


def services(request: httpx2.Request) -> httpx2.Response:  # noqa: C901, PLR0911, PLR0912 -- one case a route
    """An issuer, and a programme service with two programmes; the second holds the decision d1."""
    if request.url.host == "issuer.test":
        return httpx2.Response(200, json={"access_token": "token", "expires_in": 300})
    match request.url.path.removeprefix("/api/v1").split("/")[1:]:
        case ["programmes"]:
            items: list[Any] = [{"id": each} for each in PROGRAMMES]
        case ["programmes", "denied", *_]:
            return httpx2.Response(403, json=DENIED)
        case ["programmes", "p2", "decisions"]:
            items = [LOGGED]
        case ["programmes", "p3", "decisions"]:
            items = [{**LOGGED, "subject": f"meeting:{meeting}"} for meeting in ("m1", "m2")]
        case ["programmes", "p3", "meetings"]:
            items = [{"id": "m1", "title": {"de": "Gespräch [in Graz]"}}]
        case ["programmes", _, "decisions"]:
            items = []
        case ["programmes", "p2", "decisions", "d1"]:
            return httpx2.Response(200, json=WHOLE)
        case ["programmes", "p2", "decisions", "d1", "letter"]:
            return httpx2.Response(200, content=f"Letter {request.url.params}".encode())
        case ["programmes", "p2", "state"]:
            state = {"stage": "call-open", "duties": {"a": {}, "b": {}}}
            return httpx2.Response(200, json={"state": state, "decisions": 7, "last_decision": "d7"})
        case ["programmes", "p2", "differences"]:
            change = {"path": "duties.a.status", "before": "open", "after": None, "decisions": ["d7", "d8"]}
            taken = [{"id": "d7", "type": "duty-lapse"}]
            return httpx2.Response(200, json={"changes": [change], "decisions": taken})
        case ["organisations"]:
            items = [{"id": "o1", "names": {"de": "Graz"}}]
        case _:
            return httpx2.Response(404, json={"title": "Not found"})
    return httpx2.Response(200, json={"items": items, "next": None})


@pytest.fixture(autouse=True)
def demo_folder(here: Path, context: MakeContext, monkeypatch: pytest.MonkeyPatch) -> Path:
    run = make_folder(here) / "demo-1"
    run.mkdir()
    store(context(), run)
    transport = httpx2.MockTransport(services)
    monkeypatch.setattr(looking, "http", lambda: httpx2.AsyncClient(transport=transport))
    monkeypatch.setattr(output, "_as_json", False)
    # What a test names before the command must not reach the next test.
    monkeypatch.setenv("INTERPARES_CONTEXT", "")
    return here


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    def run(*arguments: str) -> int:
        monkeypatch.setattr("sys.argv", ["interpares", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        return int(end.value.code or 0)

    return run


Call = Callable[..., int]
Capture = pytest.CaptureFixture[str]


def test_decisions_are_listed_with_names(call: Call, capsys: Capture) -> None:
    assert call("decisions", "--context", "office") == 0
    [head, line] = capsys.readouterr().out.splitlines()
    assert head.split() == ["decided", "type", "subject", "outcome", "reason", "concerns", "id"]
    assert line.split("  ")[0] == "2026-03-01 09:30:00"
    assert "Graz +1" in line


def test_decisions_about_a_meeting_tell_its_title(call: Call, capsys: Capture) -> None:
    assert call("decisions", "-c", "office", "--programme", "p3") == 0
    [_, first, second] = capsys.readouterr().out.splitlines()
    assert "meeting: Gespräch [in Graz]" in first
    assert "meeting:m2" in second


def test_decisions_are_one_object_per_line_for_programs(call: Call, capsys: Capture) -> None:
    assert call("decisions", "-c", "office", "--json") == 0
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {"programme_id": "p2", **LOGGED}


def test_context_and_json_may_stand_before_the_command(call: Call, capsys: Capture) -> None:
    assert call("--context", "office", "--json", "decisions") == 0
    assert json.loads(capsys.readouterr().out)["id"] == "d1"


def test_a_decision_is_explained_whole(call: Call, capsys: Capture) -> None:
    assert call("explain", "d1", "-c", "office") == 0
    told = capsys.readouterr().out
    for part in (
        "duty-acceptance: duty:AT.award-meeting.1 → accepted",
        "The hall is free.",
        "coordinator of Graz",
        "hosting.award, template version 1, SHA-256 cdcdcdcdcdcd…",
        "The winner hosts",
        "capacity 600",
        "Host (application), of Graz, on “Talk”, version 1, of 2026-03-01; application:x, SHA-256 efefefefefef…",
        "7 (minutes), version 1; minutes:7, SHA-256 afafafafafaf…",
        "manual.hall: The hall is seen",
        "on_behalf, phone",
        "duty-lapse of duty:x: lapsed",
        "o9",
        "declined",
    ):
        assert part in told


def test_a_decision_is_told_as_a_letter(call: Call, capsys: Capture, tmp_path: Path) -> None:
    assert call("explain", "d1", "-c", "office", "--letter", "de") == 0
    assert capsys.readouterr().out == "Letter language=de&format=text"
    file = tmp_path / "letter.pdf"
    assert call("explain", "d1", "-c", "office", "--letter", "en", "--format", "pdf", "-o", str(file)) == 0
    assert file.read_bytes() == b"Letter language=en&format=pdf"
    assert call("explain", "d1", "-c", "office", "--letter", "en", "--format", "pdf") == 2


def test_what_became_of_a_decision_is_told(call: Call, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    later = {"id": "d7", "decided_at": "2026-03-02T09:30:00Z", "reason_code": "wrong-facts"}
    became = {
        "reason": None,
        "reason_status": "erased",
        "authority": {"body": "jury", "vote": None, "co_signers": ["a2"]},
        "file_reference": "10-24/7",
        "standing": {"file_reference": "10-24/8"},
        "corrected_by": [later],
        "communications": [later | {"details": {"to": ["o1"], "channel": "letter"}}],
        "objections": [later | {"answer": None}, later | {"answer": {"outcome": "dismissed"}}],
    }
    monkeypatch.setattr(f"{__name__}.WHOLE", WHOLE | became)
    assert call("explain", "d1", "-c", "office") == 0
    told = capsys.readouterr().out
    for part in (
        "(erased; its hash stands in the log)",
        "jury, 1 co-signers",
        "file_reference 10-24/8",
        "d7, 2026-03-02 09:30:00 UTC",
        "1 organisation by letter",
        "wrong-facts: not answered yet",
        "wrong-facts: dismissed",
    ):
        assert part in told


def test_a_programme_is_shown_as_of_a_moment(call: Call, capsys: Capture) -> None:
    moment = "2026-03-01T12:00:00Z"
    assert call("programme", "as-of", moment, "-c", "office", "--programme", "p2") == 0
    told = capsys.readouterr().out
    assert "call-open" in told
    assert "7 decisions, the last of them d7" in told
    assert call("programme", "as-of", moment, "-c", "office", "--programme", "p2", "--json") == 0
    assert json.loads(capsys.readouterr().out)["decisions"] == 7
    assert call("programme", "as-of", moment, "-c", "office") == 2


def test_what_changed_between_two_moments_is_shown(call: Call, capsys: Capture) -> None:
    asked = ("programme", "difference", "2026-03-01T12:00:00Z", "2026-03-02T12:00:00Z", "-c", "office")
    assert call(*asked, "--programme", "p2", "--time", "effective") == 0
    told = capsys.readouterr().out
    for part in ("duties.a.status", "open", "None", "duty-lapse d7", "d8"):
        assert part in told
    assert call(*asked, "--programme", "p2", "--json") == 0
    assert json.loads(capsys.readouterr().out)["changes"][0]["path"] == "duties.a.status"


def test_a_decision_is_explained_to_programs(call: Call, capsys: Capture) -> None:
    assert call("explain", "d1", "-c", "office", "--json") == 0
    assert json.loads(capsys.readouterr().out) == WHOLE


def test_an_unknown_decision_is_refused(call: Call, capsys: Capture) -> None:
    assert call("explain", "d9", "-c", "office") == 1
    assert "None of the 2 programmes this context can see has a decision d9." in capsys.readouterr().err


def test_a_problem_is_told_with_its_way_out_and_trace(call: Call, capsys: Capture) -> None:
    assert call("decisions", "-c", "office", "--programme", "denied") == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "No capacity",
        "None of your memberships allows this.",
        "  type: Is not written as it must be.",
        "→ Ask an operator.",
        "trace 7661",
    ]


def test_a_problem_is_json_for_programs(call: Call, capsys: Capture) -> None:
    assert call("decisions", "-c", "office", "--programme", "denied", "--json") == 1
    assert json.loads(capsys.readouterr().err) == DENIED


def test_who_does_not_answer_is_named(call: Call, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(_: httpx2.Request) -> httpx2.Response:
        message = "refused"
        raise httpx2.ConnectError(message)

    monkeypatch.setattr(looking, "PATIENCE_SECONDS", 0)
    monkeypatch.setattr(looking, "http", lambda: httpx2.AsyncClient(transport=httpx2.MockTransport(silent)))
    assert call("decisions", "-c", "office") == 3
    assert "http://issuer.test/token: ConnectError." in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["decisions"], ["decisions", "-c", "nobody"], ["explain"], ["fly"]])
def test_a_wrong_command_line_ends_with_two(call: Call, arguments: list[str]) -> None:
    assert call(*arguments) == 2


def test_contexts_are_listed_without_their_secrets(call: Call, capsys: Capture) -> None:
    assert call("contexts") == 0
    assert "office" in capsys.readouterr().out
    assert call("contexts", "--json") == 0
    [listed] = json.loads(capsys.readouterr().out)
    assert listed["run"] == "demo-1"
    assert not {"client_secret", "nats_url"} & set(listed)


def test_without_contexts_a_demo_is_proposed(
    call: Call, capsys: Capture, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert call("contexts") == 0
    assert "make demo" in capsys.readouterr().out


def test_streams_are_not_for_everybody(call: Call, capsys: Capture) -> None:
    assert call("tail", "-c", "office") == 1
    assert "may not read the event streams" in capsys.readouterr().err


def test_a_template_is_checked(call: Call, capsys: Capture, here: Path) -> None:
    (here / "bad.yaml").write_text("id: x\nrolls: {}\n", encoding="utf-8")
    assert call("templates", "check", "bad.yaml") == 1
    told = capsys.readouterr()
    assert "bad.yaml:2: rolls is no word of the template language" in told.out.splitlines()
    assert "No programme can be drafted from this" in told.err


def test_a_template_is_checked_for_programs(call: Call, capsys: Capture, here: Path) -> None:
    (here / "bad.yaml").write_text("id: [\n", encoding="utf-8")
    assert call("templates", "check", "bad.yaml", "--json") == 1
    assert json.loads(capsys.readouterr().out)["flaws"][0]["line"] == 2


def test_a_fine_template_is_fine(call: Call, capsys: Capture) -> None:
    multiply = Path(__file__).parents[3] / "templates" / "multiply.yaml"
    assert call("templates", "check", str(multiply)) == 0
    assert capsys.readouterr().out == f"{multiply}: fine\n"


def test_a_file_that_is_not_there_is_a_wrong_command_line(call: Call) -> None:
    assert call("templates", "check", "nowhere.yaml") == 2


def test_a_long_call_for_help_names_every_command(call: Call, capsys: Capture) -> None:
    assert call("--help") == 0
    told = capsys.readouterr().out
    for command in ("demo", "doctor", "contexts", "explain", "decisions", "tail", "templates"):
        assert command in told
