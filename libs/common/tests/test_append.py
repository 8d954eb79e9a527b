"""The append on real PostgreSQL: neighbours, conflicts, lost answers, lost connections."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent

from interpares.common import append
from interpares.common.canonical import leaf_hash
from interpares.common.errors import Busy, Conflict
from interpares.common.schema import migrate
from interpares.common.sealed import seal
from interpares.common.testing.counter import an_occasion
from interpares.common.testing.counting import Counting, counting_on, until
from interpares.common.testing.postgres import EmbeddedPostgres
from interpares.common.testing.proxy import proxied
from interpares.common.writes import Append, CommandRecord, Committed, Row, VersionConflict

if TYPE_CHECKING:
    from interpares.common.testing.databases import Database as Made


class KeyTaken(Conflict):
    """Somebody has it."""

    code = "key-taken"


def an_append(originator: UUID | None = None, version: int = 1, **more: object) -> Append:
    event = StoredEvent(originator or uuid4(), version, "t.t.t.v1", b'{"x":1}')
    return Append(CommandRecord(uuid4(), b"", {}), (event,), **more)  # type: ignore[arg-type]


async def events_in(counting: Counting) -> int:
    rows = await counting.database.fetch("SELECT count(*) AS n FROM stored_events")
    return int(rows[0]["n"])


async def test_everything_of_a_command_is_written_with_its_leaf_hash(counting: Counting) -> None:
    text = seal("because", uuid4(), (uuid4(),))
    append = an_append(texts=(text,), rows=(Row("INSERT INTO view_positions VALUES ('v', 7)"),))

    committed = await counting.appender.append(append)

    (event,) = append.events
    (row,) = await counting.database.fetch("SELECT * FROM stored_events")
    assert row["notification_id"] == committed.position
    assert bytes(row["leaf"]) == leaf_hash(event.originator_id, 1, event.topic, event.state)  # type: ignore[arg-type]
    (sealed,) = await counting.database.fetch("SELECT * FROM sealed_texts")
    assert (sealed["hash"], sealed["text"], sealed["subjects"]) == (text.hash, "because", list(text.subjects))
    assert await counting.database.fetch("SELECT position FROM view_positions") == [{"position": 7}]


async def test_a_conflicting_command_is_told_apart_from_its_neighbours(counting: Counting) -> None:
    taken = an_append()
    await counting.appender.append(taken)
    neighbours = [an_append() for _ in range(10)]
    rival = an_append(taken.events[0].originator_id)  # type: ignore[arg-type]

    outcomes = await asyncio.gather(
        *(counting.appender.append(append) for append in [*neighbours[:5], rival, *neighbours[5:]]),
        return_exceptions=True,
    )

    assert isinstance(outcomes.pop(5), VersionConflict)
    assert all(isinstance(outcome, Committed) for outcome in outcomes)
    assert await events_in(counting) == 11


async def test_a_row_that_is_taken_refuses_its_command_in_the_words_of_the_domain(counting: Counting) -> None:
    row = Row("INSERT INTO view_positions VALUES ('key', 1)", (), KeyTaken("This key is taken."))
    await counting.appender.append(an_append(rows=(row,)))

    free = [Row("INSERT INTO view_positions VALUES (%s, 1)", (f"free-{n}",), KeyTaken("Taken.")) for n in range(20)]
    rows = [*free[:10], row, *free[10:]]
    outcomes = await asyncio.gather(
        *(counting.appender.append(an_append(rows=(each,))) for each in rows), return_exceptions=True
    )

    assert isinstance(outcomes.pop(10), KeyTaken)
    assert all(isinstance(outcome, Committed) for outcome in outcomes)
    assert await events_in(counting) == 21


async def test_a_mistaken_statement_fails_its_own_command_only(counting: Counting) -> None:
    outcomes = await asyncio.gather(
        counting.appender.append(an_append()),
        counting.appender.append(an_append(rows=(Row("SELECT * FROM nowhere"),))),
        return_exceptions=True,
    )

    assert isinstance(outcomes[0], Committed)
    assert isinstance(outcomes[1], psycopg.errors.UndefinedTable)


async def test_positions_rise_in_commit_order_over_two_processes(migrated: Made) -> None:
    async with counting_on(migrated.service_url) as one, counting_on(migrated.service_url) as two:
        seen: list[int] = []

        async def follow() -> None:
            while len(seen) < 200:
                seen.extend(
                    row["notification_id"]
                    for row in await one.database.fetch(
                        "SELECT notification_id FROM stored_events WHERE notification_id > %s ORDER BY notification_id",
                        (seen[-1] if seen else 0,),
                    )
                )

        async def add(counting: Counting) -> None:
            for _ in range(25):
                await counting.appender.append(an_append())

        await asyncio.gather(follow(), *(add(counting) for counting in (one, two) * 4))
        (row,) = await one.database.fetch(
            "SELECT array_agg(notification_id ORDER BY notification_id) AS ids FROM stored_events"
        )

    assert seen == row["ids"], "a follower passed over an event that was committed later"


async def test_a_commit_whose_answer_was_lost_is_resolved_by_the_command_id(migrated: Made) -> None:
    async with proxied(migrated.service_url) as (proxy, url), counting_on(url) as counting:
        first = await counting.appender.append(an_append())
        proxy.cut_after(b"COMMIT")

        committed = await counting.appender.append(an_append())

        assert committed == Committed(first.position + 1, repeated=True)
        assert await events_in(counting) == 2


async def test_commands_survive_connections_that_are_cut(migrated: Made) -> None:
    async with proxied(migrated.service_url) as (proxy, url), counting_on(url) as counting:
        counters = [uuid4() for _ in range(8)]
        for counter in counters:
            await counting.create(counter)

        async def cut() -> None:
            for n in range(10):
                await until(lambda n=n: _at_least(counting, 8 + n * 20), "commands go on")  # type: ignore[misc]
                proxy.cut()

        async def count(counter: UUID) -> None:
            for _ in range(30):
                await _again_when_busy(counting, counter)

        await asyncio.gather(cut(), *(count(counter) for counter in counters))

        totals = [(await counting.increment(counter)).result.count for counter in counters]
    assert totals == [31] * 8


async def _at_least(counting: Counting, events: int) -> bool:
    try:
        return await events_in(counting) >= events
    except Busy:
        return False


async def _again_when_busy(counting: Counting, counter: UUID) -> None:
    occasion = an_occasion()
    while True:
        try:
            await counting.increment(counter, occasion=occasion, request_hash=b"h" * 32)
        except Busy:
            continue
        return


async def test_a_database_that_stays_away_is_answered_with_busy() -> None:
    with EmbeddedPostgres() as postgres:
        made = postgres.create_service("gone")
        migrate(made.owner_url, made.service_url, Path("no-versions"))
        async with counting_on(made.service_url, patience=0.5) as counting:
            await counting.appender.append(an_append())
            postgres.kill()

            with pytest.raises(Busy):
                await counting.appender.append(an_append())

            postgres.start()
            committed = await counting.appender.append(an_append())
            assert committed.position > 1


async def test_the_plan_for_recording_commands_does_not_grow_with_the_store(migrated: Made) -> None:
    """A join with the table itself would be a sequential scan for as long as the connection lives."""
    types = "uuid[], bigint[], text[], bytea[], bytea[], uuid[], bytea[], jsonb[], uuid[], bigint[]"
    statement = append.INSERT
    for number, each in enumerate(types.split(", "), 1):
        statement = statement.replace(f"%s::{each}", f"${number}::{each}", 1)
    async with await psycopg.AsyncConnection.connect(migrated.service_url, autocommit=True) as connection:
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE recording ({types}) AS {statement}".encode())
        cursor = await connection.execute("EXPLAIN EXECUTE recording (" + ", ".join(["'{}'"] * 10) + ")")
        plan = "\n".join(row for (row,) in await cursor.fetchall())
    assert "Seq Scan on stored_events" not in plan, plan
