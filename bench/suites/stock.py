"""The eventsourcing library as it comes: its own application, tables, transcoder, and ``save()``; the same event."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError, Transcoding
from psycopg.conninfo import conninfo_to_dict

from interpares.common.aggregate import Metadata
from interpares.common.context import acting
from interpares.common.testing.counter import Counter, an_occasion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventsourcing.persistence import JSONTranscoder

    from interpares.common.testing.databases import Database as Made

CONNECTIONS = 40


class MetadataAsDict(Transcoding):
    """The library's own way to store a type it does not know."""

    type = Metadata
    name = "metadata"

    def encode(self, obj: Metadata) -> dict[str, Any]:
        """Return what JSON can hold, or another transcoding."""
        return vars(obj)

    def decode(self, data: dict[str, Any]) -> Metadata:
        """Return the metadata."""
        return Metadata(**data)


class Stock(Application[UUID]):
    """Counters in a table that the library has made."""

    name = "stock"

    def register_transcodings(self, transcoder: JSONTranscoder) -> None:
        """Add what the event needs."""
        super().register_transcodings(transcoder)
        transcoder.register(MetadataAsDict())

    def create(self) -> Counter:
        """Return a new counter, saved."""
        with acting(an_occasion()):
            counter = Counter.create(uuid4())
            self.save(counter)
            return counter

    def increment(self, counter: Counter) -> int:
        """Count in memory and save."""
        with acting(an_occasion()):
            counter.increment()
            self.save(counter)
        return 1

    def increment_shared(self, counter_id: UUID) -> int:
        """Load, count, save; from the start again if another was faster."""
        while True:
            with acting(an_occasion()):
                counter: Counter = self.repository.get(counter_id)
                counter.increment()
                try:
                    self.save(counter)
                except IntegrityError:
                    continue
                return 1


@contextmanager
def stock_on(made: Made) -> Iterator[Stock]:
    """Run it on a database, with settings as its documentation gives them and connections for all threads."""
    parts = conninfo_to_dict(made.owner_url)
    application = Stock(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": str(parts["dbname"]),
            "POSTGRES_HOST": str(parts["host"]),
            "POSTGRES_PORT": str(parts["port"]),
            "POSTGRES_USER": str(parts["user"]),
            "POSTGRES_PASSWORD": str(parts["password"]),
            "POSTGRES_POOL_SIZE": str(CONNECTIONS),
        }
    )
    try:
        yield application
    finally:
        application.close()
