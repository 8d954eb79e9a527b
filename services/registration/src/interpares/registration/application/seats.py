"""Seats: heard meetings, rules, nominations, answers, time-outs, links, attendance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 -- answers are read by their annotations
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 -- as above

from interpares.common.errors import NotFound, Stale
from interpares.registration.application.decided import Decided, decided
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.links import PersonalLink, Purpose
from interpares.registration.domain.person import Person
from interpares.registration.domain.seats.parts import TOOK_PART, Parts
from interpares.registration.domain.seats.plan import SeatPlan, plan_id
from interpares.registration.domain.seats.state import Nominee, found

if TYPE_CHECKING:
    from interpares.common.sealed import SealedText
    from interpares.registration.application.personal_links import PersonalLinks
    from interpares.registration.application.ports import Unit
    from interpares.registration.application.seat_ports import Guest, KnownMeeting, MeetingBook, Needs, Participants
    from interpares.registration.domain.seats.rules import Facts, Rules


@dataclass(frozen=True)
class NoteMeeting:
    """The programme decided something about a meeting. rescheduled: it is at another time."""

    meeting: KnownMeeting
    facts: Facts
    rescheduled: bool = False


@dataclass(frozen=True)
class SetSeatRules:
    """acting_as: the capacity in which whoever sets them does so."""

    meeting_id: UUID
    rules: Rules
    reason_code: str
    reason: SealedText
    acting_as: str


@dataclass(frozen=True)
class Nomination:
    """Somebody to nominate: a registered person under their id, or a guest under a new one."""

    nominee: Nominee
    guest: Guest | None


@dataclass(frozen=True)
class Nominate:
    """people: get seats together or wait together. waits: whether they wait where there are not enough seats."""

    meeting_id: UUID
    nomination_id: UUID
    organisation_id: UUID
    people: tuple[Nomination, ...]
    waits: bool
    reason_code: str
    reason: SealedText
    acting_as: str


@dataclass(frozen=True)
class NominationDecided:
    """seated: whether there are seats for them. position in the waiting list: how many groups wait before them."""

    decision: Decided
    nomination_id: UUID
    seats: tuple[UUID, ...]
    seated: bool
    waiting_before: int
    respond_by: datetime | None


@dataclass(frozen=True)
class AcceptSeat:
    """by: ``person`` through a personal link, or the capacity of whoever says so for them."""

    meeting_id: UUID
    seat_id: UUID
    by: str


@dataclass(frozen=True)
class ReleaseSeat:
    """cause: declined or withdrawn. reason: None where a personal link says no more than no."""

    meeting_id: UUID
    seat_id: UUID
    cause: str
    reason_code: str
    reason: SealedText
    by: str


@dataclass(frozen=True)
class SubstituteSeat:
    """substitute: see ``Nomination``. link: for the substitute, None if none is wanted now."""

    meeting_id: UUID
    seat_id: UUID
    substitute_id: UUID
    guest: Guest | None
    by: str
    link_id: UUID | None = None
    key: bytes = b""


@dataclass(frozen=True)
class IssueSeatLink:
    """key: hash of the token that was made for it."""

    meeting_id: UUID
    seat_id: UUID
    link_id: UUID
    key: bytes


@dataclass(frozen=True)
class LinkIssued:
    """The link leads to the seat until that instant."""

    link_id: UUID
    expires_at: datetime


@dataclass(frozen=True)
class ExpireSeats:
    """Whoever has not answered in time gives up the seat."""

    meeting_id: UUID


@dataclass(frozen=True)
class SeatsExpired:
    """How many seats were freed."""

    freed: int


@dataclass(frozen=True)
class NoteAttendance:
    """attended: people by audience. participants: who, as far as it is known. parts: who of them spoke, reviewed.

    version: of the record that was read, 0 if there was none; None does not say.
    """

    meeting_id: UUID
    organisation_id: UUID
    attended: dict[str, int]
    participants: tuple[UUID, ...]
    reason_code: str
    reason: SealedText
    acting_as: str
    parts: Parts = TOOK_PART
    version: int | None = None


@dataclass(frozen=True)
class NoteNeeds:
    """What a participant needs on the day."""

    meeting_id: UUID
    participant_id: UUID
    needs: Needs


@dataclass(frozen=True)
class NeedsNoted:
    """Noted."""

    participant_id: UUID


async def note_meeting(command: NoteMeeting, unit: Unit, *, book: MeetingBook, participants: Participants) -> None:
    """Take up what the programme decided, and what follows for the seats."""
    meeting = command.meeting
    unit.write(book.noting(meeting))
    plan = await unit.find(SeatPlan, plan_id(meeting.meeting_id))
    if plan is None:
        opened = SeatPlan.open(
            programme_id=meeting.programme_id,
            meeting_id=meeting.meeting_id,
            revision=meeting.revision,
            facts=command.facts,
        )
        unit.save(opened)
        return
    before = _participants(plan)
    plan.note(meeting.revision, command.facts, rescheduled=command.rescheduled)
    _forget(before - _participants(plan), meeting.meeting_id, unit, participants)
    unit.save(plan)


async def set_seat_rules(command: SetSeatRules, unit: Unit) -> Decided:
    """Set the rules of a meeting's seats. Raises NotFound, and what ``SeatPlan.set_rules`` raises."""
    plan = await _plan(command.meeting_id, unit)
    plan.set_rules(command.rules, Grounds(command.reason_code, command.reason.hash, command.acting_as))
    unit.save(plan, texts=(command.reason,))
    return _decided(plan, command.meeting_id, "seat-rules", "set", command.reason_code)


