"""The chapter on milestones and goals: deliverables handed in, accepted or sent back; indicators measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.context import occasion
from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.chapter import Chapter
from interpares.programme.domain.course import events
from interpares.programme.domain.course.errors import (
    DeliverableNotOpen,
    DeliverableNotOwed,
    MeasuredLater,
    UnknownDeliverable,
    UnknownIndicator,
)
from interpares.programme.domain.course.state import Handed
from interpares.programme.domain.decision import Criterion, Evidence

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from interpares.programme.domain.course.rules import MilestoneRule, PhaseRule
    from interpares.programme.domain.decision import Decision
    from interpares.programme.domain.grounds import Grounds


class Milestones(Chapter):
    """What is handed in by when, and what is measured."""

    def hand_in(
        self, deliverable: str, organisation: UUID, document_hash: str, grounds: Grounds
    ) -> events.DeliverableHandedIn:
        """Take a deliverable of a participant; handed in again before it was accepted, it is the next version."""
        self._running()
        phase, milestone, roles = self._deliverable(deliverable)
        member = self._member(organisation)
        if roles and not any(member.holds(role, self._day(grounds)) for role in roles):
            message = f"The deliverable {deliverable} is asked of holders of other roles."
            raise DeliverableNotOwed(message)
        before = self.state.course.deliverables.get(f"{deliverable}.{organisation}")
        if before is not None and before.status is Handed.ACCEPTED:
            message = "The deliverable was accepted."
            raise DeliverableNotOpen(message)
        version = 1 + (before.version if before else 0)
        decision = grounds.decide(
            "deliverable",
            f"deliverable:{deliverable}.{organisation}",
            "handed-in",
            concerns=(organisation,),
            rule=phase.ref,
            criteria=(self._punctual(milestone),),
            evidence=(Evidence(f"deliverable:{deliverable}", version, document_hash, 0),),
            alternatives=(instead("hand-in-later", grounds),),
        )
        return self._happen(
            events.DeliverableHandedIn,
            decision=decision,
            deliverable=deliverable,
            organisation=organisation,
            version=version,
            document_hash=document_hash,
        )

    def accept_deliverable(self, deliverable: str, organisation: UUID, grounds: Grounds) -> events.DeliverableAccepted:
        """Accept what was handed in last."""
        version, decision = self._judge(deliverable, organisation, "accepted", "send-back", grounds)
        return self._happen(
            events.DeliverableAccepted,
            decision=decision,
            deliverable=deliverable,
            organisation=organisation,
            version=version,
        )

    def return_deliverable(self, deliverable: str, organisation: UUID, grounds: Grounds) -> events.DeliverableReturned:
        """Send back what was handed in last."""
        version, decision = self._judge(deliverable, organisation, "returned", "accept", grounds)
        return self._happen(
            events.DeliverableReturned,
            decision=decision,
            deliverable=deliverable,
            organisation=organisation,
            version=version,
        )

    def record_indicator(
        self, goal: str, indicator: str, value: Decimal, measured_on: date, grounds: Grounds
    ) -> events.IndicatorRecorded:
        """Take down what a goal is measured by, on a day that has come, also after the programme was closed."""
        rule = self.state.charter.course.goal(goal)
        if rule is None or indicator not in rule.indicators:
            message = "The template has no such indicator."
            raise UnknownIndicator(message)
        if measured_on > occasion().now.date():
            message = "The value was measured on a day that has not come."
            raise MeasuredLater(message, field="measured_on")
        reached = rule.indicators[indicator].reached(value)
        decision = grounds.decide(
            "indicator",
            f"indicator:{goal}.{indicator}",
            "reached" if reached else "measured",
            rule=rule.ref,
            criteria=(Criterion("value", str(value)), Criterion("measured-on", measured_on.isoformat())),
            alternatives=(instead("not-record", grounds),),
        )
        return self._happen(
            events.IndicatorRecorded,
            decision=decision,
            goal=goal,
            indicator=indicator,
            value=value,
            measured_on=measured_on,
            reached=reached,
        )

    def _judge(
        self, deliverable: str, organisation: UUID, outcome: str, other: str, grounds: Grounds
    ) -> tuple[int, Decision]:
        phase, milestone, _ = self._deliverable(deliverable)
        handed = self.state.course.deliverables.get(f"{deliverable}.{organisation}")
        if handed is None or handed.status is not Handed.HANDED_IN:
            message = "Nothing that was handed in waits for an answer."
            raise DeliverableNotOpen(message)
        decision = grounds.decide(
            "deliverable-answer",
            f"deliverable:{deliverable}.{organisation}",
            outcome,
            concerns=(organisation,),
            rule=phase.ref,
            criteria=(self._punctual(milestone), Criterion("version", str(handed.version))),
            alternatives=(instead(other, grounds),),
        )
        return handed.version, decision

    def _deliverable(self, path: str) -> tuple[PhaseRule, MilestoneRule, tuple[str, ...]]:
        phase_key, _, rest = path.partition(".")
        milestone_key, _, key = rest.partition(".")
        phase = self.state.charter.course.phase(phase_key)
        milestone = phase.milestones.get(milestone_key) if phase else None
        if phase is None or milestone is None or key not in milestone.deliverables:
            message = "The template asks for no such deliverable."
            raise UnknownDeliverable(message)
        return phase, milestone, milestone.deliverables[key]

    def _punctual(self, milestone: MilestoneRule) -> Criterion:
        due = milestone.due(self.state.course.starts)
        return Criterion("due", due.isoformat() if due else "open")
