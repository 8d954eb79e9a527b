"""The chapter on selection: criteria fixed, applications assessed and ranked, all applicants decided about at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from interpares.common.context import occasion
from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.charter import WHOLE
from interpares.programme.domain.decision import Evidence, Interest
from interpares.programme.domain.eligibility import UNTRIED
from interpares.programme.domain.participating import Participating
from interpares.programme.domain.selecting import events
from interpares.programme.domain.selecting.errors import (
    AssessedAlready,
    AssessmentNotFitting,
    AssessmentsMissing,
    AssessorExcluded,
    CallStillOpen,
    CriteriaFixedAlready,
    CriteriaTooLate,
    CriteriaWithoutWeight,
    NobodyToRank,
    NotInSelection,
    NotRanked,
    SelectionOver,
    UnknownSelection,
)
from interpares.programme.domain.selecting.placing import Placed, alternatives, criteria_of
from interpares.programme.domain.selecting.ranking import counted, rank, seed_of
from interpares.programme.domain.selecting.state import Exclusion, Progress
from interpares.programme.domain.state import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from interpares.programme.domain.eligibility import Assessment
    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.meetings.prerequisites import Proofs
    from interpares.programme.domain.participation import Applicant
    from interpares.programme.domain.selecting.rules import SelectionRule
    from interpares.programme.domain.selecting.state import Ranked, Round

POINTS = Decimal(10)
EXCLUDED = "excluded"


class Selecting(Participating):
    """Who is chosen among those who applied."""

    def fix_criteria(
        self, key: str, grounds: Grounds, *, points_at_most: Decimal = POINTS, places: int | None = None
    ) -> events.CriteriaFixed:
        """Fix by what applicants will be chosen, in every strand, before the deadline of the call."""
        rule = self._selection_rule(key)
        self._before_deadline(grounds)
        strands = self.state.charter.strands or (WHOLE,)
        for strand in strands:
            before = self.state.selections.rounds.get(f"{strand}.{key}")
            if before is None or before.progress is Progress.DECIDED:
                continue
            if before.assessed or grounds.supersedes != before.fixed_by:
                message = "The criteria are fixed."
                raise CriteriaFixedAlready(message)
        if sum(each.weight for each in rule.criteria) == 0 or points_at_most <= 0:
            message = "By these criteria all applications would be equal."
            raise CriteriaWithoutWeight(message, field="points_at_most")
        decision = grounds.decide(
            "criteria",
            f"selection:{key}",
            "fixed",
            rule=rule.ref,
            alternatives=(instead("other-criteria", grounds),),
        )
        return self._happen(
            events.CriteriaFixed,
            decision=decision,
            rule=key,
            roles=rule.roles,
            strands=strands,
            criteria=rule.criteria,
            points_at_most=points_at_most,
            assessments=rule.assessments,
            tie_break=rule.tie_break,
            places=places or rule.places,
        )

    def assess(
        self, name: str, applicant: Applicant, assessor: UUID, points: Mapping[str, Decimal], grounds: Grounds
    ) -> events.ApplicationAssessed:
        """Record what a member of the jury found of an application."""
        selection, rule = self._round(name)
        if not self._takes_part(applicant, selection, rule):
            message = "The application is not in this selection."
            raise NotInSelection(message)
        if Exclusion(assessor, applicant.organisation_id) in selection.excluded:
            message = "This assessor does not assess this organisation."
            raise AssessorExcluded(message)
        before = selection.assessed.get(str(applicant.application_id), {}).get(str(assessor))
        if before is not None and before.decision not in {grounds.supersedes, grounds.corrects}:
            message = "This assessor has assessed the application."
            raise AssessedAlready(message)
        fixed = {each.key for each in selection.criteria}
        if points.keys() != fixed or not all(0 <= each <= selection.points_at_most for each in points.values()):
            message = f"Each of {', '.join(sorted(fixed))} has from 0 to {selection.points_at_most} points."
            raise AssessmentNotFitting(message, field="points")
        decision = grounds.decide(
            "assessment",
            f"application:{applicant.application_id}",
            "assessed",
            concerns=(applicant.organisation_id,),
            rule=rule.ref,
            evidence=(_application(applicant),),
            alternatives=(instead("other-points", grounds),),
        )
        return self._happen(
            events.ApplicationAssessed,
            decision=decision,
            round=name,
            application=applicant.application_id,
            organisation=applicant.organisation_id,
            assessor=assessor,
            points=tuple(events.Points(key, points[key]) for key in sorted(points)),
        )

    def exclude_assessor(
        self, name: str, assessor: UUID, organisation: UUID, kind: str, grounds: Grounds
    ) -> events.AssessorExcluded:
        """Take down that somebody does not assess an organisation because of a conflict of interest, of this kind."""
        selection, rule = self._round(name)
        if Exclusion(assessor, organisation) in selection.excluded:
            message = "This assessor does not assess this organisation."
            raise AssessorExcluded(message, "")
        declared = replace(grounds, interest=Interest(kind, (assessor,), EXCLUDED))
        decision = declared.decide(
            "assessor-exclusion",
            f"selection:{name}",
            EXCLUDED,
            concerns=(organisation,),
            rule=rule.ref,
            alternatives=(instead("let-assess", grounds),),
        )
        return self._happen(
            events.AssessorExcluded, decision=decision, round=name, assessor=assessor, organisation=organisation
        )

    def rank_applicants(
        self,
        name: str,
        applicants: Iterable[Applicant],
        grounds: Grounds,
        *,
        order: Sequence[UUID] = (),
        evidence: tuple[Evidence, ...] = (),
    ) -> events.ApplicantsRanked:
        """Rank all applications of a round once no more can come in. evidence: a ranking that others made."""
        selection, rule = self._round(name)
        if self.state.stage is Stage.CALL_OPEN and occasion().now < self._deadline():
            message = "The call is open until its deadline."
            raise CallStillOpen(message)
        competing = [each for each in applicants if self._takes_part(each, selection, rule)]
        if not competing:
            message = "There is no application to rank."
            raise NobodyToRank(message)
        missing = sum(max(selection.assessments - len(counted(selection, each)), 0) for each in competing)
        if missing:
            message = f"There are {missing} assessments too few for {len(competing)} applications."
            raise AssessmentsMissing(message)
        seed = seed_of(self.id, selection)
        ranking = rank(selection, competing, seed, order)
        decision = grounds.decide(
            "ranking",
            f"selection:{name}",
            "ranked",
            concerns=tuple(each.organisation for each in ranking),
            rule=rule.ref,
            evidence=(*map(_application, competing), *evidence),
        )
        return self._happen(
            events.ApplicantsRanked, decision=decision, round=name, ranking=ranking, seed=seed, order=tuple(order)
        )

    def decide_selection(
        self,
        name: str,
        applicants: Iterable[Applicant],
        grounds: Grounds,
        *,
        waiting: int | None = None,
        proofs: Proofs,
        assessments: Mapping[UUID, Assessment],
    ) -> events.SelectionDecided:
        """Admit by rank as far as there are places, put the next on the waiting list, decline the others: all at once.

        Who takes part already or is not eligible gives its place to the next and is declined.

        waiting: how many wait at most, None for all. proofs, assessments: what admissions ask for, by application.
        """
        selection, rule = self._round(name)
        competing = {each.application_id: each for each in applicants if self._takes_part(each, selection, rule)}
        if selection.progress is not Progress.RANKED or not competing.keys() <= {
            each.application for each in selection.ranking
        }:
            message = "The ranking does not hold all applications."
            raise NotRanked(message)
        standing = [each for each in selection.ranking if each.application in competing]
        grounds_against = {
            each.application: why
            for each in standing
            if (why := self._against(competing[each.application], assessments))
        }
        line = [each for each in standing if each.application not in grounds_against]
        against = [each for each in standing if each.application in grounds_against]
        places = len(line) if selection.places is None else selection.places
        until = len(line) if waiting is None else places + waiting
        admitted, waits, beyond = line[:places], line[places:until], (*line[until:], *against)
        decision = grounds.decide(
            "selection-result",
            f"selection:{name}",
            "decided",
            concerns=tuple(each.organisation for each in standing),
            rule=rule.ref,
            alternatives=(instead("repeat", grounds),),
        )
        decided = self._happen(
            events.SelectionDecided,
            decision=decision,
            round=name,
            admitted=tuple(each.application for each in admitted),
            waiting=tuple(each.application for each in waits),
            declined=tuple(each.application for each in beyond),
        )

        def placed(ranked: Ranked, reason_code: str) -> Placed:
            others = alternatives(selection.ranking, ranked.application)
            return Placed(decided.event_id, reason_code, criteria_of(ranked), (), others)

        for each in admitted:
            applicant = competing[each.application]
            self.admit(
                applicant,
                applicant.role,
                (),
                grounds,
                strand=None if self.state.charter.by_country else applicant.strand,
                proofs=proofs,
                placed=placed(each, "ranked-within-places"),
                assessment=assessments.get(each.application, UNTRIED),
            )
        for place, each in enumerate(waits, 1):
            self._wait(competing[each.application], selection, place, placed(each, "ranked-beyond-places"), grounds)
        for each in beyond:
            self.decline_application(
                competing[each.application],
                (),
                grounds,
                assessment=assessments.get(each.application, UNTRIED),
                placed=placed(each, grounds_against.get(each.application, "ranked-beyond-places")),
            )
        return decided

    def _wait(self, applicant: Applicant, selection: Round, place: int, placed: Placed, grounds: Grounds) -> None:
        decision = grounds.decide(
            "waiting-list",
            f"application:{applicant.application_id}",
            events.WAITING,
            concerns=(applicant.organisation_id,),
            rule=self.state.charter.role(applicant.role).ref,
            evidence=(_application(applicant),),
            criteria=placed.criteria,
            alternatives=placed.alternatives,
            follows=placed.follows,
            reason_code=placed.reason_code,
        )
        self._happen(
            events.ApplicationWaitlisted,
            decision=decision,
            organisation=applicant.organisation_id,
            application=applicant.application_id,
            role=applicant.role,
            strand=selection.strand,
            place=place,
        )

    def _selection_rule(self, key: str) -> SelectionRule:
        rule = self.state.charter.selection.get(key)
        if rule is None:
            message = f"The template has no selection {key!r}."
            raise UnknownSelection(message)
        return rule

    def _round(self, name: str) -> tuple[Round, SelectionRule]:
        selection = self.state.selections.rounds.get(name)
        if selection is None:
            message = "There is no such selection, or its criteria are not fixed."
            raise UnknownSelection(message)
        if selection.progress is Progress.DECIDED:
            message = "The selection was decided."
            raise SelectionOver(message)
        return selection, self._selection_rule(selection.rule)

    def _before_deadline(self, grounds: Grounds) -> None:
        if self.state.stage is Stage.DRAFTED:
            return
        when = grounds.decided_at if grounds.looks_back and grounds.decided_at else occasion().now
        too_late = when >= self._deadline()
        if too_late or (self.state.stage is not Stage.CALL_OPEN and not grounds.looks_back):
            message = "The deadline of the call has passed, or the call is closed."
            raise CriteriaTooLate(message)

    def _deadline(self) -> datetime:
        deadline = self.state.selections.deadline
        return deadline.instant("deadline") if deadline is not None else occasion().now

    def _takes_part(self, applicant: Applicant, selection: Round, rule: SelectionRule) -> bool:
        charter = self.state.charter
        strand = applicant.country if charter.by_country else applicant.strand or selection.strand
        return (
            applicant.programme_id == self.id
            and applicant.role in rule.roles
            and strand == selection.strand
            and not applicant.withdrawn
            and str(applicant.application_id) not in self.state.applications
        )

    def _against(self, applicant: Applicant, assessments: Mapping[UUID, Assessment]) -> str:
        """Return the code of why an applicant cannot be admitted whatever its place, empty if it can."""
        member = self.state.participations.get(str(applicant.organisation_id))
        if member is not None and member.active:
            return "takes-part-already"
        rule = self.state.charter.role(applicant.role)
        assessment = assessments.get(applicant.application_id, UNTRIED)
        return "not-eligible" if assessment.needs_exception(rule) else ""


def _application(applicant: Applicant) -> Evidence:
    ref = f"application:{applicant.application_id}"
    return Evidence(ref, applicant.version, applicant.hash, applicant.position)
