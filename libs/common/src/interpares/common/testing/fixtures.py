"""The servers as pytest fixtures; the root ``conftest.py`` makes them known to every test.

A test that restarts or kills a server starts one of its own (``EmbeddedPostgres``, ``EmbeddedNats``): those here are
shared by the whole session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import nats
import pytest

from interpares.common.testing.nats import chosen_nats
from interpares.common.testing.postgres import chosen_postgres

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from interpares.common.testing.databases import Database, PostgresServer
    from interpares.common.testing.nats import NatsServer


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the session: embedded, or the one INTERPARES_TEST_POSTGRES_URL names."""
    with chosen_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def nats_server() -> Iterator[NatsServer]:
    """A NATS server for the session: embedded, or the one INTERPARES_TEST_NATS_URL names."""
    with chosen_nats() as server:
        yield server


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[Database]:
    """An empty database with its owner and service roles, for one test."""
    made = postgres.create_service("test")
    yield made
    postgres.drop_service(made)


@pytest.fixture
async def nats_url(nats_server: NatsServer) -> AsyncIterator[str]:
    """The URL of a NATS server; every stream the test adds goes with the test."""
    before = await _streams(nats_server.url)
    yield nats_server.url
    await _streams(nats_server.url, keep=before)


async def _streams(url: str, keep: frozenset[str] | None = None) -> frozenset[str]:
    """Return the names of all streams; delete those not in ``keep``, if given."""
    connection = await nats.connect(url)
    try:
        jetstream = connection.jetstream()
        names = frozenset(stream.config.name or "" for stream in await jetstream.streams_info())
        for name in names - (names if keep is None else keep):
            await jetstream.delete_stream(name)
    finally:
        await connection.close()
    return names
