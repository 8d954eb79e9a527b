"""Use cases of meetings: load, decide, save, answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from services.programme.tests.application.test_use_cases import Desk
from services.programme.tests.domain.meetings.telling import TALK, TERMS, TOUR, details, fact, society, wish
from services.programme.tests.showing import Showing

from interpares.common.context import acting
from interpares.programme.application import agree, meetings, meetings_commands
from interpares.programme.domain.decision import Evidence, Source, SourceKind
from interpares.programme.domain.errors import GroundsIncomplete
from interpares.programme.domain.meetings.events import AttendanceCorrected, MeetingHeld
from interpares.programme.domain.meetings.planning import Changes
from interpares.programme.domain.meetings.prerequisites import Shown
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from uuid import UUID

    from services.programme.tests.conftest import Story

JULY: dict[str, Any] = {
    "starts": datetime(2026, 7, 1, 10, 0),  # noqa: DTZ001 -- local by intent
    "ends": datetime(2026, 7, 1, 12, 0),  # noqa: DTZ001 -- as above
    "zone": "Europe/Vienna",
}
JANUARY = details(
    starts=datetime(2026, 1, 10, 9, 0),  # noqa: DTZ001 -- as above
    ends=datetime(2026, 1, 10, 16, 0),  # noqa: DTZ001 -- as above
)
LOOKING_BACK: dict[str, Any] = {"source": Source(SourceKind.RETROSPECTIVE)}


@pytest.fixture
def desk(story: Story) -> Desk:
    desk = Desk(story)
    desk.has(*society(story))
    return desk


@pytest.fixture
def showing(story: Story) -> Showing:
    needed = tuple(fact(kind) for kind in ("named-head", "political-resolution", "team"))
    return Showing({story.id(name): Shown("municipality", needed) for name in ("graz", "wels")})


def programme_of(desk: Desk) -> Programme:
    programme = desk.unit.aggregates[desk.story.programme_id]
    assert isinstance(programme, Programme)
    return programme


async def test_a_meeting_from_its_plan_to_its_end(desk: Desk, showing: Showing) -> None:
    story = desk.story
    meeting, graz = story.id("a"), story.id("graz")

    async def does(use_case: Any, command: Any, **fields: Any) -> str:
        decided = await desk.run(use_case, command, meeting_id=meeting, **fields)
        return f"{decided.type}: {decided.outcome}"

    def current() -> str:
        agreed = programme_of(desk).state.meetings.known[str(meeting)].agreement
        assert agreed is not None
        return agreed.hash

    confirm = partial(meetings.confirm_meeting, prerequisites=showing)
    told = [
        await does(meetings.plan_meeting, meetings_commands.PlanFromDuty, duty=TALK, details=details()),
        await does(meetings.change_meeting, meetings_commands.ChangeMeeting, changes=Changes({"seats": 9})),
        await does(meetings.reschedule, meetings_commands.Reschedule, **JULY),
        await does(agree.draft_agreement, meetings_commands.DraftAgreement, terms=TERMS),
        await does(agree.approve_agreement, meetings_commands.ApproveAgreement, side=graz, hash=current()),
        await does(agree.approve_agreement, meetings_commands.ApproveAgreement, side=story.office, hash=current()),
        await does(confirm, meetings_commands.ConfirmMeeting),
    ]
    assert showing.asked == [graz]
    story.occasion = replace(story.occasion, now=datetime.fromisoformat("2026-08-01T09:00:00Z"))
    hold = partial(meetings.hold_meeting, prerequisites=showing)
    told.append(await does(hold, meetings_commands.HoldMeeting, attended=(story.id("wels"),)))

    assert told == [
        "meeting-planning: planned",
        "meeting-change: changed",
        "meeting-rescheduling: rescheduled",
        "agreement-draft: drafted",
        "agreement-approval: approved",
        "agreement-approval: approved",
        "meeting-confirmation: confirmed",
        "meeting-holding: held",
    ]
    assert showing.asked == [graz, graz, story.id("wels")]
    assert desk.unit.texts == [desk.sealed] * 8


class Recorded:
    """The port ``Holdings``, from what was saved."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def holdings(self, programme_id: UUID) -> list[MeetingHeld | AttendanceCorrected]:
        assert programme_id == self.desk.story.programme_id
        return [each for each in self.desk.unit.saved if isinstance(each, MeetingHeld | AttendanceCorrected)]


class Heard:
    """The port ``Attendances``."""

    def __init__(self, *organisations: UUID) -> None:
        self.organisations = organisations

    async def came(self, meeting_id: UUID) -> tuple[UUID, ...]:
        return self.organisations


async def test_who_was_there_is_put_right(desk: Desk) -> None:
    story, meeting = desk.story, desk.story.id("a")
    told = meetings_commands.PlanFromDuty(
        programme_id=story.programme_id,
        grounds=story.grounds(**LOOKING_BACK),
        texts=(),
        meeting_id=meeting,
        duty=TALK,
        details=JANUARY,
    )
    record = meetings_commands.RecordMeeting(
        programme_id=story.programme_id,
        grounds=story.grounds(**LOOKING_BACK),
        texts=(),
        meeting_id=meeting,
        plan=told,
        attended=(story.id("wels"),),
    )
    with acting(story.occasion):
        await meetings.record_meeting(record, desk.unit)
    correct = partial(meetings.correct_attendance, holdings=Recorded(desk), heard=Heard(story.id("bonn")))
    decided = await desk.run(
        correct, meetings_commands.CorrectAttendance, meeting_id=meeting, attended=(story.id("linz"),)
    )
    assert (decided.type, decided.subject, decided.outcome) == (
        "attendance-correction",
        f"meeting:{meeting}",
        "corrected",
    )
    assert programme_of(desk).state.meetings.attended["talk"] == tuple(
        sorted((story.id("graz"), story.id("linz")), key=str)
    )


