"""The chapter on planning: meetings asked for or offered, taken up or declined, planned from duties, changed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from interpares.common.context import occasion
from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.charter import WHOLE
from interpares.programme.domain.duties import Status
from interpares.programme.domain.errors import UnknownDuty, UnknownStrand
from interpares.programme.domain.meetings import events
from interpares.programme.domain.meetings.consequences import Consequences
from interpares.programme.domain.meetings.errors import (
    DatesNotFitting,
    DutyNotAccepted,
    HostFromDuty,
    MeetingChangedMeanwhile,
    MeetingHasDate,
    MeetingNotFitting,
    MeetingNotProposed,
    NothingChanges,
    PartyNotFitting,
    SourceNotFitting,
)
from interpares.programme.domain.meetings.invitations import organisers
from interpares.programme.domain.meetings.meeting import DATES, Details, Meeting, MeetingStatus, differences
from interpares.programme.domain.meetings.rules import OpenedBy
from interpares.programme.domain.moment import later

if TYPE_CHECKING:
    from collections.abc import Mapping

    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.meetings.meeting import Standing
    from interpares.programme.domain.meetings.rules import Occasion

SENSIBLE = (1900, 2200)  # years; deadlines are counted from days that a calendar has


@dataclass(frozen=True)
class Changes:
    """What is to be different: fields of the details by name, another host, another organiser; None leaves a party."""

    details: Mapping[str, Any] = field(default_factory=dict)
    host: UUID | None = None
    organiser: UUID | None = None


@dataclass(frozen=True)
class Wish:
    """A meeting without a duty: by which rule, of which format, where, out of what, and who has a part in it.

    strand: empty for that of the meeting it follows, else of whoever asks, else the whole programme.
    """

    occasion: str
    format: str
    details: Details
    strand: str = ""
    follows: str = ""
    host: UUID | None = None
    organiser: UUID | None = None


class Planning(Consequences):
    """How meetings come about."""

    def plan_from_duty(
        self, meeting_id: UUID, duty_id: str, organiser: UUID | None, details: Details, grounds: Grounds
    ) -> events.MeetingPlanned:
        """Plan the meeting of a duty that has its host. organiser: where the rule leaves a choice."""
        duty = self.state.duties.get(duty_id)
        if duty is None:
            message = "The ledger of this programme has no such duty."
            raise UnknownDuty(message)
        if duty.status is not Status.ACCEPTED:
            message = f"The duty {duty.id} is {duty.status}."
            raise DutyNotAccepted(message)
        planned = Meeting(
            id=meeting_id,
            revision=0,
            status=MeetingStatus.PLANNED,
            rule=f"hosting.{duty.rule}",
            format=duty.format,
            strand=duty.strand,
            duty=duty.id,
            host=duty.host,
            organiser=self._organiser(f"hosting.{duty.rule}", duty.host, duty.strand, organiser),
            asked_by=None,
            follows="",
            details=self._fitting(duty.format, details, grounds),
        )
        decision = self._about(
            "meeting-planning", "planned", planned, grounds, alternatives=(instead("not-plan", grounds),)
        )
        told = self._tell(events.MeetingPlanned, decision, None, planned)
        self._schedule(told.meeting, grounds, follows=told.event_id)
        return told

    def plan_on_occasion(self, meeting_id: UUID, wish: Wish, grounds: Grounds) -> events.MeetingPlanned:
        """Plan a meeting nobody owes, without anybody having asked for it."""
        planned = self._wished(meeting_id, wish, None, grounds)
        host = self._party(wish.host, "host_id")
        organiser = self._organiser(planned.rule, host, planned.strand, wish.organiser)
        planned = replace(planned, status=MeetingStatus.PLANNED, host=host, organiser=organiser)
        decision = self._about(
            "meeting-planning", "planned", planned, grounds, alternatives=(instead("not-plan", grounds),)
        )
        return self._tell(events.MeetingPlanned, decision, None, planned)

    def propose(self, meeting_id: UUID, organisation: UUID, wish: Wish, grounds: Grounds) -> events.MeetingProposed:
        """Ask for a meeting, or offer to host one; the office takes it up or declines."""
        member = self._member(organisation)
        rule = self.state.charter.meetings.occasion(wish.occasion)
        if rule.roles and set(rule.roles).isdisjoint(member.roles):
            message = "The organisation holds none of the roles that may ask for this meeting."
            raise PartyNotFitting(message, field="organisation_id")
        wished = self._wished(meeting_id, wish, organisation, grounds)
        host = organisation if rule.opened_by is OpenedBy.OFFER else None
        wished = replace(wished, host=host)
        decision = self._about(
            "meeting-proposal", "proposed", wished, grounds, alternatives=(instead("not-ask", grounds),)
        )
        return self._tell(events.MeetingProposed, decision, None, wished, opened_by=rule.opened_by.value)

    def take_up(self, meeting_id: UUID, changes: Changes, grounds: Grounds) -> events.MeetingPlanned:
        """Plan a meeting that was asked for or offered, as it was or changed."""
        standing = self._proposed(meeting_id)
        meeting = standing.meeting
        host = self._party(changes.host, "host_id") or meeting.host
        planned = replace(
            meeting,
            status=MeetingStatus.PLANNED,
            host=host,
            organiser=self._organiser(meeting.rule, host, meeting.strand, changes.organiser),
            details=self._fitting(meeting.format, replace(meeting.details, **changes.details), grounds),
        )
        decision = self._about(
            "meeting-planning", "taken-up", planned, grounds, alternatives=(instead("decline", grounds),)
        )
        return self._tell(events.MeetingPlanned, decision, standing, planned)

    def refuse_proposal(self, meeting_id: UUID, grounds: Grounds) -> events.MeetingRefused:
        """Decline a meeting that was asked for."""
        return self._refuse(meeting_id, MeetingStatus.DECLINED, "take-up", grounds)

    def withdraw_proposal(self, meeting_id: UUID, grounds: Grounds) -> events.MeetingRefused:
        """Take back that a meeting was asked for."""
        return self._refuse(meeting_id, MeetingStatus.WITHDRAWN, "keep-asking", grounds)

    def change_meeting(
        self, meeting_id: UUID, changes: Changes, revision: int | None, grounds: Grounds
    ) -> events.MeetingChanged:
        """Change a meeting; what both sides agreed on is agreed anew, and what was confirmed is only planned then.

        revision: of the meeting as whoever changes it has read it, None if that does not matter.
        """
        standing = self._one_ahead(meeting_id)
        meeting = standing.meeting
        if revision is not None and revision != meeting.revision:
            message = f"The meeting has revision {meeting.revision} now."
            raise MeetingChangedMeanwhile(message)
        if changes.host is not None and meeting.duty and changes.host != meeting.host:
            message = "The host of this meeting follows from its duty."
            raise HostFromDuty(message)
        host = self._party(changes.host, "host_id") or meeting.host
        organiser = meeting.organiser
        if changes.organiser is not None:
            organiser = self._organiser(meeting.rule, host, meeting.strand, changes.organiser)
        details = replace(meeting.details, **changes.details)
        changed = replace(meeting, host=host, organiser=organiser, details=details)
        different = differences(meeting, changed)
        if not different:
            message = "The meeting is like this already."
            raise NothingChanges(message)
        if meeting.details.starts is not None and not DATES.isdisjoint(different):
            message = "The meeting has its dates."
            raise MeetingHasDate(message)
        self._check(meeting.format, details, grounds, anew=not DATES.isdisjoint(different), before=meeting.details)
        decision = self._about(
            "meeting-change", "changed", changed, grounds, alternatives=(instead("leave-as-is", grounds),)
        )
        return self._tell(events.MeetingChanged, decision, standing, changed)

    def _refuse(self, meeting_id: UUID, status: MeetingStatus, other: str, grounds: Grounds) -> events.MeetingRefused:
        standing = self._proposed(meeting_id)
        refused = replace(standing.meeting, status=status)
        decision = self._about(
            "meeting-refusal", status.value, refused, grounds, alternatives=(instead(other, grounds),)
        )
        return self._tell(events.MeetingRefused, decision, standing, refused)

    def _proposed(self, meeting_id: UUID) -> Standing:
        return self._one_that_is({MeetingStatus.PROPOSED}, meeting_id, MeetingNotProposed)

    def _wished(self, meeting_id: UUID, wish: Wish, asked_by: UUID | None, grounds: Grounds) -> Meeting:
        self._running()
        rule = self.state.charter.meetings.occasion(wish.occasion)
        if wish.format not in rule.formats:
            message = "The rule of this meeting does not have this format."
            raise MeetingNotFitting(message, field="format")
        source = self._source(rule, wish.follows)
        return Meeting(
            id=meeting_id,
            revision=0,
            status=MeetingStatus.PROPOSED,
            rule=f"meetings.{rule.key}",
            format=wish.format,
            strand=self._strand_of(wish.strand, source, asked_by),
            duty="",
            host=None,
            organiser=None,
            asked_by=asked_by,
            follows=wish.follows,
            details=self._fitting(wish.format, wish.details, grounds),
        )

    def _source(self, rule: Occasion, follows: str) -> str:
        """Return the strand of the meeting that another grows out of, empty where it grows out of none."""
        kind, _, key = follows.partition(":")
        status, _, strand = self.state.meetings.over.get(key, "").partition(":")
        if kind == "meeting" and status == MeetingStatus.HELD:
            return strand
        if (kind == "output" and key in self.state.outputs) or (
            not follows and rule.opened_by is not OpenedBy.FOLLOW_UP
        ):
            return ""
        message = "The meeting does not grow out of anything that was held or found here."
        raise SourceNotFitting(message, field="follows")

    def _strand_of(self, wanted: str, source: str, asked_by: UUID | None) -> str:
        if wanted and wanted not in {WHOLE, *self.state.charter.strands, *self.state.pairs}:
            message = "The programme has no such strand."
            raise UnknownStrand(message, field="strand")
        member = self.state.participations.get(str(asked_by))
        own = member.strands if member else ()
        # Who belongs to several pairs, or to none yet, asks for the whole programme unless it says more.
        return wanted or source or (own[0] if len(own) == 1 else WHOLE)

    def _party(self, organisation: UUID | None, where: str) -> UUID | None:
        member = self.state.participations.get(str(organisation))
        if organisation in {None, self.state.office} or (member is not None and member.active):
            return organisation
        message = "The organisation does not take part in this programme."
        raise PartyNotFitting(message, field=where)

    def _organiser(self, rule: str, host: UUID | None, strand: str, wanted: UUID | None) -> UUID | None:
        """Return who organises: by the hosting rule; of a meeting nobody owes the office, unless another is wanted."""
        section, _, key = rule.partition(".")
        if section != "hosting":
            return self._party(wanted, "organiser_id") or self.state.office
        owed = self.state.charter.hosting[key]
        able = organisers(owed, host, None if strand == WHOLE else strand, self.state)
        if wanted is not None and wanted not in able:
            message = "The rule of this meeting lets another organisation organise it."
            raise PartyNotFitting(message, field="organiser_id")
        return wanted or (able[0] if len(able) == 1 else None)

    def _fitting(self, form: str, details: Details, grounds: Grounds) -> Details:
        """Return details completed from the format. Raises what ``_check`` raises."""
        rule = self.state.charter.meetings.forms[form]
        completed = replace(
            details,
            audiences=details.audiences or rule.audiences,
            themes=details.themes or ((rule.theme,) if rule.theme else ()),
        )
        self._check(form, completed, grounds, anew=True)
        return completed

    def _check(
        self, form: str, details: Details, grounds: Grounds, *, anew: bool, before: Details | None = None
    ) -> None:
        """Raise MeetingNotFitting or DatesNotFitting; new dates lie ahead unless the decision looks back.

        before: what it was like; an amendment of the rules does not undo what was fitting then.
        """
        rules = self.state.charter.meetings
        kept = {*before.audiences, *before.themes} if before else set()
        if rules.forms[form].modes and details.mode.value not in rules.forms[form].modes:
            message = "The format does not allow this mode."
            raise MeetingNotFitting(message, field="mode")
        for where, given, known in (
            ("audiences", details.audiences, rules.audiences),
            ("themes", details.themes, rules.themes),
        ):
            if not set(given) <= {*known, *kept}:
                message = f"The template does not define all of these {where}."
                raise MeetingNotFitting(message, field=where)
        for where, value in {"starts": details.starts, "ends": details.ends, "zone": details.zone or None}.items():
            if (value is None) != (details.starts is None and details.ends is None and not details.zone):
                message = "The dates are not complete."
                raise DatesNotFitting(message, field=where)
        begins, finishes = details.begins(), details.finishes()
        if begins is None or finishes is None:
            return
        if not SENSIBLE[0] <= begins.year <= SENSIBLE[1] or finishes.year > SENSIBLE[1]:
            message = "No meeting takes place in that year."
            raise DatesNotFitting(message, field="starts")
        if finishes <= begins:
            message = "The meeting would end before it starts."
            raise DatesNotFitting(message, field="ends")
        if anew and not grounds.looks_back:
            later(begins, occasion().now, "starts")
