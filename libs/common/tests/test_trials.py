"""Trials of the runbooks on real servers: a full stream, a view that is held up, a database that restarts.

Each shows the symptom its alert goes by, then does what the page says, and looks that nothing was lost.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

import psycopg
import pytest

from interpares.common import relay as relays
from interpares.common.health import Pace
from interpares.common.messaging import connected
from interpares.common.relay import Relay
from interpares.common.schema import migrate
from interpares.common.streams import event_stream
from interpares.common.telemetry import RELAY_LAG, STREAM_BYTES, STREAM_LIMIT
from interpares.common.testing.counter import SERVICE, CounterIncremented, publish
from interpares.common.testing.counting import until
from interpares.common.testing.piping import (
    STREAM,
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
from interpares.common.testing.postgres import EmbeddedPostgres
from interpares.common.views import Views
from interpares.common.wakeups import Wakeups
from interpares.common.writes import Row

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

    from prometheus_client import Gauge

    from interpares.common.eventstore import Recorded
    from interpares.common.testing.counting import Counting
    from interpares.common.testing.databases import Database as Made

SMALL = 64 * 1024
TIMES = 200


def figure(gauge: Gauge) -> float:
    [metric] = gauge.collect()
    return float(metric.samples[0].value)


async def lags() -> bool:
    return figure(RELAY_LAG) > 0


@asynccontextmanager
async def producing_into(counting: Counting, url: str, max_bytes: int) -> AsyncIterator[Relay]:
    """Run the relay with a stream of that size."""
    wakeups = Wakeups(counting.database)
    stream = event_stream(SERVICE, max_bytes=max_bytes)
    async with connected(url, "relay") as jetstream:
        relay = Relay(SERVICE, counting.database, counting.store, wakeups, jetstream, stream, publish)
        async with running({"wakeups": wakeups.run, "relay": relay.run}):
            yield relay


async def test_a_full_stream_is_seen_coming_stops_no_command_and_goes_on_when_enlarged(
    migrated: Made, other_migrated: Made, nats_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relays, "LOOK_SECONDS", 0.0)
    async with both(migrated, other_migrated) as (counting, listener):
        async with producing_into(counting, nats_url, SMALL) as relay, listening(listener, nats_url):
            await count(counting, 4, 10)
            await until(lambda: _holds(figure(STREAM_LIMIT) == SMALL and figure(STREAM_BYTES) > 0), "the size is told")

            # Full: JetStream refuses, decisions go on, and others hear of them over the feed.
            await count(counting, 4, TIMES)
            await until(lags, "the relay is behind")
            await until(lambda: equals(listener.heard, 40 + 4 * TIMES), "all is heard all the same")
            async with jetstream_at(nats_url) as jetstream:
                info = await jetstream.stream_info(STREAM)
                assert info.state.messages < 40 + 4 * TIMES
                assert info.state.bytes > 0.8 * SMALL

                # The remedy: enlarge it. Nobody restarts anything.
                info.config.max_bytes = 16 * 1024 * 1024
                await jetstream.update_stream(info.config)
            await until(lambda: stream_holds(nats_url, 40 + 4 * TIMES), "the backlog is published")
            await until(lambda: _holds(figure(RELAY_LAG) == 0), "the relay is up to date")
            assert relay.leading
            assert relay.read == await counting.store.head()
        assert unbroken(await chain(nats_url))


async def _holds(value: bool) -> bool:  # noqa: FBT001 -- what it says
    return value


class Counts:
    """One row a counter, in the membership table."""

    VIEW: ClassVar[str] = "counts"
    TABLES: ClassVar[tuple[str, ...]] = ("memberships",)

    def project(self, recorded: Recorded) -> Iterable[Row]:
        if isinstance(recorded.event, CounterIncremented):
            yield Row(
                "INSERT INTO memberships AS m VALUES (%s, %s, %s, '1') ON CONFLICT (membership_id)"
                " DO UPDATE SET capacity = m.capacity::int + 1",
                (recorded.event.originator_id, UUID(int=0), UUID(int=0)),
            )


async def test_a_view_somebody_holds_up_is_named_and_catches_up_once_the_session_is_ended(
    counting: Counting, migrated: Made
) -> None:
    wakeups = Wakeups(counting.database)
    views = Views(counting.database, wakeups, [Counts()])
    pace = Pace(stall=0.2)

    async def position() -> int:
        rows = await counting.database.fetch("SELECT position FROM view_positions WHERE view = 'counts'")
        return int(rows[0]["position"]) if rows else 0

    async def look() -> str | None:
        pace.look("view counts", await position(), await counting.store.head())
        return await pace()

    async with running({"wakeups": wakeups.run, "views": views.run}):
        await count(counting, 2, 5)
        await until(lambda: _caught_up(counting, position), "the view is up to date")

        async with await psycopg.AsyncConnection.connect(migrated.service_url) as holder:
            await holder.execute("SELECT FROM view_positions WHERE view = 'counts' FOR UPDATE")
            await count(counting, 2, 5)
            await until(lambda: _told(look), "readiness names the view")

            # The remedy: end that session.
            async with await psycopg.AsyncConnection.connect(migrated.service_url, autocommit=True) as other:
                await other.execute("SELECT pg_terminate_backend(%s)", (holder.info.backend_pid,))
            with pytest.raises(psycopg.OperationalError):
                await holder.execute("SELECT 1")
        await until(lambda: _caught_up(counting, position), "the view is up to date again")
        assert await look() is None


async def _caught_up(counting: Counting, position: Callable[[], Awaitable[int]]) -> bool:
    return await position() == await counting.store.head()


async def _told(look: Callable[[], Awaitable[str | None]]) -> bool:
    return str(await look()).startswith("view counts has stayed")


async def test_writes_go_on_within_ten_seconds_after_the_database_restarted(
    other_migrated: Made, nats_url: str
) -> None:
    with EmbeddedPostgres() as server:
        made = server.create_service("restarting")
        migrate(made.owner_url, made.service_url, Path("no-versions"))
        async with (
            both(made, other_migrated) as (counting, listener),
            producing(counting, nats_url),
            listening(listener, nats_url),
        ):
            await count(counting, 2, 5)
            await asyncio.to_thread(server.restart)
            async with asyncio.timeout(10):
                await count(counting, 2, 5)
            await until(lambda: equals(listener.heard, 20), "all is heard")
            await until(lambda: stream_holds(nats_url, 20), "all is published")
    assert unbroken(await chain(nats_url))
