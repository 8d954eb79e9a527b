"""Views: tables made from the service's own events, one projector each, with their position beside them.

A projector's changes and the position are one transaction, so a view is exact at its position. The row of the position
is locked while a batch is applied, so that replicas take turns. A view can be made again at any time (``rebuilding``).
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import structlog

from interpares.common.cancelling import heed_cancellation
from interpares.common.errors import Busy, Invalid
from interpares.common.eventstore import EventStore
from interpares.common.projecting import apply, locked_position
from interpares.common.rebuilding import Rebuild
from interpares.common.telemetry import VIEW_POSITION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interpares.common.database import Database
    from interpares.common.projecting import Projector
    from interpares.common.wakeups import Wakeups

BATCH = 500
LOOK_SECONDS = 0.01
PATIENCE_SECONDS = 1.0
log = structlog.get_logger(__name__)


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
            heed_cancellation()
            growth = self._wakeups.upcoming()
            if await self.advance(projector) < BATCH:
                await self._wakeups.wait(growth)

    async def advance(self, projector: Projector) -> int:
        """Apply the next batch; return how many events it had."""
        async with self._database.connection() as connection, connection.transaction():
            before = await locked_position(connection, projector.VIEW)
            position, events = await apply(connection, projector, before, BATCH)
            if events:
                await connection.execute(
                    "UPDATE view_positions SET position = %s WHERE view = %s", (position, projector.VIEW)
                )
        VIEW_POSITION.labels(projector.VIEW).set(position)
        return events

    async def rebuild(self, projector: Projector) -> int:
        """Make a view again beside the one that is served and put it in its place; return how many events were read."""
        return await Rebuild(self._database, projector).run()


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
