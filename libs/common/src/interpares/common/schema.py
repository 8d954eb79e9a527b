"""The migration step: event tables by the eventsourcing library, everything else by Alembic, rights for two roles.

The owner role makes and changes tables. The service role can read and add events and nothing else to them: no UPDATE,
DELETE or TRUNCATE, so not even a hijacked service rewrites history.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import structlog
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from eventsourcing.postgres import PostgresAggregateRecorder, PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

if TYPE_CHECKING:
    from pathlib import Path

log = structlog.get_logger(__name__)
MINIMUM_VERSION = 170000
COMMON_VERSIONS = "interpares.common:migrations/versions"
REBUILDS = Identifier("rebuilds")
# What the service may do with a table, where that is less than everything a read model needs.
RIGHTS = {
    "stored_events": "SELECT, INSERT, MAINTAIN",
    "snapshots": "SELECT, INSERT",
    "commands": "SELECT, INSERT",
    "sealed_texts": "SELECT, INSERT, UPDATE (salt, text)",
    "discarded": "SELECT, INSERT",
    "erasure_ledger": "SELECT, INSERT",
    "alembic_version": "SELECT",
}


class UnsuitableDatabase(Exception):
    """The database cannot keep what the service promises; the message names the remedy."""


def migrate(owner_url: str, service_url: str, versions: Path, *, beyond: int = 0) -> None:
    """Bring a service's database to the newest schema and grant the service role its rights.

    versions: the service's folder of Alembic revisions. beyond: no event gets a position up to here any more, for a
    database that was restored to a moment before others heard of that position: they would take a position that is
    given twice for one they know. May be run again at any time, also by two processes at once.
    A schema of a later release stays as it is: it only adds, so this release can go on with it.
    Raises UnsuitableDatabase for a PostgreSQL before 17.
    """
    service_role = str(conninfo_to_dict(service_url)["user"])
    with psycopg.connect(owner_url, autocommit=True, connect_timeout=10) as connection:
        if connection.info.server_version < MINIMUM_VERSION:
            message = "PostgreSQL 17 or newer is needed: the service role's table lock rests on MAINTAIN."
            raise UnsuitableDatabase(message)
        connection.execute("SELECT pg_advisory_lock(hashtext('interpares-migrate'))")
        config = _config(owner_url, versions)
        if later := _unknown_revisions(connection, config):
            log.warning("schema-of-a-later-release", revisions=later)
            return
        _create_event_tables(owner_url)
        command.upgrade(config, "heads")
        _pass(connection, beyond)
        _make_room_for_rebuilds(connection, service_role)
        with connection.transaction():
            _grant(connection, service_role)


def _create_event_tables(owner_url: str) -> None:
    parts = conninfo_to_dict(owner_url)
    with PostgresDatastore(
        dbname=str(parts["dbname"]),
        host=str(parts["host"]),
        port=str(parts.get("port", 5432)),
        user=str(parts["user"]),
        password=str(parts.get("password", "")),
        lock_timeout=5,
    ) as datastore:
        # The rest of the DSN counts here as well, above all how the server is to prove itself (sslmode, sslrootcert).
        datastore.pool.kwargs = parts | {"row_factory": dict_row}
        PostgresApplicationRecorder(datastore, events_table_name="stored_events").create_table()
        PostgresAggregateRecorder(datastore, events_table_name="snapshots").create_table()


def _config(owner_url: str, versions: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", "interpares.common:migrations")
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", f"{COMMON_VERSIONS}\n{versions}")
    config.attributes["url"] = owner_url
    return config


def _unknown_revisions(connection: psycopg.Connection, config: Config) -> list[str]:
    """Return the revisions of the database that this release has never heard of."""
    [(there,)] = connection.execute("SELECT to_regclass('public.alembic_version') IS NOT NULL").fetchall()
    if not there:
        return []
    known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
    found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    return sorted(revision for (revision,) in found if revision not in known)


def _pass(connection: psycopg.Connection, beyond: int) -> None:
    """Have the next event stand behind a position; one that stands there already is left alone."""
    if beyond:
        sequence = "pg_get_serial_sequence('stored_events', 'notification_id')::regclass"
        connection.execute(
            f"SELECT setval({sequence}, greatest(%s, pg_sequence_last_value({sequence}), 1))",
            (beyond,),
        )


def _make_room_for_rebuilds(connection: psycopg.Connection, service_role: str) -> None:
    """Give the service an empty schema to make views again in; what an earlier release began there goes.

    Its tables, or its projectors, may have been others.
    """
    with connection.transaction():
        connection.execute("DELETE FROM view_rebuilds")
        connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(REBUILDS))
        connection.execute(SQL("CREATE SCHEMA {}").format(REBUILDS))
        connection.execute(SQL("GRANT USAGE, CREATE ON SCHEMA {} TO {}").format(REBUILDS, Identifier(service_role)))


def _grant(connection: psycopg.Connection, service_role: str) -> None:
    """Give the service role exactly its rights, all at once: processes of the release before go on using them."""
    role = Identifier(service_role)
    connection.execute(SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
    connection.execute(SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    for (table,) in tables:
        rights = RIGHTS.get(table, "SELECT, INSERT, UPDATE, DELETE, TRUNCATE")
        connection.execute(SQL("REVOKE ALL ON {} FROM {}").format(Identifier(table), role))
        connection.execute(SQL("GRANT " + rights + " ON {} TO {}").format(Identifier(table), role))
    connection.execute(SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(role))
