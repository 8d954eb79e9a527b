"""Clears up after a parent process that is gone; run as a script with the parent's pipe as standard input.

The parent writes one JSON array per line: ``["child", pid, signal]``, ``["gone", pid]``, ``["directory", path]``,
``["removed", path]``. The pipe ends when the parent does, however it does (kill -9 included), on every system and
whichever of its threads had started the child. Then the children still there get their signal, after a grace
SIGKILL, and the directories are removed. Standard library only, so that it starts within a few milliseconds.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

GRACE = 10.0
POLL = 0.01


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and waits for its parent to notice does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:  # no /proc on this system, or gone in between: the next look tells
        return True
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def watch(lines: Iterable[str]) -> tuple[dict[int, int], set[str]]:
    """Follow the parent's lines to their end and return what it left: signals by pid, and directories."""
    children: dict[int, int] = {}
    directories: set[str] = set()
    for line in lines:
        match json.loads(line):
            case ["child", int(pid), int(farewell)]:
                children[pid] = farewell
            case ["gone", int(pid)]:
                children.pop(pid, None)
            case ["directory", str(path)]:
                directories.add(path)
            case ["removed", str(path)]:
                directories.discard(path)
    return children, directories


def end(children: dict[int, int], grace: float = GRACE) -> None:
    """Send each child its signal, wait for all of them together, and kill whatever is left with its process group."""
    for pid, farewell in children.items():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, farewell)
    deadline = time.monotonic() + grace
    left = {pid for pid in children if alive(pid)}
    while left and time.monotonic() < deadline:
        time.sleep(POLL)
        left = {pid for pid in left if alive(pid)}
    for pid in left:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


def main() -> None:
    """Wait for the parent's end, then clear up. Signals meant for the parent's terminal do not end the wait."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    children, directories = watch(sys.stdin)
    end(children)
    for directory in directories:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
