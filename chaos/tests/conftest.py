"""Two databases with the tables every service has: of a service that counts, and of one that listens to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from interpares.common.schema import migrate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interpares.common.testing.databases import Database, PostgresServer


@pytest.fixture
def counted(postgres: PostgresServer) -> Iterator[Database]:
    yield from _migrated(postgres, "counting")


@pytest.fixture
def heard(postgres: PostgresServer) -> Iterator[Database]:
    yield from _migrated(postgres, "listening")


def _migrated(postgres: PostgresServer, name: str) -> Iterator[Database]:
    made = postgres.create_service(name)
    migrate(made.owner_url, made.service_url, Path("no-versions"))
    yield made
    postgres.drop_service(made)
