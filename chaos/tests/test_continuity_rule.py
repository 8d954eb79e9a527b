"""With the continuity rule switched off the trial fails: the same faults, the same comparison, another inbox.

The faults are those of a broker that keeps its word, at least once and no more: what was fetched is lost on the way and
comes again later, behind what followed it; a consumer dies between effect and acknowledgement; a consumer is deleted
and made again from the first message. They are drawn from a seed, so a failure can be repeated.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from chaos.comparison import Comparison
from chaos.evidence import Store
from interpares.common.effects import Effects
from interpares.common.envelope import to_message
from interpares.common.inbox import Inbox
from interpares.common.testing.counter import SERVICE, Counter, CounterIncremented, Incremented, publish
from interpares.common.testing.counting import Counting, counting_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interpares.common.commands import UnitOfWork
    from interpares.common.envelope import Arrived, Message
    from interpares.common.testing.databases import Database

MIRROR = UUID(int=1)
COUNTERS, TIMES = 5, 12
SEEDS = (1, 2, 3)


class HighestSeen(Inbox):
    """The rule of a stock consumer: whatever is behind the highest position seen is new."""

    @staticmethod
    def follows(message: Message, last: int) -> bool:
        return last < message.position


async def mirror(event: Arrived, unit: UnitOfWork) -> None:
    """The effect: an event of the listener's own, which names its cause, so that number and order show."""
    counter = await unit.find(Counter, MIRROR) or Counter.create(MIRROR)
    counter.increment(event.data["by"])
    unit.save(counter)


@dataclass
class Wire:
    """A message as it is handed over, and what was answered."""

    message: Message
    answer: str = ""
    subject: str = field(init=False)
    headers: dict[str, str] = field(init=False)
    data: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.subject, self.headers, self.data = self.message.subject, self.message.headers, self.message.body

    async def ack(self) -> None:
        self.answer = "ack"

    async def nak(self, delay: float) -> None:
        self.answer = "nak"


class Broker:
    """Delivers at least once, in any order in which JetStream may do it."""

    def __init__(self, messages: Sequence[Message], random: Random) -> None:
        self._messages = messages
        self._random = random
        self._next = 0
        self._again: list[Message] = []

    async def deliver(self, listener: Listener) -> None:
        """Go on, with faults, until everything is acknowledged."""
        inbox = await listener.inbox()
        faults = {"none": 4, "lost on the way": 3, "killed before the answer": 2, "consumer deleted": 1}
        for _ in range(60):
            (fault,) = self._random.choices(list(faults), list(faults.values()))
            batch = self._batch()
            if fault == "lost on the way":
                self._again += batch
                continue
            wires = [Wire(message) for message in batch]
            await inbox.take(wires)  # type: ignore[arg-type]
            if fault == "killed before the answer":
                self._again += batch
                inbox = await listener.inbox()
            else:
                self._again += [wire.message for wire in wires if wire.answer != "ack"]
            if fault == "consumer deleted":
                self._next, self._again = 0, []
        while batch := self._batch(whole=True):
            wires = [Wire(message) for message in batch]
            await inbox.take(wires)  # type: ignore[arg-type]
            self._again += [wire.message for wire in wires if wire.answer != "ack"]

    def _batch(self, *, whole: bool = False) -> list[Message]:
        """Take what comes for the first time and some of what comes again, in the order of the stream."""
        size = self._random.randint(1, 6)
        again = [message for message in self._again if whole or self._random.random() < 0.5]
        self._again = [message for message in self._again if message not in again]
        fresh = self._messages[self._next : self._next + size]
        self._next += len(fresh)
        return sorted([*again, *fresh], key=lambda message: message.position)


class Listener:
    def __init__(self, counting: Counting, kind: type[Inbox]) -> None:
        self._counting = counting
        self._kind = kind

    async def inbox(self) -> Inbox:
        """Start anew from what is recorded, as after a restart."""
        counting, nowhere = self._counting, object()
        effects = Effects(
            "listening", SERVICE, counting.database, counting.store, counting.appender, {Incremented.TYPE: mirror}
        )
        made = self._kind("listening", SERVICE, counting.database, effects, nowhere, nowhere, ask_every=1.0)  # type: ignore[arg-type]
        made.position = await effects.position()
        return made


async def trial(kind: type[Inbox], counted: Database, heard: Database, seed: int) -> Comparison:
    """Count, deliver with faults, compare what was counted with what the listener made of it."""
    async with counting_on(counted.service_url) as counting, counting_on(heard.service_url) as listening:
        for number in range(COUNTERS):
            await counting.create(UUID(int=number))
        for number in range(COUNTERS * TIMES):
            await counting.increment(UUID(int=number % COUNTERS))
        await Broker(await published(counting), Random(seed)).deliver(Listener(listening, kind))
    comparison = Comparison()
    comparison.add(
        "effects",
        [each.event.event_id for each in incremented(counted)],
        [each.event.metadata.causation_id for each in incremented(heard)],
    )
    return comparison


async def published(counting: Counting) -> list[Message]:
    messages: list[Message] = []
    for recorded in await counting.store.read(0, 10_000):
        if (publication := publish(recorded)) is not None:
            messages.append(to_message(SERVICE, recorded, publication, messages[-1].position if messages else 0))
    return messages


def incremented(made: Database) -> list[Any]:
    return [each for each in Store(made.service_url).events() if isinstance(each.event, CounterIncremented)]


@pytest.mark.parametrize("seed", SEEDS)
async def test_with_the_rule_every_message_has_one_effect_in_its_order(
    counted: Database, heard: Database, seed: int
) -> None:
    comparison = await trial(Inbox, counted, heard, seed)
    assert comparison.told() == []
    assert comparison.holds


@pytest.mark.parametrize("seed", SEEDS)
async def test_without_the_rule_the_comparison_fails(counted: Database, heard: Database, seed: int) -> None:
    comparison = await trial(HighestSeen, counted, heard, seed)
    assert comparison.count("lost") > 0
    assert not comparison.holds
