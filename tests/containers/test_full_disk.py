"""The disk of NATS fills up, really: what its runbook says is tried on a server whose disk is 24 MB of memory."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.containers.conftest import docker

from interpares.common.messaging import connected
from interpares.common.relay import Relay
from interpares.common.schema import migrate
from interpares.common.streams import event_stream
from interpares.common.telemetry import RELAY_LAG
from interpares.common.testing.counter import SERVICE, publish
from interpares.common.testing.counting import until
from interpares.common.testing.piping import (
    both,
    chain,
    count,
    equals,
    listening,
    running,
    stream_holds,
    unbroken,
)
from interpares.common.testing.processes import LOOPBACK, free_port
from interpares.common.wakeups import Wakeups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interpares.common.testing.databases import Database, PostgresServer

NAME = "interpares-full-disk"
FIRST, MORE = 20, 400
PATIENCE_SECONDS = 120.0


@pytest.fixture
def url() -> Iterator[str]:
    """A NATS server of this test's own, with a small disk."""
    port = free_port()
    docker("rm", "--force", NAME, check=False)
    docker(
        "run", "--detach", "--name", NAME, "--tmpfs", "/data:size=24m", "--publish", f"{LOOPBACK}:{port}:4222",
        "nats:2.12-alpine", "nats-server", "--jetstream", "--store_dir", "/data",
    )  # fmt: skip
    yield f"nats://{LOOPBACK}:{port}"
    docker("rm", "--force", NAME)


@pytest.fixture
def services(postgres: PostgresServer) -> Iterator[tuple[Database, Database]]:
    made = postgres.create_service("filling"), postgres.create_service("listening")
    for each in made:
        migrate(each.owner_url, each.service_url, Path("no-versions"))
    yield made
    for each in made:
        postgres.drop_service(each)


async def lags() -> bool:
    [metric] = RELAY_LAG.collect()
    return metric.samples[0].value > 0


async def test_a_full_disk_stops_no_command_and_nothing_is_lost_after_space_and_a_restart(
    services: tuple[Database, Database], url: str
) -> None:
    async with both(*services) as (counting, listener):
        wakeups = Wakeups(counting.database)
        stream = event_stream(SERVICE, max_bytes=8 * 1024 * 1024)
        async with connected(url, "relay") as jetstream:
            relay = Relay(SERVICE, counting.database, counting.store, wakeups, jetstream, stream, publish)
            async with running({"wakeups": wakeups.run, "relay": relay.run}), listening(listener, url):
                await count(counting, 4, FIRST // 4)
                await until(lambda: stream_holds(url, FIRST), "all is published", PATIENCE_SECONDS)

                docker("exec", NAME, "sh", "-c", "dd if=/dev/zero of=/data/ballast bs=64k; true")
                await count(counting, 4, MORE // 4)
                await until(lambda: equals(listener.heard, FIRST + MORE), "all is heard all the same", PATIENCE_SECONDS)
                await until(lags, "the relay is behind", PATIENCE_SECONDS)

                # The remedy: make space, then restart. Here the disk is new, so the relay makes the stream again.
                docker("exec", NAME, "rm", "/data/ballast")
                await asyncio.to_thread(docker, "restart", NAME)
                await until(lambda: stream_holds(url, FIRST + MORE), "the backlog is published", PATIENCE_SECONDS)
    assert unbroken(await chain(url))
