"""Two roles: the owner changes tables, the service adds events and cannot touch those that are there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest

from interpares.common.schema import migrate

if TYPE_CHECKING:
    from interpares.common.testing.databases import Database as Made

INSERT = (
    "INSERT INTO stored_events (originator_id, originator_version, topic, state, leaf)"
    " VALUES (%s, 1, 't', '{}', decode(repeat('00', 32), 'hex'))"
)


def test_migrating_again_changes_nothing(migrated: Made) -> None:
    migrate(migrated.owner_url, migrated.service_url, Path("no-versions"))


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
