"""A pooler may stand before the pool; what needs a session of its own goes past it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from interpares.common.database import Database
from interpares.common.errors import Busy

if TYPE_CHECKING:
    from interpares.common.testing.databases import Database as Made

# How often the driver runs a statement before it prepares it.
PREPARED_AFTER = 5
NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


async def test_what_needs_a_session_goes_past_the_pooler(database: Made) -> None:
    through = Database(NOWHERE, direct=database.service_url, wait=0.2)
    await through.open()
    try:
        async with await through.dedicated() as connection:
            assert connection.info.dbname == database.name
        with pytest.raises(Busy):
            await through.fetch("SELECT 1")
    finally:
        await asyncio.wait_for(through.close(), 10)


async def test_without_a_pooler_there_is_one_way(database: Made) -> None:
    only = Database(database.service_url)
    await only.open()
    try:
        async with await only.dedicated() as connection:
            assert connection.info.dbname == database.name
        assert await only.fetch("SELECT 1 AS one") == [{"one": 1}]
    finally:
        await only.close()


async def test_a_migration_that_adds_a_column_disturbs_nobody_who_reads(database: Made) -> None:
    """The release before goes on with statements that were prepared before."""
    with psycopg.connect(database.owner_url) as owner:
        owner.execute("CREATE TABLE towns (name text)")
        owner.execute(SQL("GRANT SELECT ON towns TO {}").format(Identifier(role_of(database.service_url))))
    reading = Database(database.service_url, size=1)
    await reading.open()
    try:
        for _ in range(2 * PREPARED_AFTER):
            assert await reading.fetch("SELECT * FROM towns") == []
        with psycopg.connect(database.owner_url) as owner:
            owner.execute("ALTER TABLE towns ADD COLUMN flair text")
            owner.execute("INSERT INTO towns VALUES ('Musterstadt')")
        for _ in range(2 * PREPARED_AFTER):
            assert await reading.fetch("SELECT * FROM towns") == [{"name": "Musterstadt", "flair": None}]
    finally:
        await reading.close()


def role_of(url: str) -> str:
    return str(conninfo_to_dict(url)["user"])
