"""The end of a programme; stored for ever like all events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.domain.events import Event
from interpares.programme.domain.state import Stage

if TYPE_CHECKING:
    from interpares.programme.domain.programme import Programme


class Closed(Event):
    """The programme is over. What outlives it goes on: see ``Event.OUTLIVES``."""

    TOPIC = "programme.programme.closed.v1"
    duties_open: int
    checks_open: int

    def apply(self, aggregate: Programme) -> None:
        """Take only what outlives the programme from here on."""
        aggregate.state.stage = Stage.CLOSED
        aggregate.state.call = None
