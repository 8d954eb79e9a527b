"""Who does something, when, and in which flow: set once at the edge, read wherever an event is made.

The value travels in a ContextVar. ``asyncio.to_thread`` and new tasks carry it along; ``run_in_executor`` does not.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True)
class Occasion:
    """The circumstances every event of one command shares.

    actor: opaque id of who acts (see ``auth.actor_id``), never a name or an address.
    command_id: id of the command; equal for every repetition under the same idempotency key.
    correlation_id: id of the whole flow, handed on from service to service.
    causation_id: id of the event this command reacts to, None where a person started it.
    now: the instant the command is handled, aware and in UTC.
    traceparent, tracestate: W3C trace context of the request, empty where there is none.
    """

    actor: UUID
    command_id: UUID
    correlation_id: UUID
    causation_id: UUID | None
    now: datetime
    traceparent: str = ""
    tracestate: str = ""


_occasion: ContextVar[Occasion] = ContextVar("interpares_occasion")


def occasion() -> Occasion:
    """Return the occasion in force.

    Raises LookupError outside ``acting``: an event without an actor must not come to be.
    """
    return _occasion.get()


@contextmanager
def acting(current: Occasion) -> Iterator[Occasion]:
    """Put an occasion in force for the block."""
    token = _occasion.set(current)
    try:
        yield current
    finally:
        _occasion.reset(token)
