from __future__ import annotations

import os
import pwd
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg
import pytest

from interpares.common.testing import postgres as module
from interpares.common.testing.binaries import WITHIN_COPY, copy_postgres, postgres_tree
from interpares.common.testing.databases import GivenPostgres
from interpares.common.testing.postgres import EmbeddedPostgres, chosen_postgres
from interpares.common.testing.processes import LOOPBACK, free_port
from interpares.common.testing.reaper import alive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interpares.common.testing.databases import Database, PostgresServer

SEGMENTS = Path("/proc/sysvipc/shm")
CREATOR = 4


@pytest.fixture(scope="module")
def own() -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres() as server:
        yield server


def ask(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


def pids_of(server: EmbeddedPostgres) -> list[int]:
    return [server.pid, *(child.pid for child in psutil.Process(server.pid).children())]


def segments(creator: int) -> list[str]:
    lines = SEGMENTS.read_text().splitlines()[1:] if SEGMENTS.exists() else []
    return [line for line in lines if line.split()[CREATOR] == str(creator)]


def test_leaves_no_process_file_segment_or_account() -> None:
    accounts, tree = pwd.getpwall(), postgres_tree().stat()
    server = EmbeddedPostgres()
    server.start()
    directory = server.directory
    pids = pids_of(server)
    server.stop()
    assert not any(map(alive, pids))
    assert not directory.exists()
    assert (pwd.getpwall(), postgres_tree().stat(), segments(pids[0])) == (accounts, tree, [])


def test_a_killed_server_leaves_nothing_either() -> None:
    server = EmbeddedPostgres()
    server.start()
    directory = server.directory
    pids = pids_of(server)
    server.kill()
    assert not any(map(alive, pids))
    server.stop()
    assert not directory.exists()
    assert segments(pids[0]) == []


def test_stores_before_it_answers(own: EmbeddedPostgres) -> None:
    settings = ("fsync", "full_page_writes", "synchronous_commit")
    assert [ask(own.superuser_url, f"SHOW {setting}") for setting in settings] == [[("on",)]] * 3


def test_listens_on_loopback_only(own: EmbeddedPostgres) -> None:
    listening = {each.laddr.ip for each in psutil.Process(own.pid).net_connections() if each.status == "LISTEN"}
    assert listening == {LOOPBACK}


def test_the_owner_makes_tables_and_the_service_may_only_connect(database: Database) -> None:
    ask(database.owner_url, "CREATE TABLE event (id int)")
    assert ask(database.service_url, "SELECT current_user::text") == [(database.service_role,)]
    for forbidden in ("SELECT * FROM event", "CREATE TABLE other (id int)", "CREATE TEMP TABLE other (id int)"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(database.service_url, forbidden)


def test_a_role_may_not_enter_another_database(postgres: PostgresServer, database: Database) -> None:
    other = postgres.create_service("other")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        ask(database.owner_url.removesuffix(database.name) + other.name, "SELECT 1")
    postgres.drop_service(other)


@pytest.mark.parametrize("name", ["", "Programme", "1st", "a-b", 'a"b', "x" * 32])
def test_refuses_names_that_need_quoting(own: EmbeddedPostgres, name: str) -> None:
    with pytest.raises(ValueError, match="can't name a database"):
        own.create_service(name)


@pytest.mark.parametrize("interruption", ["fast", "immediate", "kill"])
def test_committed_rows_outlive(own: EmbeddedPostgres, interruption: str) -> None:
    made = own.create_service("outlives")
    ask(made.owner_url, "CREATE TABLE row AS SELECT 1 AS id")
    match interruption:
        case "kill":
            own.kill()
            own.start()
        case "fast" | "immediate":
            own.restart(interruption)
    assert ask(made.owner_url, "SELECT id FROM row") == [(1,)]
    own.drop_service(made)


def test_finds_another_port_when_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        ports = iter((taken.getsockname()[1], free_port()))
        monkeypatch.setattr(module, "free_port", lambda: next(ports))
        with EmbeddedPostgres() as server:
            assert ask(server.superuser_url, "SELECT 1") == [(1,)]


@pytest.mark.skipif(os.geteuid() != 0, reason="root only")
def test_root_works_in_folders_closed_to_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    copy_postgres(tmp_path / "wheel")
    tmp_path.chmod(0o700)
    monkeypatch.setattr("interpares.common.testing.binaries.postgres_tree", lambda: tmp_path / "wheel" / WITHIN_COPY)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(tmp_path)
    with EmbeddedPostgres() as server:
        assert psutil.Process(server.pid).uids().effective == pwd.getpwnam("nobody").pw_uid
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_a_server_given_by_url(own: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ask(own.superuser_url, "SELECT rolname FROM pg_roles")
    monkeypatch.setenv("INTERPARES_TEST_POSTGRES_URL", own.superuser_url)
    with chosen_postgres() as given:
        assert isinstance(given, GivenPostgres)
        first, second = given.create_service("same"), given.create_service("same")
        assert first.name != second.name
        assert ask(first.service_url, "SELECT current_database()::text") == [(first.name,)]
        given.drop_service(first)
    assert ask(own.superuser_url, "SELECT datname FROM pg_database WHERE datname LIKE 'same%'") == []
    assert ask(own.superuser_url, "SELECT rolname FROM pg_roles") == before
