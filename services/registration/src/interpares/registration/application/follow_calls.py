"""Follow the calls of the programme service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.registration.application.ports import CallBook, CallNotice, Unit
    from interpares.registration.domain.call import OpenCall


@dataclass(frozen=True)
class NoteOpenCall:
    """A programme office opened a call. conditions: JSON, as it published them."""

    call: OpenCall
    notice: CallNotice
    conditions: str = "{}"


@dataclass(frozen=True)
class NoteClosedCall:
    """A programme office closed a call."""

    call_id: UUID


async def note_open_call(command: NoteOpenCall, unit: Unit, *, book: CallBook) -> None:
    """From here on organisations may apply."""
    unit.write(book.opening(command.call, command.notice, command.conditions))


async def note_closed_call(command: NoteClosedCall, unit: Unit, *, book: CallBook) -> None:
    """From here on nobody applies under this call."""
    unit.write(book.closing(command.call_id))
