"""The seats of one meeting: nominations, the waiting list, answers, attendance.

Every decision is followed at once by what the rules make of it: who moves up, who moves back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from interpares.common.aggregate import Aggregate, Snapshot
from interpares.common.context import occasion
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.seats import events
from interpares.registration.domain.seats.parts import TOOK_PART, Parts
from interpares.registration.domain.seats.refusals import (
    AlreadyNominated,
    AudienceUnknown,
    LanguageUnknown,
    MeetingNotBegun,
    MeetingOver,
    NotInvited,
    NotSeated,
    QuotasBeyondSeats,
    SeatAccepted,
    SeatGone,
    SeatsTaken,
    SeatWaits,
)
from interpares.registration.domain.seats.rules import (
    Facts,
    Place,
    Rules,
    counted,
    guests,
    moving_back,
    moving_up,
    obstacle,
)
from interpares.registration.domain.seats.state import Nominee, State, found

OPEN = frozenset({"planned", "confirmed"})
HELD = "held"
OTHERS_WAIT = "others wait for them"
PLANS = UUID("7a0d3c55-9c0e-5f0e-8a53-2f1f6b9c4e10")


def plan_id(meeting_id: UUID) -> UUID:
    """Return the id of the seats of a meeting."""
    return uuid5(PLANS, str(meeting_id))


class SeatPlan(Aggregate):
    """The seats of one meeting."""

    TOPIC = "registration.seats"
    Event = events.Change
    if TYPE_CHECKING:
        state: State

    class Created(events.Change, Aggregate.Created):
        """A meeting was heard of."""

        TOPIC = "registration.seats.opened.v1"

        programme_id: UUID
        meeting_id: UUID
        revision: int
        facts: Facts

        def apply(self, aggregate: SeatPlan) -> None:
            """Take up what decisions rest on."""
            aggregate.state = State(self.programme_id, self.meeting_id, self.facts)

    @classmethod
    def open(cls, *, programme_id: UUID, meeting_id: UUID, revision: int, facts: Facts) -> SeatPlan:
        """Make room for nominations."""
        return cls._create(
            cls.Created,
            id=plan_id(meeting_id),
            programme_id=programme_id,
            meeting_id=meeting_id,
            revision=revision,
            facts=facts,
        )

    def note(self, revision: int, facts: Facts, *, rescheduled: bool) -> None:
        """Take note of what the programme decided about the meeting, and of what follows for the seats."""
        self.trigger_event(events.MeetingNoted, revision=revision, facts=facts)
        if facts.status not in OPEN:
            if facts.status != HELD and self.state.groups:
                self.trigger_event(events.Freed, cause=facts.status)
            return
        if rescheduled and any(group.seated for group in self.state.groups):
            self.trigger_event(events.AskedAgain, cause="rescheduled", respond_by=self._respond_by())
        for nomination_id in tuple(moving_back(facts, self.state.groups)):
            self.trigger_event(events.Displaced, nomination_id=nomination_id, cause="fewer-seats")
        self._move_up("meeting-changed")

    def set_rules(self, rules: Rules, grounds: Grounds) -> None:
        """Set the rules seats are given by. Raises MeetingOver, QuotaWithoutSense, QuotasBeyondSeats."""
        self._check_open()
        rules.check()
        facts = self.state.facts
        seated = guests(facts, self.state.groups)
        kept = sum(each.kept for each in counted(rules, facts, seated))
        if facts.seats is not None and len(seated) + kept > facts.seats:
            raise QuotasBeyondSeats
        self.trigger_event(
            events.RulesSet,
            rules=rules,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )
        self._move_up("rules-set")

    def nominate(
        self,
        nomination_id: UUID,
        *,
        organisation_id: UUID,
        people: tuple[Nominee, ...],
        waits: bool,
        grounds: Grounds,
    ) -> None:
        """Nominate people who get seats together or wait together.

        waits: whether they wait where there are not enough seats. Raises MeetingOver, NotInvited, AudienceUnknown,
        LanguageUnknown, AlreadyNominated, SeatsTaken.
        """
        self._check_open()
        state, facts = self.state, self.state.facts
        if organisation_id not in {*facts.invited, facts.host_id}:
            raise NotInvited
        taken = {place.participant_id for group in state.groups for place in group.places}
        for index, each in enumerate(people):
            if facts.audiences and each.audience not in facts.audiences:
                raise AudienceUnknown.at(index, facts.audiences)
            if facts.languages and each.language not in facts.languages:
                raise LanguageUnknown.at(index, facts.languages)
            if each.participant_id in taken:
                raise AlreadyNominated
            taken.add(each.participant_id)
        if not waits:
            self._check_room(organisation_id, people)
        self.trigger_event(
            events.Nominated,
            nomination_id=nomination_id,
            number=state.nominated + 1,
            organisation_id=organisation_id,
            people=people,
            waits=waits,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )
        self._move_up("nominated")

    def accept(self, seat_id: UUID, by: str) -> None:
        """Say that somebody will come. Raises MeetingOver, SeatGone, SeatWaits, SeatAccepted."""
        self._check_open()
        group, place = found(self.state, seat_id)
        if not group.seated:
            raise SeatWaits
        if place.accepted:
            raise SeatAccepted
        _check_in_time(place)
        self.trigger_event(events.Accepted, seat_id=seat_id, participant_id=place.participant_id, by=by)

    def release(self, seat_id: UUID, cause: str, grounds: Grounds) -> None:
        """Give up a seat or a place on the waiting list. Raises MeetingOver, SeatGone."""
        self._check_open()
        _, place = found(self.state, seat_id)
        self.trigger_event(
            events.Released,
            seat_id=seat_id,
            participant_id=place.participant_id,
            cause=cause,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            by=grounds.capacity,
        )
        self._move_up(cause)

    def substitute(self, seat_id: UUID, substitute_id: UUID, by: str) -> None:
        """Let somebody else come. Raises MeetingOver, SeatGone, SeatWaits, AlreadyNominated."""
        self._check_open()
        group, place = found(self.state, seat_id)
        if not group.seated:
            raise SeatWaits
        _check_in_time(place)
        if any(each.participant_id == substitute_id for other in self.state.groups for each in other.places):
            raise AlreadyNominated
        self.trigger_event(
            events.Substituted,
            seat_id=seat_id,
            participant_id=place.participant_id,
            substitute_id=substitute_id,
            by=by,
            respond_by=self._respond_by(),
        )

    def expire(self) -> None:
        """Free the seats of whoever has not answered in time; nothing to do where everybody has."""
        if self.state.facts.status not in OPEN:
            return
        now = occasion().now
        late = [
            place
            for group in self.state.groups
            if group.seated
            for place in group.places
            if place.respond_by is not None and place.respond_by <= now
        ]
        for place in late:
            self.trigger_event(
                events.Released,
                seat_id=place.seat_id,
                participant_id=place.participant_id,
                cause="expired",
                reason_code="not-answered-in-time",
                reason="",
                by="rule",
            )
        if late:
            self._move_up("expired")

    def note_attendance(
        self,
        organisation_id: UUID,
        attended: dict[str, int],
        participants: tuple[UUID, ...],
        grounds: Grounds,
        *,
        parts: Parts = TOOK_PART,
    ) -> None:
        """Record who of an organisation attended, and who of them spoke or reviewed; a later record replaces it.

        participants: those who had a seat. Raises MeetingOver, MeetingNotBegun, NotSeated, and what ``Parts.check``
        raises.
        """
        state, facts = self.state, self.state.facts
        if facts.status not in OPEN | {HELD}:
            raise MeetingOver.being(facts.status)
        if facts.status != HELD and (facts.starts_at is None or occasion().now < facts.starts_at):
            raise MeetingNotBegun
        seated = {
            place.participant_id
            for group in state.groups
            if group.seated and group.organisation_id == organisation_id
            for place in group.places
        }
        for index, each in enumerate(participants):
            if each not in seated:
                raise NotSeated.at(index)
        parts.check(attended, participants)
        self.trigger_event(
            events.AttendanceNoted,
            programme_id=state.programme_id,
            meeting_id=state.meeting_id,
            organisation_id=organisation_id,
            version=state.attended.get(str(organisation_id), 0) + 1,
            attended=attended,
            participants=participants,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
            parts=parts,
        )

    def _check_open(self) -> None:
        if self.state.facts.status not in OPEN:
            raise MeetingOver.being(self.state.facts.status)

    def _check_room(self, organisation_id: UUID, people: tuple[Nominee, ...]) -> None:
        state = self.state
        more = [
            Place(each.seat_id, each.participant_id, organisation_id, each.audience, each.language) for each in people
        ]
        if not state.rules.overtaking and any(not group.seated for group in state.groups):
            raise SeatsTaken.by(OTHERS_WAIT)
        rule = obstacle(state.rules, state.facts, guests(state.facts, state.groups), more)
        if rule is not None:
            raise SeatsTaken.by(rule)

    def _move_up(self, cause: str) -> None:
        state = self.state
        for nomination_id in tuple(moving_up(state.rules, state.facts, state.groups)):
            self.trigger_event(events.Seated, nomination_id=nomination_id, cause=cause, respond_by=self._respond_by())

    def _respond_by(self) -> datetime:
        """Return until when a seat is held: some days from now, the meeting's beginning at the latest."""
        now, starts = occasion().now, self.state.facts.starts_at
        until = now + timedelta(days=self.state.rules.respond_days)
        return min(until, starts) if starts is not None and starts > now else until


def _check_in_time(place: Place) -> None:
    if place.respond_by is not None and place.respond_by <= occasion().now:
        raise SeatGone


class SeatPlanSnapshot(Snapshot):
    """The seats of a meeting at a version."""

    TOPIC = "registration.seats.snapshot"
    AGGREGATE = SeatPlan
    state: State
