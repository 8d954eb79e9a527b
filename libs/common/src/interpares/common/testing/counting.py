"""A running counting service, to test and measure the pipe with."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.common.append import GroupAppender
from interpares.common.commands import Commands, Handled
from interpares.common.context import Occasion, acting
from interpares.common.database import Database
from interpares.common.eventstore import EventStore
from interpares.common.testing.counter import (
    Counted,
    CreateCounter,
    Increment,
    an_occasion,
    create_counter,
    increment,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from uuid import UUID


@dataclass(frozen=True)
class Counting:
    """A counting service: its database, and commands through one appender."""

    database: Database
    store: EventStore
    appender: GroupAppender
    commands: Commands

    async def create(self, counter_id: UUID) -> Handled[Counted]:
        """Make a counter."""
        with acting(an_occasion()):
            return await self.commands.run(create_counter, CreateCounter(counter_id), lane=counter_id, returns=Counted)

    async def increment(
        self, counter_id: UUID, *, occasion: Occasion | None = None, request_hash: bytes = b"", by: int = 1
    ) -> Handled[Counted]:
        """Count."""
        with acting(occasion or an_occasion()):
            return await self.commands.run(
                increment, Increment(counter_id, by), lane=counter_id, returns=Counted, request_hash=request_hash
            )


@asynccontextmanager
async def counting_on(url: str, *, patience: float = 10.0) -> AsyncIterator[Counting]:
    """Run a counting service on a database."""
    database = Database(url)
    await database.open()
    store, appender = EventStore(database), GroupAppender(database, patience=patience)
    await appender.start()
    try:
        yield Counting(database, store, appender, Commands(database, store, appender))
    finally:
        await appender.stop()
        await database.close()


async def until(holds: Callable[[], Awaitable[bool]], what: str, seconds: float = 30.0) -> None:
    """Wait for a condition; fail with its name if it does not come true."""
    deadline = time.monotonic() + seconds
    while not await holds():
        if time.monotonic() > deadline:
            message = f"in {seconds} s it did not come true that {what}"
            raise TimeoutError(message)
        await asyncio.sleep(0.02)
