"""A short trial of the whole thing: ``make chaos`` in small."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = "6"


@pytest.mark.integration
@pytest.mark.slow
def test_a_short_trial_keeps_every_promise(tmp_path: Path) -> None:
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    trial = subprocess.run(
        [sys.executable, "-m", "chaos", "--seconds", SECONDS, "--seed", "1"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert trial.returncode == 0, trial.stdout + trial.stderr
    figures = json.loads(trial.stdout.splitlines()[-1])
    kept = {"lost": 0, "duplicated": 0, "reordered": 0, "foreign": 0, "views_equal_rebuild": True, "settled": True}
    assert kept.items() <= figures.items()
    assert figures["acknowledged"] > 0
    assert figures["kills"] > 0
    assert [left.name for left in (tmp_path / ".interpares").iterdir()] == [".gitignore"]
