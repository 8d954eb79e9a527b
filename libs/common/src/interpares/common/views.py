"""Views: tables made from the service's own events, one projector each, with their position beside them.

A projector's changes and the position are one transaction, so a view is exact at its position. The row of the position
is locked while a batch is applied, so that replicas take turns. A view can be emptied and made again at any time.
"""

from __future__ import annotations

import asyncio
import time
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import structlog
from psycopg.sql import SQL, Identifier

from interpares.common.errors import Busy, Invalid
from interpares.common.eventstore import EventStore, Recorded, recorded
from interpares.common.telemetry import VIEW_POSITION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psycopg import AsyncConnection
    from psycopg.rows import DictRow

    from interpares.common.append import Row
    from interpares.common.database import Database
    from interpares.common.wakeups import Wakeups

BATCH = 500
LOOK_SECONDS = 0.01
PATIENCE_SECONDS = 1.0
log = structlog.get_logger(__name__)


class Projector(Protocol):
    """One view: what its tables are called and what an event does to them."""

    VIEW: ClassVar[str]
    TABLES: ClassVar[tuple[str, ...]]

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """Return the changes to the view's tables for one event, none for an event the view is not about."""
        ...


class Views:
    """Keeps all views of a service up to date."""

    def __init__(self, database: Database, wakeups: Wakeups, projectors: Sequence[Projector]) -> None:
        self._database = database
        self._wakeups = wakeups
        self._projectors = projectors

    async def run(self) -> None:
        """Project until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for projector in self._projectors:
                tasks.create_task(self._follow(projector), name=f"view-{projector.VIEW}")

    async def _follow(self, projector: Projector) -> None:
        while True:
            growth = self._wakeups.upcoming()
            if await self.advance(projector) < BATCH:
                await self._wakeups.wait(growth)

    async def advance(self, projector: Projector) -> int:
        """Apply the next batch; return how many events it had."""
        async with self._database.connection() as connection, connection.transaction():
            position = await _locked_position(connection, projector.VIEW)
            cursor = await connection.execute(
                "SELECT notification_id, originator_id, originator_version, topic, state FROM stored_events"
                " WHERE notification_id > %s ORDER BY notification_id LIMIT %s",
                (position, BATCH),
            )
            rows = await cursor.fetchall()
            if not rows:
                return 0
            changes = [change for row in rows for change in projector.project(recorded(row))]
            # One round trip for each run of equal statements, in the order of the events.
            for statement, run in groupby(changes, key=lambda change: change.statement):
                await connection.cursor().executemany(statement, [change.params for change in run])
            await connection.execute(
                "UPDATE view_positions SET position = %s WHERE view = %s",
                (rows[-1]["notification_id"], projector.VIEW),
            )
        VIEW_POSITION.labels(projector.VIEW).set(rows[-1]["notification_id"])
        return len(rows)

    async def rebuild(self, projector: Projector) -> int:
        """Empty a view and make it again from the first event; return the number of events read."""
        async with self._database.connection() as connection, connection.transaction():
            await _locked_position(connection, projector.VIEW)
            for table in projector.TABLES:
                await connection.execute(SQL("TRUNCATE {}").format(Identifier(table)))
            await connection.execute("UPDATE view_positions SET position = 0 WHERE view = %s", (projector.VIEW,))
        events = 0
        while batch := await self.advance(projector):
            events += batch
        return events


async def _locked_position(connection: AsyncConnection[DictRow], view: str) -> int:
    await connection.execute(
        "INSERT INTO view_positions (view, position) VALUES (%s, 0) ON CONFLICT DO NOTHING", (view,)
    )
    cursor = await connection.execute("SELECT position FROM view_positions WHERE view = %s FOR UPDATE", (view,))
    row: dict[str, Any] | None = await cursor.fetchone()
    assert row is not None  # noqa: S101 -- inserted above
    return int(row["position"])


async def view_at_least(database: Database, view: str, position: int | None) -> None:
    """Return once a view has reached a position; at once where none is asked for.

    Raises Invalid for a position that no event has yet, and Busy after a second: the reader asked to see its own
    change, an older answer would be wrong.
    """
    if position is None or await _reached(database, view, position):
        return
    if position > await EventStore(database).head():
        message, way_out = "Nothing has this position yet.", "Send a position as the answer to a command gave it."
        raise Invalid(message, way_out, field="X-At-Least-Position")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not await _reached(database, view, position):
        if time.monotonic() > deadline:
            raise Busy(PATIENCE_SECONDS, "The view has not caught up with your change yet.")
        await asyncio.sleep(LOOK_SECONDS)


async def _reached(database: Database, view: str, position: int) -> bool:
    rows = await database.fetch("SELECT position FROM view_positions WHERE view = %s", (view,))
    return bool(rows) and rows[0]["position"] >= position
