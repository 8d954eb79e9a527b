"""What can stand against a decision about an output."""

from __future__ import annotations

from interpares.common.errors import Conflict, Invalid, NotFound


class UnknownOutput(NotFound):
    """This programme has no such output."""

    code = "unknown-output"


class UnknownSource(Invalid):
    """An output comes from a meeting, a review, or an earlier output of the same programme."""

    code = "unknown-source"
    way_out = "Name the source as meeting:<id>, review:<id> or output:<id>."


class ScheduleNotFitting(Invalid):
    """Checks come so many whole months after the day an output is due, each once, for an owner."""

    code = "schedule-not-fitting"
    way_out = "Give an owner and a day, and up to 12 different numbers of months from 1 to 120."


class OutputSettled(Conflict):
    """The output is done or was dropped; nothing about it is open any more."""

    code = "output-settled"
    way_out = "Record what comes next as an output of its own, with this one as its source."


class NoFollowUpMeeting(Conflict):
    """Only an output of the kind follow-up-meeting becomes a meeting, and only once."""

    code = "no-follow-up-meeting"


class UnknownCheck(NotFound):
    """No such check is planned for this output."""

    code = "unknown-check"


class CheckNotOpen(Conflict):
    """The check was answered before, is not due yet, or nobody needs its answer any more."""

    code = "check-not-open"


class UnknownOwner(Invalid):
    """An output is taken care of by an organisation that is registered, whether it takes part or not."""

    code = "unknown-owner"
    way_out = "Register the organisation first."
