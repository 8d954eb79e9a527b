"""The append: everything one command writes, in one transaction, together with what other commands write.

Commands of one process that wait at the same moment share a transaction (group append). The writer keeps the
library's table lock, so positions rise in commit order, and its NOTIFY. A command that conflicts is told apart from its
neighbours. A commit whose answer was lost is resolved by the command id, which lies in the same transaction.
"""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import psycopg
import stamina
from psycopg.errors import UniqueViolation
from psycopg.pq import TransactionStatus

from interpares.common.cancelling import heed_cancellation
from interpares.common.canonical import leaf_hash
from interpares.common.database import AWAY
from interpares.common.errors import Busy, DomainError
from interpares.common.telemetry import APPEND_COMMANDS, APPEND_WAIT, APPEND_WAITING
from interpares.common.writes import Append, Committed, Outcome, Row, VersionConflict, stands

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eventsourcing.persistence import StoredEvent
    from psycopg import AsyncConnection, AsyncCursor
    from psycopg.rows import DictRow

    from interpares.common.database import Database
    from interpares.common.sealed import SealedText

QUEUE_LENGTH = 1024
BATCH = 128
LOCK_TIMEOUT = "SET lock_timeout = '5s'"
RETRY_AFTER = 1.0
# What PostgreSQL refuses for good, as opposed to a connection that is lost or a lock that does not come.
REFUSED = (psycopg.IntegrityError, psycopg.DataError, psycopg.ProgrammingError, psycopg.InternalError)


@dataclass(frozen=True, eq=False)
class _Waiting:
    """An append and the place for its answer."""

    append: Append
    answer: asyncio.Future[Committed]

    @property
    def hopeless(self) -> bool:
        """Tell whether what this append stands on was not written."""
        before = self.append.after
        return before is not None and before.done() and not stands(before)

    def settle(self, outcome: Outcome) -> None:
        """Give the caller its answer."""
        if isinstance(outcome, Exception):
            self.answer.set_exception(outcome)
            self.answer.exception()  # whoever asked may be gone; that is no fault to report
        else:
            self.answer.set_result(outcome)


class GroupAppender:
    """One writer task and one connection per process; a bounded queue in front of it."""

    def __init__(self, database: Database, *, patience: float = 10.0) -> None:
        """``patience``: seconds an unreachable database is tried again before callers get Busy."""
        self._database = database
        self._patience = patience
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue(QUEUE_LENGTH)
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
        # The answer is not the caller's alone: what stands on this append waits for it as well.
        return await asyncio.shield(self.submit(append))

    def submit(self, append: Append) -> asyncio.Future[Committed]:
        """See ``Appender``."""
        answer: asyncio.Future[Committed] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait(_Waiting(append, answer))
        except asyncio.QueueFull as error:
            raise Busy(RETRY_AFTER) from error
        began = time.perf_counter()
        answer.add_done_callback(lambda _: APPEND_WAIT.observe(time.perf_counter() - began))
        return answer

    async def _write_batches(self) -> None:
        while True:
            heed_cancellation()
            batch = [await self._queue.get()]
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            APPEND_COMMANDS.observe(len(batch))
            APPEND_WAITING.set(self._queue.qsize())
            hopeful = []
            for waiting in batch:
                if waiting.hopeless:
                    waiting.settle(VersionConflict())
                else:
                    hopeful.append(waiting)
            if hopeful:
                try:
                    await self._write(hopeful)
                except Exception as error:  # noqa: BLE001 -- answered to every caller, none is left waiting
                    for waiting in hopeful:
                        if not waiting.answer.done():
                            waiting.settle(error)
            for _ in batch:
                self._queue.task_done()

    async def _write(self, batch: list[_Waiting]) -> None:
        """Write a batch: at once if nothing conflicts, one by one otherwise or when a commit's answer was lost."""
        doubtful = False
        try:
            async for attempt in stamina.retry_context(
                on=(*AWAY, OSError),
                timeout=self._patience,
                attempts=None,
                wait_initial=0.05,
                wait_max=1.0,
                wait_jitter=0.05,
            ):
                with attempt:
                    try:
                        connection = await self._connect()
                        outcomes = None if doubtful else await _write_together(connection, batch)
                        if outcomes is None:
                            outcomes = await _write_apart(connection, batch)
                    except AWAY:
                        doubtful = True
                        await self._disconnect()
                        raise
                    for waiting, outcome in zip(batch, outcomes, strict=True):
                        waiting.settle(outcome)
        except (*AWAY, OSError) as error:
            raise Busy(RETRY_AFTER) from error

    async def _connect(self) -> AsyncConnection[DictRow]:
        if self._connection is None or self._connection.closed:
            connection = await self._database.dedicated()
            await connection.execute(LOCK_TIMEOUT)
            self._connection = connection
        return self._connection

    async def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                await self._connection.close()
            self._connection = None


async def _write_together(connection: AsyncConnection[DictRow], batch: Sequence[_Waiting]) -> Sequence[Outcome] | None:
    """Write all commands in one transaction and one round trip; None where one was refused and nothing is written."""
    appends = [waiting.append for waiting in batch]
    try:
        async with connection.pipeline():
            await connection.execute("BEGIN")
            recorded = await _insert(connection, appends)
            # One round trip for each run of equal statements, in the order of the commands.
            rows = [row for append in appends for row in append.rows]
            for statement, run in groupby(rows, key=lambda row: row.statement):
                await _run(connection, statement, [row.params for row in run])
            await connection.execute("COMMIT")
    except REFUSED:
        if connection.info.transaction_status is not TransactionStatus.IDLE:
            await connection.execute("ROLLBACK")
        return None
    return await _committed(recorded, appends)


