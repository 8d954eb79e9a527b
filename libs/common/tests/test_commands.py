"""Commands on real PostgreSQL: lanes, repetition, conflicts between processes, snapshots."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from interpares.common.commands import Commands, Handled
from interpares.common.context import acting
from interpares.common.errors import Busy, KeyReused, NotFound
from interpares.common.eventstore import EventStore
from interpares.common.testing.counter import (
    LIMIT,
    Counted,
    Counter,
    CounterFull,
    CounterSnapshot,
    Increment,
    an_occasion,
    increment,
)
from interpares.common.testing.counting import Counting, counting_on
from interpares.common.writes import Row, VersionConflict

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.commands import UnitOfWork
    from interpares.common.testing.databases import Database as Made
    from interpares.common.writes import Append, Committed

REQUEST, ANOTHER = b"r" * 32, b"a" * 32


async def test_commands_on_one_aggregate_take_turns(counting: Counting) -> None:
    counter = uuid4()
    await counting.create(counter)

    answers = await asyncio.gather(*(counting.increment(counter) for _ in range(100)))

    assert sorted(answer.result.count for answer in answers) == list(range(1, 101))


async def test_two_processes_on_one_aggregate_decide_again(migrated: Made) -> None:
    counter = uuid4()
    async with counting_on(migrated.service_url) as one, counting_on(migrated.service_url) as two:
        await one.create(counter)

        answers = await asyncio.gather(*(process.increment(counter) for process in (one, two) * 10))

    assert sorted(answer.result.count for answer in answers) == list(range(1, 21))


async def test_the_same_key_gives_the_first_answer(counting: Counting) -> None:
    counter = uuid4()
    await counting.create(counter)
    occasion = an_occasion()

    first = await counting.increment(counter, occasion=occasion, request_hash=REQUEST)
    await counting.increment(counter)
    again = await counting.increment(counter, occasion=occasion, request_hash=REQUEST)

    assert (again.result, again.position, again.repeated) == (first.result, first.position, True)


async def test_the_same_key_at_the_same_moment_over_two_processes_counts_once(migrated: Made) -> None:
    counter, occasion = uuid4(), an_occasion()
    async with counting_on(migrated.service_url) as one, counting_on(migrated.service_url) as two:
        await one.create(counter)

        answers = await asyncio.gather(
            *(process.increment(counter, occasion=occasion, request_hash=REQUEST) for process in (one, two) * 5)
        )

    assert {(answer.result.count, answer.position) for answer in answers} == {(1, answers[0].position)}
    assert sum(not answer.repeated for answer in answers) == 1


async def test_the_same_key_with_another_request_is_refused(counting: Counting) -> None:
    counter, occasion = uuid4(), an_occasion()
    await counting.create(counter)
    await counting.increment(counter, occasion=occasion, request_hash=REQUEST)

    with pytest.raises(KeyReused):
        await counting.increment(counter, occasion=occasion, request_hash=ANOTHER)


async def test_the_first_answer_stands_although_the_domain_would_refuse_now(counting: Counting) -> None:
    counter, occasion = uuid4(), an_occasion()
    await counting.create(counter)

    first = await counting.increment(counter, occasion=occasion, request_hash=REQUEST, by=LIMIT)
    again = await counting.increment(counter, occasion=occasion, request_hash=REQUEST, by=LIMIT)

    assert again.result == first.result
    with pytest.raises(CounterFull):
        await counting.increment(counter)


async def test_a_refusal_leaves_the_aggregate_as_it_was(counting: Counting) -> None:
    counter = uuid4()
    await counting.create(counter)
    with pytest.raises(CounterFull):
        await counting.increment(counter, by=LIMIT + 1)

    assert (await counting.increment(counter)).result == Counted(1)


async def test_an_unknown_aggregate_is_not_found(counting: Counting) -> None:
    with pytest.raises(NotFound):
        await counting.increment(uuid4())


async def test_who_is_always_outrun_is_told_to_come_again(counting: Counting) -> None:
    class Outrun:
        async def append(self, append: Append) -> Committed:
            return await self.submit(append)

        def submit(self, append: Append) -> asyncio.Future[Committed]:
            answer: asyncio.Future[Committed] = asyncio.get_running_loop().create_future()
            answer.set_exception(VersionConflict())
            return answer

    counter = uuid4()
    await counting.create(counter)
    commands = Commands(counting.database, counting.store, Outrun())

    with acting(an_occasion()), pytest.raises(Busy):
        await commands.run(increment, Increment(counter), lane=counter, returns=Counted)


async def test_a_long_history_loads_from_its_snapshot(counting: Counting) -> None:
    counter = uuid4()
    await counting.create(counter)
    for _ in range(120):
        await counting.increment(counter)

    (row,) = await counting.database.fetch("SELECT max(originator_version) AS version, count(*) AS n FROM snapshots")
    fresh = await EventStore(counting.database).load(Counter, counter)

    assert (row["version"], row["n"]) == (100, 2)
    assert fresh is not None
    assert (fresh.version, fresh.state.count) == (121, 120)


async def test_a_snapshot_of_another_shape_is_passed_over(counting: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = uuid4()
    await counting.create(counter)
    for _ in range(60):
        await counting.increment(counter)
    monkeypatch.setattr(CounterSnapshot, "STATE_VERSION", 2)

    fresh = await EventStore(counting.database).load(Counter, counter)

    assert fresh is not None
    assert (fresh.version, fresh.state.count) == (61, 60)


async def versions(counting: Counting, counter: UUID) -> list[int]:
    rows = await counting.database.fetch(
        "SELECT originator_version FROM stored_events WHERE originator_id = %s ORDER BY originator_version", (counter,)
    )
    return [row["originator_version"] for row in rows]


async def increment_against_the_rules(command: Increment, unit: UnitOfWork) -> Counted:
    """Count, and write what cannot be written."""
    counted = await increment(command, unit)
    unit.write(Row("INSERT INTO view_positions VALUES ('taken', 1)", (), CounterFull("Taken.")))
    return counted


async def test_commands_on_one_aggregate_wait_for_the_disk_together(counting: Counting) -> None:
    counter = uuid4()
    await counting.create(counter)

    await asyncio.gather(*(counting.increment(counter) for _ in range(100)))

    (row,) = await counting.database.fetch("SELECT count(DISTINCT xmin::text) AS transactions FROM stored_events")
    assert row["transactions"] < 20


async def test_what_stands_on_a_refused_command_is_decided_again(counting: Counting) -> None:
    counter = uuid4()
    await counting.create(counter)
    await counting.database.fetch("INSERT INTO view_positions VALUES ('taken', 1) RETURNING 1")

    async def refused() -> Handled[Counted]:
        with acting(an_occasion()):
            return await counting.commands.run(
                increment_against_the_rules, Increment(counter, LIMIT), lane=counter, returns=Counted
            )

    first, *others = await asyncio.gather(
        refused(), *(counting.increment(counter) for _ in range(20)), return_exceptions=True
    )

    # The others found the counter full for a moment; what filled it was never written.
    assert isinstance(first, CounterFull)
    assert sorted(answer.result.count for answer in others if isinstance(answer, Handled)) == list(range(1, 21))
    assert await versions(counting, counter) == list(range(1, 22))


async def test_a_refusal_stands_once_what_it_rests_on_is_written(counting: Counting) -> None:
    counter = uuid4()
    await counting.create(counter)

    first, second = await asyncio.gather(
        counting.increment(counter, by=LIMIT), counting.increment(counter), return_exceptions=True
    )

    assert isinstance(first, Handled)
    assert isinstance(second, CounterFull)


async def test_a_repetition_among_others_leaves_no_hole_in_the_history(counting: Counting) -> None:
    counter, occasion = uuid4(), an_occasion()
    await counting.create(counter)

    answers = await asyncio.gather(
        *(
            counting.increment(counter, occasion=occasion if n % 3 == 0 else None, request_hash=REQUEST)
            for n in range(30)
        )
    )

    assert await versions(counting, counter) == list(range(1, 23))
    assert len({answer.result.count for answer in answers}) == 21


async def test_two_processes_with_many_callers_leave_no_hole_in_the_history(migrated: Made) -> None:
    counter = uuid4()
    async with counting_on(migrated.service_url) as one, counting_on(migrated.service_url) as two:
        await one.create(counter)

        async def again_when_outrun(process: Counting) -> int:
            while True:
                try:
                    return (await process.increment(counter)).result.count
                except Busy:
                    continue

        counts = await asyncio.gather(*(again_when_outrun(process) for process in (one, two) * 60))

        assert sorted(counts) == list(range(1, 121))
        assert await versions(one, counter) == list(range(1, 122))


async def test_who_gives_up_waiting_takes_nothing_from_the_others(counting: Counting) -> None:
    counter = uuid4()
    await counting.create(counter)
    impatient = [asyncio.create_task(counting.increment(counter)) for _ in range(5)]
    await asyncio.sleep(0)
    others = [asyncio.create_task(counting.increment(counter)) for _ in range(5)]
    await asyncio.sleep(0)
    for task in impatient:
        task.cancel()

    answers = await asyncio.gather(*others)
    await asyncio.gather(*impatient, return_exceptions=True)

    final = (await counting.increment(counter)).result.count
    assert len({answer.result.count for answer in answers}) == 5
    assert await versions(counting, counter) == list(range(1, final + 2))
