"""Backups of an embedded PostgreSQL as the operations guide describes them, and what is made of them again.

WAL goes to a receiver that commits wait for, so that nothing acknowledged is lost with the server. Passwords are handed
to PostgreSQL's own programs in their environment, never as arguments.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from interpares.common.testing.binaries import postgres_tree, public_place
from interpares.common.testing.processes import Child, spawn, wait_until, working_directory

if TYPE_CHECKING:
    from pathlib import Path

    from interpares.common.testing.databases import Database
    from interpares.common.testing.postgres import EmbeddedPostgres

RECEIVER = "interpares_receiver"
SECONDS = 120.0
ATTACHED = "SELECT sync_state FROM pg_stat_replication WHERE application_name = %s"


class Backups:
    """All that is kept apart from the server, in a folder its user can read."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server
        self.folder = working_directory("interpares-backups-", within=public_place() if os.geteuid() == 0 else None)
        self.folder.chmod(0o755)
        self._wal = self.folder / "wal"
        self._wal.mkdir()
        self._receiver: Child | None = None

    def receive(self) -> None:
        """Have every piece of WAL received as it is written, from now on."""
        self._run("pg_receivewal", "--slot", RECEIVER, "--create-slot", "--if-not-exists", "--directory", self._wal)
        command = (
            _program("pg_receivewal"), "--slot", RECEIVER, "--synchronous", "--no-loop", "--directory", self._wal,
        )  # fmt: skip
        self._receiver = spawn(command, name="WAL receiver", log=self.folder / "receiver.log", env=self._environment())
        wait_until(self._attached, timeout=SECONDS, what="the WAL receiver", log=self.folder / "receiver.log")

    def commits_wait(self) -> None:
        """Have commits wait until the receiver has them on disk."""
        with psycopg.connect(self._server.superuser_url, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{RECEIVER}'".encode())
            connection.execute("SELECT pg_reload_conf()")
        wait_until(lambda: self._attached() == "sync", timeout=SECONDS, what="commits that wait for the receiver")

    def base(self) -> None:
        """Take a base backup."""
        self._run("pg_basebackup", "--pgdata", self.folder / "base", "--checkpoint", "fast", "--wal-method", "stream")

    def dump(self, database: Database) -> Path:
        """Dump one database; return the file."""
        path = self.folder / f"{database.name}.dump"
        self._run("pg_dump", "--format", "custom", "--file", path, "--dbname", database.name)
        return path

    def put_back(self) -> None:
        """Put the base backup where the data of the server were, to be brought forward with all WAL there is.

        The server must be down. The last segment of WAL, not full yet, loses the ending that says so.
        """
        if self._receiver is not None:
            self._receiver.stop()
            self._receiver = None
        for partial in self._wal.glob("*.partial"):
            partial.rename(partial.with_suffix(""))
        data = self._server.directory / "data"
        owner = data.parent / "program"
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(self.folder / "base", data)
        (data / "recovery.signal").touch()
        with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
            settings.write(f"restore_command = 'cp {self._wal}/%f %p'\n")
        data.chmod(0o700)
        if owner.exists():
            # As root the server runs as another user: what it finds has to be that user's.
            self._server.own(data)
            self._server.own(self._wal)

    def recovered(self) -> None:
        """Wait until the server has replayed everything and takes writes."""

        def writes() -> bool:
            try:
                with psycopg.connect(self._server.superuser_url, connect_timeout=2) as connection:
                    row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
            except psycopg.OperationalError:
                return False
            return row == (False,)

        wait_until(writes, timeout=SECONDS, what="the end of recovery", log=self._server.directory / "log")

    def restore(self, database: Database, dump: Path) -> None:
        """Put one database back as it was dumped, whoever is connected."""
        with psycopg.connect(self._server.superuser_url, autocommit=True) as connection:
            name, owner = Identifier(database.name), Identifier(database.owner_role)
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(name))
            connection.execute(SQL("CREATE DATABASE {} OWNER {}").format(name, owner))
            connection.execute(SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
            connection.execute(
                SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, Identifier(database.service_role))
            )
        self._run("pg_restore", "--exit-on-error", "--dbname", database.name, dump)

    def close(self) -> None:
        """End the receiver."""
        if self._receiver is not None:
            self._receiver.kill()

    def _attached(self) -> str | None:
        with psycopg.connect(self._server.superuser_url) as connection:
            row = connection.execute(ATTACHED, (RECEIVER,)).fetchone()
        return None if row is None else str(row[0])

    def _environment(self) -> dict[str, str]:
        place = urlsplit(self._server.superuser_url)
        return {
            "PGHOST": place.hostname or "",
            "PGPORT": str(place.port),
            "PGUSER": unquote(place.username or ""),
            "PGPASSWORD": unquote(place.password or ""),
            "PGAPPNAME": RECEIVER,
            "LC_ALL": "C",
        }

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [_program(program), *map(str, arguments)]
        subprocess.run(command, env=self._environment(), check=True, capture_output=True, timeout=SECONDS)  # noqa: S603


def _program(name: str) -> str:
    return str(postgres_tree() / "bin" / name)
