"""What can stand against a step in the course of a programme."""

from __future__ import annotations

from interpares.common.errors import Conflict, Invalid, NotFound


class AgreementIncomplete(Invalid):
    """The joint workshop agrees goals, themes, activities, costs, schedule and responsibilities, all of them."""

    code = "agreement-incomplete"
    way_out = "Name what was agreed on each point, by the keys of the template and by participants."


class TermNotFitting(Invalid):
    """The term has no day, or not the days the template gives."""

    code = "term-not-fitting"
    way_out = "Give the first day, and the last where the template does not tell it."


class PhaseNotFitting(Conflict):
    """Phases follow each other in the order of the template, and each begins once."""

    code = "phase-not-fitting"


class UnknownDeliverable(NotFound):
    """The template of this programme asks for no such deliverable."""

    code = "unknown-deliverable"


class DeliverableNotOwed(Conflict):
    """The deliverable is asked of holders of other roles."""

    code = "deliverable-not-owed"


class DeliverableNotOpen(Conflict):
    """The deliverable waits for another step: it is handed in first, then accepted or sent back, once."""

    code = "deliverable-not-open"


class UnknownIndicator(NotFound):
    """The template of this programme has no such goal or indicator."""

    code = "unknown-indicator"


class MeasuredLater(Invalid):
    """A value is measured on a day that has come."""

    code = "measured-later"
