"""Contexts are found from below, belong to their owner alone, and are never guessed."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from interpares.console.contexts import Context, chosen, found, make_folder, store
from interpares.console.failures import Usage

MakeContext = Callable[..., Context]


def run_folder(above: Path, run: str) -> Path:
    folder = make_folder(above) / run
    folder.mkdir()
    return folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_context_is_for_its_owner_alone(here: Path, context: MakeContext) -> None:
    path = store(context(), run_folder(here, "demo-1"))
    assert mode(path) == 0o600
    assert mode(path.parent) == 0o700
    assert mode(here / ".interpares") == 0o700


def test_git_stays_away_from_contexts(here: Path) -> None:
    assert (make_folder(here) / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert make_folder(here) == here / ".interpares"


def test_a_context_does_not_show_its_secrets(context: MakeContext) -> None:
    shown = repr(context(nats_url="nats://platform:pass@host"))
    assert "s3cret" not in shown
    assert "pass" not in shown


def test_contexts_are_found_from_folders_below(here: Path, context: MakeContext) -> None:
    written = context()
    store(written, run_folder(here, "demo-1"))
    below = here / "a" / "b"
    below.mkdir(parents=True)
    assert chosen("office", below) == written
    assert [each.full_name for each in found(below)] == ["demo-1/office"]


def test_the_nearest_folder_counts(here: Path, context: MakeContext) -> None:
    store(context(title="far"), run_folder(here, "demo-1"))
    near = here / "near"
    near.mkdir()
    store(context(title="near"), run_folder(near, "demo-2"))
    assert chosen("office", near).title == "near"


def test_without_any_context_the_way_out_is_a_demo(here: Path) -> None:
    with pytest.raises(Usage) as failure:
        chosen("office")
    assert "make demo" in failure.value.way_out


def test_no_context_is_guessed(here: Path, context: MakeContext) -> None:
    store(context(), run_folder(here, "demo-1"))
    with pytest.raises(Usage) as failure:
        chosen(None)
    assert failure.value.detail == "There are: office."


def test_an_unknown_name_lists_the_known_ones(here: Path, context: MakeContext) -> None:
    store(context(), run_folder(here, "demo-1"))
    with pytest.raises(Usage) as failure:
        chosen("auditor")
    assert failure.value.detail == "There is no context auditor; there are: office."


def test_a_name_that_two_runs_have_needs_its_run(here: Path, context: MakeContext) -> None:
    for run in ("demo-1", "demo-2"):
        store(context(title=run), run_folder(here, run))
    with pytest.raises(Usage) as failure:
        chosen("office")
    assert failure.value.detail == "office may be demo-1/office, demo-2/office."
    assert chosen("demo-2/office").title == "demo-2"


def test_a_damaged_file_is_named(here: Path) -> None:
    contexts = run_folder(here, "demo-1") / "contexts"
    contexts.mkdir()
    (contexts / "office.json").write_text(json.dumps({"name": "office"}), encoding="utf-8")
    with pytest.raises(Usage) as failure:
        found()
    assert "office.json" in failure.value.detail
