"""Use cases of outputs and checks: load, decide, save, answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from services.programme.tests.application.test_use_cases import Desk
from services.programme.tests.domain.test_outputs import meets

from interpares.common.context import acting
from interpares.programme.application import outputs
from interpares.programme.application.output_commands import (
    AnswerCheck,
    AssignOutput,
    DropOutput,
    FinishOutput,
    MeetFor,
    RecordOutput,
    TendChecks,
)
from interpares.programme.application.outputs import Known, Tended
from interpares.programme.domain.outputs.errors import UnknownOwner
from interpares.programme.domain.outputs.output import Finding, Kind, Output
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from uuid import UUID

    from services.programme.tests.conftest import Story

DUE = date(2026, 3, 31)


class Registered(Known):
    """Knows the organisations it was given."""

    def __init__(self, *organisations: UUID) -> None:
        self.organisations = organisations

    async def known(self, organisation_id: UUID) -> bool:
        return organisation_id in self.organisations


@pytest.fixture
def desk(story: Story) -> Desk:
    desk = Desk(story)
    desk.has()
    programme = desk.unit.aggregates[story.programme_id]
    assert isinstance(programme, Programme)
    story.knows_a_review(programme)
    return desk


def recording(story: Story, name: str, **changes: Any) -> dict[str, Any]:
    output = replace(Output(Kind.FOLLOW_UP, story.knows_a_review(story.running())), **changes)
    return {"output_id": story.id(name), "output": output, "months": (3,) if output.owner else (), "text": "7e" * 32}


async def test_each_decision_about_an_output_is_saved_and_answered(desk: Desk) -> None:
    story = desk.story
    graz, advice, other = (story.id(name) for name in ("graz", "advice", "other"))
    organisations = Registered(graz)
    record = partial(outputs.record_output, organisations=organisations)
    assign = partial(outputs.assign_output, organisations=organisations)
    steps: list[tuple[Any, Any, dict[str, Any], tuple[Any, ...]]] = [
        (record, RecordOutput, recording(story, "advice"), ("output-record", f"output:{advice}", "open", advice)),
        (
            record,
            RecordOutput,
            recording(story, "other", owner=graz, due=DUE),
            ("output-record", f"output:{other}", "assigned", other),
        ),
        (
            assign,
            AssignOutput,
            {"output_id": advice, "owner": graz, "due": DUE, "months": (3,)},
            ("output-change", f"output:{advice}", "assigned"),
        ),
        (
            outputs.meet_for,
            MeetFor,
            {"output_id": advice, "meeting": story.id("workshop")},
            ("output-change", f"output:{advice}", "followed"),
        ),
        (outputs.finish_output, FinishOutput, {"output_id": advice}, ("output-change", f"output:{advice}", "done")),
        (outputs.drop_output, DropOutput, {"output_id": other}, ("output-change", f"output:{other}", "dropped")),
    ]
    programme = desk.unit.aggregates[story.programme_id]
    assert isinstance(programme, Programme)
    meets(story, programme, "workshop")
    for use_case, command, fields, expected in steps:
        desk.unit.saved, desk.unit.texts = [], []
        decided = await desk.run(use_case, command, **fields)
        assert decided == desk.answer(*expected)


async def test_an_owner_is_registered(desk: Desk) -> None:
    record = partial(outputs.record_output, organisations=Registered())
    with pytest.raises(UnknownOwner) as refused:
        await desk.run(record, RecordOutput, **recording(desk.story, "a", owner=desk.story.id("graz"), due=DUE))
    assert refused.value.field == "owner_id"


async def test_checks_are_tended_once_and_answered(desk: Desk) -> None:
    story = desk.story
    graz, advice = story.id("graz"), story.id("advice")
    record = partial(outputs.record_output, organisations=Registered(graz))
    await desk.run(record, RecordOutput, **recording(story, "advice", owner=graz, due=DUE))
    later = replace(story.occasion, now=datetime(2026, 6, 30, 9, tzinfo=UTC))
    grounds = story.grounds("time-passed", "system")
    command = TendChecks(programme_id=story.programme_id, grounds=grounds, texts=())
    desk.unit.saved = []
    with acting(later):
        tended = [await outputs.tend_checks(command, desk.unit) for _ in range(2)]
        answer = AnswerCheck(
            programme_id=story.programme_id,
            grounds=story.grounds(),
            texts=(),
            output_id=advice,
            months=3,
            finding=Finding.IN_PROGRESS,
            note="",
        )
        decided = await outputs.answer_check(answer, desk.unit)
    assert tended == [Tended(1), Tended(0)]
    assert (decided.type, decided.outcome) == ("check-answer", "in-progress")
    assert desk.happened() == ["CheckFellDue", "CheckAnswered"]
