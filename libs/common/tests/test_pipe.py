"""Relay and inbox on real PostgreSQL and NATS: from one service's store to the other's tables."""

from __future__ import annotations

import json
from collections import Counter as Tally
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from interpares.common.messaging import connected
from interpares.common.relay import Relay
from interpares.common.streams import event_stream
from interpares.common.testing.counter import SERVICE, Incremented, publish, publish_more
from interpares.common.testing.counting import until
from interpares.common.testing.nats import EmbeddedNats
from interpares.common.testing.piping import (
    STREAM,
    StoreFeed,
    both,
    chain,
    count,
    equals,
    jetstream_at,
    listening,
    producing,
    running,
    stream_holds,
    unbroken,
)
from interpares.common.wakeups import Wakeups

if TYPE_CHECKING:
    from collections.abc import Callable

    from nats.js import JetStreamContext

    from interpares.common.envelope import Message
    from interpares.common.testing.databases import Database as Made


async def test_everything_arrives_once_and_in_an_unbroken_chain(
    migrated: Made, other_migrated: Made, nats_url: str
) -> None:
    async with (
        both(migrated, other_migrated) as (counting, listener),
        producing(counting, nats_url),
        listening(listener, nats_url),
    ):
        await count(counting, 8, 20)
        await until(lambda: equals(listener.heard, 160), "all is heard")
        await until(lambda: stream_holds(nats_url, 160), "all is published")

    links = await chain(nats_url)
    assert len(links) == 160
    assert unbroken(links)


async def test_two_relays_at_once_neither_double_nor_invert(
    migrated: Made, other_migrated: Made, nats_url: str
) -> None:
    """The lock is taken away on purpose: the expected sequence alone has to fence the second relay."""
    async with both(migrated, other_migrated) as (counting, listener):
        listener.feed.reachable = False
        async with connected(nats_url, "rivals") as jetstream:
            wakeups = Wakeups(counting.database)
            rivals = [
                Relay(
                    f"{SERVICE}", counting.database, counting.store, wakeups, jetstream, event_stream(SERVICE), publish
                )
                for _ in range(2)
            ]
            locks = [await counting.database.dedicated() for _ in rivals]
            tasks = {
                f"rival-{n}": partial(rival.publish_on, lock)
                for n, (rival, lock) in enumerate(zip(rivals, locks, strict=True))
            }
            async with running({"wakeups": wakeups.run, **tasks}), listening(listener, nats_url):
                await count(counting, 8, 20)
                await until(lambda: equals(listener.heard, 160), "all is heard")
        for lock in locks:
            await lock.close()

    links = await chain(nats_url)
    assert len(links) == 160
    assert unbroken(links)


async def test_with_nats_away_commands_go_on_and_the_feed_carries_them(migrated: Made, other_migrated: Made) -> None:
    with EmbeddedNats() as server:
        async with (
            both(migrated, other_migrated) as (counting, listener),
            producing(counting, server.url),
            listening(listener, server.url),
        ):
            await count(counting, 4, 5)
            await until(lambda: equals(listener.heard, 20), "all is heard")
            server.kill()

            await count(counting, 4, 5)
            await until(lambda: equals(listener.heard, 40), "all is heard without NATS")

            server.start()
            await count(counting, 4, 5)
            await until(lambda: equals(listener.heard, 60), "all is heard with NATS again")
            await until(lambda: stream_holds(server.url, 60), "the backlog drains")
        assert unbroken(await chain(server.url))


async def test_with_the_feed_away_the_stream_carries_on(migrated: Made, other_migrated: Made, nats_url: str) -> None:
    async with both(migrated, other_migrated) as (counting, listener):
        listener.feed.reachable = False
        async with producing(counting, nats_url), listening(listener, nats_url):
            await count(counting, 4, 5)
            await until(lambda: equals(listener.heard, 20), "all is heard")


async def test_a_deleted_stream_is_made_again_from_the_store(
    migrated: Made, other_migrated: Made, nats_url: str
) -> None:
    async with both(migrated, other_migrated) as (counting, listener):
        listener.feed.reachable = False
        async with producing(counting, nats_url), listening(listener, nats_url):
            await count(counting, 4, 5)
            await until(lambda: equals(listener.heard, 20), "all is heard")
            async with jetstream_at(nats_url) as jetstream:
                await jetstream.delete_stream(STREAM)

            await count(counting, 4, 5)
            await until(lambda: equals(listener.heard, 40), "all is heard, nothing twice")
            await until(lambda: stream_holds(nats_url, 40), "the stream is whole again")
    assert unbroken(await chain(nats_url))


