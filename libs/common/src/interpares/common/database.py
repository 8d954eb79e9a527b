"""Connections of a service to its own PostgreSQL database.

The service role reads and writes; tables belong to the owner role, which only ``migrate`` uses. Whatever needs a
session of its own (LISTEN, advisory locks, the writer) connects directly: a pooler that lends connections by
transaction breaks it.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import stamina
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from interpares.common.errors import Busy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from typing import LiteralString

    from psycopg.sql import Composed

RETRY_AFTER = 1.0
# A server that is lost, or that only replays what another wrote: after a restore, or as the standby it has become.
AWAY = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.ReadOnlySqlTransaction)
# What was prepared on a connection before the migration of another release added a column to what it reads.
STALE_PLAN = psycopg.errors.FeatureNotSupported


class Database:
    """A pool of autocommit connections; a transaction is always opened by name.

    url: DSN of the service role. direct: the same without a pooler in between, url if not given.
    size: connections at most. wait: seconds a caller waits for a connection before Busy.
    """

    def __init__(
        self, url: str, *, direct: str | None = None, size: int = 10, wait: float = 5.0, application: str = "interpares"
    ) -> None:
        self.url = url
        self._direct = direct or url
        self._options = {"autocommit": True, "row_factory": dict_row, "application_name": application}
        self._pool: AsyncConnectionPool[AsyncConnection[DictRow]] = AsyncConnectionPool(
            url,
            kwargs=self._options,
            min_size=1,
            max_size=size,
            timeout=wait,
            reconnect_timeout=2.0,
            open=False,
        )

    async def open(self) -> None:
        """Start the pool; it connects in the background, so an absent server does not stop the process."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection[DictRow]]:
        """Lend an autocommit connection; an unreachable database becomes Busy, which the edge answers with 503.

        A connection is not tried before it is lent, which would double the way of every query: when one turns out to be
        lost, all that lie idle are looked at, since they were lost together.
        """
        try:
            async with self._pool.connection() as connection:
                yield connection
        except PoolTimeout as error:
            raise Busy(RETRY_AFTER) from error
        except STALE_PLAN as error:
            raise Busy(RETRY_AFTER) from error
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            await self._pool.check()
            raise Busy(RETRY_AFTER) from error

    async def dedicated(self) -> AsyncConnection[DictRow]:
        """Open a connection outside the pool, for LISTEN, locks and the writer; the caller closes it."""
        return await AsyncConnection.connect(self._direct, connect_timeout=5, **self._options)  # type: ignore[arg-type]

    async def fetch(
        self, query: LiteralString | Composed, params: Sequence[Any] | Mapping[str, Any] = ()
    ) -> list[dict[str, Any]]:
        """Return the rows of one reading query as dictionaries.

        A connection that was lost meanwhile is no failure, nor is a table that got another column.
        """
        async for attempt in stamina.retry_context(
            on=Busy, attempts=3, wait_initial=0.05, wait_max=0.5, wait_jitter=0.05
        ):
            with attempt:
                async with self.connection() as connection:
                    try:
                        cursor = await connection.execute(query, params)
                    except STALE_PLAN:
                        await connection.execute("DEALLOCATE ALL")
                        cursor = await connection.execute(query, params)
                    return await cursor.fetchall()
        raise AssertionError  # pragma: no cover -- the loop returns or raises
