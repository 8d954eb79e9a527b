"""Projectors, and applying the service's own events to the tables of one."""

from __future__ import annotations

from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from interpares.common.eventstore import Recorded, recorded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psycopg import AsyncConnection
    from psycopg.rows import DictRow

    from interpares.common.writes import Row


TOGETHER = 100


class Projector(Protocol):
    """One view: what its tables are called and what an event does to them.

    Statements name tables without a schema: while the view is made again they run on other tables of the same names.
    """

    VIEW: ClassVar[str]
    TABLES: ClassVar[tuple[str, ...]]

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """Return the changes to the view's tables for one event, none for an event the view is not about."""
        ...


async def apply(connection: AsyncConnection[DictRow], projector: Projector, after: int, limit: int) -> tuple[int, int]:
    """Apply up to ``limit`` events behind a position; return the position of the last one, and how many there were."""
    cursor = await connection.execute(
        "SELECT notification_id, originator_id, originator_version, topic, state FROM stored_events"
        " WHERE notification_id > %s ORDER BY notification_id LIMIT %s",
        (after, limit),
    )
    rows = await cursor.fetchall()
    changes = (change for row in rows for change in projector.project(recorded(row)))
    # One round trip for all; the server is at work on some while the next are made. Equal statements are prepared once.
    async with connection.pipeline():
        cursor = connection.cursor()
        while some := list(islice(changes, TOGETHER)):
            for statement, run in groupby(some, key=lambda change: change.statement):
                await cursor.executemany(statement, [change.params for change in run])
    return (rows[-1]["notification_id"] if rows else after), len(rows)


async def locked_position(connection: AsyncConnection[DictRow], view: str) -> int:
    """Return the position of a view and keep everybody else from moving it until the transaction ends."""
    await connection.execute(
        "INSERT INTO view_positions (view, position) VALUES (%s, 0) ON CONFLICT DO NOTHING", (view,)
    )
    cursor = await connection.execute("SELECT position FROM view_positions WHERE view = %s FOR UPDATE", (view,))
    row: dict[str, Any] | None = await cursor.fetchone()
    assert row is not None  # noqa: S101 -- inserted above
    return int(row["position"])
