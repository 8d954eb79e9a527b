"""What stands in the end in stores, on streams and in tables, read past the services."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import psycopg
from nats.errors import Error as NatsError
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from interpares.common.envelope import Message, from_wire, to_message
from interpares.common.eventstore import Recorded, recorded
from interpares.common.streams import stream_name
from interpares.console.failures import Unreachable
from interpares.console.subscription import connected
from interpares.programme.main import SERVICE as PROGRAMME
from interpares.registration.main import SERVICE as REGISTRATION

if TYPE_CHECKING:
    from interpares.console.installation import Installation

PUBLISH = {"programme": PROGRAMME.publish, "registration": REGISTRATION.publish}
READ_SECONDS = 5.0


def query(installation: Installation, service: str, statement: str) -> list[dict[str, Any]]:
    """Return rows of a service's database."""
    with psycopg.connect(installation.services[service].database.owner_url, row_factory=dict_row) as connection:
        return connection.execute(statement.encode()).fetchall()


def events(installation: Installation, service: str) -> list[Recorded]:
    """Return a service's whole event log."""
    return [
        recorded(row) for row in query(installation, service, "SELECT * FROM stored_events ORDER BY notification_id")
    ]


def due(installation: Installation, service: str) -> list[Message]:
    """Return the messages that follow from the event log, as they must stand on the stream."""
    messages: list[Message] = []
    for each in events(installation, service):
        publication = PUBLISH[service](each)
        if publication is not None:
            previous = messages[-1].position if messages else 0
            messages.append(to_message(service, each, publication, previous))
    return messages


async def stream(installation: Installation, service: str) -> list[Message]:
    """Return all messages of a service's stream, in the order of the stream."""
    async with connected(installation.nats.url) as connection:
        js = connection.jetstream(timeout=READ_SECONDS)
        state = (await js.stream_info(stream_name(service))).state
        numbers = range(state.first_seq, state.last_seq + 1) if state.messages else range(0)
        read = [await js.get_msg(stream_name(service), seq=number) for number in numbers]
    return [from_wire(raw.subject or "", raw.headers, raw.data or b"") for raw in read]


async def drained(installation: Installation, service: str) -> bool:
    """Tell whether the stream holds exactly what follows from the event log, in order and in one unbroken chain."""
    try:
        on_stream = await stream(installation, service)
    except (NatsError, TimeoutError, Unreachable):
        return False
    expected = await asyncio.to_thread(due, installation, service)
    return [_facts(each) for each in on_stream] == [_facts(each) for each in expected]


def _facts(message: Message) -> tuple[str, int, int, bytes]:
    return message.subject, message.position, message.previous, message.body


def cells(installation: Installation, service: str) -> list[tuple[str, bytes]]:
    """Return everything that lies in a service's tables, as table name and bytes."""
    found = []
    with psycopg.connect(installation.services[service].database.owner_url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            for row in connection.execute(SQL("SELECT * FROM {}").format(Identifier(table))):
                for value in row:
                    raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    found.append((table, raw))
    return found
