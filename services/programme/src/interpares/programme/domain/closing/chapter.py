"""Closing a programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.closing import events
from interpares.programme.domain.duties import TAKEN, WAITING, Status
from interpares.programme.domain.meetings.prerequisites import NOTHING_SHOWN
from interpares.programme.domain.meetings.requiring import Requiring
from interpares.programme.domain.meetings.rules import DueBefore
from interpares.programme.domain.outputs.chapter import Outputs
from interpares.programme.domain.reviewing.lapsing import Lapsing

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.meetings.prerequisites import Proofs

AHEAD = WAITING | TAKEN - {Status.HELD}


class Closing(Requiring, Outputs, Lapsing):
    """The end of a programme."""

    def close(self, grounds: Grounds, proofs: Proofs = NOTHING_SHOWN) -> events.Closed:
        """End the programme; the decision says what is left open, and reviews that have not come lapse.

        proofs: what participants have shown, where the template asks for something before the closure.
        Raises ProgrammeNotRunning, ProgrammeClosed, PrerequisitesMissing.
        """
        self._running()
        active = self._active()
        duties = sum(duty.status in AHEAD for duty in self.state.duties.values())
        decision = grounds.decide(
            "programme-closure",
            f"programme:{self.id}",
            "closed",
            concerns=active,
            rule=self.state.charter.call,
            evidence=self._required(DueBefore.CLOSURE, self._roles_of(*active), proofs, grounds),
            alternatives=(instead("go-on", grounds),),
        )
        closed = self._happen(events.Closed, decision=decision, duties_open=duties, checks_open=self.open_checks())
        self._end_all_reviews(grounds, follows=closed.event_id)
        return closed

    def _active(self) -> tuple[UUID, ...]:
        members = sorted(self.state.participations.values(), key=lambda member: member.number)
        return tuple(member.organisation for member in members if member.active)
