"""The drill finds what is lost, where something is; and on real servers nothing is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from drill.record import Acknowledged, lost, unanswered_for

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 900
BEFORE = {"programme": {1: "aa", 2: "bb"}, "registration": {1: "cc"}}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (BEFORE, []),
        ({"programme": {1: "aa", 2: "bb", 3: "dd"}, "registration": {1: "cc"}}, []),
        ({"programme": {1: "aa"}, "registration": {1: "cc"}}, ["programme 2"]),
        ({"programme": {1: "aa", 2: "bb"}, "registration": {1: "other"}}, ["registration 1"]),
    ],
)
def test_what_is_gone_or_another_one_is_named(after: dict[str, dict[int, str]], expected: list[str]) -> None:
    assert lost(BEFORE, after) == expected


def test_what_somebody_got_an_answer_for_and_no_store_holds_is_named() -> None:
    acknowledged = Acknowledged({"programme": {2, 3}, "registration": {1}})
    assert acknowledged.total == 3
    assert unanswered_for(acknowledged, BEFORE) == ["programme 3"]


@pytest.mark.slow
@pytest.mark.integration
def test_the_whole_drill_loses_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "drill"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    summary = json.loads(ran.stdout.splitlines()[-1])
    assert summary["holds"]
    assert summary["lost"] == 0
    assert summary["acknowledged"] > 50
    assert summary["seconds"].keys() == {
        "backup",
        "restored",
        "streams_rebuilt",
        "one_service_restored",
        "writes_again",
    }
    assert [path.name for path in (tmp_path / ".interpares").iterdir()] == [".gitignore"]
