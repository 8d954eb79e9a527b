"""The bare pipe: what is left of the way from one service to another without anything that makes it safe.

INSERT and NOTIFY, a process that publishes what it finds, a process that inserts what it gets. No relay's fence, no
continuity, no position, no group append, no aggregate, no tracing. It loses and doubles; it is the limit, not a rival.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from uuid import UUID

import nats
import psycopg
from nats.js.api import ConsumerConfig, StorageType, StreamConfig

from bench.listening import NOTE

STREAM, SUBJECT, CHANNEL = "BARE", "bare", "bare_events"
TABLE = "CREATE TABLE bare_events (id bigserial PRIMARY KEY, event_id uuid NOT NULL, body bytea NOT NULL)"
WRITE = (
    "WITH told AS (SELECT pg_notify('bare_events', ''))"
    " INSERT INTO bare_events (event_id, body) SELECT %s, %s FROM told"
)
READ = "SELECT id, event_id, body FROM bare_events WHERE id > %s ORDER BY id"
URL, OTHER_URL, NATS_URL = "BARE_DATABASE_URL", "BARE_OTHER_URL", "BARE_NATS_URL"


async def publish(database: str, url: str) -> None:
    """Publish what was inserted, when told."""
    connection = await nats.connect(url)
    js = connection.jetstream()
    await js.add_stream(StreamConfig(name=STREAM, subjects=[SUBJECT], storage=StorageType.FILE))
    last = 0
    listening = await psycopg.AsyncConnection.connect(database, autocommit=True)
    reading = await psycopg.AsyncConnection.connect(database, autocommit=True)
    await listening.execute(f"LISTEN {CHANNEL}")
    while True:
        async for _ in listening.notifies(timeout=0.5, stop_after=1):
            break
        cursor = await reading.execute(READ, (last,))
        for position, event_id, body in await cursor.fetchall():
            _acknowledged = await js.publish_async(SUBJECT, body, headers={"id": str(event_id)})
            last = position


async def consume(database: str, url: str) -> None:
    """Insert what arrives."""
    connection = await nats.connect(url)
    js = connection.jetstream()
    while True:
        try:
            await js.stream_info(STREAM)
            break
        except nats.js.errors.NotFoundError:
            await asyncio.sleep(0.05)
    subscription = await js.subscribe(SUBJECT, stream=STREAM, config=ConsumerConfig(ack_wait=30), manual_ack=True)
    inserting = await psycopg.AsyncConnection.connect(database, autocommit=True)
    async for message in subscription.messages:
        await inserting.execute(NOTE, (UUID((message.headers or {})["id"]),))
        await message.ack()


def main() -> None:
    """Run one of the two until killed."""
    parser = argparse.ArgumentParser(prog="python -m bench.barepipe", description=__doc__)
    parser.add_argument("role", choices=("publish", "consume"))
    role = parser.parse_args().role
    url = os.environ[NATS_URL]
    asyncio.run(publish(os.environ[URL], url) if role == "publish" else consume(os.environ[OTHER_URL], url))


if __name__ == "__main__":
    main()
