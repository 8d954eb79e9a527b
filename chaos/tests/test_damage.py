"""The comparison on a real pipe: nothing differs while nothing is wrong, and each kind of damage is found."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import nats
import psycopg
import pytest
from nats.js.errors import NotFoundError

from chaos.comparison import Comparison
from chaos.evidence import Store, stream
from chaos.history import Acknowledged, History
from chaos.pipe import compare_store, compare_stream
from interpares.common.messaging import connected
from interpares.common.relay import Relay
from interpares.common.streams import event_stream, stream_name
from interpares.common.testing.counter import SERVICE, an_occasion, publish
from interpares.common.testing.counting import Counting, counting_on
from interpares.common.testing.processes import eventually
from interpares.common.wakeups import Wakeups
from interpares.common.worker import work

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from nats.js import JetStreamContext

    from interpares.common.testing.databases import Database

COMMANDS = 10
STREAM = stream_name(SERVICE)
ALTER = (
    "UPDATE stored_events SET state = replace(encode(state, 'escape'), '\"by\":1', '\"by\":7')::bytea"
    " WHERE notification_id = 5"
)
REPEAT = (
    "INSERT INTO stored_events SELECT originator_id, originator_version + 100, topic, state, 99, leaf"
    " FROM stored_events WHERE notification_id = 5"
)


@pytest.fixture
async def history(counted: Database, nats_url: str) -> History:
    """What a client of a counting service was told; everything is published."""
    history = History()
    async with counting_on(counted.service_url) as counting, relaying(counting, nats_url):
        counter = uuid4()
        await counting.create(counter)
        for _ in range(COMMANDS):
            occasion = an_occasion()
            handled = await counting.increment(counter, occasion=occasion, request_hash=b"x")
            history.acknowledge(SERVICE, Acknowledged(occasion.command_id, handled.position, counter))

        async def all_published() -> bool:
            return bool(await with_jetstream(nats_url, _messages) == COMMANDS)

        await eventually(all_published, timeout=30, what="end of the stream")
    return history


@asynccontextmanager
async def relaying(counting: Counting, url: str) -> AsyncIterator[None]:
    wakeups = Wakeups(counting.database)
    # Without the protection against deleting that streams of services have: the test is the one who deletes.
    config = event_stream(SERVICE)
    config.deny_delete = config.deny_purge = False
    async with connected(url, "relay") as jetstream:
        relay = Relay(SERVICE, counting.database, counting.store, wakeups, jetstream, config, publish)
        task = asyncio.create_task(work({"wakeups": wakeups.run, "relay": relay.run}))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def compared(counted: Database, nats_url: str, history: History) -> Comparison:
    comparison, store = Comparison(), Store(counted.service_url)
    events = store.events()
    compare_store(comparison, SERVICE, history.acknowledged[SERVICE], store.keyed(), events)
    compare_stream(comparison, SERVICE, events, publish, await stream(nats_url, SERVICE))
    return comparison


async def test_nothing_differs_while_nothing_is_wrong(counted: Database, nats_url: str, history: History) -> None:
    comparison = await compared(counted, nats_url, history)
    assert comparison.told() == []
    assert list(comparison.differences) == [
        "counting: acknowledged against recorded commands",
        "counting: acknowledged against events",
        "counting: leaf hashes",
        "counting: store against stream",
    ]


@pytest.mark.parametrize(
    ("statement", "counts"),
    [
        # An acknowledged command that is not there: its record, its event and the place in the chain are missing.
        ("DELETE FROM commands WHERE position = 5", {"lost": 1}),
        ("DELETE FROM stored_events WHERE notification_id = 5", {"lost": 2, "foreign": 2}),
        (ALTER, {"lost": 2, "foreign": 2}),
        # A command carried out twice: its event is there a second time, under the next version.
        (REPEAT, {"lost": 2, "duplicated": 1, "foreign": 1}),
        # A record nobody was told of.
        ("INSERT INTO commands VALUES (gen_random_uuid(), 'x', '{}', 5, now())", {"foreign": 1}),
    ],
)
async def test_damage_to_the_store(
    counted: Database, nats_url: str, history: History, statement: str, counts: dict[str, int]
) -> None:
    with psycopg.connect(counted.owner_url) as connection:
        connection.execute(statement.encode())

    comparison = await compared(counted, nats_url, history)

    assert not comparison.holds
    assert {kind: comparison.count(kind) for kind in counts} == counts


async def test_a_message_that_is_missing(counted: Database, nats_url: str, history: History) -> None:
    await with_jetstream(nats_url, lambda js: js.delete_msg(STREAM, 4))
    comparison = await compared(counted, nats_url, history)
    assert comparison.as_json() == figures(lost=1)


async def test_a_message_that_is_there_twice(counted: Database, nats_url: str, history: History) -> None:
    await with_jetstream(nats_url, lambda js: _publish_again(js, 4))
    comparison = await compared(counted, nats_url, history)
    assert comparison.as_json() == figures(duplicated=1)


async def test_messages_in_another_order(counted: Database, nats_url: str, history: History) -> None:
    async def swap(js: JetStreamContext) -> None:
        await _publish_again(js, 4)
        await js.delete_msg(STREAM, 4)

    await with_jetstream(nats_url, swap)
    comparison = await compared(counted, nats_url, history)
    assert comparison.as_json() == figures(reordered=1)


@pytest.mark.parametrize("honest_digest", [True, False])
async def test_a_message_that_was_altered(
    counted: Database, nats_url: str, history: History, *, honest_digest: bool
) -> None:
    await with_jetstream(nats_url, lambda js: _publish_again(js, 4, altered=True, honest_digest=honest_digest))
    await with_jetstream(nats_url, lambda js: js.delete_msg(STREAM, 4))
    comparison = await compared(counted, nats_url, history)
    assert comparison.as_json() == figures(lost=1, foreign=int(honest_digest))


async def test_an_answer_that_never_was_true(counted: Database, nats_url: str, history: History) -> None:
    history.acknowledge(SERVICE, Acknowledged(uuid4(), 3, uuid4()))
    comparison = await compared(counted, nats_url, history)
    assert comparison.as_json() == figures(lost=2)


def test_another_answer_to_the_same_command_is_remembered() -> None:
    history, first = History(), Acknowledged(uuid4(), 3, uuid4())
    history.compare(first, first)
    assert history.changed == []
    history.compare(first, Acknowledged(first.command_id, 4, first.fact))
    assert history.changed == [first.command_id]


def figures(**other: int) -> dict[str, Any]:
    return {"lost": 0, "duplicated": 0, "reordered": 0, "foreign": 0, "views_equal_rebuild": True} | other


async def with_jetstream(url: str, action: Callable[[JetStreamContext], Awaitable[Any]]) -> Any:
    connection = await nats.connect(url)
    try:
        return await action(connection.jetstream())
    finally:
        await connection.close()


async def _messages(js: JetStreamContext) -> int:
    try:
        return (await js.stream_info(STREAM)).state.messages
    except NotFoundError:
        return 0


async def _publish_again(
    js: JetStreamContext, sequence: int, *, altered: bool = False, honest_digest: bool = False
) -> None:
    """Publish a message once more, as nobody but the relay may; honest: the digest is that of the altered body."""
    message = await js.get_msg(STREAM, seq=sequence)
    body, headers = message.data or b"", dict(message.headers or {})
    headers = {name: value for name, value in headers.items() if not name.startswith("Nats-")}
    if altered:
        body = body.replace(b'"by":1', b'"by":7')
    if honest_digest:
        headers["digest"] = hashlib.sha256(body).hexdigest()
    await js.publish(message.subject or "", body, headers=headers)
