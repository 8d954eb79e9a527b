"""Two releases on one store: what the older one does with what only the later one knows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing import utils
from eventsourcing.utils import register_topic

from interpares.common import problems
from interpares.common.errors import Busy, LaterRelease
from interpares.common.eventstore import EventStore, shape_of
from interpares.common.messaging import connected
from interpares.common.relay import Relay
from interpares.common.streams import event_stream
from interpares.common.testing.counter import SERVICE, Counter, CounterIncremented, CounterSnapshot, publish
from interpares.common.testing.counting import Counting, until
from interpares.common.testing.piping import running, stream_holds
from interpares.common.views import Views
from interpares.common.wakeups import Wakeups
from interpares.common.worker import passes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import LiteralString

    from interpares.common.eventstore import Recorded
    from interpares.common.testing.databases import Database as Made
    from interpares.common.writes import Row

LATER = "counting.counter.raised-with-flair.v1"


def alter(database: Made, statement: LiteralString, *values: object) -> None:
    """Change the store as no service may: the owner alone can."""
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(statement, values)


def as_later(database: Made, counter: UUID, number: int) -> None:
    """Turn an event into a kind that only a later release knows."""
    alter(
        database,
        "UPDATE stored_events SET topic = %s WHERE originator_id = %s AND originator_version = %s",
        LATER,
        counter,
        number,
    )


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test teaches this process about later releases is gone after it."""
    monkeypatch.setattr(utils, "_topic_cache", dict(utils._topic_cache))


async def counted(counting: Counting, times: int) -> UUID:
    counter = uuid4()
    await counting.create(counter)
    for _ in range(times):
        await counting.increment(counter)
    return counter


async def test_what_rests_on_an_unknown_event_is_for_the_other_release_to_answer(
    counting: Counting, migrated: Made
) -> None:
    touched, untouched = await counted(counting, 3), await counted(counting, 3)
    as_later(migrated, touched, 4)

    with pytest.raises(LaterRelease) as refused:
        await EventStore(counting.database).load(Counter, touched)
    other = await EventStore(counting.database).load(Counter, untouched)

    assert refused.value.what == LATER
    assert other is not None
    assert other.state.count == 3
    answer = problems.answer(refused.value)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert b"later release" in bytes(problems.page("later-release").body)


async def test_a_version_of_an_event_that_is_too_new_is_not_read_by_chance(counting: Counting, migrated: Made) -> None:
    counter = await counted(counting, 1)
    alter(
        migrated,
        "UPDATE stored_events SET state = convert_to((convert_from(state, 'UTF8')::jsonb ||"
        " '{\"class_version\": 2}')::text, 'UTF8') WHERE originator_id = %s AND originator_version = 2",
        counter,
    )

    with pytest.raises(LaterRelease):
        await EventStore(counting.database).load(Counter, counter)


async def test_a_field_that_a_later_release_added_is_passed_over(counting: Counting, migrated: Made) -> None:
    counter = await counted(counting, 2)
    alter(
        migrated,
        "UPDATE stored_events SET state = convert_to((convert_from(state, 'UTF8')::jsonb ||"
        " '{\"flair\": {\"much\": true}}')::text, 'UTF8') WHERE originator_id = %s",
        counter,
    )

    loaded = await EventStore(counting.database).load(Counter, counter)

    assert loaded is not None
    assert loaded.state.count == 2


async def test_a_snapshot_that_another_release_took_is_passed_over(counting: Counting, migrated: Made) -> None:
    """It may hold more, or lack what events of today tell."""
    counter = await counted(counting, 60)
    alter(
        migrated,
        "UPDATE snapshots SET state = convert_to((convert_from(state, 'UTF8')::jsonb ||"
        ' \'{"shape": "another", "state": {"count": 1000}}\')::text, \'UTF8\') WHERE originator_id = %s',
        counter,
    )

    loaded = await EventStore(counting.database).load(Counter, counter)

    assert loaded is not None
    assert (loaded.version, loaded.state.count) == (61, 60)


@dataclass
class Now:
    count: int = 0


@dataclass
class Grown:
    count: int = 0
    flair: str = ""


def test_the_shape_of_a_state_follows_its_fields_without_anybody_thinking_of_it() -> None:
    assert shape_of(Now) != shape_of(Grown)
    assert shape_of(Now) != shape_of(CounterSnapshot)
    assert shape_of(CounterSnapshot) == shape_of(CounterSnapshot)


class Seen:
    """Notes nothing but how far it came."""

    VIEW: ClassVar[str] = "seen"
    TABLES: ClassVar[tuple[str, ...]] = ("memberships",)

    def project(self, _recorded: Recorded) -> Iterable[Row]:
        return ()


async def position_of(counting: Counting, view: str) -> int:
    rows = await counting.database.fetch("SELECT position FROM view_positions WHERE view = %s", (view,))
    return int(rows[0]["position"]) if rows else 0


@pytest.mark.usefixtures("forgotten")
async def test_no_view_passes_over_it_and_the_other_release_goes_on_from_there(
    counting: Counting, migrated: Made
) -> None:
    views = Views(counting.database, Wakeups(counting.database), [Seen()])
    counter = await counted(counting, 3)
    await views.advance(Seen())
    before = await position_of(counting, "seen")
    await counting.increment(counter)
    as_later(migrated, counter, 5)

    with pytest.raises(LaterRelease) as refused:
        await views.advance(Seen())

    assert await position_of(counting, "seen") == before
    assert passes(refused.value), "the worker has to go on, for what comes after the upgrade"
    register_topic(LATER, CounterIncremented)
    assert await views.advance(Seen()) == 1


@pytest.mark.usefixtures("forgotten")
async def test_the_relay_hands_over_to_the_release_that_can_publish_it(
    counting: Counting, migrated: Made, nats_url: str
) -> None:
    counter = await counted(counting, 3)
    wakeups = Wakeups(counting.database)
    async with connected(nats_url, "relay") as jetstream:
        relay = Relay(SERVICE, counting.database, counting.store, wakeups, jetstream, event_stream(SERVICE), publish)
        async with running({"wakeups": wakeups.run, "relay": relay.run}):
            await until(lambda: stream_holds(nats_url, 3), "what it knows is published")
            as_later(migrated, counter, 5)
            await counting.increment(counter)
            as_later(migrated, counter, 5)
            await until(lambda: _idle(relay), "it gives the task up")
            assert await stream_holds(nats_url, 3)
            register_topic(LATER, CounterIncremented)
            await until(lambda: stream_holds(nats_url, 4), "who knows it publishes it")


async def _idle(relay: Relay) -> bool:
    await asyncio.sleep(0)
    return not relay.leading


def test_it_is_nothing_a_process_should_end_for() -> None:
    assert isinstance(LaterRelease(LATER), Busy)
    assert LATER in str(LaterRelease(LATER).what)
