"""Taking messages out of parking on real PostgreSQL, while the inbox goes on: order kept, each effect once."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from interpares.common import unparking
from interpares.common.context import acting
from interpares.common.effects import Effects
from interpares.common.errors import Conflict
from interpares.common.parked import NotParked, Parked
from interpares.common.sealed import seal
from interpares.common.telemetry import REGISTRY
from interpares.common.testing.counter import SERVICE, Incremented, an_occasion, publish
from interpares.common.testing.counting import Counting, counting_on, until
from interpares.common.testing.piping import LISTENING, Listener, StoreFeed, both, count, equals, running
from interpares.common.unparking import Discard, Discarded, Flowed, TakenOut, Unparking, WaitsBehindAnother
from interpares.common.writes import Row

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from interpares.common.commands import UnitOfWork
    from interpares.common.envelope import Arrived
    from interpares.common.testing.databases import Database as Made


class Orderly(Listener):
    """Notes with each event which of the same counter was heard before it. bad: positions it can't handle."""

    def __init__(self, counting: Counting, feed: StoreFeed, bad: set[int]) -> None:
        super().__init__(counting, feed)
        self.bad = bad

    def refuses(self, event: Arrived) -> bool:
        return event.position in self.bad or super().refuses(event)

    async def hear(self, event: Arrived, unit: UnitOfWork) -> None:
        await super().hear(event, unit)
        unit.write(
            Row(
                "UPDATE memberships SET organisation_id = lpad(("
                "SELECT count(*) FROM memberships WHERE actor = %(counter)s AND capacity::int < %(position)s)::text,"
                " 32, '0')::uuid WHERE membership_id = %(id)s",
                {"counter": UUID(event.data["counter_id"]), "position": event.position, "id": event.id},
            )
        )


@dataclass(frozen=True)
class Scene:
    """A producer; a listener in the worker, and the same in the API, with connections of its own."""

    counting: Counting
    worker: Orderly
    api: Orderly

    @property
    def unparking(self) -> Unparking:
        return Unparking(LISTENING, self.api.counting.database, {SERVICE: self.api.effects()})

    @property
    def parked(self) -> Parked:
        return Parked(self.api.counting.database)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Run the worker's inbox, on the feed alone."""
        inbox = self.worker.inbox(None, ask_every=0.02)
        async with running({"inbox": partial(_feed_only, inbox)}):
            yield

    def deaf_for(self, counter: UUID | None) -> None:
        self.worker.poison = self.api.poison = counter

    async def first(self) -> int:
        (row,) = await self.parked.page(("", 0), 2)
        return int(row["position"])

    async def heard_of(self, counter: UUID) -> list[tuple[int, int]]:
        """Return position, and number of earlier ones heard before, of each event of a counter."""
        rows = await self.api.counting.database.fetch(
            "SELECT capacity::int AS position, ltrim(replace(organisation_id::text, '-', ''), '0') AS before"
            " FROM memberships WHERE actor = %s ORDER BY 1",
            (counter,),
        )
        return [(row["position"], int(row["before"] or "0")) for row in rows]

    async def in_order(self, counter: UUID, times: int) -> bool:
        return [before for _, before in await self.heard_of(counter)] == list(range(times))

    async def discard(self, position: int) -> Discarded:
        occasion = an_occasion()
        command = Discard(SERVICE, position, "made-up", seal("It never happened.", occasion.actor, ()))
        with acting(occasion):
            handled = await self.api.counting.commands.run(
                self.unparking.discard, command, lane=occasion.command_id, returns=Discarded
            )
        return handled.result


async def _feed_only(inbox: Any) -> None:
    inbox.position = await inbox._effects.position()
    await inbox._ask()


@pytest.fixture
async def scene(migrated: Made, other_migrated: Made) -> AsyncIterator[Scene]:
    async with both(migrated, other_migrated) as (counting, listener), counting_on(other_migrated.service_url) as api:
        bad: set[int] = set()
        yield Scene(counting, Orderly(listener.counting, listener.feed, bad), Orderly(api, listener.feed, bad))


async def stuck(scene: Scene, times: int = 3) -> UUID:
    """Let a counter be poison, count it up, and wait until all of it is parked."""
    (counter,) = await count(scene.counting, 1, 0)
    scene.deaf_for(counter)
    for _ in range(times):
        await scene.counting.increment(counter)
    async with scene.listening():
        await until(lambda: equals(scene.worker.parked, times), "everything is parked")
    return counter


