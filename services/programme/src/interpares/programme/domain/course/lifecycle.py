"""The chapter on how a programme comes to run: initiation, workshop, grant, term, phases; or simply opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from interpares.common.context import occasion
from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.chapter import Chapter
from interpares.programme.domain.charter import Lifecycle
from interpares.programme.domain.course import events
from interpares.programme.domain.course.days import last_of
from interpares.programme.domain.course.errors import AgreementIncomplete, PhaseNotFitting, TermNotFitting
from interpares.programme.domain.errors import StepOutOfOrder
from interpares.programme.domain.state import Stage

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from interpares.programme.domain.course.events import Agreement
    from interpares.programme.domain.course.rules import CourseRules
    from interpares.programme.domain.decision import Decision, RuleRef
    from interpares.programme.domain.grounds import Grounds

PARTNERS = 2


class Term(NamedTuple):
    """First and last day; no last day if it is open."""

    starts: date
    ends: date | None


class Running(Chapter):
    """How a programme comes to run, and how far it is."""

    def begin_initiation(self, grounds: Grounds) -> events.InitiationBegan:
        """Begin to win partners."""
        self._lifecycle(Lifecycle.CONSTITUTED)
        self._at(Stage.DRAFTED)
        decision = self._step("initiation", "begun", grounds, "not-begin")
        return self._happen(events.InitiationBegan, decision=decision)

    def agree_workshop(self, agreement: Agreement, grounds: Grounds) -> events.WorkshopAgreed:
        """Take down what the partners agreed, before a grant is applied for; agreed again, it replaces what was."""
        self._lifecycle(Lifecycle.CONSTITUTED)
        self._at(Stage.INITIATION, Stage.AGREED)
        self._refuse_incomplete(agreement)
        decision = self._step("workshop", "agreed", grounds, "agree-later", concerns=agreement.participants)
        return self._happen(events.WorkshopAgreed, decision=decision, agreement=agreement)

    def apply_for_grant(
        self, amount: Decimal, currency: str, submitted_on: date, document_hash: str, grounds: Grounds
    ) -> events.GrantApplied:
        """Take down that the carrier applied to the funder."""
        self._lifecycle(Lifecycle.CONSTITUTED)
        self._at(Stage.AGREED)
        if submitted_on > occasion().now.date():
            message = "The application was handed in on a day that has not come."
            raise TermNotFitting(message, "Give the day it was handed in.", field="submitted_on")
        number = 1 + self.state.course.grant_applications
        funding = self.state.charter.funding
        decision = grounds.decide(
            "grant-application",
            f"grant-application:{number}",
            "applied",
            rule=funding.ref if funding else self.state.charter.call,
            alternatives=(instead("not-apply", grounds),),
        )
        return self._happen(
            events.GrantApplied,
            decision=decision,
            number=number,
            amount=amount,
            currency=currency,
            submitted_on=submitted_on,
            document_hash=document_hash,
        )

    def grant(self, starts: date | None, ends: date | None, grounds: Grounds) -> events.GrantGranted:
        """Take down that the funder grants; the term begins by that."""
        self._lifecycle(Lifecycle.CONSTITUTED)
        self._at(Stage.GRANT_APPLIED)
        term = self._term(starts, ends)
        decision = self._answer("granted", "refuse", grounds)
        return self._happen(
            events.GrantGranted,
            decision=decision,
            number=self.state.course.grant_applications,
            starts=term.starts,
            ends=term.ends,
        )

    def refuse_grant(self, grounds: Grounds) -> events.GrantRefused:
        """Take down that the funder refuses."""
        self._lifecycle(Lifecycle.CONSTITUTED)
        self._at(Stage.GRANT_APPLIED)
        decision = self._answer("refused", "grant", grounds)
        return self._happen(events.GrantRefused, decision=decision, number=self.state.course.grant_applications)

    def open_programme(self, grounds: Grounds) -> events.ProgrammeOpened:
        """Open a standing programme to those who want to join."""
        self._lifecycle(Lifecycle.STANDING)
        self._at(Stage.DRAFTED)
        decision = self._step("opening", "open", grounds, "stay-closed")
        return self._happen(events.ProgrammeOpened, decision=decision)

    def set_term(self, starts: date | None, ends: date | None, grounds: Grounds) -> events.TermSet:
        """Fix the term, or change it; by it a constituted programme that has no funder begins to run."""
        self._lifecycle(Lifecycle.CALL, Lifecycle.CONSTITUTED)
        self._running()
        needs_grant = self.state.charter.funding is not None
        if self.state.stage in {Stage.INITIATION, Stage.GRANT_APPLIED} or (
            self.state.stage is Stage.AGREED and needs_grant
        ):
            self._at(Stage.RUNNING)
        term = self._term(starts, ends)
        rule = self._course.term
        decision = self._step("term", "set", grounds, "other-days", rule=rule.ref if rule else None)
        return self._happen(events.TermSet, decision=decision, starts=term.starts, ends=term.ends)

    def begin_phase(self, key: str, grounds: Grounds) -> events.PhaseBegun:
        """Go on to a phase; those in between are left out."""
        self._running()
        order = [phase.key for phase in self._course.phases]
        now = self.state.course.phase
        if key not in order or (now and order.index(key) <= order.index(now)):
            message = f"The phase {key} does not follow."
            raise PhaseNotFitting(message, f"The phases are {', '.join(order)}." if order else "")
        phase = self._course.phases[order.index(key)]
        decision = grounds.decide(
            "phase",
            f"phase:{key}",
            "begun",
            rule=phase.ref,
            alternatives=(instead("wait", grounds),),
        )
        return self._happen(events.PhaseBegun, decision=decision, phase=key)

    @property
    def _course(self) -> CourseRules:
        return self.state.charter.course

    def _at(self, *stages: Stage) -> None:
        self._not_closed()
        if self.state.stage not in stages:
            message = f"The programme is at the stage {self.state.stage}."
            raise StepOutOfOrder(message, f"This step belongs to the stage {' or '.join(stages)}.")

    def _step(
        self,
        decision_type: str,
        outcome: str,
        grounds: Grounds,
        other: str,
        *,
        concerns: tuple[UUID, ...] = (),
        rule: RuleRef | None = None,
    ) -> Decision:
        return grounds.decide(
            decision_type,
            f"programme:{self.id}",
            outcome,
            concerns=concerns,
            rule=rule or self.state.charter.call,
            alternatives=(instead(other, grounds),),
        )

    def _answer(self, outcome: str, other: str, grounds: Grounds) -> Decision:
        funding = self.state.charter.funding
        return grounds.decide(
            "grant-decision",
            f"grant-application:{self.state.course.grant_applications}",
            outcome,
            rule=funding.ref if funding else self.state.charter.call,
            alternatives=(instead(other, grounds),),
        )

    def _term(self, starts: date | None, ends: date | None) -> Term:
        """Return the term: as given, else as the template has it."""
        rule = self._course.term
        if rule is not None:
            starts, ends = starts or rule.starts, ends or rule.ends
        if starts is None:
            message = "The term has no first day."
            raise TermNotFitting(message, field="starts")
        if ends is None and rule is not None and rule.months is not None:
            ends = last_of(starts, rule.months)
        if ends is not None and ends < starts:
            message = "The term ends before it begins."
            raise TermNotFitting(message, field="ends")
        return Term(starts, ends)

    def _refuse_incomplete(self, agreement: Agreement) -> None:
        charter = self.state.charter
        goals = [key for key, _ in self._course.goals]
        for organisation in (*agreement.participants, *(each.organisation for each in agreement.responsibilities)):
            self._member(organisation)
        fine = {
            "goals": _chosen(agreement.goals, goals),
            "themes": _chosen(agreement.themes, charter.themes),
            "activities": _chosen(agreement.activities, charter.formats),
            "costs": agreement.costs > 0,
            "ends": agreement.starts <= agreement.ends,
            "responsibilities": bool(agreement.responsibilities),
            "participants": len(set(agreement.participants)) >= PARTNERS,
        }
        for field, holds in fine.items():
            if not holds:
                message = f"The agreement is incomplete: {field}."
                raise AgreementIncomplete(message, field=field)


def _chosen(chosen: tuple[str, ...], known: list[str] | tuple[str, ...]) -> bool:
    """Tell whether something was chosen, out of what the template has, if it has any."""
    return (bool(chosen) or not known) and set(chosen) <= set(known)
