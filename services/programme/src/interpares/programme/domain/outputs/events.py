"""What happens to outputs; stored for ever. Each event holds the whole output as it stands afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from interpares.programme.domain.events import Event
from interpares.programme.domain.outputs.output import Finding, Output

if TYPE_CHECKING:
    from interpares.programme.domain.programme import Programme


class OutputEvent(Event):
    """Something about an output; checks outlive the programme, and so does all they lead to."""

    OUTLIVES = True
    output: UUID
    now: Output

    def apply(self, aggregate: Programme) -> None:
        """Replace what was known of it."""
        aggregate.state.outputs[str(self.output)] = self.now


class OutputRecorded(OutputEvent):
    """Something came out. ``text``: hex hash of the sealed text that says what."""

    TOPIC = "programme.programme.output-recorded.v1"
    text: str


class OutputChanged(OutputEvent):
    """It was assigned, followed by another, became a meeting, is done, or was dropped."""

    TOPIC = "programme.programme.output-changed.v1"


class CheckFellDue(OutputEvent):
    """The day of a check has come."""

    TOPIC = "programme.programme.check-fell-due.v1"
    months: int


class CheckAnswered(OutputEvent):
    """Somebody said what became of it. ``note``: hex hash of a sealed text, empty without one."""

    TOPIC = "programme.programme.check-answered.v1"
    months: int
    finding: Finding
    note: str


class CheckEscalated(OutputEvent):
    """Nobody answered in time. ``level``: 1 to the office, 2 beyond it."""

    TOPIC = "programme.programme.check-escalated.v1"
    months: int
    level: int