async def test_what_is_parked_is_listed_by_aggregate_with_what_waits(scene: Scene) -> None:
    counter = await stuck(scene)

    (row,) = await scene.parked.page(("", 0), 10)

    assert {**row, "parked_at": None} == {
        "feed": SERVICE,
        "position": 2,
        "aggregate": f"counter/{counter}",
        "type": Incremented.TYPE,
        "cause": "Conflict conflict",
        "parked_at": None,
        "waiting": 2,
    }
    assert await scene.parked.page((SERVICE, 2), 10) == []
    whole = await scene.parked.get(SERVICE, 2)
    assert whole["headers"]["position"] == "2"
    assert whole["event"]["data"] == {"counter_id": str(counter), "by": 1}
    assert whole["waiting"] == 2
    with pytest.raises(NotParked):
        await scene.parked.get(SERVICE, 1)


async def test_a_message_that_fails_again_stays_with_its_new_cause(scene: Scene) -> None:
    counter = await stuck(scene)
    scene.api.poison = None
    scene.api.bad.add(3)

    assert await scene.unparking.retry(SERVICE, 2) == Flowed(handled=1, left=2, next=3, cause="Conflict conflict")
    assert [position for position, _ in await scene.heard_of(counter)] == [2]
    assert await scene.first() == 3


