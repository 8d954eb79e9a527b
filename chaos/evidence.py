"""What is found in the end: events and commands of a store, messages of a stream, rows of tables."""

from __future__ import annotations

import hashlib
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import nats
import psycopg
from nats.js.errors import NotFoundError
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from interpares.common.canonical import leaf_hash
from interpares.common.eventstore import Recorded, recorded
from interpares.common.streams import stream_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from nats.js.api import RawStreamMsg


@dataclass(frozen=True)
class Written:
    """An event of a store. transaction: id of the one that wrote it. leaf: hash as stored, and as computed now."""

    recorded: Recorded
    transaction: str
    leaf: bytes
    computed_leaf: bytes

    @property
    def event(self) -> Any:
        """The typed event."""
        return self.recorded.event

    @property
    def position(self) -> int:
        """Its position."""
        return self.recorded.position


@dataclass(frozen=True)
class Streamed:
    """A message as a stream holds it. digest: of its body, computed now; said: the digest its header names."""

    sequence: int
    subject: str
    position: int
    previous: int
    event_id: str
    digest: str
    said: str


class Store:
    """One service's database, read at rest."""

    def __init__(self, url: str) -> None:
        self._url = url

    def rows(self, query: str, *params: Any) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        with closing(psycopg.connect(self._url, row_factory=dict_row)) as connection:
            return connection.execute(query.encode(), params).fetchall()

    def events(self) -> list[Written]:
        """Return all events in their order."""
        rows = self.rows("SELECT *, xmin::text AS transaction FROM stored_events ORDER BY notification_id")
        return [Written(recorded(row), row["transaction"], bytes(row["leaf"]), _leaf(row)) for row in rows]

    def keyed(self) -> dict[UUID, int]:
        """Return the position by id of every command that came with an Idempotency-Key."""
        rows = self.rows("SELECT command_id, position FROM commands WHERE request_hash <> ''::bytea")
        return {row["command_id"]: row["position"] for row in rows}

    def table(self, name: str) -> list[str]:
        """Return the rows of a table as text, sorted."""
        with closing(psycopg.connect(self._url)) as connection:
            query = SQL("SELECT t::text FROM {} AS t ORDER BY 1").format(Identifier(name))
            return [row for (row,) in connection.execute(query).fetchall()]

    def tables(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Return some tables by name."""
        return {name: self.table(name) for name in names}


def _leaf(row: dict[str, Any]) -> bytes:
    return leaf_hash(row["originator_id"], row["originator_version"], row["topic"], bytes(row["state"]))


async def stream(url: str, service: str) -> list[Streamed]:
    """Return all messages of a service's stream in their order; places where one was deleted are passed over."""
    connection = await nats.connect(url)
    try:
        js, name = connection.jetstream(), stream_name(service)
        state = (await js.stream_info(name)).state
        found = []
        for sequence in range(state.first_seq, state.last_seq + 1):
            with suppress(NotFoundError):
                found.append(_streamed(sequence, await js.get_msg(name, seq=sequence)))
        return found
    finally:
        await connection.close()


def _streamed(sequence: int, message: RawStreamMsg) -> Streamed:
    headers = message.headers or {}
    return Streamed(
        sequence=sequence,
        subject=message.subject or "",
        position=int(headers.get("position", -1)),
        previous=int(headers.get("previous", -1)),
        event_id=headers.get("ce-id", ""),
        digest=hashlib.sha256(message.data or b"").hexdigest(),
        said=headers.get("digest", ""),
    )
