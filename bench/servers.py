"""The servers all suites share, and databases on them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from interpares.common.canonical import leaf_hash
from interpares.common.schema import migrate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from eventsourcing.persistence import StoredEvent

    from interpares.common.testing.databases import Database as Made
    from interpares.common.testing.nats import EmbeddedNats
    from interpares.common.testing.postgres import EmbeddedPostgres

NO_VERSIONS = Path("no-versions")


@dataclass(frozen=True)
class Servers:
    """PostgreSQL with fsync on, NATS with the server's own sync interval; both on this machine."""

    postgres: EmbeddedPostgres
    nats: EmbeddedNats

    @asynccontextmanager
    async def database(self, name: str, versions: Path = NO_VERSIONS) -> AsyncIterator[Made]:
        """Lend a migrated database for the block; versions: folder with the revisions of a service."""
        made = await asyncio.to_thread(self.postgres.create_service, name)
        try:
            await asyncio.to_thread(migrate, made.owner_url, made.service_url, versions)
            yield made
        finally:
            await asyncio.to_thread(self.postgres.drop_service, made)


def execute(made: Made, *statements: str) -> None:
    """Execute statements as the owner."""
    with psycopg.connect(made.owner_url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def grant(made: Made, table: str) -> str:
    """Return the statement that opens a table to the service role."""
    return f'GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON {table} TO "{made.service_role}"'


def fill(made: Made, events: Iterable[StoredEvent], snapshots: Iterable[StoredEvent] = ()) -> int:
    """Put a history into a database and return its last position."""
    with psycopg.connect(made.owner_url) as connection:
        columns = "(originator_id, originator_version, topic, state, leaf)"
        with connection.cursor().copy(f"COPY stored_events {columns} FROM STDIN".encode()) as copy:
            for each in events:
                leaf = leaf_hash(each.originator_id, each.originator_version, each.topic, each.state)  # type: ignore[arg-type]
                copy.write_row((each.originator_id, each.originator_version, each.topic, each.state, leaf))
        columns = "(originator_id, originator_version, topic, state)"
        with connection.cursor().copy(f"COPY snapshots {columns} FROM STDIN".encode()) as copy:
            for each in snapshots:
                copy.write_row((each.originator_id, each.originator_version, each.topic, each.state))
        row = connection.execute("SELECT coalesce(max(notification_id), 0) FROM stored_events").fetchone()
        return int(row[0]) if row else 0
