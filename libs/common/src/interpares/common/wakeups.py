"""Waking whoever follows the store: LISTEN on one connection per process, with a poll as the net below it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg
import structlog

from interpares.common.cancelling import heed_cancellation

if TYPE_CHECKING:
    from interpares.common.database import Database

POLL_SECONDS = 1.0
RECONNECT_SECONDS = 1.0
log = structlog.get_logger(__name__)


class Wakeups:
    """Tells followers that the store may have grown."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._grown = asyncio.Event()

    def upcoming(self) -> asyncio.Event:
        """Return the next growth; take it before reading, so that nothing that comes while reading is missed."""
        return self._grown

    async def wait(self, growth: asyncio.Event) -> None:
        """Return when the growth happened, or after a second: a lost notification delays, it never loses."""
        with suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS):
                await growth.wait()

    async def run(self) -> None:
        """Listen until cancelled; a lost connection is opened again."""
        while True:
            heed_cancellation()
            try:
                async with await self._database.dedicated() as connection:
                    await connection.execute("LISTEN stored_events")
                    self._wake()
                    async for _ in connection.notifies():
                        self._wake()
            except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as error:
                log.warning("listen-interrupted", error=type(error).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)

    def _wake(self) -> None:
        # Everybody who waits now is woken; who comes later waits for the next event.
        grown, self._grown = self._grown, asyncio.Event()
        grown.set()