async def nominate(command: Nominate, unit: Unit, *, participants: Participants) -> NominationDecided:
    """Nominate people for a meeting. Raises NotFound, and what ``SeatPlan.nominate`` raises."""
    plan = await _plan(command.meeting_id, unit)
    for each in command.people:
        if each.guest is None:
            await unit.load(Person, each.nominee.participant_id)
    plan.nominate(
        command.nomination_id,
        organisation_id=command.organisation_id,
        people=tuple(each.nominee for each in command.people),
        waits=command.waits,
        grounds=Grounds(command.reason_code, command.reason.hash, command.acting_as),
    )
    for each in command.people:
        unit.write(
            participants.entering(command.meeting_id, each.nominee.participant_id, command.organisation_id, each.guest)
        )
    groups = plan.state.groups
    group = next(each for each in groups if each.nomination_id == command.nomination_id)
    outcome = "seated" if group.seated else "waiting"
    unit.save(plan, texts=(command.reason,))
    return NominationDecided(
        decision=_decided(plan, command.meeting_id, "nomination", outcome, command.reason_code),
        nomination_id=command.nomination_id,
        seats=tuple(place.seat_id for place in group.places),
        seated=group.seated,
        waiting_before=sum(not each.seated and each.number < group.number for each in groups),
        respond_by=group.places[0].respond_by,
    )


async def accept_seat(command: AcceptSeat, unit: Unit) -> Decided:
    """Say that somebody will come. Raises NotFound, and what ``SeatPlan.accept`` raises."""
    plan = await _plan(command.meeting_id, unit)
    plan.accept(command.seat_id, command.by)
    unit.save(plan)
    return _decided(plan, command.meeting_id, "seat-acceptance", "accepted", "will-come")


async def release_seat(
    command: ReleaseSeat, unit: Unit, *, participants: Participants, links: PersonalLinks
) -> Decided:
    """Give up a seat: the person is forgotten here, whoever waits moves up. Raises NotFound, MeetingOver, SeatGone."""
    plan = await _plan(command.meeting_id, unit)
    _, place = found(plan.state, command.seat_id)
    plan.release(command.seat_id, command.cause, Grounds(command.reason_code, command.reason.hash, command.by))
    unit.write(links.ending(Purpose.PARTICIPATION, command.seat_id))
    _forget({place.participant_id}, command.meeting_id, unit, participants)
    unit.save(plan, texts=(command.reason,))
    return _decided(plan, command.meeting_id, "seat-release", command.cause, command.reason_code)


