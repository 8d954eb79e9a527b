"""Making a view again, beside the one that is served: nobody ever reads a half-filled one.

The service's events are applied to empty copies of the view's tables, in the schema ``rebuilds``, where projectors find
them first. Copies and position survive whoever does the work, so that anybody can go on with it. When the copy has read
all that the served view has, it takes its place in one transaction; until then the served one goes on as ever.
``migrate`` throws unfinished copies away: another release may fill them otherwise.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg.sql import SQL, Identifier

from interpares.common.projecting import Projector, apply, locked_position

if TYPE_CHECKING:
    from psycopg import AsyncConnection
    from psycopg.rows import DictRow

    from interpares.common.database import Database

SCHEMA = "rebuilds"
BATCH = 2000


@dataclass(frozen=True)
class Progress:
    """How far a rebuild has come: last position read, events read by this call, whether the new view is in place."""

    position: int
    events: int
    done: bool


async def rebuilds(database: Database) -> dict[str, int]:
    """Return the last position read of each rebuild under way, by view."""
    rows = await database.fetch("SELECT view, position FROM view_rebuilds")
    return {row["view"]: row["position"] for row in rows}


class Rebuild:
    """Makes one view again."""

    def __init__(self, database: Database, projector: Projector) -> None:
        self._database = database
        self._projector = projector

    async def run(self) -> int:
        """Go on to the end; return how many events were read."""
        events = 0
        while True:
            progress = await self.go_on()
            events += progress.events
            if progress.done:
                return events

    async def go_on(self, seconds: float = 1.0) -> Progress:
        """Begin, or go on where whoever worked at it last left off, for some seconds or to the end."""
        deadline = time.monotonic() + seconds
        await self._begin()
        events = 0
        while True:
            step = await self._step()
            events += step.events
            if step.done or time.monotonic() > deadline:
                return Progress(step.position, events, step.done)

    async def _begin(self) -> None:
        async with self._database.connection() as connection, connection.transaction():
            cursor = await connection.execute(
                "INSERT INTO view_rebuilds (view, position, started_at) VALUES (%s, 0, now())"
                " ON CONFLICT DO NOTHING RETURNING view",
                (self._projector.VIEW,),
            )
            if await cursor.fetchone() is None:
                return
            for table in self._projector.TABLES:
                names = {"copy": Identifier(SCHEMA, table), "table": Identifier("public", table)}
                await connection.execute(SQL("CREATE TABLE {copy} (LIKE {table} INCLUDING ALL)").format(**names))

    async def _step(self) -> Progress:
        view = self._projector.VIEW
        async with self._database.connection() as connection, connection.transaction():
            cursor = await connection.execute("SELECT position FROM view_rebuilds WHERE view = %s FOR UPDATE", (view,))
            row = await cursor.fetchone()
            if row is None:
                # Whoever works at it as well has just brought it to its end.
                return Progress(await locked_position(connection, view), 0, done=True)
            await connection.execute(SQL("SET LOCAL search_path TO {}, public").format(Identifier(SCHEMA)))
            position, events = await apply(connection, self._projector, row["position"], BATCH)
            if events == BATCH:
                await connection.execute("UPDATE view_rebuilds SET position = %s WHERE view = %s", (position, view))
                return Progress(position, events, done=False)
            # From here on the served view stands still.
            served = await locked_position(connection, view)
            while position < served:
                position, more = await apply(connection, self._projector, position, BATCH)
                events += more
            await self._put_in_place(connection, position)
        return Progress(position, events, done=True)

    async def _put_in_place(self, connection: AsyncConnection[DictRow], position: int) -> None:
        view = self._projector.VIEW
        for table in self._projector.TABLES:
            names = {"copy": Identifier(SCHEMA, table), "table": Identifier("public", table)}
            # Not TRUNCATE: readers go on seeing the old rows until they see the new ones.
            await connection.execute(SQL("DELETE FROM {table}").format(**names))
            await connection.execute(SQL("INSERT INTO {table} SELECT * FROM {copy}").format(**names))
            await connection.execute(SQL("DROP TABLE {copy}").format(**names))
        await connection.execute("UPDATE view_positions SET position = %s WHERE view = %s", (position, view))
        await connection.execute("DELETE FROM view_rebuilds WHERE view = %s", (view,))
