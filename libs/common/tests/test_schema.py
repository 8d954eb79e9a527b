"""Two roles: the owner changes tables, the service adds events and cannot touch those that are there."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from interpares.common.schema import migrate

if TYPE_CHECKING:
    from interpares.common.testing.databases import Database as Made

INSERT = (
    "INSERT INTO stored_events (originator_id, originator_version, topic, state, leaf)"
    " VALUES (%s, 1, 't', '{}', decode(repeat('00', 32), 'hex'))"
)


def test_migrating_again_changes_nothing(migrated: Made) -> None:
    migrate(migrated.owner_url, migrated.service_url, Path("no-versions"))


def test_the_service_keeps_its_rights_while_they_are_given_anew(migrated: Made) -> None:
    """A migration runs while processes of the release before serve."""
    done = threading.Event()

    def migrate_on() -> None:
        for _ in range(3):
            migrate(migrated.owner_url, migrated.service_url, Path("no-versions"))
        done.set()

    migrating = threading.Thread(target=migrate_on)
    reads = 0
    with psycopg.connect(migrated.service_url, autocommit=True) as connection:
        migrating.start()
        try:
            while not done.is_set():
                connection.execute("SELECT 1 FROM stored_events LIMIT 1")
                connection.execute("SELECT 1 FROM commands LIMIT 1")
                reads += 1
        finally:
            migrating.join()
    assert reads > 10


def test_a_change_of_a_table_somebody_uses_for_long_is_given_up_before_all_others_wait(
    migrated: Made, tmp_path: Path
) -> None:
    (tmp_path / "later_0001.py").write_text(
        "from alembic import op\n"
        "revision, down_revision, branch_labels, depends_on = 'later_0001', None, None, None\n"
        "def upgrade() -> None:\n"
        "    op.execute('ALTER TABLE commands ADD COLUMN flair text')\n",
        encoding="utf-8",
    )
    with psycopg.connect(migrated.service_url) as reader:
        reader.execute("SELECT 1 FROM commands")
        with pytest.raises(OperationalError, match="lock timeout"):
            migrate(migrated.owner_url, migrated.service_url, tmp_path)
    migrate(migrated.owner_url, migrated.service_url, tmp_path)


def test_the_schema_of_a_later_release_stays_as_it_is(migrated: Made) -> None:
    """Whoever goes back runs the migration of the release before."""
    with psycopg.connect(migrated.owner_url) as connection:
        connection.execute("INSERT INTO alembic_version VALUES ('later_0001')")
        connection.execute("CREATE TABLE only_the_later_one_knows_how (x int)")
    migrate(migrated.owner_url, migrated.service_url, Path("no-versions"))
    with psycopg.connect(migrated.service_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT 1 FROM only_the_later_one_knows_how")


def test_the_service_can_lock_and_add(migrated: Made) -> None:
    with psycopg.connect(migrated.service_url) as connection:
        connection.execute("LOCK TABLE stored_events IN EXCLUSIVE MODE")
        connection.execute(INSERT, (uuid4(),))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET state = ''",
        "DELETE FROM stored_events",
        "TRUNCATE stored_events",
        "ALTER TABLE stored_events DROP COLUMN leaf",
        "DROP TABLE stored_events",
        "UPDATE commands SET position = 0",
        "DELETE FROM commands",
        "DELETE FROM sealed_texts",
        "UPDATE sealed_texts SET hash = ''",
        "DELETE FROM snapshots",
        "CREATE TABLE mine (x int)",
        "UPDATE alembic_version SET version_num = ''",
    ],
)
def test_the_service_cannot_rewrite_history(migrated: Made, statement: str) -> None:
    with psycopg.connect(migrated.service_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_the_service_can_empty_a_sealed_text(migrated: Made) -> None:
    with psycopg.connect(migrated.service_url) as connection:
        connection.execute("UPDATE sealed_texts SET text = NULL, salt = NULL")


def test_an_event_without_a_leaf_hash_is_refused(migrated: Made) -> None:
    with psycopg.connect(migrated.service_url) as connection, pytest.raises(psycopg.errors.NotNullViolation):
        connection.execute(
            "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES (%s, 1, 't', '{}')",
            (uuid4(),),
        )


def test_after_a_restore_no_position_is_given_twice(migrated: Made) -> None:
    def add() -> int:
        with psycopg.connect(migrated.service_url) as connection:
            row = connection.execute(f"{INSERT} RETURNING notification_id", (uuid4(),)).fetchone()
        assert row is not None
        return int(row[0])

    migrate(migrated.owner_url, migrated.service_url, Path("no-versions"), beyond=40)
    assert add() == 41
    migrate(migrated.owner_url, migrated.service_url, Path("no-versions"), beyond=7)
    assert add() == 42
