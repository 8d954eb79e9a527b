"""A subscriber that listens to both services from the first moment, and can tell at the end what it did not get."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from interpares.console.story.scene import LOOK_SECONDS, PATIENCE_SECONDS
from interpares.console.subscription import connected, follow

SERVICES = ("programme", "registration")


class Subscriber:
    """What arrived, by event id. A gap in a stream's chain of ``previous`` ends it with an error."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.messages = 0
        self._tasks: list[asyncio.Task[None]] = []

    async def all_of(self, decisions: set[str]) -> set[str]:
        """Return which of the decisions did not arrive, after waiting for them for a while. Raises Gap."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (missing := decisions - self.ids) and time.monotonic() < deadline:
            for task in self._tasks:
                if task.done():
                    await task
            await asyncio.sleep(LOOK_SECONDS)
        return missing

    async def _listen(self, url: str, service: str) -> None:
        async with connected(url) as connection:
            async for message in follow(connection, service):
                self.messages += 1
                self.ids.add(message.headers["ce-id"])

    @classmethod
    @asynccontextmanager
    async def listening(cls, url: str) -> AsyncIterator[Subscriber]:
        """Listen during the block."""
        subscriber = cls()
        subscriber._tasks = [asyncio.create_task(subscriber._listen(url, service)) for service in SERVICES]
        try:
            yield subscriber
        finally:
            for task in subscriber._tasks:
                task.cancel()
            await asyncio.gather(*subscriber._tasks, return_exceptions=True)
