from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from interpares.common.testing import reaper
from interpares.common.testing.processes import (
    NotInTime,
    ProcessEnded,
    eventually,
    remove_directory,
    spawn,
    wait_until,
    working_directory,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from interpares.common.testing.processes import Child

READY = "print('ready', flush=True); "
WAITING = READY + "import signal; signal.pause()"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + WAITING


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def waiting(log: Path) -> Iterator[Child]:
    child = python(WAITING, log)
    yield child
    child.kill()


def python(code: str, log: Path) -> Child:
    child = spawn((sys.executable, "-I", "-S", "-c", code), name="sample", log=log, env={})
    wait_until(lambda: "ready" in log.read_text() or not child.running, timeout=10, what="sample", log=log)
    return child


def test_a_child_stops_on_the_signal_asked_for(waiting: Child) -> None:
    assert waiting.running
    assert waiting.stop(signal.SIGINT) != 0
    assert not waiting.running


def test_a_stubborn_child_is_killed(log: Path) -> None:
    assert python(STUBBORN, log).stop(timeout=0.05) == -signal.SIGKILL


def test_a_child_leads_a_process_group_of_its_own(waiting: Child) -> None:
    assert os.getpgid(waiting.pid) == waiting.pid != os.getpgrp()


def test_a_child_outlives_the_thread_that_started_it(log: Path) -> None:
    children: list[Child] = []
    thread = threading.Thread(target=lambda: children.append(python(WAITING, log)))
    thread.start()
    thread.join()
    (child,) = children
    child.check()
    child.kill()


def test_an_early_end_shows_the_log(log: Path) -> None:
    child = python(READY + "raise SystemExit('no such stream')", log)
    child.wait(10)
    with pytest.raises(ProcessEnded, match=r"sample ended with 1\n(.|\n)* \| no such stream"):
        child.check()


def test_waiting_in_vain_names_the_condition_and_shows_the_log(log: Path) -> None:
    log.write_text("first\nlast\n")
    with pytest.raises(NotInTime, match=r"dawn: not within 0.01 s\n(.|\n)* \| last"):
        wait_until(lambda: None, timeout=0.01, what="dawn", log=log)


async def test_waiting_for_what_must_be_awaited() -> None:
    answers = iter((None, 0, 7))

    async def ask() -> int | None:
        return next(answers)

    assert await eventually(ask, timeout=5, what="an answer") == 7


def test_a_working_directory_goes_with_all_it_holds() -> None:
    directory = working_directory("interpares-sample-")
    (directory / "file").touch()
    remove_directory(directory)
    assert not directory.exists()


def test_the_reaper_knows_what_is_left() -> None:
    lines = ['["child", 1, 15]', '["directory", "/a"]', '["child", 2, 3]', '["gone", 1]', '["removed", "/a"]']
    assert reaper.watch(lines) == ({2: 3}, set())


def test_the_reaper_asks_first_and_kills_after_the_grace(log: Path, tmp_path: Path) -> None:
    polite, stubborn = python(WAITING, log), python(STUBBORN, tmp_path / "other")
    reaper.end({polite.pid: signal.SIGTERM, stubborn.pid: signal.SIGTERM}, grace=0.2)
    assert (polite.wait(10), stubborn.wait(10)) == (-signal.SIGTERM, -signal.SIGKILL)