async def _run(connection: AsyncConnection[DictRow], statement: Any, params: Sequence[Any]) -> None:
    if len(params) == 1:
        await connection.execute(statement, params[0])
    else:
        await connection.cursor().executemany(statement, params)


async def _write_apart(connection: AsyncConnection[DictRow], batch: Sequence[_Waiting]) -> Sequence[Outcome]:
    """Write the commands in one transaction, each behind a savepoint of its own and not without what it stands on."""
    outcomes: dict[asyncio.Future[Committed], Outcome] = {}
    async with connection.transaction():
        for waiting in batch:
            before = outcomes.get(waiting.append.after) if waiting.append.after else None
            if before is None or (isinstance(before, Committed) and not before.repeated):
                outcomes[waiting.answer] = await _write_one(connection, waiting.append)
            else:
                recorded = await _recorded_before(connection, waiting.append)
                outcomes[waiting.answer] = recorded or VersionConflict()
    return list(outcomes.values())


async def _write_one(connection: AsyncConnection[DictRow], append: Append) -> Outcome:
    try:
        async with connection.transaction():
            recorded = await _insert(connection, [append])
            for row in append.rows:
                await _told_in_words(connection, row)
            (committed,) = await _committed(recorded, [append])
            return committed
    except (DomainError, *REFUSED) as error:
        return await _recorded_before(connection, append) or _told_apart(error)


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
    " SELECT hash, decode(salt, 'hex'), text, author, ARRAY(SELECT json_array_elements_text(subjects)::uuid), official,"
    " now() FROM json_to_recordset(%s::json)"
    " AS t (hash text, salt text, text text, author uuid, subjects json, official boolean)"
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


async def _told_in_words(connection: AsyncConnection[DictRow], row: Row) -> None:
    """Execute a row and turn a violated constraint into its refusal; in a pipeline the error could be another's."""
    try:
        await connection.execute(row.statement, row.params)
    except UniqueViolation as error:
        if row.refusal is None:
            raise
        raise row.refusal from error


async def _insert(connection: AsyncConnection[DictRow], appends: Sequence[Append]) -> AsyncCursor[DictRow]:
    """Write everything but the rows; what is returned tells the position of each command."""
    events = [event for append in appends for event in append.events]
    snapshots = [snapshot for append in appends for snapshot in append.snapshots]
    texts = [text for append in appends for text in append.texts]
    if events:
        await connection.execute("LOCK TABLE stored_events IN EXCLUSIVE MODE")
        await connection.execute("NOTIFY stored_events")
    leaves = _bytes(leaf_hash(e.originator_id, e.originator_version, e.topic, e.state) for e in events)  # type: ignore[arg-type]
    recorded = await connection.execute(INSERT, (*_columns(events), leaves, *_command_columns(appends)))
    if snapshots:
        await connection.execute(INSERT_SNAPSHOTS, _columns(snapshots))
    if texts:
        row = sealing(texts)
        await connection.execute(row.statement, row.params)
    return recorded


async def _committed(recorded: AsyncCursor[DictRow], appends: Sequence[Append]) -> list[Committed]:
    positions = {row["command_id"]: row["position"] for row in await recorded.fetchall()}
    return [Committed(positions[append.command.command_id]) for append in appends]


def sealing(texts: Sequence[SealedText]) -> Row:
    """Return the statement that stores sealed texts."""
    return Row(INSERT_TEXTS, (json.dumps([_as_json(text) for text in texts]),))


def _as_json(text: SealedText) -> dict[str, Any]:
    return {
        "hash": text.hash,
        "salt": text.salt.hex(),
        "text": text.text,
        "author": str(text.author),
        "subjects": [str(subject) for subject in text.subjects],
        "official": text.official,
    }


# Columns travel as array literals: the driver would dump them element by element, which costs more than anything else.


def _plain(values: Iterable[object]) -> str:
    """Return an array of what needs no quotes: ids and numbers, None for NULL."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


def _quoted(values: Iterable[str]) -> str:
    return "{" + ",".join('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values) + "}"


def _bytes(values: Iterable[bytes]) -> str:
    return "{" + ",".join(f'"\\\\x{value.hex()}"' for value in values) + "}"


def _columns(events: Sequence[StoredEvent]) -> tuple[str, ...]:
    return (
        _plain(event.originator_id for event in events),
        _plain(event.originator_version for event in events),
        _quoted(event.topic for event in events),
        _bytes(event.state for event in events),
    )


def _command_columns(appends: Sequence[Append]) -> tuple[str, ...]:
    commands = [append.command for append in appends]
    last = [append.events[-1] if append.events else None for append in appends]
    return (
        _plain(command.command_id for command in commands),
        _bytes(command.request_hash for command in commands),
        _quoted(json.dumps(command.result) for command in commands),
        _plain(event and event.originator_id for event in last),
        _plain(event and event.originator_version for event in last),
    )
