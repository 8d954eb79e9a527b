"""Whatever becomes of the process that started the servers, they go with it, and their files too."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from interpares.common.testing.processes import wait_until

PARENT = """
import json, signal
from interpares.common.testing.nats import EmbeddedNats
from interpares.common.testing.postgres import EmbeddedPostgres

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have started the tests with it ignored
postgres, nats = EmbeddedPostgres(), EmbeddedNats()
postgres.start(), nats.start()
print(json.dumps({
    "pids": [postgres.pid, nats.pid],
    "directories": [str(postgres.directory), str(nats.directory)],
}), flush=True)
signal.pause()
"""


REAPER_KILLED = """
import os, signal
from interpares.common.testing import processes
processes.working_directory("interpares-test-")
os.kill(processes._reaper._process.pid, signal.SIGKILL)
processes._reaper._process.wait()
"""


@pytest.mark.parametrize("before", ["", REAPER_KILLED], ids=["", "after the reaper was killed"])
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_its_parent(end: signal.Signals, before: str) -> None:
    script = before + PARENT
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as parent:
        try:
            assert parent.stdout is not None
            started = json.loads(parent.stdout.readline())
            everything = [process for pid in started["pids"] for process in family(pid)]
            assert len(everything) > len(started["pids"])
            parent.send_signal(end)
            assert parent.wait(30) != 0
        finally:
            parent.kill()

    def all_gone() -> bool:
        processes = any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in everything)
        return not processes and not any(Path(directory).exists() for directory in started["directories"])

    wait_until(all_gone, timeout=30, what="end of servers and directories")


def family(pid: int) -> list[psutil.Process]:
    return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
