"""Views made again on real PostgreSQL: beside the served one, in steps anybody can go on with, swapped at once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID, uuid4

import psycopg
import pytest

from interpares.common import rebuilding
from interpares.common.rebuilding import Rebuild
from interpares.common.schema import migrate
from interpares.common.testing.counter import CounterIncremented
from interpares.common.testing.counting import Counting, until
from interpares.common.views import Views
from interpares.common.wakeups import Wakeups
from interpares.common.writes import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from interpares.common.eventstore import Recorded
    from interpares.common.testing.databases import Database as Made

BATCH = 10


class Counts:
    """The membership table serves as the view's table: one row a counter, found again by its key."""

    VIEW: ClassVar[str] = "counts"
    TABLES: ClassVar[tuple[str, ...]] = ("memberships",)

    def project(self, recorded: Recorded) -> Iterable[Row]:
        event = recorded.event
        if isinstance(event, CounterIncremented):
            yield Row(
                "INSERT INTO memberships AS m VALUES (%s, %s, %s, '1') ON CONFLICT (membership_id)"
                " DO UPDATE SET capacity = m.capacity::int + 1",
                (event.originator_id, UUID(int=0), UUID(int=0)),
            )


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "BATCH", BATCH)


@pytest.fixture
def views(counting: Counting) -> Views:
    return Views(counting.database, Wakeups(counting.database), [Counts()])


async def history(counting: Counting, counters: int = 3, times: int = 10) -> list[UUID]:
    made = [uuid4() for _ in range(counters)]
    for counter in made:
        await counting.create(counter)
        for _ in range(times):
            await counting.increment(counter)
    return made


async def caught_up(views: Views) -> None:
    while await views.advance(Counts()):
        pass


async def shown(counting: Counting) -> dict[UUID, int]:
    rows = await counting.database.fetch("SELECT membership_id, capacity FROM memberships")
    return {row["membership_id"]: int(row["capacity"]) for row in rows}


async def position(counting: Counting) -> int:
    (row,) = await counting.database.fetch("SELECT position FROM view_positions")
    return int(row["position"])


async def falsify(counting: Counting) -> None:
    async with counting.database.connection() as connection:
        await connection.execute("UPDATE memberships SET capacity = '0'")


async def leftovers(counting: Counting) -> tuple[int, int]:
    (copies,) = await counting.database.fetch("SELECT count(*) AS n FROM pg_tables WHERE schemaname = 'rebuilds'")
    (begun,) = await counting.database.fetch("SELECT count(*) AS n FROM view_rebuilds")
    return copies["n"], begun["n"]


async def test_until_the_end_the_old_view_is_served_then_the_new_one(counting: Counting, views: Views) -> None:
    counters = await history(counting)
    await caught_up(views)
    await falsify(counting)
    rebuild = Rebuild(counting.database, Counts())

    seen = []
    while not (progress := await rebuild.go_on(seconds=0)).done:
        seen.append((progress.events, await shown(counting)))

    assert seen == [(BATCH, dict.fromkeys(counters, 0))] * 3
    assert await shown(counting) == dict.fromkeys(counters, 10)
    assert await position(counting) == progress.position == 33
    assert await leftovers(counting) == (0, 0)


async def test_somebody_else_goes_on_where_the_first_was_killed(counting: Counting, views: Views) -> None:
    counters = await history(counting)
    await caught_up(views)
    await Rebuild(counting.database, Counts()).go_on(seconds=0)
    await Rebuild(counting.database, Counts()).go_on(seconds=0)

    assert await Rebuild(counting.database, Counts()).run() == 33 - 2 * BATCH
    assert await shown(counting) == dict.fromkeys(counters, 10)


async def test_a_step_that_fails_leaves_nothing_of_itself(counting: Counting, views: Views) -> None:
    class Failing(Counts):
        def project(self, recorded: Recorded) -> Iterable[Row]:
            yield from super().project(recorded)
            if recorded.position == BATCH + 5:
                raise ZeroDivisionError

    counters = await history(counting)
    await caught_up(views)
    with pytest.raises(ZeroDivisionError):
        await Rebuild(counting.database, Failing()).run()

    assert await Rebuild(counting.database, Counts()).run() == 33 - BATCH
    assert await shown(counting) == dict.fromkeys(counters, 10)


async def test_the_view_goes_on_meanwhile_and_never_backwards(counting: Counting, views: Views) -> None:
    counters = await history(counting)
    await caught_up(views)
    rebuild = Rebuild(counting.database, Counts())
    await rebuild.go_on(seconds=0)

    for counter in counters:
        await counting.increment(counter)
    await caught_up(views)
    assert await shown(counting) == dict.fromkeys(counters, 11)

    await rebuild.run()
    assert await position(counting) == 36
    await counting.increment(counters[0])
    await caught_up(views)
    assert await shown(counting) == dict.fromkeys(counters, 11) | {counters[0]: 12}


async def test_under_load_two_at_once_and_the_worker_agree(counting: Counting, views: Views) -> None:
    counters = await history(counting, 4, 5)
    working = asyncio.create_task(views.run())

    async def load() -> None:
        for _ in range(20):
            await asyncio.gather(*(counting.increment(counter) for counter in counters))

    rebuilds = [Rebuild(counting.database, Counts()).run() for _ in range(2)]
    await asyncio.gather(load(), *rebuilds)

    async def settled() -> bool:
        return await shown(counting) == dict.fromkeys(counters, 25)

    await until(settled, "every increment is shown once")
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


async def test_readers_do_not_wait_for_the_exchange(counting: Counting, views: Views, migrated: Made) -> None:
    counters = await history(counting)
    await caught_up(views)
    async with await psycopg.AsyncConnection.connect(migrated.service_url) as reader:
        await reader.execute("SELECT * FROM memberships")
        await asyncio.wait_for(Rebuild(counting.database, Counts()).run(), 10)
        cursor = await reader.execute("SELECT count(*) FROM memberships")
        assert await cursor.fetchone() == (len(counters),)


async def test_migrating_throws_away_what_another_release_began(
    counting: Counting, views: Views, migrated: Made
) -> None:
    counters = await history(counting)
    await Rebuild(counting.database, Counts()).go_on(seconds=0)
    assert await leftovers(counting) == (1, 1)

    await asyncio.to_thread(migrate, migrated.owner_url, migrated.service_url, Path("no-versions"))

    assert await leftovers(counting) == (0, 0)
    assert await Rebuild(counting.database, Counts()).run() == 33
    assert await shown(counting) == dict.fromkeys(counters, 10)
