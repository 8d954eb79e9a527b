"""What the chapters of the Programme aggregate have in common: state, and the way to make an event.

The aggregate is written in chapters, one module each, that mix into one class: ``participating`` and ``hosting`` here,
``programme`` binds them together. In every chapter guards stand before the event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from interpares.common.context import occasion
from interpares.programme.domain.charter import Lifecycle
from interpares.programme.domain.errors import (
    LifecycleNotFitting,
    NotParticipating,
    ProgrammeClosed,
    ProgrammeNotRunning,
)
from interpares.programme.domain.manual import applying
from interpares.programme.domain.revising.relations import refers, refuse_unfit
from interpares.programme.domain.state import UNDER_WAY, Stage

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from interpares.common.aggregate import Aggregate
    from interpares.programme.domain.events import Event
    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.participation import Participation
    from interpares.programme.domain.state import State
else:
    Aggregate = object

E = TypeVar("E", bound="Event")
FIRST_STEP = {
    Lifecycle.CALL: "Open the call first.",
    Lifecycle.CONSTITUTED: "Begin the initiation first.",
    Lifecycle.STANDING: "Open the programme first.",
}


class Chapter(Aggregate):
    """A part of the aggregate; for the type checker it is one."""

    if TYPE_CHECKING:
        state: State

    def _happen(self, event_class: type[E], **fields: Any) -> E:
        """Trigger an event and return it.

        Raises ProgrammeClosed for one that does not outlive its programme.
        Raises EarlierDecisionUnknown, DecisionOvertaken: whatever a decision corrects, supersedes or revokes is checked
        here, for all chapters alike.
        """
        if self.state.stage is Stage.CLOSED and not event_class.OUTLIVES:
            message = "The programme is closed."
            raise ProgrammeClosed(message)
        if refers(fields["decision"]):
            same_command = {event.event_id for event in cast("list[Event]", self.pending_events)}
            known = same_command | {fields.get("seen")}
            refuse_unfit(self.id, self.version, self.state.revisions, fields["decision"], known)
        fields["decision"] = applying(fields["decision"], self.state.charter.manual)
        self.trigger_event(event_class, **fields)
        return cast("E", self.pending_events[-1])

    @staticmethod
    def _day(grounds: Grounds) -> date:
        """Return the day from which a decision has effect."""
        return (grounds.effective_at or grounds.decided_at or occasion().now).date()

    def _member(self, organisation: UUID) -> Participation:
        member = self.state.participations.get(str(organisation))
        if member is None or not member.active:
            message = "The organisation does not take part in this programme."
            raise NotParticipating(message)
        return member

    def _begun(self) -> None:
        """Refuse unless the programme has begun, if only with its initiation; it may be closed by now."""
        if self.state.stage is Stage.DRAFTED:
            message = "The programme has not begun."
            raise ProgrammeNotRunning(message, FIRST_STEP[self.state.charter.lifecycle])

    def _running(self) -> None:
        """Refuse unless the programme has begun and is not closed."""
        self._not_closed()
        self._begun()

    def _under_way(self) -> None:
        """Refuse unless the programme is beyond what comes before its term."""
        self._running()
        if self.state.stage not in UNDER_WAY:
            message = "The term of the programme has not begun."
            raise ProgrammeNotRunning(message, "Enter the grant first, or wait for it.")

    def _not_closed(self) -> None:
        if self.state.stage is Stage.CLOSED:
            message = "The programme is closed."
            raise ProgrammeClosed(message)

    def _lifecycle(self, *fitting: Lifecycle) -> None:
        if self.state.charter.lifecycle not in fitting:
            message = f"The lifecycle of this programme is {self.state.charter.lifecycle}."
            raise LifecycleNotFitting(message)
