"""What can stand against an accompaniment."""

from __future__ import annotations

from interpares.common.errors import Conflict, Invalid, NotFound


class AccompanimentNotFitting(Invalid):
    """The template knows no such accompaniment: not this rule, for holders of other roles, or by somebody else."""

    code = "accompaniment-not-fitting"
    way_out = (
        "Name a rule of the template, a holder of its role, and as companion another participant or a facilitator."
    )


class ExpertDaysExceeded(Conflict):
    """There are not so many expert days left."""

    code = "expert-days-exceeded"


class ExpertDaysNotFitting(Invalid):
    """Expert days are more than none; fewer than were booked are taken back by naming the booking."""

    code = "expert-days-not-fitting"
    way_out = "Give days with at most two digits after the point; to take days back, name the booking in corrects."


class UnknownAccompaniment(NotFound):
    """This programme has no such accompaniment."""

    code = "unknown-accompaniment"


class AccompanimentEnded(Conflict):
    """The accompaniment has ended."""

    code = "accompaniment-ended"
