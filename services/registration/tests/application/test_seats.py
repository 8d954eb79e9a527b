"""Seats as use cases: who is entered and who is forgotten with each decision, and where links lead."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from services.registration.tests.domain.test_seats import FACTS, at

from interpares.common.errors import NotFound
from interpares.common.sealed import seal
from interpares.common.writes import Row
from interpares.registration.application.seat_ports import Guest, KnownMeeting, Needs
from interpares.registration.application.seats import (
    AcceptSeat,
    ExpireSeats,
    IssueSeatLink,
    Nominate,
    Nomination,
    NoteAttendance,
    NoteMeeting,
    NoteNeeds,
    ReleaseSeat,
    SetSeatRules,
    SubstituteSeat,
    accept_seat,
    expire_seats,
    issue_seat_link,
    nominate,
    note_attendance,
    note_meeting,
    note_needs,
    release_seat,
    set_seat_rules,
    substitute_seat,
)
from interpares.registration.domain.links import PersonalLink, Purpose
from interpares.registration.domain.person import Person
from interpares.registration.domain.seats.parts import Parts
from interpares.registration.domain.seats.plan import SeatPlan, plan_id
from interpares.registration.domain.seats.rules import Rules
from interpares.registration.domain.seats.state import Nominee

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from services.registration.tests.application.conftest import FakeUnit

    from interpares.common.context import Occasion

MEETING, PROGRAMME, TOWN = UUID(int=200), UUID(int=201), UUID(int=203)
REASON = seal("They know the district.", UUID(int=1))
WHY = ("sent-by-us", REASON, "coordinator")
NOVA = Guest("Nova", "Canari", "nova@example.org")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class FakeSeats:
    """All ports at once; every row says what it would do."""

    def noting(self, meeting: KnownMeeting) -> Row:
        return Row(("meeting", meeting.revision))

    def noting_programme(self, programme_id: UUID, office_id: UUID) -> Row:
        raise NotImplementedError

    def naming_audiences(self, programme_id: UUID, audiences: Mapping[str, Mapping[str, str]]) -> Row:
        raise NotImplementedError

    def entering(self, meeting_id: UUID, participant_id: UUID, organisation_id: UUID, guest: Guest | None) -> Row:
        return Row(("enter", participant_id, guest))

    def removing(self, meeting_id: UUID, participant_id: UUID) -> tuple[Row, ...]:
        return (Row(("forget", participant_id)),)

    def needing(self, meeting_id: UUID, participant_id: UUID, needs: Needs) -> Row:
        return Row(("need", participant_id, needs))

    async def opened(self, key: bytes, purpose: Purpose, now: datetime) -> PersonalLink:
        raise NotImplementedError

    def issuing(self, link: PersonalLink, key: bytes) -> Sequence[Row]:
        return [Row(("link", link, key))]

    def ending(self, purpose: Purpose, about: UUID) -> Row:
        return Row(("end", about))


PORTS = FakeSeats()


def known(**changes: Any) -> KnownMeeting:
    facts: dict[str, Any] = dict.fromkeys(KnownMeeting.__dataclass_fields__)
    return KnownMeeting(**facts | {"meeting_id": MEETING, "programme_id": PROGRAMME, "revision": 1} | changes)


@pytest.fixture
async def heard(unit: FakeUnit, now_acting: Occasion) -> FakeUnit:
    """A meeting that was heard of, with one seat."""
    await note_meeting(NoteMeeting(known(), replace(FACTS, seats=1)), unit, book=PORTS, participants=PORTS)
    keep(unit)
    unit.written.clear()
    return unit


def keep(unit: FakeUnit) -> None:
    """Let the unit load what was saved."""
    for events, _ in unit.saved:
        aggregate = unit.stored.get(plan_id(MEETING))
        for event in events:
            if aggregate is None or event.originator_version > aggregate.version:
                aggregate = event.mutate(aggregate)
        assert aggregate is not None
        unit.stored[plan_id(MEETING)] = aggregate


def nomination(number: int, guest: Guest | None = NOVA) -> Nominate:
    person = Nomination(Nominee(UUID(int=number), UUID(int=number + 1), "", "de"), guest)
    return Nominate(MEETING, UUID(int=number + 2), TOWN, (person,), True, *WHY)  # noqa: FBT003


async def test_a_meeting_is_noted_and_its_seats_are_open(heard: FakeUnit) -> None:
    plan = heard.stored[plan_id(MEETING)]

    assert isinstance(plan, SeatPlan)
    assert plan.state.facts.seats == 1


async def test_a_guest_is_entered_with_the_nomination(heard: FakeUnit) -> None:
    answer = await nominate(nomination(10), heard, participants=PORTS)

    assert heard.written == [("enter", UUID(int=11), NOVA)]
    assert heard.saved[-1][1] == (REASON,)
    assert (answer.seated, answer.waiting_before, answer.seats) == (True, 0, (UUID(int=10),))
    assert answer.respond_by == NOW + timedelta(days=14)
    assert (answer.decision.type, answer.decision.subject) == ("nomination", f"meeting:{MEETING}")
    second = await nominate(nomination(20), heard, participants=PORTS)
    third = await nominate(nomination(30), heard, participants=PORTS)
    assert (second.seated, second.waiting_before, third.waiting_before) == (False, 0, 1)


async def test_a_registered_person_has_to_be_one(heard: FakeUnit) -> None:
    with pytest.raises(NotFound):
        await nominate(nomination(10, None), heard, participants=PORTS)
    heard.given(Person.register(UUID(int=11), UUID(int=1)))
    await nominate(nomination(10, None), heard, participants=PORTS)
    assert heard.written == [("enter", UUID(int=11), None)]


async def test_whoever_gives_up_is_forgotten_and_their_link_leads_nowhere(heard: FakeUnit) -> None:
    await nominate(nomination(10), heard, participants=PORTS)
    heard.written.clear()

    command = ReleaseSeat(MEETING, UUID(int=10), "declined", "cannot-come", REASON, "person")
    answer = await release_seat(command, heard, participants=PORTS, links=PORTS)

    assert heard.written == [("end", UUID(int=10)), ("forget", UUID(int=11))]
    assert (answer.outcome, answer.reason_code) == ("declined", "cannot-come")


async def test_a_substitute_takes_the_place_and_may_get_a_link(heard: FakeUnit) -> None:
    await nominate(nomination(10), heard, participants=PORTS)
    heard.written.clear()
    registered = SubstituteSeat(MEETING, UUID(int=10), UUID(int=60), None, "coordinator")
    with pytest.raises(NotFound):
        await substitute_seat(registered, heard, participants=PORTS, links=PORTS)

    command = SubstituteSeat(MEETING, UUID(int=10), UUID(int=50), NOVA, "person", UUID(int=51), b"k")
    await substitute_seat(command, heard, participants=PORTS, links=PORTS)

    link = PersonalLink(UUID(int=51), Purpose.PARTICIPATION, UUID(int=10), UUID(int=50), FACTS.starts_at or NOW)
    assert heard.written == [
        ("end", UUID(int=10)),
        ("forget", UUID(int=11)),
        ("enter", UUID(int=50), NOVA),
        ("link", link, b"k"),
    ]
    heard.given(Person.register(UUID(int=60), UUID(int=1)))
    heard.written.clear()
    await substitute_seat(registered, heard, participants=PORTS, links=PORTS)
    assert heard.written == [("end", UUID(int=10)), ("forget", UUID(int=50)), ("enter", UUID(int=60), None)]


async def test_a_link_leads_to_a_seat_until_the_meeting_begins(heard: FakeUnit) -> None:
    await nominate(nomination(10), heard, participants=PORTS)
    answer = await issue_seat_link(IssueSeatLink(MEETING, UUID(int=10), UUID(int=51), b"k"), heard, links=PORTS)
    assert answer.expires_at == FACTS.starts_at

    undated = NoteMeeting(known(revision=2), replace(FACTS, seats=1, starts_at=None))
    await note_meeting(undated, heard, book=PORTS, participants=PORTS)
    later = await issue_seat_link(IssueSeatLink(MEETING, UUID(int=10), UUID(int=51), b"k"), heard, links=PORTS)
    assert later.expires_at == NOW + timedelta(days=14)
    await accept_seat(AcceptSeat(MEETING, UUID(int=10), "person"), heard)
    last = await issue_seat_link(IssueSeatLink(MEETING, UUID(int=10), UUID(int=51), b"k"), heard, links=PORTS)
    assert last.expires_at == NOW


async def test_a_cancelled_meeting_forgets_everybody(heard: FakeUnit) -> None:
    await nominate(nomination(10), heard, participants=PORTS)
    await nominate(nomination(20), heard, participants=PORTS)
    heard.written.clear()

    cancelled = NoteMeeting(known(revision=2), replace(FACTS, status="cancelled"))
    await note_meeting(cancelled, heard, book=PORTS, participants=PORTS)

    assert heard.written == [("meeting", 2), ("forget", UUID(int=11)), ("forget", UUID(int=21))]


async def test_whoever_has_not_answered_is_forgotten(heard: FakeUnit) -> None:
    await nominate(nomination(10), heard, participants=PORTS)
    await nominate(nomination(20), heard, participants=PORTS)
    heard.written.clear()
    assert (await expire_seats(ExpireSeats(MEETING), heard, participants=PORTS)).freed == 0

    with at(NOW + timedelta(days=14)):
        expired = await expire_seats(ExpireSeats(MEETING), heard, participants=PORTS)

    assert expired.freed == 1
    assert heard.written == [("forget", UUID(int=11))]


async def test_rules_and_attendance_are_decisions(heard: FakeUnit) -> None:
    rules = await set_seat_rules(SetSeatRules(MEETING, Rules(overtaking=False), *WHY), heard)
    with at(FACTS.starts_at or NOW):
        command = NoteAttendance(MEETING, TOWN, {"": 1}, (), *WHY, parts=Parts(spoke=1))
        attendance = await note_attendance(command, heard)

    assert [(each.type, each.outcome) for each in (rules, attendance)] == [
        ("seat-rules", "set"),
        ("attendance", "recorded"),
    ]


async def test_what_people_need_is_in_no_event(heard: FakeUnit) -> None:
    await nominate(nomination(10), heard, participants=PORTS)
    saved = len(heard.saved)
    needs = Needs("vegan", None)

    await note_needs(NoteNeeds(MEETING, UUID(int=11), needs), heard, participants=PORTS)

    assert heard.written[-1] == ("need", UUID(int=11), needs)
    assert len(heard.saved) == saved
    with pytest.raises(NotFound):
        await note_needs(NoteNeeds(MEETING, UUID(int=99), needs), heard, participants=PORTS)


async def test_a_meeting_nobody_heard_of_has_no_seats(unit: FakeUnit, now_acting: Occasion) -> None:
    with pytest.raises(NotFound):
        await accept_seat(AcceptSeat(MEETING, UUID(int=10), "person"), unit)
