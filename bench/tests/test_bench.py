"""The bench works and its report has its shape; how fast anything is, no test says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.goals import GOALS
from bench.page import markdown
from bench.plan import QUICK
from bench.run import SUITES

ROOT = Path(__file__).parents[2]


def measured(tmp_path: Path, suite: str) -> dict[str, Any]:
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    finished = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--suite", suite, "--results", tmp_path / "results"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    (kept,) = (tmp_path / "results").iterdir()
    report: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    for figure in report["figures"]:
        assert figure["name"] in finished.stdout
    return report


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.parametrize("suite", SUITES)
def test_a_quick_run_of(suite: str, tmp_path: Path) -> None:
    report = measured(tmp_path, suite)

    assert set(report) == {"at", "plan", "machine", "figures", "goals"}
    assert report["plan"]["seconds"] == QUICK.seconds
    assert report["figures"]
    for figure in report["figures"]:
        assert figure["suite"] == suite
        assert figure["unit"]
        assert all(sample > 0 for sample in figure["samples"])
    names = [figure["name"] for figure in report["figures"]]
    assert len(names) == len(set(names))
    # A quick run stops at smaller sizes and rates, so some goals have nothing to be held against.
    possible = [goal for goal in GOALS if goal.suite == suite and {goal.of, goal.to} - {""} <= set(names)]
    assert [each["measure"] for each in report["goals"]] == [goal.measure for goal in possible]
    assert all(set(each) == {"measure", "goal", "value", "met"} for each in report["goals"])
    assert markdown(report)


def test_every_goal_belongs_to_a_suite() -> None:
    assert {goal.suite for goal in GOALS} <= set(SUITES)
