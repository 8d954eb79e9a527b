"""Closing a programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.chapter import Chapter
from interpares.programme.domain.closing import events
from interpares.programme.domain.duties import TAKEN, WAITING, Status

if TYPE_CHECKING:
    from interpares.programme.domain.grounds import Grounds

AHEAD = WAITING | TAKEN - {Status.HELD}


class Closing(Chapter):
    """The end of a programme."""

    def close(self, grounds: Grounds) -> events.Closed:
        """End the programme; the decision says what is left open. Raises ProgrammeNotRunning, ProgrammeClosed."""
        self._running()
        duties = sum(duty.status in AHEAD for duty in self.state.duties.values())
        decision = grounds.decide(
            "programme-closure",
            f"programme:{self.id}",
            "closed",
            concerns=tuple(
                member.organisation
                for member in sorted(self.state.participations.values(), key=lambda member: member.number)
                if member.active
            ),
            rule=self.state.charter.call,
            alternatives=(instead("go-on", grounds),),
        )
        return self._happen(events.Closed, decision=decision, duties_open=duties, checks_open=0)
