"""The append: everything one command writes, in one transaction, together with what other commands write.

Commands of one process that wait at the same moment share a transaction (group append). The writer keeps the
library's table lock, so positions rise in commit order, and its NOTIFY. A command that conflicts is told apart from its
neighbours. A commit whose answer was lost is resolved by the command id, which lies in the same transaction.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg
import stamina
from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from interpares.common.cancelling import heed_cancellation
from interpares.common.canonical import leaf_hash
from interpares.common.errors import Busy, DomainError
from interpares.common.telemetry import APPEND_COMMANDS, APPEND_WAIT, APPEND_WAITING
from interpares.common.writes import Append, Committed, Outcome, Row, VersionConflict

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from eventsourcing.persistence import StoredEvent
    from psycopg import AsyncConnection
    from psycopg.rows import DictRow

    from interpares.common.database import Database

QUEUE_LENGTH = 1024
BATCH = 128
LOCK_TIMEOUT = "SET LOCAL lock_timeout = '5s'"
RETRY_AFTER = 1.0
# What PostgreSQL refuses for good, as opposed to a connection that is lost or a lock that does not come.
REFUSED = (psycopg.IntegrityError, psycopg.DataError, psycopg.ProgrammingError, psycopg.InternalError)


class GroupAppender:
    """One writer task and one connection per process; a bounded queue in front of it."""

    def __init__(self, database: Database, *, patience: float = 10.0) -> None:
        """``patience``: seconds an unreachable database is tried again before callers get Busy."""
        self._database = database
        self._patience = patience
        self._queue: asyncio.Queue[tuple[Append, asyncio.Future[Committed]]] = asyncio.Queue(QUEUE_LENGTH)
        self._connection: AsyncConnection[DictRow] | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the writer."""
        self._task = asyncio.create_task(self._write_batches(), name="append")

    async def stop(self) -> None:
        """Write what waits, then stop."""
        if self._task is None:
            return
        await self._queue.join()
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        await self._disconnect()

    async def append(self, append: Append) -> Committed:
        """See ``Appender``."""
        answer: asyncio.Future[Committed] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait((append, answer))
        except asyncio.QueueFull as error:
            raise Busy(RETRY_AFTER) from error
        with APPEND_WAIT.time():
            return await answer

    async def _write_batches(self) -> None:
        while True:
            heed_cancellation()
            batch = [await self._queue.get()]
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            APPEND_COMMANDS.observe(len(batch))
            APPEND_WAITING.set(self._queue.qsize())
            try:
                outcomes = await self._write([append for append, _ in batch])
            except Exception as error:  # noqa: BLE001 -- answered to every caller, none is left waiting
                outcomes = [error for _ in batch]
            for (_, answer), outcome in zip(batch, outcomes, strict=True):
                self._queue.task_done()
                if answer.done():
                    continue
                if isinstance(outcome, Exception):
                    answer.set_exception(outcome)
                else:
                    answer.set_result(outcome)

    async def _write(self, appends: list[Append]) -> Sequence[Outcome]:
        """Write a batch: at once if nothing conflicts, one by one otherwise or when a commit's answer was lost."""
        doubtful = False
        try:
            async for attempt in stamina.retry_context(
                on=(psycopg.OperationalError, psycopg.InterfaceError, OSError),
                timeout=self._patience,
                attempts=None,
                wait_initial=0.05,
                wait_max=1.0,
                wait_jitter=0.05,
            ):
                with attempt:
                    try:
                        connection = await self._connect()
                        if not doubtful:
                            with suppress(*REFUSED):
                                return await _write_together(connection, appends)
                        return await _write_apart(connection, appends)
                    except (psycopg.OperationalError, psycopg.InterfaceError):
                        doubtful = True
                        await self._disconnect()
                        raise
        except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as error:
            raise Busy(RETRY_AFTER) from error
        raise AssertionError  # pragma: no cover -- the loop returns or raises

    async def _connect(self) -> AsyncConnection[DictRow]:
        if self._connection is None or self._connection.closed:
            self._connection = await self._database.dedicated()
        return self._connection

    async def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                await self._connection.close()
            self._connection = None


async def _write_together(connection: AsyncConnection[DictRow], appends: Sequence[Append]) -> list[Committed]:
    """Write all commands in one transaction; one that is refused refuses all, with nothing written."""
    async with connection.transaction(), connection.pipeline():
        return await _insert(connection, appends)