async def test_another_cause_is_noted(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    await stuck(scene)

    async def misread(event: Arrived, unit: UnitOfWork) -> None:
        int("rubbish that must not be quoted")

    monkeypatch.setattr(scene.api, "hear", misread)
    assert await scene.unparking.retry(SERVICE, 2) == Flowed(0, 3, 2, "ValueError")
    assert (await scene.parked.get(SERVICE, 2))["cause"] == "ValueError"


async def test_all_that_waited_is_handled_in_order_and_the_aggregate_flows_again(scene: Scene) -> None:
    counter = await stuck(scene)
    scene.deaf_for(None)

    assert await scene.unparking.retry(SERVICE, 2) == Flowed(3, 0, None, None)
    await scene.counting.increment(counter)
    async with scene.listening():
        await until(lambda: scene.in_order(counter, 4), "the next is heard as well")
    assert await scene.worker.parked() == 0


async def test_what_waits_is_not_tried_before_its_turn(scene: Scene) -> None:
    await stuck(scene)
    with pytest.raises(WaitsBehindAnother, match="waits behind 2"):
        await scene.unparking.retry(SERVICE, 3)
    with pytest.raises(NotParked):
        await scene.unparking.retry(SERVICE, 1)


async def test_repeating_a_retry_goes_on_with_what_is_left(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = await stuck(scene)
    scene.deaf_for(None)
    monkeypatch.setattr(unparking, "SECONDS", 1e-9)

    assert await scene.unparking.retry(SERVICE, 2) == Flowed(0, 3, 2, None)
    monkeypatch.setattr(unparking, "SECONDS", 30.0)
    assert await scene.unparking.retry(SERVICE, 2) == Flowed(3, 0, None, None)
    assert await scene.unparking.retry(SERVICE, 2) == Flowed(0, 0, None, None)
    assert await scene.in_order(counter, 3)


async def test_two_who_retry_at_once_give_each_effect_once(scene: Scene, other_migrated: Made) -> None:
    counter = await stuck(scene, 20)
    scene.deaf_for(None)
    async with counting_on(other_migrated.service_url) as second:
        rival = replace(scene, api=Orderly(second, scene.api.feed, set()))
        one, two = await asyncio.gather(scene.unparking.retry(SERVICE, 2), rival.unparking.retry(SERVICE, 2))
    assert one.handled + two.handled == 20
    assert await scene.in_order(counter, 20)


async def test_without_turns_the_command_id_alone_keeps_effects_single(
    scene: Scene, other_migrated: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asynccontextmanager
    async def no_turn(*_: object) -> AsyncIterator[None]:
        yield

    monkeypatch.setattr(unparking, "turn", no_turn)
    counter = await stuck(scene, 20)
    scene.deaf_for(None)
    async with counting_on(other_migrated.service_url) as second:
        rival = replace(scene, api=Orderly(second, scene.api.feed, set()))
        await asyncio.gather(scene.unparking.retry(SERVICE, 2), rival.unparking.retry(SERVICE, 2))
    assert await scene.in_order(counter, 20)


async def test_what_arrives_while_retrying_never_overtakes(scene: Scene) -> None:
    """The counter is poison now and then, operators retry all the time, the inbox goes on: all heard, in order."""
    counter = await stuck(scene)
    done = asyncio.Event()

    async def load() -> None:
        for turn_of in range(150):
            scene.deaf_for(counter if turn_of % 10 == 0 else None)
            await scene.counting.increment(counter)
        scene.deaf_for(None)
        done.set()

    async def operate() -> None:
        while not done.is_set() or await scene.worker.parked():
            for row in await scene.parked.page(("", 0), 10):
                await scene.unparking.retry(SERVICE, row["position"])
            await asyncio.sleep(0)

    async with scene.listening():
        await asyncio.gather(load(), operate())
        await until(lambda: equals(scene.worker.heard, 153), "everything is heard")
    assert await scene.in_order(counter, 153)


async def test_nothing_is_left_waiting_for_what_has_just_gone(scene: Scene) -> None:
    """The inbox sees something parked; before it parks the next one behind it, that is taken out."""
    counter = await stuck(scene, 1)
    scene.deaf_for(None)
    await scene.counting.increment(counter)
    looks = 0

    class Interrupted(Effects):
        async def _waiting(self, aggregates: Sequence[str]) -> bool:
            nonlocal looks
            found = await super()._waiting(aggregates)
            looks += 1
            if looks == 2:
                assert found
                await scene.unparking.retry(SERVICE, 2)
            return found

    parts = scene.worker.counting
    handlers: dict[str, Callable[[Arrived, UnitOfWork], Awaitable[None]]] = {Incremented.TYPE: scene.worker.hear}
    effects = Interrupted(LISTENING, SERVICE, parts.database, parts.store, parts.appender, handlers)
    messages, _ = await StoreFeed(scene.counting, publish).after(2)
    assert await effects.have(messages, 2) == 3

    assert await scene.worker.parked() == 0
    assert await scene.in_order(counter, 2)


async def test_what_is_given_up_is_kept_with_the_reason_and_the_rest_flows(scene: Scene) -> None:
    counter = await stuck(scene)
    scene.deaf_for(None)
    scene.api.bad.add(2)

    assert await scene.discard(2) == Discarded(SERVICE, 2, f"counter/{counter}")
    assert await scene.unparking.flow(SERVICE, f"counter/{counter}") == Flowed(2, 0, None, None)

    (row,) = await scene.parked.discarded(None, 10)
    assert (row["position"], row["reason_code"], row["reason"]) == (2, "made-up", "It never happened.")
    assert await scene.parked.discarded((row["discarded_at"], SERVICE, 2), 10) == []
    assert [position for position, _ in await scene.heard_of(counter)] == [3, 4]
    with pytest.raises(TakenOut):
        await scene.unparking.retry(SERVICE, 2)
    with pytest.raises(TakenOut):
        await scene.discard(2)
    with pytest.raises(TakenOut):
        await scene.discard(3)
    with pytest.raises(NotParked):
        await scene.discard(1)


async def test_to_discard_and_to_retry_at_once_does_one_of_them(scene: Scene) -> None:
    counter = await stuck(scene, 1)
    scene.deaf_for(None)

    outcomes = await asyncio.gather(scene.discard(2), scene.unparking.retry(SERVICE, 2), return_exceptions=True)

    heard, given_up = await scene.heard_of(counter), await scene.parked.discarded(None, 10)
    assert len(heard) + len(given_up) == 1
    assert all(not isinstance(each, BaseException) or isinstance(each, Conflict) for each in outcomes)
    assert await scene.worker.parked() == 0


async def test_the_gauge_of_the_worker_follows_what_operators_do(scene: Scene) -> None:
    def gauge() -> float | None:
        return REGISTRY.get_sample_value("interpares_inbox_parked", {"feed": SERVICE})

    await stuck(scene)
    assert gauge() == 3
    scene.deaf_for(None)
    async with scene.listening():
        await scene.unparking.retry(SERVICE, 2)

        async def zero() -> bool:
            return gauge() == 0

        await until(zero, "the gauge is down")


async def test_an_unknown_feed_is_a_cause_and_no_crash(scene: Scene) -> None:
    await stuck(scene, 1)
    alone = Unparking(LISTENING, scene.api.counting.database, {})
    assert await alone.retry(SERVICE, 2) == Flowed(0, 1, 2, "nobody listens to this feed any more")


async def test_a_message_nobody_can_read_is_shown_all_the_same(scene: Scene) -> None:
    await count(scene.counting, 1, 1)
    messages, _ = await StoreFeed(scene.counting, publish).after(0)
    await scene.worker.effects().have([replace(messages[0], body=b"\xffrubbish")], 0)

    shown = await scene.parked.get(SERVICE, 2)

    assert (shown["aggregate"], shown["event"]) == ("position-2", None)
    assert (await scene.unparking.retry(SERVICE, 2)).cause == "UnfitMessage"
