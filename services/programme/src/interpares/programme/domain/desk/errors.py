"""What can stand against a decision about the work of the office."""

from __future__ import annotations

from interpares.common.errors import Conflict, Forbidden, Invalid


class NobodySelected(Invalid):
    """A reminder goes to exactly those that were selected; an empty selection means nobody."""

    code = "nobody-selected"
    way_out = "Select at least one of those that have not answered."


class NotWaiting(Invalid):
    """Only who was asked and has not answered can be reminded."""

    code = "not-waiting"
    way_out = "Read again who has not answered, and select among them."


class TaskNotFitting(Invalid):
    """A task is named kind:key, and has an owner of the office and another as deputy."""

    code = "task-not-fitting"
    way_out = "Name people of the office that runs the programme, the deputy another than the owner."


class SignedByPreparer(Forbidden):
    """A draft is signed by another person than whoever wrote it."""

    code = "signed-by-preparer"
    way_out = "Ask a colleague who did not write on it."


class NotSignatory(Forbidden):
    """Only those named as signatories sign drafts of this programme."""

    code = "not-signatory"
    way_out = "Ask one of the signatories, or name others by a decision."


class AlreadyTakenOver(Conflict):
    """This very file was taken over before; nothing was entered twice."""

    code = "already-taken-over"
    way_out = "Correct single decisions, or take over a file that holds only what is missing."


class TakeoverFaulty(Invalid):
    """Some lines of the file cannot be entered as they are; nothing of it was entered."""

    code = "takeover-faulty"
    way_out = "Correct the lines the preview names, and upload the file again."