async def test_a_deleted_consumer_is_made_again(migrated: Made, other_migrated: Made, nats_url: str) -> None:
    async with both(migrated, other_migrated) as (counting, listener):
        listener.feed.reachable = False
        async with producing(counting, nats_url), listening(listener, nats_url):
            await count(counting, 4, 5)
            await until(lambda: equals(listener.heard, 20), "all is heard")
            async with jetstream_at(nats_url) as jetstream:
                await jetstream.delete_consumer(STREAM, f"listening-{SERVICE}")

            await count(counting, 4, 5)
            await until(lambda: equals(listener.heard, 40), "all is heard")


async def test_a_release_that_publishes_more_a_new_stream_and_a_resumed_consumer(
    migrated: Made, other_migrated: Made, nats_url: str
) -> None:
    async with both(migrated, other_migrated, publish_more) as (counting, listener):
        listener.feed.reachable = False
        async with producing(counting, nats_url), listening(listener, nats_url):
            await count(counting, 4, 5)
            await until(lambda: equals(listener.heard, 20), "all increments are heard")
        async with jetstream_at(nats_url) as jetstream:
            await jetstream.delete_stream(STREAM)

        async with producing(counting, nats_url, publish_more), listening(listener, nats_url):
            await count(counting, 4, 5)
            # The four earlier births lie behind what was read; the four later ones are heard as well.
            await until(lambda: equals(listener.heard, 20 + 20 + 4), "increments and new births are heard")
            await until(lambda: stream_holds(nats_url, 48), "the stream holds everything")
    assert unbroken(await chain(nats_url))


async def test_what_was_altered_on_the_way_is_not_believed(migrated: Made, other_migrated: Made, nats_url: str) -> None:
    async with both(migrated, other_migrated) as (counting, listener):
        async with producing(counting, nats_url):
            await count(counting, 1, 1)
            await until(lambda: stream_holds(nats_url, 1), "it is published")
        forged = json.dumps({"id": str(uuid4()), "type": Incremented.TYPE, "data": {}}).encode()
        headers = {"position": "3", "previous": "2", "digest": "0" * 64}
        async with jetstream_at(nats_url) as jetstream:
            await jetstream.publish(f"evt.{SERVICE}._.counter.incremented.v1", forged, headers=headers)
        async with listening(listener, nats_url):
            await count(counting, 1, 2)
            await until(lambda: equals(listener.heard, 3), "the true events are heard, over the feed")


async def test_poison_waits_with_its_aggregate_while_others_flow(
    migrated: Made, other_migrated: Made, nats_url: str
) -> None:
    async with both(migrated, other_migrated) as (counting, listener):
        poison, *_ = await count(counting, 1, 0)
        listener.poison = poison
        async with producing(counting, nats_url), listening(listener, nats_url):
            await counting.increment(poison)
            await counting.increment(poison)
            await count(counting, 4, 5)
            await until(lambda: equals(listener.heard, 20), "the others are heard")
            await until(lambda: equals(listener.parked, 2), "poison and what came behind it are parked")


async def test_delivered_again_and_out_of_order_each_has_one_effect(
    migrated: Made, other_migrated: Made, nats_url: str
) -> None:
    async with both(migrated, other_migrated) as (counting, listener):
        await count(counting, 4, 5)
        listener.feed.reachable = False
        messages, _ = await StoreFeed(counting, publish).after(0)
        inbox = listener.inbox(None)
        verdicts = Tally[str]()

        for round_of in (messages[::-1], messages[::2], messages, messages, messages[::-1]):
            for message in round_of:
                await inbox.take([_Wire(message, verdicts)])  # type: ignore[list-item]
            await inbox.take([_Wire(message, verdicts) for message in round_of])  # type: ignore[misc]

        assert await listener.heard() == 20
        assert verdicts["nak"] > 0


class _Wire:
    """A message as nats-py hands it over."""

    def __init__(self, message: Message, verdicts: Tally[str]) -> None:
        self.subject, self.headers, self.data = message.subject, message.headers, message.body
        self._verdicts = verdicts

    async def ack(self) -> None:
        self._verdicts["ack"] += 1

    async def nak(self, delay: float) -> None:
        self._verdicts["nak"] += 1

    async def term(self) -> None:
        self._verdicts["term"] += 1


async def test_whoever_ends_while_nats_is_away_ends_in_order() -> None:
    with EmbeddedNats() as server:
        async with connected(server.url, "leaver") as jetstream:
            await until(lambda: _answers(jetstream), "NATS answers")
            server.kill()
            await until(lambda: _reconnecting(jetstream), "the connection is lost")


async def _answers(jetstream: Callable[[], JetStreamContext]) -> bool:
    try:
        return bool((await jetstream().account_info()).limits)
    except OSError:
        return False


async def _reconnecting(jetstream: Callable[[], JetStreamContext]) -> bool:
    return jetstream()._nc.is_reconnecting
