"""Contenders take turns in one run, so that whatever else the machine does falls on all of them alike."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from bench.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping


async def contest(
    suite: str,
    unit: str,
    contenders: Mapping[str, Callable[[], Awaitable[float]]],
    rounds: int,
    advance: Callable[[], None],
) -> list[Figure]:
    """Let contenders take turns and return a figure for each.

    contenders: by name; each call is one round and returns its sample. Each round begins with another one.
    """
    samples: dict[str, list[float]] = {name: [] for name in contenders}
    order = list(contenders)
    for number in range(rounds):
        first = number % len(order)
        for name in order[first:] + order[:first]:
            samples[name].append(await contenders[name]())
            advance()
    return [Figure(suite, name, unit, tuple(taken)) for name, taken in samples.items()]


async def callers(count: int, seconds: float, action: Callable[[int], Awaitable[int]]) -> float:
    """Let callers repeat an action side by side for a while; return how much they did a second.

    action: takes the caller's number, returns how much it did.
    """
    began = time.perf_counter()
    end = began + seconds
    done = 0

    async def one(number: int) -> None:
        nonlocal done
        while time.perf_counter() < end:
            did = await action(number)  # read before the sum: others add to it meanwhile
            done += did

    await asyncio.gather(*map(one, range(count)))
    return done / (time.perf_counter() - began)


async def threads(count: int, seconds: float, action: Callable[[int], int]) -> float:
    """Do the same with threads."""
    began = time.perf_counter()
    end = began + seconds

    def one(number: int) -> int:
        done = 0
        while time.perf_counter() < end:
            done += action(number)
        return done

    done = await asyncio.gather(*(asyncio.to_thread(one, number) for number in range(count)))
    return sum(done) / (time.perf_counter() - began)
