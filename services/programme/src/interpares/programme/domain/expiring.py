"""The chapter on time in a role: whose last day has passed holds the role no longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from interpares.common.context import occasion
from interpares.programme.domain.joining import Joining
from interpares.programme.domain.meetings.meeting import AHEAD
from interpares.programme.domain.state import Stage

if TYPE_CHECKING:
    from datetime import date

    from interpares.programme.domain import events
    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.participation import Participation


class Expiring(Joining):
    """What happens by itself once a role was held for its time."""

    def end_roles_over(self, grounds: Grounds) -> tuple[events.RoleEnded, ...]:
        """End each role whose last day has passed, from the day after, as ``end_role`` does; repeated, it does nothing.

        A role stays until the meetings are recorded or given up that began within its time: they were its host's. In a
        closed programme nobody is left to lose anything.
        """
        if self.state.stage is Stage.CLOSED:
            return ()
        today = occasion().now.date()
        members = sorted(self.state.participations.values(), key=lambda member: member.number)
        over = [
            (member, holding.role, holding.held.ends)
            for member in members
            for holding in member.holdings
            if member.holds(holding.role) and holding.held.ends is not None and holding.held.over(today)
        ]
        return tuple(
            self.end_role(member.organisation, role, replace(grounds, effective_at=_day_after(ends)))
            for member, role, ends in over
            if not self._still_hosts(member, role, ends)
        )

    def _still_hosts(self, member: Participation, role: str, ends: date) -> bool:
        """Tell whether a meeting it hosts in a role began within its time and nobody has said what became of it."""
        return any(
            standing.meeting.status in AHEAD
            and standing.meeting.host == member.organisation
            and self.state.charter.hosting[self.state.duties[standing.meeting.duty].rule].role == role
            and standing.meeting.details.starts.date() <= ends
            for standing in self.state.meetings.known.values()
            if standing.meeting.duty and standing.meeting.details.starts is not None
        )


def _day_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)
