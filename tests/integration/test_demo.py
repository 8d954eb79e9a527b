"""``interpares demo --once`` as a user runs it, beside another demo in the same folder; both leave nothing.

Two whole stories at once take a while, so all that is to be seen of them is looked at in one test.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

import interpares.console
from interpares.common.testing.processes import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.integration, pytest.mark.slow]

SECONDS = 100.0
MARK = "INTEGRATION_TEST_OF_A_DEMO"
ACCOUNTS = ("/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow")
SUMMARY = {
    "organisations": 42,
    "duties": 37,
    "accepted": 37,
    "conflicts": 1,
    "meetings": {"cancelled": 1, "confirmed": 29, "held": 6, "planned": 1},
    "decisions": 347,
    "lost": 0,
}


@dataclass(frozen=True)
class Machine:
    """What a demo may not change: accounts, and permissions of what it runs from. ``temporary``: its temp folder."""

    temporary: Path

    def left(self) -> dict[str, list[str]]:
        """Return processes and files of demos that are there."""
        return {
            "processes": [str(process) for process in psutil.process_iter() if self._of_a_demo(process)],
            "files": [path.name for path in self.temporary.iterdir()],
        }

    def _of_a_demo(self, process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error):
            # Servers get an environment of their own, but work in folders of their own.
            own = MARK in process.environ() or any(str(self.temporary) in part for part in process.cmdline())
            return own and process.status() != psutil.STATUS_ZOMBIE
        return False

    @staticmethod
    def state() -> dict[str, bytes | int]:
        """Return accounts and permissions."""
        checkout, python = Path(interpares.console.__file__ or ""), Path(sys.prefix, "bin", "python")
        places = {place for path in (checkout, python) for place in (path, *path.parents)}
        accounts = {name: Path(name).read_bytes() for name in ACCOUNTS if os.access(name, os.R_OK)}
        return {**accounts, **{str(place): place.stat().st_mode for place in places}}


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A temp folder that servers of other users can reach as well, as the real one is."""
    temporary = Path(tempfile.mkdtemp(prefix="interpares-demo-test-"))
    temporary.chmod(0o755)
    yield Machine(temporary)
    shutil.rmtree(temporary)


def test_the_demo_is_told_beside_another_and_nothing_is_left(tmp_path: Path, machine: Machine) -> None:
    before = machine.state()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("INTERPARES_", "OTEL_"))}
    environment = inherited | {"TMPDIR": str(machine.temporary), MARK: "1", "COLUMNS": "100"}
    command = [sys.executable, "-m", "interpares.console", "demo"]

    def told(name: str) -> list[str]:
        return (tmp_path / name).read_text(encoding="utf-8").splitlines()

    def begin(name: str, *options: str) -> subprocess.Popen[bytes]:
        with (tmp_path / name).open("wb") as output:
            return subprocess.Popen([*command, *options], cwd=tmp_path, stdout=output, stderr=output, env=environment)

    other, once = begin("other"), begin("once", "--once")
    try:
        assert once.wait(SECONDS) == 0, told("once")
        wait_until(
            lambda: "Stop with Ctrl-C." in told("other"), timeout=SECONDS, what="other demo", log=tmp_path / "other"
        )
        assert other.poll() is None
    finally:
        once.kill()
        other.send_signal(signal.SIGINT)
        code = other.wait(SECONDS)
    assert code == 0, told("other")

    for name in ("once", "other"):
        summary = json.loads(told(name)[-1])
        assert summary.pop("seconds") > 0
        assert summary.pop("events_published") >= SUMMARY["decisions"]
        assert summary == SUMMARY
    wait_until(
        lambda: machine.left() == {"processes": [], "files": []}, timeout=10, what=f"nothing of {machine.left()}"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == [".interpares", "once", "other"]
    assert [path.name for path in (tmp_path / ".interpares").iterdir()] == [".gitignore"]
    assert machine.state() == before
