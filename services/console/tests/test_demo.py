"""The whole demo: it tells its story, survives what is done to it, and leaves nothing."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from interpares.common.testing.processes import wait_until
from interpares.common.testing.reaper import alive

pytestmark = [pytest.mark.integration, pytest.mark.slow]
SECONDS = 90.0


def test_the_demo_stays_up_is_looked_at_and_leaves_nothing(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INTERPARES_")}
    command = [sys.executable, "-m", "interpares.console"]
    told = tmp_path / "told"
    with told.open("w") as output:
        demo = subprocess.Popen([*command, "demo", "--json"], cwd=tmp_path, stdout=output, env=environment)

    def lines() -> list[dict[str, object]]:
        return [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]

    def settled() -> bool:
        assert demo.poll() is None, told.read_text(encoding="utf-8")
        return any("ready" in line for line in lines())

    try:
        wait_until(settled, timeout=SECONDS, what="the end of the story", log=told)
        looked = subprocess.run(
            [*command, "--context", "auditor", "--json", "decisions", "--type", "duty-refusal"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            check=True,
        )
        assert json.loads(looked.stdout)["subject"] == "duty:BE.award-meeting.1"
        privacy = [*command, "--context", "operator", "--json", "privacy"]
        ledger = subprocess.run([*privacy, "ledger"], cwd=tmp_path, env=environment, capture_output=True, check=True)
        erased = json.loads(ledger.stdout)
        verified = subprocess.run(
            [*privacy, "verify", erased["person_id"], "--actor", erased["actor"]],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            check=True,
        )
        assert json.loads(verified.stdout) == {"left": []}
        children = [child.pid for child in psutil.Process(demo.pid).children(recursive=True)]
    finally:
        demo.send_signal(signal.SIGTERM)
        code = demo.wait(SECONDS)
    assert code == 0
    summary = lines()[-1]
    expected = {"organisations": 42, "duties": 37, "accepted": 37, "conflicts": 1, "lost": 0}
    assert expected.items() <= summary.items()
    assert summary["decisions"] == 347
    wait_until(lambda: not any(map(alive, children)), timeout=SECONDS, what="end of all processes")
    assert [path.name for path in (tmp_path / ".interpares").iterdir()] == [".gitignore"]
