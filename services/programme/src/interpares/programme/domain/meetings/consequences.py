"""How decisions about meetings are told, and what happens to meetings when their duty or their host changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from interpares.common.context import occasion
from interpares.programme.domain.duties import Status
from interpares.programme.domain.meetings import events
from interpares.programme.domain.meetings.agreement import sides, version
from interpares.programme.domain.meetings.deadlines import deadlines
from interpares.programme.domain.meetings.errors import MeetingNotAhead, UnknownMeeting
from interpares.programme.domain.meetings.invitations import hosting_rule, invited, invited_by_attendance
from interpares.programme.domain.meetings.meeting import (
    AHEAD,
    MeetingStatus,
    Standing,
    differences,
    guest_list_digest,
)
from interpares.programme.domain.meetings.requiring import Requiring
from interpares.programme.domain.meetings.rules import HOST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from interpares.common.errors import DomainError
    from interpares.programme.domain.decision import Alternative, Decision, Evidence, RuleRef
    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.meetings.agreement import Version
    from interpares.programme.domain.meetings.meeting import Meeting

E = TypeVar("E", bound=events.MeetingEvent)


class Consequences(Requiring):
    """What follows for meetings, and what all decisions about them share."""

    def _host_left(self, duty: str, grounds: Grounds, *, follows: UUID) -> None:
        """Take the host, and whoever organised as the host, from the meeting of a duty."""
        for standing in self._ahead_of(duty):
            self._without(standing, {standing.meeting.host}, grounds, follows=follows)

    def _host_came(self, duty: str, host: UUID, grounds: Grounds, *, follows: UUID) -> None:
        """Give the meeting that a duty kept without a host its new host."""
        for standing in self._ahead_of(duty):
            meeting = standing.meeting
            by = self.state.charter.hosting[self.state.duties[duty].rule].organiser
            organiser = host if by == HOST else meeting.organiser
            found = replace(meeting, host=host, organiser=organiser)
            decision = self._about("meeting-host", "found", found, grounds, follows=follows, reason_code="host-found")
            self._tell(events.MeetingChanged, decision, standing, found)
            self._schedule(found, grounds, follows=follows)

    def _duty_lapsed(self, duty: str, grounds: Grounds, *, follows: UUID) -> None:
        """Cancel the meeting of a duty that lapses."""
        for standing in self._ahead_of(duty):
            gone = replace(standing.meeting, status=MeetingStatus.CANCELLED)
            decision = self._about(
                "meeting-cancellation", "cancelled", gone, grounds, follows=follows, reason_code="duty-lapsed"
            )
            self._tell(events.MeetingCancelled, decision, standing, gone, notice_days=notice_days(gone))

    def _party_left(self, organisation: UUID, grounds: Grounds, *, follows: UUID, role: str = "") -> None:
        """Take an organisation out of the meetings it hosts or organises; those it organises in a role, where given."""
        for standing in self._meetings_ahead():
            meeting = standing.meeting
            rule = hosting_rule(meeting, self.state)
            in_role = rule is not None and rule.organiser_role == role
            if organisation in {meeting.host, meeting.organiser} and (not role or in_role):
                parties = {meeting.organiser} if role else {meeting.host, meeting.organiser}
                self._without(standing, parties & {organisation}, grounds, follows=follows)

    def _attendance_known(self, grounds: Grounds, *, follows: UUID) -> None:
        """Invite whoever may come now to the meetings that are for those who were at others."""
        for standing in self._meetings_ahead():
            meeting = standing.meeting
            if not invited_by_attendance(meeting, self.state):
                continue
            if guest_list_digest(invited(meeting, self.state)) == standing.invited:
                continue
            decision = self._about(
                "meeting-change", "changed", meeting, grounds, follows=follows, reason_code="attendance-known"
            )
            self._tell(events.MeetingChanged, decision, standing, meeting)

    def _without(self, standing: Standing, gone: set[UUID | None], grounds: Grounds, *, follows: UUID) -> None:
        meeting = standing.meeting
        host = None if meeting.host in gone else meeting.host
        organiser = None if meeting.organiser in gone else meeting.organiser
        if (host, organiser) == (meeting.host, meeting.organiser):
            return
        left = replace(meeting, host=host, organiser=organiser, status=MeetingStatus.PLANNED)
        decision = self._about("meeting-host", "lost", meeting, grounds, follows=follows, reason_code="party-left")
        self._tell(events.MeetingChanged, decision, standing, left)

    def _schedule(self, meeting: Meeting, grounds: Grounds, *, follows: UUID) -> None:
        self._move_duty(events.DutyScheduled, "duty-scheduling", "scheduled", meeting, grounds, follows=follows)

    def _move_duty(
        self,
        event_class: type[Any],
        decision_type: str,
        outcome: str,
        meeting: Meeting,
        grounds: Grounds,
        *,
        follows: UUID,
    ) -> None:
        decision = grounds.decide(
            decision_type,
            f"duty:{meeting.duty}",
            outcome,
            concerns=meeting.concerned,
            rule=self._rule_of(meeting),
            follows=follows,
            reason_code=f"meeting-{meeting.status}",
        )
        self._happen(event_class, decision=decision, duty=meeting.duty, meeting=meeting.id)

    def _about(
        self,
        decision_type: str,
        outcome: str,
        meeting: Meeting,
        grounds: Grounds,
        *,
        evidence: tuple[Evidence, ...] = (),
        alternatives: tuple[Alternative, ...] = (),
        follows: UUID | None = None,
        reason_code: str = "",
    ) -> Decision:
        return grounds.decide(
            decision_type,
            meeting.subject,
            outcome,
            concerns=meeting.concerned,
            rule=self._rule_of(meeting),
            evidence=evidence,
            alternatives=alternatives,
            follows=follows,
            reason_code=reason_code,
        )

    def _tell(
        self, event_class: type[E], decision: Decision, before: Standing | None, after: Meeting, **more: Any
    ) -> E:
        """Trigger an event about a meeting, with all that follows from it."""
        revised = self._settled(before, after) if before else after
        made, void = self._agreed(before, revised) if before else (None, False)
        guests = invited(revised, self.state)
        changed: tuple[str, ...] = ()
        if before:
            other_guests = guest_list_digest(guests) != before.invited
            changed = (*differences(before.meeting, revised), *(("invited",) if other_guests else ()))
        return self._happen(
            event_class,
            decision=decision,
            meeting=replace(revised, revision=before.meeting.revision + 1 if before else 1),
            invited=guests,
            changed=changed,
            due=deadlines(revised, self.state) if revised.status in AHEAD | {MeetingStatus.HELD} else (),
            agreement=made,
            void=void,
            **more,
        )

    def _settled(self, before: Standing, after: Meeting) -> Meeting:
        """Return a meeting; one that was confirmed is only planned again where it is not what both sides agreed."""
        made, void = self._agreed(before, after)
        touched = after.status is MeetingStatus.CONFIRMED and (void or made is not None)
        return replace(after, status=MeetingStatus.PLANNED) if touched else after

    def _agreed(self, before: Standing, after: Meeting) -> tuple[Version | None, bool]:
        """Return the version of the agreement that a change makes, if any, and whether it voids the agreement."""
        agreed = before.agreement
        if agreed is None:
            return None, False
        counterpart = agreed.terms["counterpart"]
        two = sides(after, self.state.office, UUID(counterpart) if counterpart else None)
        if len(two) < 2:  # noqa: PLR2004 -- it takes two
            return None, True
        made = version(before.versions + 1, after, two, agreed.terms)
        return (None if made.hash == agreed.hash else made), False

    def _one_ahead(self, meeting_id: UUID) -> Standing:
        return self._one_that_is(AHEAD, meeting_id, MeetingNotAhead)

    def _one_that_is(
        self, wanted: Collection[MeetingStatus], meeting_id: UUID, otherwise: type[DomainError]
    ) -> Standing:
        """Return a meeting in one of some states. Raises UnknownMeeting, or what it is told to."""
        status = self.state.meetings.status(str(meeting_id))
        if status is None:
            message = "This programme has no such meeting."
            raise UnknownMeeting(message)
        if status not in wanted:
            message = f"The meeting is {status}."
            raise otherwise(message)
        return self.state.meetings.known[str(meeting_id)]

    def _meetings_ahead(self) -> Iterable[Standing]:
        ahead = [each for each in self.state.meetings.known.values() if each.meeting.status in AHEAD]
        return sorted(ahead, key=lambda each: str(each.meeting.id))

    def _ahead_of(self, duty: str) -> Iterable[Standing]:
        return [each for each in self._meetings_ahead() if each.meeting.duty == duty]

    def _rule_of(self, meeting: Meeting) -> RuleRef:
        owed = hosting_rule(meeting, self.state)
        return owed.ref if owed else self.state.charter.meetings.occasions[meeting.rule.partition(".")[2]].ref

    def _duty_has(self, duty: str, status: Status) -> bool:
        return duty in self.state.duties and self.state.duties[duty].status is status


def notice_days(meeting: Meeting) -> int | None:
    """Return the days from now to the start of a meeting, negative behind it, None where it has no date."""
    begins = meeting.details.begins()
    return None if begins is None else (begins - occasion().now).days
