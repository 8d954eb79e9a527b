"""The chapter on what becomes of planned meetings: confirmed at the gate, rescheduled, cancelled, held, recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from interpares.common.context import occasion
from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.decision import Evidence
from interpares.programme.domain.duties import Status
from interpares.programme.domain.meetings import events
from interpares.programme.domain.meetings.agreeing import Agreeing
from interpares.programme.domain.meetings.deadlines import deadlines, moved
from interpares.programme.domain.meetings.errors import (
    GateClosed,
    MeetingAlreadyConfirmed,
    MeetingBegun,
    MeetingNotConfirmed,
    MeetingNotOver,
    NothingChanges,
    PartyNotFitting,
)
from interpares.programme.domain.meetings.invitations import invited
from interpares.programme.domain.meetings.meeting import MeetingStatus, Mode
from interpares.programme.domain.meetings.planning import Planning
from interpares.programme.domain.meetings.requiring import day_of
from interpares.programme.domain.meetings.rules import DueBefore

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date, datetime
    from uuid import UUID

    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.meetings.meeting import Meeting, Standing
    from interpares.programme.domain.meetings.prerequisites import Assessment, Proofs

# At the gate a host has to stand to all that was due before it, also to what it had shown once and has no longer.
OF_THE_HOST = (DueBefore.ADMISSION, DueBefore.OFFER, DueBefore.ACCEPTANCE, DueBefore.CONFIRMED)


@dataclass(frozen=True)
class Gate:
    """What stands between a meeting and its confirmation.

    lacks: codes of what is missing of the meeting itself. unapproved: sides that have not approved. due: how the host
    stands to its prerequisites. coming: how host and invited stand to those due before the meeting is held.
    """

    lacks: tuple[str, ...]
    unapproved: tuple[UUID, ...]
    due: Assessment
    coming: Assessment

    @property
    def open(self) -> bool:
        """Tell whether the meeting can be confirmed."""
        return not self.lacks and not self.due.missing


class Convening(Planning, Agreeing):
    """What becomes of meetings."""

    def gate(self, meeting_id: UUID, proofs: Proofs, day: date) -> Gate:
        """Return what is missing before a meeting can be confirmed on a day."""
        return self._gate(self._one_ahead(meeting_id), proofs, day)

    def confirm_meeting(self, meeting_id: UUID, proofs: Proofs, grounds: Grounds) -> events.MeetingConfirmed:
        """Confirm a meeting both sides agree on, whose host has shown what it has to show."""
        standing = self._one_ahead(meeting_id)
        meeting, agreed = standing.meeting, standing.agreement
        if meeting.status is MeetingStatus.CONFIRMED:
            message = "The meeting is confirmed."
            raise MeetingAlreadyConfirmed(message)
        gate = self._gate(standing, proofs, day_of(grounds))
        if not gate.open or agreed is None:
            raise GateClosed(gate.lacks, gate.due.missing)
        begins = meeting.details.begins()
        if begins is not None and begins <= occasion().now and not grounds.looks_back:
            message = "The meeting has begun."
            raise MeetingBegun(message)
        confirmed = replace(meeting, status=MeetingStatus.CONFIRMED)
        decision = self._about(
            "meeting-confirmation",
            "confirmed",
            confirmed,
            grounds,
            evidence=(Evidence(f"agreement:{meeting.id}", agreed.version, agreed.hash, 0), *gate.due.evidence),
            alternatives=(instead("not-confirm", grounds),),
        )
        return self._tell(
            events.MeetingConfirmed, decision, standing, confirmed, version=agreed.version, hash=agreed.hash
        )

    def reschedule(
        self, meeting_id: UUID, starts: datetime, ends: datetime, zone: str, grounds: Grounds
    ) -> events.MeetingRescheduled:
        """Move a meeting that has dates; only who owes a deadline that moves with it is told of deadlines."""
        standing = self._one_ahead(meeting_id)
        meeting = standing.meeting
        notice = (meeting.details.begins() or occasion().now) - occasion().now
        if meeting.details.starts is None:
            message = "The meeting has no dates yet."
            raise MeetingNotConfirmed(message, "Change the meeting to give it dates.")
        details = replace(meeting.details, starts=starts, ends=ends, zone=zone)
        if details == meeting.details:
            message = "The meeting has these dates."
            raise NothingChanges(message)
        self._check(meeting.format, details, grounds, anew=True)
        later = replace(meeting, details=details)
        shifted = moved(deadlines(meeting, self.state), deadlines(later, self.state), invited(meeting, self.state))
        decision = self._about(
            "meeting-rescheduling", "rescheduled", later, grounds, alternatives=(instead("keep-dates", grounds),)
        )
        return self._tell(
            events.MeetingRescheduled,
            decision,
            standing,
            later,
            moved=shifted,
            told=tuple(dict.fromkeys(each for deadline in shifted for each in deadline.organisations)),
            notice_days=notice.days,
        )

    def cancel_meeting(self, meeting_id: UUID, grounds: Grounds) -> events.MeetingCancelled:
        """Call a meeting off; whoever owes it owes it still."""
        standing = self._one_ahead(meeting_id)
        gone = replace(standing.meeting, status=MeetingStatus.CANCELLED)
        decision = self._about(
            "meeting-cancellation",
            "cancelled",
            gone,
            grounds,
            alternatives=(instead("reschedule", grounds), instead("go-ahead", grounds)),
        )
        begins = gone.details.begins()
        notice = None if begins is None else (begins - occasion().now).days
        told = self._tell(events.MeetingCancelled, decision, standing, gone, notice_days=notice)
        if self._duty_has(gone.duty, Status.SCHEDULED):
            self._move_duty(events.DutyReturned, "duty-return", "accepted", gone, grounds, follows=told.event_id)
        return told

    def hold(
        self, meeting_id: UUID, attended: tuple[UUID, ...], proofs: Proofs, grounds: Grounds
    ) -> events.MeetingHeld:
        """Record that a meeting took place, and which organisations were there besides the host.

        A decision that looks back records a meeting that was never confirmed here as well.
        """
        standing = self._one_ahead(meeting_id)
        meeting = standing.meeting
        finishes = meeting.details.finishes()
        told_later = grounds.looks_back and meeting.host is not None
        if finishes is None or not (meeting.status is MeetingStatus.CONFIRMED or told_later):
            message = "The meeting was not confirmed."
            raise MeetingNotConfirmed(message)
        if finishes > occasion().now:
            message = "The meeting has not ended yet."
            raise MeetingNotOver(message)
        there = tuple(dict.fromkeys(each for each in (meeting.host, *attended) if each is not None))
        self._were_invited(meeting, there)
        held = replace(meeting, status=MeetingStatus.HELD)
        decision = self._about(
            "meeting-holding",
            "held",
            held,
            grounds,
            evidence=self._required(DueBefore.HELD, self._roles_of(*there), proofs, grounds),
            alternatives=(instead("not-held", grounds),),
        )
        told = self._tell(events.MeetingHeld, decision, standing, held, attended=there)
        if self._duty_has(meeting.duty, Status.SCHEDULED):
            self._move_duty(events.DutyHeld, "duty-fulfilment", "held", held, grounds, follows=told.event_id)
        self._attendance_known(grounds, follows=told.event_id)
        return told

    def _were_invited(self, meeting: Meeting, there: tuple[UUID, ...], also: Collection[UUID] = ()) -> None:
        could = {meeting.host, meeting.organiser, self.state.office, *invited(meeting, self.state)}
        # Who left since may have been there.
        could |= {*also, *(member.organisation for member in self.state.participations.values())}
        for index, organisation in enumerate(there):
            if organisation not in could:
                message = "The organisation was not invited to this meeting."
                raise PartyNotFitting(message, field=f"attended.{max(index - 1, 0)}")

    def _gate(self, standing: Standing, proofs: Proofs, day: date) -> Gate:
        meeting = standing.meeting
        agreed = standing.agreement
        coming = self._roles_of(meeting.host, *invited(meeting, self.state))
        return Gate(
            lacks=tuple(_lacks(standing)),
            unapproved=agreed.lacks if agreed else (),
            due=self._assess(OF_THE_HOST, self._roles_of(meeting.host), proofs, day),
            coming=self._assess((DueBefore.HELD,), coming, proofs, day),
        )


def _lacks(standing: Standing) -> Iterator[str]:
    meeting = standing.meeting
    details = meeting.details
    if meeting.host is None:
        yield "host"
    if meeting.organiser is None:
        yield "organiser"
    if details.starts is None:
        yield "dates"
    if details.mode is not Mode.ONLINE:
        if details.venue is None:
            yield "venue"
        elif not details.venue.address:
            yield "address"
    if standing.agreement is None:
        yield "agreement"
    elif standing.agreement.lacks:
        yield "approval"
