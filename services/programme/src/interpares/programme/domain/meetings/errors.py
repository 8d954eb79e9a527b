"""What can stand against a decision about a meeting; a family of ``interpares.programme.domain.errors``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.errors import Conflict, Forbidden, Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from interpares.programme.domain.meetings.prerequisites import Missing


class UnknownOccasion(Invalid):
    """The template of this programme has no such meeting without a duty."""

    code = "unknown-occasion"
    way_out = "Choose one of the meetings of the programme's template, or plan the meeting from a hosting duty."


class MeetingNotFitting(Invalid):
    """What the meeting is to be like does not fit the template: its format, mode, audiences or themes."""

    code = "meeting-not-fitting"
    way_out = "Choose among what the template of the programme allows."


class DatesNotFitting(Invalid):
    """A meeting has a start, an end after it, and a time zone, or none of the three; what is planned lies ahead."""

    code = "dates-not-fitting"
    way_out = "Give starts, ends and zone together, the end after the start."


class PartyNotFitting(Invalid):
    """An organisation cannot have this part in the meeting: its rule or its participation does not allow it."""

    code = "party-not-fitting"
    way_out = "Name an organisation that takes part in the programme and that the rule of the meeting allows."


class SourceNotFitting(Invalid):
    """A follow-up grows out of a meeting of this programme that was held, or out of an output."""

    code = "source-not-fitting"
    way_out = "Name a meeting that was held as meeting:<id>, or an output as output:<id>."


class CounterpartMissing(Invalid):
    """An agreement has two sides; the office that hosts and organises a meeting needs somebody to agree with."""

    code = "counterpart-missing"
    way_out = "Name in terms.counterpart the organisation that the office agrees with."


class NothingChanges(Conflict):
    """The meeting, or its agreement, is like this already."""

    code = "nothing-changes"


class MeetingNotAhead(Conflict):
    """The meeting is not planned or confirmed: it was only asked for, or it is over, or it was cancelled."""

    code = "meeting-not-ahead"


class MeetingNotHeld(Conflict):
    """The meeting has not been held, so nobody was there."""

    code = "meeting-not-held"
    way_out = "Record that it was held, and who was there."


class MeetingNotProposed(Conflict):
    """The meeting does not wait for an answer: it was taken up, declined or withdrawn before."""

    code = "meeting-not-proposed"


class MeetingNotConfirmed(Conflict):
    """The meeting is not confirmed, or it has no date yet."""

    code = "meeting-not-confirmed"
    way_out = "Confirm the meeting first; one that took place unconfirmed is recorded as looking back."


class MeetingAlreadyConfirmed(Conflict):
    """The meeting is confirmed."""

    code = "meeting-already-confirmed"


class MeetingNotOver(Conflict):
    """A meeting cannot have been held before its end."""

    code = "meeting-not-over"
    way_out = "Record it as held once it has ended."


class MeetingBegun(Conflict):
    """The start of the meeting has passed."""

    code = "meeting-begun"
    way_out = "Reschedule the meeting, or record that it was held."


class MeetingHasDate(Conflict):
    """The dates of a confirmed meeting are not changed in passing: all who are affected have to be told."""

    code = "meeting-has-date"
    way_out = "Reschedule the meeting."


class MeetingChangedMeanwhile(Conflict):
    """Somebody else changed the meeting after you had read it."""

    code = "meeting-changed-meanwhile"
    way_out = "Read the meeting again, and repeat the change with its new revision."


class DutyNotAccepted(Conflict):
    """A meeting is planned from a hosting duty that has its host and no meeting yet."""

    code = "duty-not-accepted"
    way_out = "Let a host accept the duty first; a duty that has a meeting needs no other."


class HostFromDuty(Conflict):
    """Who hosts a meeting that is owed follows from its duty."""

    code = "host-from-duty"
    way_out = "Release the duty, and let another organisation accept it."


class NoParties(Conflict):
    """Nobody can agree on a meeting that has no host or no organiser yet."""

    code = "no-parties"
    way_out = "Find the host and the organiser first."


class NoAgreement(Conflict):
    """There is no agreement on this meeting that could be approved."""

    code = "no-agreement"
    way_out = "Draft the agreement first."


class NotASide(Forbidden):
    """The organisation is none of the two sides of this agreement."""

    code = "not-a-side"


class AgreementStale(Conflict):
    """The agreement was changed: another version than the one you read is current."""

    code = "agreement-stale"
    way_out = "Read the current version, and approve its hash."


class AlreadyApproved(Conflict):
    """This side has approved the current version."""

    code = "already-approved"


class GateClosed(Conflict):
    """Something that has to be there before the meeting is confirmed is missing; the problem lists all of it."""

    code = "gate-closed"
    way_out = "Bring what is listed; for a prerequisite the office can grant an exception that has a reason and an end."

    def __init__(self, lacks: Iterable[str], missing: Iterable[Missing]) -> None:
        """List what is missing of the meeting itself, by code, and the prerequisites that are not met."""
        super().__init__("The meeting cannot be confirmed yet.")
        self.items = (
            *({"field": lack, "message": LACKS[lack]} for lack in lacks),
            *_listed(missing),
        )


class PrerequisitesMissing(Conflict):
    """An organisation has not met a prerequisite that is due before this decision; the problem lists all of them."""

    code = "prerequisites-missing"
    way_out = "Have what is listed confirmed in registration, or let the office grant an exception that has an end."

    def __init__(self, missing: Iterable[Missing]) -> None:
        """List the prerequisites that are not met."""
        super().__init__("Prerequisites are missing.")
        self.items = tuple(_listed(missing))


class UnknownPrerequisite(Invalid):
    """The template of this programme has no such prerequisite."""

    code = "unknown-prerequisite"
    way_out = "Choose one of the prerequisites of the programme's template."


class ExceptionNotFitting(Invalid):
    """An exception ends on a day that has not passed."""

    code = "exception-not-fitting"
    way_out = "Give a last day that lies ahead."


class NoException(Conflict):
    """There is no exception for this organisation and prerequisite that could be ended."""

    code = "no-exception"


class UnknownMeeting(NotFound):
    """This programme has no such meeting."""

    code = "unknown-meeting"


LACKS = {
    "host": "Nobody hosts the meeting.",
    "organiser": "Nobody organises the meeting.",
    "dates": "The meeting has no dates.",
    "venue": "The meeting has no venue.",
    "address": "The venue has no address.",
    "agreement": "There is no agreement between the two sides.",
    "approval": "A side has not approved the current version of the agreement.",
}


def _listed(missing: Iterable[Missing]) -> Iterable[dict[str, str]]:
    return ({"field": f"prerequisites.{each.prerequisite}", "message": each.says()} for each in missing)
