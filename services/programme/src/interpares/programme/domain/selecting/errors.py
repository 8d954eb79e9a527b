"""What can stand against a step of a selection."""

from __future__ import annotations

from interpares.common.errors import Conflict, Invalid, NotFound


class UnknownSelection(NotFound):
    """The programme has no such selection procedure, or its criteria are not fixed yet."""

    code = "unknown-selection"


class CriteriaTooLate(Conflict):
    """Criteria are fixed before the deadline of the call, so that nobody can fit them to the applications."""

    code = "criteria-too-late"
    way_out = "Open another call, and fix the criteria before its deadline."


class CriteriaFixedAlready(Conflict):
    """The criteria are fixed, or applications have been assessed by them."""

    code = "criteria-fixed-already"
    way_out = "Before the first assessment, send the id of the decision that fixed them in supersedes."


class CriteriaWithoutWeight(Invalid):
    """At least one criterion has a weight, and a criterion has at least one point."""

    code = "criteria-without-weight"
    way_out = "Give weights and points above zero."


class SelectionOver(Conflict):
    """The selection was decided."""

    code = "selection-over"


class SelectionRunning(Conflict):
    """A selection is under way for this role: all its applicants are decided about at once."""

    code = "selection-running"
    way_out = "Assess and rank the applications, then decide the selection."


class NotInSelection(Conflict):
    """The application does not take part in this selection: another role or strand, withdrawn, or decided."""

    code = "not-in-selection"


class AssessmentNotFitting(Invalid):
    """An assessment gives each criterion its points, from zero to the most there are."""

    code = "assessment-not-fitting"
    way_out = "Give points for every criterion that was fixed, and for no other."


class AssessedAlready(Conflict):
    """This assessor has assessed the application."""

    code = "assessed-already"
    way_out = "Send the id of the earlier assessment in supersedes or corrects."


class AssessorExcluded(Conflict):
    """A conflict of interest was declared, so this assessor does not assess this organisation."""

    code = "assessor-excluded"
    way_out = "Let another member of the jury assess."


class CallStillOpen(Conflict):
    """Applications can still come in."""

    code = "call-still-open"
    way_out = "Wait for the deadline, or close the call."


class AssessmentsMissing(Conflict):
    """Not every application has as many assessments as the criteria ask for."""

    code = "assessments-missing"
    way_out = "Record the assessments that are missing; the comparison shows them."


class NobodyToRank(Conflict):
    """Nobody has applied for this selection."""

    code = "nobody-to-rank"


class TieUnbroken(Conflict):
    """Applications are equal in everything the rule looks at."""

    code = "tie-unbroken"
    way_out = "Decide on their order, and send the application ids in order, best first."


class NotRanked(Conflict):
    """There is no ranking, or applications came in that are not in it."""

    code = "not-ranked"
    way_out = "Rank the applications, then decide."


class NotNextInLine(Conflict):
    """No place is free, or another application stands before this one on the waiting list."""

    code = "not-next-in-line"
    way_out = "Admit the first on the waiting list once a place is free."