async def test_what_registration_recorded_is_noted_where_it_can_count(desk: Desk) -> None:
    story, meeting = desk.story, desk.story.id("a")
    await desk.run(
        meetings.plan_meeting, meetings_commands.PlanOnOccasion, meeting_id=meeting, wish=wish("mission", "talk")
    )
    fact = Evidence(f"attendance:{meeting}/{story.id('wels')}", 1, "cd" * 32, 7)

    async def note(programme: UUID, *, came: bool) -> None:
        command = meetings_commands.NoteAttendance(
            programme_id=programme,
            grounds=story.grounds(capacity="system"),
            texts=(),
            meeting_id=meeting,
            organisation_id=story.id("wels"),
            came=came,
            fact=fact,
        )
        with acting(story.occasion):
            await meetings.note_attendance(command, desk.unit)

    for programme, came in ((story.id("elsewhere"), True), (story.programme_id, False), (story.programme_id, True)):
        await note(programme, came=came)
    *_, last = desk.unit.saved
    assert [each.decision.type for each in desk.unit.saved] == ["meeting-planning", "attendance-report"]
    assert (last.decision.evidence, last.decision.outcome) == ((fact,), "came")


async def test_a_planned_meeting_is_answered_with_its_id_and_called_off(desk: Desk) -> None:
    meeting = desk.story.id("a")
    planned = await desk.run(
        meetings.plan_meeting, meetings_commands.PlanOnOccasion, meeting_id=meeting, wish=wish("mission", "talk")
    )
    assert planned == desk.answer("meeting-planning", f"meeting:{meeting}", "planned", meeting)
    cancelled = await desk.run(meetings.cancel_meeting, meetings_commands.CancelMeeting, meeting_id=meeting)
    assert cancelled.outcome == "cancelled"


async def test_what_was_asked_for_is_taken_up_declined_or_withdrawn(desk: Desk) -> None:
    endings: tuple[tuple[Any, Any, dict[str, Any], str], ...] = (
        (meetings.take_up, meetings_commands.TakeUp, {"changes": Changes()}, "taken-up"),
        (meetings.refuse_proposal, meetings_commands.RefuseProposal, {}, "declined"),
        (meetings.withdraw_proposal, meetings_commands.WithdrawProposal, {}, "withdrawn"),
    )
    for use_case, command, fields, outcome in endings:
        meeting = desk.story.id(outcome)
        asked = await desk.run(
            meetings.propose_meeting,
            meetings_commands.ProposeMeeting,
            meeting_id=meeting,
            organisation_id=desk.story.id("wels"),
            wish=wish("mission", "talk"),
        )
        assert (asked.outcome, asked.created_id) == ("proposed", meeting)
        assert (await desk.run(use_case, command, meeting_id=meeting, **fields)).outcome == outcome


async def test_what_took_place_is_recorded_looking_back(desk: Desk) -> None:
    story, meeting = desk.story, desk.story.id("a")

    async def record(duty: str) -> Any:
        with acting(story.occasion):
            plan = meetings_commands.PlanFromDuty(
                programme_id=story.programme_id,
                meeting_id=meeting,
                grounds=story.grounds(**desk.more_grounds),
                texts=(),
                duty=duty,
                details=JANUARY,
            )
            return await desk.run(
                meetings.record_meeting,
                meetings_commands.RecordMeeting,
                meeting_id=meeting,
                plan=plan,
                attended=(story.id("linz"),),
            )

    with pytest.raises(GroundsIncomplete):
        await record(TOUR)
    desk.more_grounds = LOOKING_BACK
    recorded = await record(TOUR)

    assert (recorded.outcome, recorded.created_id) == ("held", meeting)
    assert desk.happened() == ["MeetingPlanned", "DutyScheduled", "MeetingHeld", "DutyHeld"]


async def test_an_exception_is_granted_and_ended(desk: Desk) -> None:
    named = {"organisation_id": desk.story.id("graz"), "prerequisite": "head"}
    granted = await desk.run(agree.grant_exception, meetings_commands.GrantException, until=date(2026, 4, 1), **named)
    ended = await desk.run(agree.end_exception, meetings_commands.EndException, **named)
    assert (granted.outcome, ended.outcome) == ("granted", "ended")


async def test_the_gate_is_seen_at_any_time(desk: Desk, showing: Showing) -> None:
    meeting = desk.story.id("a")
    await desk.run(
        meetings.plan_meeting, meetings_commands.PlanFromDuty, meeting_id=meeting, duty=TALK, details=details()
    )
    with acting(desk.story.occasion):
        gate = await meetings.gate_of(programme_of(desk), meeting, showing)
    assert gate.lacks == ("agreement",)
    assert gate.due.missing == ()


async def test_nobody_is_asked_where_nothing_is_needed(story: Story, showing: Showing) -> None:
    assert await meetings.proofs_of(story.running(), (story.id("graz"),), showing) == {}
    assert showing.asked == []
    assert story.running().state.meetings.host_of(story.id("a")) == ()
