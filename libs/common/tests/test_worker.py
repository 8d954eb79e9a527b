"""Tasks of a worker are started again for as long as the worker lives."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import psycopg
import pytest

from interpares.common import worker
from interpares.common.errors import Busy

RUNS = 4


async def test_a_task_whose_group_failed_is_started_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python 3.11's TaskGroup leaves ``cancelling()`` at 1 in its parent once a child failed while it waited."""
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0.0)
    runs, enough = 0, asyncio.Event()

    async def fail() -> None:
        await asyncio.sleep(0)
        raise Busy(1.0)

    async def task() -> None:
        nonlocal runs
        runs += 1
        if runs == RUNS:
            enough.set()
        async with asyncio.TaskGroup() as group:
            group.create_task(fail())
            group.create_task(asyncio.Event().wait())

    persisting = asyncio.create_task(worker.persist("views", task))
    done, _ = await asyncio.wait({persisting, asyncio.create_task(enough.wait())}, return_when="FIRST_COMPLETED")
    ended = persisting in done
    persisting.cancel()
    with suppress(asyncio.CancelledError):
        await persisting
    assert not ended, f"it ended silently after {runs} runs"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (psycopg.OperationalError(), True),
        (psycopg.errors.ReadOnlySqlTransaction(), True),
        (ExceptionGroup("", [Busy(1.0), psycopg.errors.ReadOnlySqlTransaction()]), True),
        (psycopg.errors.UndefinedTable(), False),
        (ExceptionGroup("", [Busy(1.0), ValueError()]), False),
    ],
)
def test_a_server_that_is_lost_or_still_replays_passes_and_a_bug_does_not(error: Exception, *, expected: bool) -> None:
    assert worker.passes(error) == expected
