"""How much is measured: the full run, or a quick one that shows that everything works and measures nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Plan:
    """Sizes. Contenders take turns, ``rounds`` times, each for ``seconds`` at a time.

    messages: that the relay and its rival publish in a round.
    sizes: of aggregates, in events; each is loaded ``loads`` times in a round.
    history: events the views are made from.
    rates: commands a second; each is held for ``latency_seconds`` in a round. idle_seconds: before memory is read.
    starts: of each process.
    directory, people: in the large directory; small_directory: organisations and people in the small one.
    answers: of each kind of page in a round.
    """

    rounds: int = 7
    seconds: float = 2.0
    messages: int = 10_000
    sizes: tuple[int, ...] = (10, 100, 1_000, 10_000)
    loads: int = 50
    history: int = 20_000
    rates: tuple[int, ...] = (25, 150)
    latency_seconds: float = 8.0
    latency_rounds: int = 3
    idle_seconds: float = 5.0
    starts: int = 3
    directory: int = 10_000
    people: int = 50_000
    small_directory: int = 100
    answers: int = 200


FULL = Plan()
QUICK = replace(
    FULL,
    rounds=2,
    seconds=0.2,
    messages=300,
    sizes=(10, 60),
    loads=3,
    history=600,
    rates=(25, 50),
    latency_seconds=0.6,
    latency_rounds=1,
    idle_seconds=0.1,
    starts=1,
    directory=400,
    people=400,
    small_directory=50,
    answers=20,
)
