"""One active among replicas: a session-level advisory lock on a connection of its own."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog

from interpares.common.cancelling import heed_cancellation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from psycopg import AsyncConnection
    from psycopg.rows import DictRow

    from interpares.common.database import Database

RETRY_SECONDS = 1.0
log = structlog.get_logger(__name__)


@asynccontextmanager
async def leading(database: Database, task: str) -> AsyncIterator[AsyncConnection[DictRow]]:
    """Wait until no other replica does the task, then hold it; the lock goes with the connection.

    The connection is lent, so that whoever leads can find out that it lost the lock. What leads must be safe even if
    two lead for a moment: the lock spares work, it is no fence.
    """
    async with await database.dedicated() as connection:
        while True:
            heed_cancellation()
            cursor = await connection.execute("SELECT pg_try_advisory_lock(hashtext(%s)) AS held", (task,))
            row = await cursor.fetchone()
            if row is not None and row["held"]:
                break
            await asyncio.sleep(RETRY_SECONDS)
        log.info("leading", task=task)
        yield connection
