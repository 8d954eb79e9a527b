"""A client that never gives up: it repeats under the same key until it is answered, and remembers what it was told."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from chaos.history import Acknowledged, History, command_id
from interpares.console.client import Client, Json, Unwilling
from interpares.console.failures import Problem, Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random
    from uuid import UUID

    import httpx2

    from interpares.console.contexts import Context

LOOK_SECONDS = 15.0
PAUSE_SECONDS = 0.1
SERVER_ERROR = 500
# What a service says that has not heard of something the other one decided: not yours, no such thing, still pending.
NOT_YET = frozenset({403, 404, 409})
AGAIN = 0.1


class GaveUp(Exception):
    """A command got no answer although no fault is left that would excuse it."""


class Caller(Client):
    """Somebody with a history. deadline: set, in monotonic time, once patience must have an end."""

    def __init__(
        self, context: Context, http: httpx2.AsyncClient, actor: UUID, history: History, random: Random
    ) -> None:
        super().__init__(context, http, patience=0)
        self.history = history
        self.deadline: float | None = None
        self._actor = actor
        self._random = random

    async def post(self, service: str, path: str, body: Mapping[str, Any], *, key: str | None = None) -> Json:
        """Command, once more now and then although it was answered. Raises Problem for a refusal, GaveUp."""
        key = key or f"{self._random.getrandbits(128):032x}"
        command = command_id(self._actor, key)
        answer = await self._answered(service, path, body, key, command)
        told = Acknowledged.of(command, answer)
        self.history.refused.discard(command)
        self.history.acknowledge(service, told)
        if self._random.random() < AGAIN:
            again = await self._answered(service, path, body, key, command)
            self.history.compare(told, Acknowledged.of(command, again))
        return answer

    async def get(self, service: str, path: str, *, at_least: int | None = None, **params: Any) -> Json:
        """Read, for a while again and again. Raises Problem, Unreachable."""
        until = time.monotonic() + LOOK_SECONDS
        while True:
            try:
                return await super().get(service, path, at_least=at_least, **params)
            except (Unreachable, Unwilling):
                if time.monotonic() > until:
                    raise
            await asyncio.sleep(PAUSE_SECONDS)

    async def once_heard(self, service: str, path: str, body: Mapping[str, Any]) -> Json:
        """Command what presupposes something the other service decided: repeat it until that has arrived."""
        key = f"{self._random.getrandbits(128):032x}"
        while True:
            try:
                return await self.post(service, path, body, key=key)
            except Problem as problem:
                if problem.status not in NOT_YET:
                    raise
                self._patient()
            await asyncio.sleep(PAUSE_SECONDS)

    async def _answered(self, service: str, path: str, body: Mapping[str, Any], key: str, command: UUID) -> Json:
        while True:
            try:
                return await super().post(service, path, body, key=key)
            except (Unreachable, Unwilling):
                self.history.repeated += 1
            except Problem as problem:
                if problem.status < SERVER_ERROR:
                    self.history.refused.add(command)
                    raise
                self.history.surprises[f"{problem.status} {problem.code}".strip()] += 1
            except Refused as refused:
                self.history.surprises[refused.title] += 1
            self._patient()
            await asyncio.sleep(PAUSE_SECONDS)

    def _patient(self) -> None:
        if self.deadline is not None and time.monotonic() > self.deadline:
            message = "no answer, although all is quiet"
            raise GaveUp(message)