async def substitute_seat(
    command: SubstituteSeat, unit: Unit, *, participants: Participants, links: PersonalLinks
) -> Decided:
    """Let somebody else come; the first person is forgotten here. Raises as ``SeatPlan.substitute``."""
    plan = await _plan(command.meeting_id, unit)
    if command.guest is None:
        await unit.load(Person, command.substitute_id)
    group, place = found(plan.state, command.seat_id)
    plan.substitute(command.seat_id, command.substitute_id, command.by)
    unit.write(links.ending(Purpose.PARTICIPATION, command.seat_id))
    _forget({place.participant_id}, command.meeting_id, unit, participants)
    unit.write(participants.entering(command.meeting_id, command.substitute_id, group.organisation_id, command.guest))
    if command.link_id is not None:
        unit.write(*links.issuing(_link(plan, command.seat_id, command.link_id), command.key))
    unit.save(plan)
    return _decided(plan, command.meeting_id, "seat-substitution", "substituted", "somebody-else-comes")


async def issue_seat_link(command: IssueSeatLink, unit: Unit, *, links: PersonalLinks) -> LinkIssued:
    """Let a new link lead to a seat; an earlier one leads nowhere. Raises NotFound, SeatGone."""
    plan = await _plan(command.meeting_id, unit)
    link = _link(plan, command.seat_id, command.link_id)
    unit.write(*links.issuing(link, command.key))
    return LinkIssued(link.link_id, link.expires_at)


async def expire_seats(command: ExpireSeats, unit: Unit, *, participants: Participants) -> SeatsExpired:
    """Free the seats of whoever has not answered in time. Raises NotFound."""
    plan = await _plan(command.meeting_id, unit)
    before = _participants(plan)
    plan.expire()
    gone = before - _participants(plan)
    _forget(gone, command.meeting_id, unit, participants)
    unit.save(plan)
    return SeatsExpired(len(gone))


async def note_attendance(command: NoteAttendance, unit: Unit) -> Decided:
    """Record who of an organisation attended. Raises NotFound, Stale, what ``SeatPlan.note_attendance`` raises."""
    plan = await _plan(command.meeting_id, unit)
    if command.version not in {None, plan.state.attended.get(str(command.organisation_id), 0)}:
        message = "Who attended was recorded anew since it was read."
        raise Stale(message)
    plan.note_attendance(
        command.organisation_id,
        command.attended,
        command.participants,
        Grounds(command.reason_code, command.reason.hash, command.acting_as),
        parts=command.parts,
    )
    unit.save(plan, texts=(command.reason,))
    return _decided(plan, command.meeting_id, "attendance", "recorded", command.reason_code)


async def note_needs(command: NoteNeeds, unit: Unit, *, participants: Participants) -> NeedsNoted:
    """Note what a participant needs; it is in no event. Raises NotFound."""
    plan = await _plan(command.meeting_id, unit)
    if command.participant_id not in _participants(plan):
        message = "There is no participant with this id."
        raise NotFound(message)
    unit.write(participants.needing(command.meeting_id, command.participant_id, command.needs))
    return NeedsNoted(command.participant_id)


async def _plan(meeting_id: UUID, unit: Unit) -> SeatPlan:
    plan = await unit.find(SeatPlan, plan_id(meeting_id))
    if plan is None:
        message = "There is no meeting with this id."
        raise NotFound(message)
    return plan


def _link(plan: SeatPlan, seat_id: UUID, link_id: UUID) -> PersonalLink:
    """Return a link to a seat: it leads there until the meeting begins, or until an answer is due."""
    _, place = found(plan.state, seat_id)
    starts = plan.state.facts.starts_at
    expires = starts or place.respond_by or plan.modified_on
    return PersonalLink(link_id, Purpose.PARTICIPATION, seat_id, place.participant_id, expires)


def _participants(plan: SeatPlan) -> set[UUID]:
    return {place.participant_id for group in plan.state.groups for place in group.places}


def _forget(gone: set[UUID], meeting_id: UUID, unit: Unit, participants: Participants) -> None:
    for participant_id in sorted(gone):
        unit.write(*participants.removing(meeting_id, participant_id))


def _decided(plan: SeatPlan, meeting_id: UUID, kind: str, outcome: str, reason_code: str) -> Decided:
    told = decided(plan, kind, outcome, reason_code)
    return Decided(told.decision_id, kind, f"meeting:{meeting_id}", outcome, reason_code, told.decided_at)
