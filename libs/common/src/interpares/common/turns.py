"""Taking turns over what is parked: the inbox of the worker, and operators through the API."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from interpares.common.database import Database


@asynccontextmanager
async def turn(database: Database, feed: str, aggregate: str) -> AsyncIterator[None]:
    """Keep every other process from parking messages of an aggregate, or taking them out, during the block.

    The turn goes with its connection. Neither order nor once rest on it: it spares a message from being left waiting
    for one that has just gone.
    """
    async with database.connection() as connection, connection.transaction():
        await connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"parked/{feed}/{aggregate}",)
        )
        yield
