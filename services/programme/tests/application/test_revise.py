"""Earlier decisions are found in the history, as they stand after their corrections."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from services.programme.tests.application.test_use_cases import Desk

from interpares.common.aggregate import event_id
from interpares.programme.application import revise
from interpares.programme.application import revising_commands as commands
from interpares.programme.application.call_for_applications import close_call
from interpares.programme.application.commands import CloseCall
from interpares.programme.application.ports import History
from interpares.programme.domain.revising.chapter import Telling
from interpares.programme.domain.revising.errors import DecisionOvertaken, UnknownDecision
from interpares.programme.domain.revising.events import CorrectedPart, DecisionCorrected, Part

if TYPE_CHECKING:
    from uuid import UUID

    from services.programme.tests.conftest import Happened, Story

    from interpares.programme.domain import events


@dataclass
class FakeHistory(History):
    """What was told, then what was saved."""

    told: list[events.Event] = field(default_factory=list)
    saved: list[events.Event] = field(default_factory=list)

    async def event(self, programme_id: UUID, number: int) -> events.Event:
        return (*self.told, *self.saved)[number - 1]


class Office:
    """A desk whose programme has admitted Graz by its third decision."""

    def __init__(self, story: Story) -> None:
        self.desk = Desk(story)
        self.story = story
        admitted, fields = story.admitted("graz")
        decision = story.decision(
            "admission", "application:graz", "admitted", concerns=(story.id("graz"),), file_reference="10-24/7"
        )
        happened: list[Happened] = [story.drafted(), story.called(), (admitted, {**fields, "decision": decision})]
        self.history = FakeHistory(story.told(1, *happened), self.desk.unit.saved)
        self.desk.unit.aggregates[story.programme_id] = story.past(*happened)
        self.admission = event_id(story.programme_id, 3)

    async def run(self, use_case: Any, command: Any, **fields: Any) -> Any:
        answered = use_case if use_case is revise.answer_objection else partial(use_case, history=self.history)
        return await self.desk.run(answered, command, **fields)

    async def correct(self, right: dict[Part, str], seen: UUID | None = None) -> Any:
        return await self.run(revise.correct, commands.Correct, decision_id=self.admission, right=right, seen=seen)


@pytest.fixture
def office(story: Story) -> Office:
    return Office(story)


async def test_a_decision_is_communicated_objected_to_and_answered(office: Office) -> None:
    graz, story = office.story.id("graz"), office.story
    telling = Telling((graz,), "letter", story.now)
    subject = f"decision:{office.admission}"

    told = await office.run(revise.communicate, commands.Communicate, decision_id=office.admission, telling=telling)
    objected = await office.run(revise.object_to, commands.ObjectTo, decision_id=office.admission, organisation_id=graz)
    answered = await office.run(
        revise.answer_objection, commands.AnswerObjection, objection_id=objected.decision_id, outcome="upheld"
    )
    revoked = await office.run(revise.revoke, commands.Revoke, decision_id=told.decision_id)

    assert [(each.type, each.subject, each.outcome) for each in (told, objected, answered, revoked)] == [
        ("communication", subject, "communicated"),
        ("objection", subject, "objected"),
        ("objection-answer", subject, "upheld"),
        ("revocation", f"decision:{told.decision_id}", "revoked"),
    ]


async def test_a_correction_builds_on_the_one_before(office: Office) -> None:
    first = await office.correct({Part.FILE_REFERENCE: "10-24/8"})
    second = await office.correct({Part.FILE_REFERENCE: "10-24/9", Part.REASON_CODE: "fits"}, first.decision_id)

    *_, corrected = office.desk.unit.saved
    assert isinstance(corrected, DecisionCorrected)
    assert corrected.parts == (CorrectedPart(Part.FILE_REFERENCE, "10-24/8", "10-24/9"),)
    assert (second.type, second.outcome) == ("correction", "corrected")


async def test_who_corrects_second_is_told(office: Office) -> None:
    await office.correct({Part.FILE_REFERENCE: "10-24/8"})
    with pytest.raises(DecisionOvertaken):
        await office.correct({Part.FILE_REFERENCE: "10-24/9"})


async def test_a_decision_that_corrects_by_changing_the_programme_leaves_the_record(office: Office) -> None:
    desk, story = office.desk, office.story
    desk.more_grounds = {"corrects": office.admission}
    closed = await desk.run(close_call, CloseCall)
    desk.more_grounds = {}

    await office.correct({Part.FILE_REFERENCE: "10-24/8"}, closed.decision_id)

    *_, corrected = desk.unit.saved
    assert isinstance(corrected, DecisionCorrected)
    assert corrected.parts == (CorrectedPart(Part.FILE_REFERENCE, "10-24/7", "10-24/8"),)
    assert story.programme_id == corrected.originator_id


async def test_a_later_decision_takes_the_place(office: Office) -> None:
    told = await office.run(
        revise.communicate,
        commands.Communicate,
        decision_id=office.admission,
        telling=Telling((office.story.id("graz"),), "letter", office.story.now),
    )
    superseded = await office.run(
        revise.supersede, commands.Supersede, decision_id=office.admission, by=told.decision_id
    )
    assert superseded.outcome == "superseded"


async def test_another_programmes_decision_is_not_known(office: Office) -> None:
    with pytest.raises(UnknownDecision):
        await office.run(revise.revoke, commands.Revoke, decision_id=office.story.id("elsewhere"))
