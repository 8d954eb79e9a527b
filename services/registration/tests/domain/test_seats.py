"""Seats: never oversold, quotas hold, whoever waits moves up in an order that can be made again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interpares.common.aggregate import Metadata
from interpares.common.context import Occasion, acting
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.seats import events
from interpares.registration.domain.seats.parts import SPEAKERS, TOOK_PART, Parts
from interpares.registration.domain.seats.plan import SeatPlan, SeatPlanSnapshot, plan_id
from interpares.registration.domain.seats.refusals import (
    AlreadyNominated,
    AudienceReserved,
    AudienceUnknown,
    LanguageUnknown,
    MeetingNotBegun,
    MeetingOver,
    NotAmongThem,
    NotInvited,
    NotSeated,
    PartsBeyondAttendance,
    QuotasBeyondSeats,
    QuotaWithoutSense,
    SeatAccepted,
    SeatGone,
    SeatsTaken,
    SeatWaits,
)
from interpares.registration.domain.seats.rules import By, Facts, Quota, Rules, counted, guests, kept, moving_up
from interpares.registration.domain.seats.state import Nominee, State

if TYPE_CHECKING:
    from collections.abc import Iterator

MEETING, PROGRAMME, HOST, TOWN, OTHER = (UUID(int=number) for number in range(200, 205))
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
STARTS = datetime(2026, 5, 1, 7, tzinfo=UTC)
FACTS = Facts("planned", HOST, (TOWN, OTHER), 2, (), (), STARTS)
WHY = Grounds("sent-by-us", "a" * 64, "coordinator")


@pytest.fixture(autouse=True)
def _acting(now_acting: Occasion) -> None:
    """Everything here is decided at noon on the first of March."""


def at(moment: datetime) -> Any:
    return acting(Occasion(UUID(int=1), UUID(int=2), UUID(int=3), None, moment))


def opened(**changes: Any) -> SeatPlan:
    facts = replace(FACTS, **changes)
    plan = SeatPlan.open(programme_id=PROGRAMME, meeting_id=MEETING, revision=1, facts=facts)
    plan.collect_events()
    return plan


def numbers() -> Iterator[int]:
    yield from range(1000, 9999)


COUNT = numbers()


def nominee(audience: str = "", language: str = "de", participant: UUID | None = None) -> Nominee:
    return Nominee(UUID(int=next(COUNT)), participant or UUID(int=next(COUNT)), audience, language)


def nominate(plan: SeatPlan, *people: Nominee, organisation: UUID = TOWN, waits: bool = True) -> UUID:
    nomination = UUID(int=next(COUNT))
    plan.nominate(nomination, organisation_id=organisation, people=people or (nominee(),), waits=waits, grounds=WHY)
    return nomination


def seated(plan: SeatPlan) -> list[UUID]:
    return [group.nomination_id for group in plan.state.groups if group.seated]


def seat_of(plan: SeatPlan, nomination: UUID) -> UUID:
    return next(group.places[0].seat_id for group in plan.state.groups if group.nomination_id == nomination)


def made(event_class: Any, number: int, /, **fields: Any) -> Any:
    metadata = Metadata(UUID(int=1), UUID(int=2), UUID(int=3), None, "", "")
    return event_class(
        originator_id=plan_id(MEETING), originator_version=number, timestamp=NOW, metadata=metadata, **fields
    )


def test_a_meeting_is_heard_of() -> None:
    plan = SeatPlan.open(programme_id=PROGRAMME, meeting_id=MEETING, revision=3, facts=FACTS)

    expected = made(
        SeatPlan.Created,
        1,
        originator_topic="registration.seats",
        programme_id=PROGRAMME,
        meeting_id=MEETING,
        revision=3,
        facts=FACTS,
    )
    assert plan.collect_events() == [expected]
    assert plan.state == State(PROGRAMME, MEETING, FACTS)


def test_people_are_nominated_and_have_their_seats_for_two_weeks() -> None:
    plan, somebody, nomination = opened(), nominee(), UUID(int=7)

    plan.nominate(nomination, organisation_id=TOWN, people=(somebody,), waits=True, grounds=WHY)

    until = NOW + timedelta(days=14)
    assert plan.collect_events() == [
        made(
            events.Nominated,
            2,
            nomination_id=nomination,
            number=1,
            organisation_id=TOWN,
            people=(somebody,),
            waits=True,
            reason_code="sent-by-us",
            reason="a" * 64,
            acting_as="coordinator",
        ),
        made(events.Seated, 3, nomination_id=nomination, cause="nominated", respond_by=until),
    ]


@pytest.mark.parametrize(
    ("starts", "until"),
    [
        (NOW + timedelta(days=3), NOW + timedelta(days=3)),
        (NOW - timedelta(days=3), NOW + timedelta(days=14)),
        (None, NOW + timedelta(days=14)),
    ],
)
def test_seats_are_held_until_the_meeting_begins_at_the_latest(starts: datetime | None, until: datetime) -> None:
    plan = opened(starts_at=starts)
    nominate(plan)

    assert plan.state.groups[0].places[0].respond_by == until


def test_the_hosts_own_people_take_no_seat_of_others() -> None:
    plan = opened(seats=1)
    nominations = [nominate(plan, nominee(), nominee(), organisation=HOST), nominate(plan), nominate(plan)]

    assert seated(plan) == nominations[:2]


@pytest.mark.parametrize(
    ("changes", "people", "organisation", "refusal"),
    [
        ({"status": "cancelled"}, (), TOWN, MeetingOver),
        ({}, (), PROGRAMME, NotInvited),
        ({"audiences": ("mayors",)}, (nominee("planners"),), TOWN, AudienceUnknown),
        ({"languages": ("en",)}, (nominee(language="de"),), TOWN, LanguageUnknown),
        ({}, (nominee(participant=HOST), nominee(participant=HOST)), TOWN, AlreadyNominated),
    ],
)
def test_who_may_be_nominated(changes: Any, people: Any, organisation: UUID, refusal: type[Exception]) -> None:
    plan = opened(**changes)

    with pytest.raises(refusal):
        nominate(plan, *people, organisation=organisation)
    assert plan.collect_events() == []


def test_audiences_and_languages_that_fit_are_taken() -> None:
    plan = opened(audiences=("mayors",), languages=("de",))

    nomination = nominate(plan, nominee("mayors"))

    assert seated(plan) == [nomination]


def test_whoever_will_not_wait_is_refused_with_the_rule() -> None:
    plan = opened(seats=1)
    nominate(plan, waits=False)

    with pytest.raises(SeatsTaken, match="all seats are taken"):
        nominate(plan, waits=False)


def test_without_overtaking_nobody_passes_those_who_wait() -> None:
    plan = opened(seats=2)
    plan.set_rules(Rules(overtaking=False), WHY)
    first = nominate(plan)
    nominate(plan, nominee(), nominee())
    nominate(plan)

    assert seated(plan) == [first]
    with pytest.raises(SeatsTaken, match="others wait"):
        nominate(plan, waits=False)


def test_with_overtaking_what_one_group_cannot_use_another_may() -> None:
    plan = opened(seats=2)
    first = nominate(plan)
    pair = nominate(plan, nominee(), nominee())
    third = nominate(plan)

    assert seated(plan) == [first, third]
    plan.release(seat_of(plan, first), "withdrawn", WHY)
    assert pair not in seated(plan)
    plan.release(seat_of(plan, third), "withdrawn", WHY)
    assert seated(plan) == [pair]


def test_of_a_group_that_waits_one_may_give_up() -> None:
    plan = opened(seats=1)
    pair = nominate(plan, nominee(), nominee())
    assert seated(plan) == []

    plan.release(seat_of(plan, pair), "withdrawn", WHY)

    assert seated(plan) == [pair]


def test_quotas_keep_seats_and_limit_them() -> None:
    plan = opened(seats=3, audiences=("mayors", "planners"))
    plan.set_rules(Rules((Quota(By.AUDIENCE, "mayors", 1, enforced=True), Quota(By.ORGANISATION, None, 0, 2))), WHY)

    planners = [nominate(plan, nominee("planners")) for _ in range(3)]
    assert seated(plan) == planners[:2]
    with pytest.raises(SeatsTaken, match="organisation has at most 2"):
        nominate(plan, nominee("mayors"), waits=False)
    with pytest.raises(SeatsTaken, match="reserved"):
        nominate(plan, nominee("planners"), organisation=OTHER, waits=False)
    mayor = nominate(plan, nominee("mayors"), organisation=OTHER)
    assert mayor in seated(plan)


def test_mixes_that_are_not_enforced_are_counted_only() -> None:
    rules = Rules((Quota(By.LANGUAGE, None, 1),))
    plan = opened(seats=1, languages=("de", "en"))
    plan.set_rules(rules, WHY)
    nominate(plan, nominee(language="de"))

    found = counted(rules, plan.state.facts, guests(plan.state.facts, plan.state.groups))
    assert [(each.key, each.seated, each.met, each.kept) for each in found] == [("de", 1, True, 0), ("en", 0, False, 0)]
    assert kept(found) == 0


@pytest.mark.parametrize("quota", [Quota(By.AUDIENCE, "x"), Quota(By.AUDIENCE, "x", 3, 2)])
def test_a_quota_asks_for_something_that_can_be(quota: Quota) -> None:
    with pytest.raises(QuotaWithoutSense) as refused:
        opened().set_rules(Rules((Quota(By.LANGUAGE, None, 1), quota)), WHY)
    assert refused.value.field == "quotas.1"


def test_quotas_cannot_reserve_what_is_not_there() -> None:
    plan = opened(seats=2)
    nominate(plan)

    with pytest.raises(QuotasBeyondSeats):
        plan.set_rules(Rules((Quota(By.AUDIENCE, "mayors", 2, enforced=True),)), WHY)
    opened(seats=None).set_rules(Rules((Quota(By.AUDIENCE, "mayors", 9, enforced=True),)), WHY)


def test_rules_that_make_room_let_people_move_up() -> None:
    plan = opened(seats=2)
    plan.set_rules(Rules((Quota(By.AUDIENCE, "mayors", 2, enforced=True),)), WHY)
    waiting = nominate(plan)

    plan.set_rules(Rules(), WHY)

    assert seated(plan) == [waiting]


def test_after_a_loss_of_seats_what_is_kept_goes_to_those_it_is_kept_for() -> None:
    plan = opened(seats=6, audiences=("mayors", "planners"))
    plan.set_rules(Rules((Quota(By.AUDIENCE, "mayors", 2, enforced=True),)), WHY)
    for _ in range(4):
        nominate(plan, nominee("planners"))
    plan.note(2, replace(plan.state.facts, seats=5), rescheduled=False)

    planner, mayor = nominate(plan, nominee("planners")), nominate(plan, nominee("mayors"))

    assert (planner in seated(plan), mayor in seated(plan)) == (False, True)


def test_a_seat_is_accepted_once() -> None:
    plan = opened()
    seat = seat_of(plan, nominate(plan))
    plan.collect_events()

    plan.accept(seat, "person")

    participant = plan.state.groups[0].places[0].participant_id
    assert plan.collect_events() == [made(events.Accepted, 4, seat_id=seat, participant_id=participant, by="person")]
    with pytest.raises(SeatAccepted):
        plan.accept(seat, "person")


def test_whoever_waits_has_nothing_to_accept_or_hand_on() -> None:
    plan = opened(seats=1)
    nominate(plan)
    seat = seat_of(plan, nominate(plan))

    with pytest.raises(SeatWaits):
        plan.accept(seat, "person")
    with pytest.raises(SeatWaits):
        plan.substitute(seat, UUID(int=5), "person")
    with pytest.raises(SeatGone):
        plan.accept(UUID(int=5), "person")


def test_a_substitute_has_the_seat_and_answers_anew() -> None:
    plan = opened()
    seat = seat_of(plan, nominate(plan))
    plan.accept(seat, "person")

    plan.substitute(seat, UUID(int=5), "person")

    (place,) = plan.state.groups[0].places
    assert (place.participant_id, place.accepted, place.respond_by) == (UUID(int=5), False, NOW + timedelta(days=14))
    with pytest.raises(AlreadyNominated):
        plan.substitute(seat, UUID(int=5), "person")


def test_time_runs_out_and_whoever_waits_moves_up() -> None:
    plan = opened(seats=1)
    late = nominate(plan)
    waiting = nominate(plan)
    seat = seat_of(plan, late)
    plan.expire()
    assert seated(plan) == [late]

    with at(NOW + timedelta(days=14)):
        with pytest.raises(SeatGone):
            plan.accept(seat, "person")
        with pytest.raises(SeatGone):
            plan.substitute(seat, UUID(int=5), "person")
        plan.expire()

    assert seated(plan) == [waiting]
    plan.note(2, replace(FACTS, status="held"), rescheduled=False)
    with at(NOW + timedelta(days=99)):
        plan.expire()
    assert seated(plan) == [waiting]


def test_a_cancelled_meeting_frees_all() -> None:
    plan = opened(seats=1)
    nominate(plan)
    nominate(plan)

    plan.note(2, replace(FACTS, status="cancelled"), rescheduled=False)

    assert plan.state.groups == ()
    with pytest.raises(MeetingOver, match="cancelled"):
        plan.release(UUID(int=5), "withdrawn", WHY)
    plan.collect_events()
    plan.note(3, replace(FACTS, status="cancelled"), rescheduled=False)
    assert [type(event) for event in plan.collect_events()] == [events.MeetingNoted]


def test_a_meeting_at_another_time_asks_those_who_have_seats() -> None:
    plan = opened(seats=1)
    plan.note(2, FACTS, rescheduled=True)
    nomination = nominate(plan)
    nominate(plan)
    plan.accept(seat_of(plan, nomination), "person")

    plan.note(3, replace(FACTS, seats=1), rescheduled=True)

    held, waiting = (group.places[0] for group in plan.state.groups)
    assert (held.accepted, held.respond_by, waiting.respond_by) == (False, NOW + timedelta(days=14), None)


def test_fewer_seats_send_groups_back_whoever_came_last_first() -> None:
    plan = opened(seats=4)
    first = nominate(plan)
    of_host = nominate(plan, organisation=HOST)
    pair = nominate(plan, nominee(), nominee())
    waiting = nominate(plan, nominee(), nominee())

    plan.note(2, replace(plan.state.facts, seats=2), rescheduled=False)
    assert seated(plan) == [first, of_host]
    plan.note(3, replace(plan.state.facts, seats=None), rescheduled=False)
    assert seated(plan) == [first, of_host, pair, waiting]


def test_attendance_is_recorded_when_the_meeting_has_begun() -> None:
    plan = opened()
    nomination = nominate(plan)
    participant = plan.state.groups[0].places[0].participant_id
    with pytest.raises(MeetingNotBegun):
        plan.note_attendance(TOWN, {"": 1}, (), WHY)
    plan.collect_events()

    with at(STARTS):
        plan.note_attendance(TOWN, {"": 2}, (participant,), WHY)
        plan.note_attendance(TOWN, {"": 3}, (), WHY)
        with pytest.raises(NotSeated) as refused:
            plan.note_attendance(OTHER, {"": 1}, (participant,), WHY)

    first, second = plan.collect_events()
    assert (vars(first)["version"], vars(first)["participants"], vars(second)["version"]) == (1, (participant,), 2)
    assert refused.value.field == "attended.0"
    assert nomination in seated(plan)


def test_attendance_of_a_meeting_without_a_date_waits_until_it_is_held() -> None:
    plan = opened(starts_at=None)
    with pytest.raises(MeetingNotBegun):
        plan.note_attendance(TOWN, {"": 1}, (), WHY)
    plan.note(2, replace(FACTS, status="held"), rescheduled=False)
    plan.note_attendance(TOWN, {"": 1}, (), WHY)
    cancelled = opened(status="cancelled")
    with pytest.raises(MeetingOver):
        cancelled.note_attendance(TOWN, {"": 1}, (), WHY)
    assert plan.state.attended == {str(TOWN): 1}


def test_who_spoke_and_reviewed_is_recorded_with_the_attendance() -> None:
    plan = opened()
    nominate(plan)
    participant = plan.state.groups[0].places[0].participant_id
    plan.collect_events()
    parts = Parts(spoke=2, reviewed=1, speakers=(participant,))

    with at(STARTS):
        plan.note_attendance(TOWN, {"mayors": 2}, (participant,), WHY, parts=parts)
        plan.note_attendance(TOWN, {"mayors": 2}, (participant,), WHY)

    first, second = plan.collect_events()
    assert (vars(first)["parts"], vars(second)["parts"]) == (parts, TOOK_PART)


@pytest.mark.parametrize(
    ("attended", "parts", "error", "field"),
    [
        ({SPEAKERS: 2}, TOOK_PART, AudienceReserved, "others.speakers"),
        ({"": 2}, Parts(1, 0, speakers=(UUID(int=5),)), NotAmongThem, "spoke.0"),
        ({"": 2}, Parts(0, 1, reviewers=(UUID(int=5),)), NotAmongThem, "reviewed.0"),
        ({"": 2}, Parts(3, 0), PartsBeyondAttendance, "others_spoke"),
        ({"": 2}, Parts(0, 3), PartsBeyondAttendance, "others_reviewed"),
    ],
)
def test_nobody_speaks_or_reviews_who_was_not_there(
    attended: dict[str, int], parts: Parts, error: Any, field: str
) -> None:
    plan = opened(status="held")

    with pytest.raises(error) as refused:
        plan.note_attendance(TOWN, attended, (), WHY, parts=parts)

    assert refused.value.field == field
    assert plan.collect_events() == []


@given(
    attended=st.dictionaries(st.sampled_from(["", "mayors", "planners"]), st.integers(0, 9)),
    spoke=st.integers(0, 9),
    reviewed=st.integers(0, 9),
)
def test_audiences_sum_up_to_who_came_whatever_they_did(attended: dict[str, int], spoke: int, reviewed: int) -> None:
    told = Parts(spoke, reviewed).beside(attended)

    did = {told.pop("speakers", 0), told.pop("reviewers", 0)}
    assert (did, told) == ({spoke, reviewed}, attended)


def test_a_snapshot_is_the_plan_again() -> None:
    plan = opened(seats=1)
    nominate(plan)
    nominate(plan)
    plan.collect_events()

    assert SeatPlanSnapshot.take(plan).mutate(None) == plan


ORGANISATIONS = (TOWN, OTHER, HOST)
PEOPLE = st.tuples(st.sampled_from(ORGANISATIONS), st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=3))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("nominate"), PEOPLE),
        st.tuples(st.just("release"), st.integers(0, 99)),
        st.tuples(st.just("accept"), st.integers(0, 99)),
        st.tuples(st.just("seats"), st.integers(0, 6)),
        st.tuples(st.just("later"), st.integers(1, 10)),
    ),
    max_size=25,
)
RULES = st.builds(
    Rules,
    quotas=st.lists(
        st.one_of(
            st.builds(Quota, st.just(By.AUDIENCE), st.sampled_from(["a", "b"]), st.just(1), enforced=st.booleans()),
            st.builds(Quota, st.just(By.ORGANISATION), st.none(), at_most=st.integers(1, 3)),
        ),
        max_size=2,
    ).map(tuple),
    overtaking=st.booleans(),
)


@settings(deadline=None)
@given(rules=RULES, steps=STEPS)
def test_seats_are_never_oversold_quotas_hold_and_the_order_can_be_made_again(rules: Rules, steps: list[Any]) -> None:
    with at(NOW):
        plan = opened(seats=4, audiences=("a", "b"))
        plan.set_rules(rules, WHY)
    day = NOW
    for kind, what in steps:
        with at(day):
            day = _step(plan, kind, what, day)
        _holds(plan.state)
    # Nobody who waits would move up if it were counted once more: what is recorded is what the rules give.
    assert list(moving_up(plan.state.rules, plan.state.facts, plan.state.groups)) == []
    assert [group.number for group in plan.state.groups] == sorted(group.number for group in plan.state.groups)


def _step(plan: SeatPlan, kind: str, what: Any, day: datetime) -> datetime:
    places = [place for group in plan.state.groups for place in group.places]
    held = [place for group in plan.state.groups if group.seated for place in group.places if not place.accepted]
    if kind == "nominate":
        nominate(plan, *(nominee(audience) for audience in what[1]), organisation=what[0])
    elif kind == "release" and places:
        plan.release(places[what % len(places)].seat_id, "withdrawn", WHY)
    elif kind == "accept" and held and (held[what % len(held)].respond_by or day) > day:
        plan.accept(held[what % len(held)].seat_id, "person")
    elif kind == "seats":
        plan.note(2, replace(plan.state.facts, seats=what), rescheduled=False)
    elif kind == "later":
        later = day + timedelta(days=what)
        with at(later):
            plan.expire()
        return later
    return day


def _holds(state: State) -> None:
    taken = guests(state.facts, state.groups)
    assert state.facts.seats is None or len(taken) <= state.facts.seats
    for each in counted(state.rules, state.facts, taken):
        assert each.quota.at_most is None or each.seated <= each.quota.at_most
    for group in state.groups:
        assert group.places
        assert group.seated or all(not place.accepted for place in group.places)
