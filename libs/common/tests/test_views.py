"""Views on real PostgreSQL: exact at their position, replicas take turns, made again at any time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar
from uuid import uuid4

import pytest

from interpares.common.errors import Busy, Invalid
from interpares.common.testing.counter import CounterIncremented
from interpares.common.testing.counting import Counting, until
from interpares.common.views import Views, view_at_least
from interpares.common.wakeups import Wakeups
from interpares.common.writes import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from interpares.common.eventstore import Recorded

COUNTERS = 3


class Totals:
    """The membership table serves as the view's table: one row an increment."""

    VIEW: ClassVar[str] = "totals"
    TABLES: ClassVar[tuple[str, ...]] = ("memberships",)

    def project(self, recorded: Recorded) -> Iterable[Row]:
        event = recorded.event
        if isinstance(event, CounterIncremented):
            yield Row(
                "INSERT INTO memberships VALUES (%s, %s, %s, 'x')", (event.event_id, event.originator_id, uuid4())
            )


async def rows(counting: Counting) -> int:
    (row,) = await counting.database.fetch("SELECT count(*) AS n FROM memberships")
    return int(row["n"])


async def some_history(counting: Counting) -> int:
    counters = [uuid4() for _ in range(COUNTERS)]
    position = 0
    for counter in counters:
        await counting.create(counter)
        for _ in range(10):
            position = (await counting.increment(counter)).position
    return position


async def test_replicas_take_turns_and_apply_each_event_once(counting: Counting) -> None:
    wakeups = Wakeups(counting.database)
    running = [
        asyncio.create_task(coroutine)
        for coroutine in (
            wakeups.run(),
            *(Views(counting.database, wakeups, [Totals()]).run() for _ in range(3)),
        )
    ]
    position = await some_history(counting)

    await view_at_least(counting.database, "totals", position)

    assert await rows(counting) == COUNTERS * 10
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def test_a_view_can_be_made_again(counting: Counting) -> None:
    views = Views(counting.database, Wakeups(counting.database), [Totals()])
    await some_history(counting)
    while await views.advance(Totals()):
        pass
    assert await views.rebuild(Totals()) == COUNTERS * 11
    assert await rows(counting) == COUNTERS * 10


async def test_who_asks_for_a_position_that_is_not_reached_is_told_to_come_again(counting: Counting) -> None:
    position = await some_history(counting)

    with pytest.raises(Busy):
        await view_at_least(counting.database, "totals", position)


async def test_a_position_that_nothing_has_is_not_waited_for(counting: Counting) -> None:
    with pytest.raises(Invalid):
        await view_at_least(counting.database, "totals", 1)


async def test_a_view_that_fails_keeps_its_position_and_its_rows(counting: Counting) -> None:
    class Failing(Totals):
        def project(self, recorded: Recorded) -> Iterable[Row]:
            yield from super().project(recorded)
            if recorded.position > 5:
                raise ZeroDivisionError

    views = Views(counting.database, Wakeups(counting.database), [Failing()])
    await some_history(counting)

    with pytest.raises(ZeroDivisionError):
        await views.advance(Failing())

    assert await rows(counting) == 0


async def test_a_waiting_follower_wakes_at_once(counting: Counting) -> None:
    wakeups = Wakeups(counting.database)
    listening = asyncio.create_task(wakeups.run())

    async def listens() -> bool:
        found = await counting.database.fetch("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN%%'")
        return bool(found)

    await until(listens, "the process listens")
    growth = wakeups.upcoming()
    await counting.create(uuid4())
    await asyncio.wait_for(growth.wait(), 5)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
