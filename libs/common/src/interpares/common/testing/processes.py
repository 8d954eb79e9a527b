"""Child processes and working directories that never outlive their parent, and waiting for conditions.

Every child is started directly, in a process group of its own (Ctrl-C in the terminal reaches the parent only, which
then stops its children in order), and is reported to one reaper process, which ends it should the parent be gone.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from interpares.common.testing import reaper

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

T = TypeVar("T")

STOP_TIMEOUT = 30.0
TAIL = 20
LOOPBACK = "127.0.0.1"
# Below the range from which Linux and macOS take ports for outgoing connections, so that nobody happens to hold the
# port of a server that is down for a moment.
PORTS = range(20000, 32768)


class NotInTime(TimeoutError):
    """A condition did not come true in time."""


class ProcessEnded(RuntimeError):
    """A process ended that was expected to run."""


@dataclass(frozen=True)
class Account:
    """The user a child runs as. Needs the right to change users, so root."""

    uid: int
    gid: int


class _Reaper:
    """The parent's end of the pipe; the process behind it starts with the first message, and anew if it was killed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._told: list[tuple[str | int, ...]] = []

    def tell(self, *message: str | int) -> None:
        with self._lock:
            # What is over need not be told to a successor.
            over = {"gone": "child", "removed": "directory"}.get(str(message[0]))
            self._told = [each for each in self._told if over is None or each[:2] != (over, message[1])]
            if over is None:
                self._told.append(message)
            if self._process is not None and self._process.poll() is None:
                try:
                    self._send(self._process, message)
                except BrokenPipeError:
                    self._process.wait(STOP_TIMEOUT)
                else:
                    return
            self._process = self._started(first=self._process is None)
            for each in self._told:
                self._send(self._process, each)

    def _started(self, *, first: bool) -> subprocess.Popen[str]:
        if first:
            atexit.register(self._close)
        return subprocess.Popen(  # noqa: S603 -- this interpreter with a file of this package
            [sys.executable, "-I", "-S", reaper.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    @staticmethod
    def _send(process: subprocess.Popen[str], message: tuple[str | int, ...]) -> None:
        assert process.stdin is not None  # noqa: S101 -- it was started with a pipe
        process.stdin.write(json.dumps(message) + "\n")
        process.stdin.flush()

    def _close(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
            self._process.wait(STOP_TIMEOUT)


_reaper = _Reaper()


class Child:
    """A running child process."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], log: Path) -> None:
        """Take charge of a process; ``name`` is what messages call it."""
        self.name = name
        self.log = log
        self._process = process

    @property
    def pid(self) -> int:
        """The process id; also the id of its process group."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process has not ended yet."""
        return self._process.poll() is None

    def check(self) -> None:
        """Raise ProcessEnded, with the log's tail, unless the process runs."""
        if not self.running:
            message = f"{self.name} ended with {self._process.returncode}{tail(self.log)}"
            raise ProcessEnded(message)

    def stop(self, with_signal: signal.Signals = signal.SIGTERM, timeout: float = STOP_TIMEOUT) -> int:
        """Signal the process, wait for its end and return its exit code; SIGKILL when it takes longer than that."""
        self._process.send_signal(with_signal)
        try:
            return self.wait(timeout)
        except subprocess.TimeoutExpired:
            return self.kill()

    def kill(self) -> int:
        """End the process at once, as a crash would, and return its exit code."""
        self._process.kill()
        return self.wait(STOP_TIMEOUT)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end by itself and return the exit code. Raises subprocess.TimeoutExpired."""
        code = self._process.wait(timeout)
        _reaper.tell("gone", self.pid)
        return code


def spawn(
    command: Sequence[str | Path],
    *,
    name: str,
    log: Path,
    env: Mapping[str, str],
    cwd: Path | None = None,
    account: Account | None = None,
    farewell: signal.Signals = signal.SIGTERM,
) -> Child:
    """Start a child that can't outlive this process.

    Its output is appended to ``log``; ``env`` is its whole environment; ``farewell`` is the signal it gets should this
    process vanish. Any thread may call this.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 -- commands are this repository's own
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            process_group=0,
            user=None if account is None else account.uid,
            group=None if account is None else account.gid,
            extra_groups=None if account is None else (),
        )
    _reaper.tell("child", process.pid, int(farewell))
    return Child(name, process, log)


def working_directory(prefix: str, within: str | None = None) -> Path:
    """Make a directory for this process alone; it is removed with the process at the latest."""
    directory = Path(tempfile.mkdtemp(prefix=prefix, dir=within))
    _reaper.tell("directory", str(directory))
    return directory


def remove_directory(directory: Path) -> None:
    """Remove a working directory with all it holds."""
    shutil.rmtree(directory)
    _reaper.tell("removed", str(directory))


_given: set[int] = set()


def free_port() -> int:
    """Return a loopback port nobody listens on; whoever binds it must be ready to find it taken meanwhile.

    A process gets no port twice: who asked before may not listen yet.
    """
    for port in random.sample(PORTS, k=100):
        if port in _given:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            _given.add(port)
            return port
    message = "100 ports in a row are taken"
    raise OSError(message)


def tail(log: Path | None) -> str:
    """Return the last lines of a log, ready to stand below an error message."""
    if log is None or not log.exists():
        return ""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-TAIL:]
    return "".join(f"\n  | {line}" for line in ("", f"{log}:", *lines)) if lines else ""


def wait_until(condition: Callable[[], T | None], *, timeout: float, what: str, log: Path | None = None) -> T:
    """Call ``condition`` until it returns something true and return that.

    timeout: seconds. Raises NotInTime, which names ``what`` was waited for and shows the log's tail.
    """
    deadline = time.monotonic() + timeout
    while True:
        if found := condition():
            return found
        if time.monotonic() > deadline:
            message = f"{what}: not within {timeout:g} s{tail(log)}"
            raise NotInTime(message)
        time.sleep(reaper.POLL)


async def eventually(condition: Callable[[], Awaitable[T | None]], *, timeout: float, what: str) -> T:  # noqa: ASYNC109 -- the limit belongs to the message
    """Do what ``wait_until`` does for a condition that must be awaited."""
    deadline = time.monotonic() + timeout
    while True:
        if found := await condition():
            return found
        if time.monotonic() > deadline:
            message = f"{what}: not within {timeout:g} s"
            raise NotInTime(message)
        await asyncio.sleep(reaper.POLL)
