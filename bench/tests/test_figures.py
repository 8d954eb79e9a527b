"""Medians, ratios of rounds, verdicts, and the tables made of them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bench.contest import callers, contest, threads
from bench.figures import Figure, Goal
from bench.page import markdown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def figure(name: str, *samples: float) -> Figure:
    return Figure("append", name, "events/s", samples)


RATIO = Goal("ours ÷ theirs", "append", "ours", "theirs", ">=", 2)


def test_a_ratio_is_the_median_of_the_ratios_of_each_round() -> None:
    # Medians alone would say 30 ÷ 10; the machine was slow in the last round, for both.
    judged = RATIO.judged([figure("ours", 30, 40, 4), figure("theirs", 10, 20, 2)])
    assert judged.value == 2
    assert judged.met


@pytest.mark.parametrize(("sense", "limit", "met"), [(">=", 3, False), ("<=", 3, True), ("<=", 1.9, False)])
def test_the_sense_of_a_goal(sense: str, limit: float, met: bool) -> None:  # noqa: FBT001 -- a column of the table
    goal = Goal("ours", "append", "ours", "", sense, limit)  # type: ignore[arg-type]
    assert goal.judged([figure("ours", 2)]).met is met


def test_what_was_not_measured_is_not_judged() -> None:
    assert RATIO.judged([figure("ours", 30)]).met is None
    assert RATIO.judged([Figure("http", "ours", "", (1,)), figure("theirs", 1)]).value is None


async def test_contenders_take_turns_and_each_begins_once() -> None:
    order: list[str] = []

    def contender(name: str) -> Callable[[], Awaitable[float]]:
        async def turn() -> float:
            order.append(name)
            return float(len(order))

        return turn

    steps: list[None] = []
    figures = await contest("s", "u", {name: contender(name) for name in "abc"}, 3, lambda: steps.append(None))

    assert order == list("abcbcacab")
    assert [each.samples for each in figures] == [(1, 6, 8), (2, 4, 9), (3, 5, 7)]
    assert len(steps) == 9


async def test_everything_callers_do_is_counted() -> None:
    done = 0

    async def action(_number: int) -> int:
        nonlocal done
        await asyncio.sleep(0.001)
        done += 2
        return 2

    rate = await callers(8, 0.1, action)
    assert done / 0.1 / 3 < rate <= done / 0.1


async def test_everything_threads_do_is_counted() -> None:
    numbers: list[int] = []

    def action(number: int) -> int:
        numbers.append(number)
        return 1

    rate = await threads(2, 0.05, action)
    assert set(numbers) == {0, 1}
    assert 0 < rate <= len(numbers) / 0.05


def test_the_page_can_be_pasted() -> None:
    report = {
        "at": "2026-11-23T00:00:00+00:00",
        "plan": {"rounds": 3},
        "machine": {"cores": 2, "memory_gb": 24, "system": "Linux x86_64", "python": "3.11.7"},
        "figures": [
            {"suite": "append", "name": "ours", "unit": "events/s", "median": 1234.5, "samples": [1000.0, 1234.5]},
            {"suite": "memory", "name": "api", "unit": "MB", "median": 98.76, "samples": [98.76], "beside": {"PSS": 7}},
        ],
        "goals": [{"measure": "ours ÷ theirs", "goal": ">= 2", "value": 1.987, "met": False}],
    }  # fmt: skip
    assert markdown(report).split("\n\n") == [
        "Measured on 2026-11-23: 2 cores, 24 GB, Linux x86_64, Python 3.11.7, 3 rounds.",
        "| measure | goal | reached |  |\n|---|---|---|---|\n| ours ÷ theirs | >= 2 | 1.99 | not met |",
        "### append",
        "| figure | median | unit | lowest – highest |\n|---|---|---|---|\n| ours | 1,234 | events/s | 1,000 – 1,234 |",
        "### memory",
        "| figure | median | unit | lowest – highest |\n|---|---|---|---|\n| api | 98.8 (PSS 7.00) | MB |  |\n",
    ]
