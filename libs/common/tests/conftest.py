"""Migrated databases and a running counting service for the tests of the pipe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from interpares.common.schema import migrate
from interpares.common.testing.counting import Counting, counting_on

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from interpares.common.testing.databases import Database as Made
    from interpares.common.testing.databases import PostgresServer


@pytest.fixture
def migrated(database: Made) -> Made:
    """A database with the tables every service has."""
    migrate(database.owner_url, database.service_url, Path("no-versions"))
    return database


@pytest.fixture
def other_migrated(postgres: PostgresServer) -> Iterator[Made]:
    """A second such database, for the service that listens."""
    made = postgres.create_service("listening")
    migrate(made.owner_url, made.service_url, Path("no-versions"))
    yield made
    postgres.drop_service(made)


@pytest.fixture
async def counting(migrated: Made) -> AsyncIterator[Counting]:
    """A running counting service."""
    async with counting_on(migrated.service_url) as running:
        yield running
