"""The broker's directory goes back in time, and messages go from an unprotected stream: relay and inbox get over it."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from interpares.common import relay
from interpares.common.streams import event_stream
from interpares.common.testing.counter import SERVICE
from interpares.common.testing.counting import until
from interpares.common.testing.nats import EmbeddedNats
from interpares.common.testing.piping import (
    STREAM,
    both,
    chain,
    count,
    equals,
    jetstream_at,
    listening,
    producing,
    stream_holds,
    unbroken,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interpares.common.testing.databases import Database as Made

pytestmark = pytest.mark.integration
FIRST, SECOND, THIRD = 20, 20, 10


@pytest.fixture
def server() -> Iterator[EmbeddedNats]:
    with EmbeddedNats() as running:
        yield running


def copy_store(server: EmbeddedNats) -> None:
    """Keep the store as it is, in the order a backup of a stopped server does it."""
    server.kill()
    shutil.copytree(server.directory / "store", server.directory / "older")
    server.start()


def restore_store(server: EmbeddedNats) -> None:
    """Put the older store back."""
    server.kill()
    shutil.rmtree(server.directory / "store")
    shutil.copytree(server.directory / "older", server.directory / "store")
    server.start()


@pytest.mark.parametrize("then", ["nothing happens", "work goes on"])
async def test_a_restored_older_directory_is_brought_up_to_date(
    then: str, server: EmbeddedNats, migrated: Made, other_migrated: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "LOOK_SECONDS", 1.0)
    async with both(migrated, other_migrated) as (counting, listener):
        listener.feed.reachable = False
        async with producing(counting, server.url), listening(listener, server.url):
            await count(counting, 4, FIRST // 4)
            await until(lambda: equals(listener.heard, FIRST), "the first are heard")
            await asyncio.to_thread(copy_store, server)
            await count(counting, 4, SECOND // 4)
            await until(lambda: equals(listener.heard, FIRST + SECOND), "the second are heard")

            await asyncio.to_thread(restore_store, server)
            if then == "nothing happens":
                await until(lambda: stream_holds(server.url, FIRST + SECOND), "the relay notices by itself")
            await count(counting, 2, THIRD // 2)
            await until(lambda: equals(listener.heard, FIRST + SECOND + THIRD), "the third are heard, nothing twice")
            await until(lambda: stream_holds(server.url, FIRST + SECOND + THIRD), "the stream is whole")
        assert await listener.heard() == FIRST + SECOND + THIRD
        links = await chain(server.url)
        assert unbroken(links)
        assert len(links) == FIRST + SECOND + THIRD


async def test_a_directory_from_before_the_stream_existed(
    server: EmbeddedNats, migrated: Made, other_migrated: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "LOOK_SECONDS", 1.0)
    await asyncio.to_thread(copy_store, server)
    async with both(migrated, other_migrated) as (counting, listener):
        listener.feed.reachable = False
        async with producing(counting, server.url), listening(listener, server.url):
            await count(counting, 4, FIRST // 4)
            await until(lambda: equals(listener.heard, FIRST), "the first are heard")
            await asyncio.to_thread(restore_store, server)
            await until(lambda: stream_holds(server.url, FIRST), "the relay makes the stream again")
            await count(counting, 4, SECOND // 4)
            await until(lambda: equals(listener.heard, FIRST + SECOND), "the second are heard, nothing twice")
        assert unbroken(await chain(server.url))


async def test_neither_a_deleted_nor_a_foreign_last_message_stops_the_relay(
    migrated: Made, other_migrated: Made, nats_url: str
) -> None:
    async with both(migrated, other_migrated) as (counting, listener), jetstream_at(nats_url) as jetstream:
        # Messages with one id are one to JetStream for a while; here the deleted one has to come again at once.
        config = replace(event_stream(SERVICE), deny_delete=False, deny_purge=False, duplicate_window=0.1)
        await jetstream.add_stream(config)
        async with producing(counting, nats_url):
            await count(counting, 1, FIRST)
            await until(lambda: stream_holds(nats_url, FIRST), "all is published")
        await jetstream.delete_msg(STREAM, FIRST)
        await jetstream.publish(f"evt.{SERVICE}._.counter.incremented.v1", b"none of the relay's")

        listener.feed.reachable = False
        async with producing(counting, nats_url), listening(listener, nats_url):
            await count(counting, 1, SECOND)
            await until(lambda: equals(listener.heard, FIRST + SECOND), "everything is heard")
            await until(lambda: stream_holds(nats_url, FIRST + SECOND + 1), "the last one is published again")
