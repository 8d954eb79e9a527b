"""What a command writes, and the port it is written through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence
    from uuid import UUID

    from eventsourcing.persistence import StoredEvent

    from interpares.common.errors import DomainError
    from interpares.common.sealed import SealedText


class VersionConflict(Exception):
    """Another process changed the aggregate since it was loaded: load again and decide again."""


@dataclass(frozen=True)
class Row:
    """A statement on the service's own tables that belongs to a command.

    refusal: what the caller is told where the row violates a unique constraint, a fact of the domain.
    """

    statement: Any
    params: Sequence[Any] | dict[str, Any] = ()
    refusal: DomainError | None = None


@dataclass(frozen=True)
class CommandRecord:
    """What makes a command repeatable: its id, the hash of the request it came with, and its answer as JSON."""

    command_id: UUID
    request_hash: bytes
    result: dict[str, Any]


@dataclass(frozen=True)
class Append:
    """All that one command writes.

    after: the answer to an append this one stands on, because it was decided on what that one writes: it is written
    only if that one is, and otherwise answered with VersionConflict.
    """

    command: CommandRecord
    events: tuple[StoredEvent, ...] = ()
    snapshots: tuple[StoredEvent, ...] = ()
    texts: tuple[SealedText, ...] = ()
    rows: tuple[Row, ...] = ()
    after: asyncio.Future[Committed] | None = None


@dataclass(frozen=True)
class Committed:
    """position: place of the command's last event, of the last event before it where it made none.

    repeated: the command had been recorded before, nothing was written now.
    """

    position: int
    repeated: bool = False


Outcome = Committed | Exception


def stands(answer: asyncio.Future[Committed]) -> bool:
    """Tell whether what an append was to write is written, so that one can build on it; a repetition wrote nothing."""
    if not answer.done() or answer.cancelled() or answer.exception() is not None:
        return False
    return not answer.result().repeated


class Appender(Protocol):
    """The port every use case is saved through."""

    async def append(self, append: Append) -> Committed:
        """Write all of it or nothing; returns once it is on disk.

        Raises VersionConflict where another process was faster, Busy where the database does not answer in time; after
        Busy the same command id may be tried again and yields the true result.
        """
        ...

    def submit(self, append: Append) -> asyncio.Future[Committed]:
        """Queue the same and return its answer, which nobody may cancel. Appends are written in the order they came.

        Raises Busy where too many wait.
        """
        ...