async def _write_apart(connection: AsyncConnection[DictRow], appends: Sequence[Append]) -> list[Outcome]:
    """Write the commands in one transaction, each behind a savepoint of its own."""
    outcomes: list[Outcome] = []
    async with connection.transaction():
        for append in appends:
            try:
                async with connection.transaction():
                    outcomes += await _insert(connection, [append], execute=_told_in_words)
            except (DomainError, *REFUSED) as error:
                outcomes.append(await _recorded_before(connection, append) or _told_apart(error))
    return outcomes


def _told_apart(error: Exception) -> Exception:
    taken = isinstance(error, UniqueViolation) and error.diag.constraint_name == "stored_events_pkey"
    return VersionConflict() if taken else error


async def _recorded_before(connection: AsyncConnection[DictRow], append: Append) -> Committed | None:
    cursor = await connection.execute(
        "SELECT position FROM commands WHERE command_id = %s", (append.command.command_id,)
    )
    row = await cursor.fetchone()
    return None if row is None else Committed(row["position"], repeated=True)


INSERT_SNAPSHOTS = (
    "INSERT INTO snapshots (originator_id, originator_version, topic, state)"
    " SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::bytea[]) ON CONFLICT DO NOTHING"
)
INSERT_TEXTS = (
    "INSERT INTO sealed_texts (hash, salt, text, author, subjects, official, recorded_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, now())"
)
# Events and commands in one statement: the position of a command is that of its last event, told by what was just
# written. A join with the table itself would be planned for the size the table had when the connection was young.
INSERT = (
    "WITH written AS (INSERT INTO stored_events (originator_id, originator_version, topic, state, leaf)"
    " SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::bytea[], %s::bytea[])"
    " RETURNING originator_id, originator_version, notification_id)"
    " INSERT INTO commands (command_id, request_hash, result, position, recorded_at)"
    " SELECT c.id, c.hash, c.result, coalesce(w.notification_id,"
    " (SELECT max(notification_id) FROM stored_events), 0), now()"
    " FROM unnest(%s::uuid[], %s::bytea[], %s::jsonb[], %s::uuid[], %s::bigint[])"
    " AS c (id, hash, result, originator_id, originator_version)"
    " LEFT JOIN written w USING (originator_id, originator_version)"
    " RETURNING command_id, position"
)


async def _plainly(connection: AsyncConnection[DictRow], row: Row) -> None:
    await connection.execute(row.statement, row.params)


async def _told_in_words(connection: AsyncConnection[DictRow], row: Row) -> None:
    """Execute a row and turn a violated constraint into its refusal; in a pipeline the error could be another's."""
    try:
        await connection.execute(row.statement, row.params)
    except UniqueViolation as error:
        if row.refusal is None:
            raise
        raise row.refusal from error


async def _insert(
    connection: AsyncConnection[DictRow],
    appends: Sequence[Append],
    *,
    execute: Callable[[AsyncConnection[DictRow], Row], Awaitable[None]] = _plainly,
) -> list[Committed]:
    events = [event for append in appends for event in append.events]
    snapshots = [snapshot for append in appends for snapshot in append.snapshots]
    if events:
        await connection.execute(LOCK_TIMEOUT)
        await connection.execute("LOCK TABLE stored_events IN EXCLUSIVE MODE")
        await connection.execute("NOTIFY stored_events")
    leaves = [leaf_hash(e.originator_id, e.originator_version, e.topic, e.state) for e in events]  # type: ignore[arg-type]
    recorded = await connection.execute(INSERT, (*_columns(events), leaves, *_command_columns(appends)))
    if snapshots:
        await connection.execute(INSERT_SNAPSHOTS, _columns(snapshots))
    for append in appends:
        for text in append.texts:
            sealed = (text.hash, text.salt, text.text, text.author, list(text.subjects), text.official)
            await connection.execute(INSERT_TEXTS, sealed)
        for row in append.rows:
            await execute(connection, row)
    positions = {row["command_id"]: row["position"] for row in await recorded.fetchall()}
    return [Committed(positions[append.command.command_id]) for append in appends]


def _columns(events: Sequence[StoredEvent]) -> tuple[list[Any], ...]:
    return (
        [event.originator_id for event in events],
        [event.originator_version for event in events],
        [event.topic for event in events],
        [event.state for event in events],
    )


def _command_columns(appends: Sequence[Append]) -> tuple[list[Any], ...]:
    commands = [append.command for append in appends]
    last = [append.events[-1] if append.events else None for append in appends]
    return (
        [command.command_id for command in commands],
        [command.request_hash for command in commands],
        [Jsonb(command.result) for command in commands],
        [event and event.originator_id for event in last],
        [event and event.originator_version for event in last],
    )
