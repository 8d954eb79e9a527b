from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from interpares.common.aggregate import event_id
from interpares.programme.domain import events
from interpares.programme.domain.decision import Alternative, Source, SourceKind
from interpares.programme.domain.errors import CallAlreadyOpen, CallNotOpen, MomentNotFitting
from interpares.programme.domain.moment import LocalMoment

if TYPE_CHECKING:
    from services.programme.tests.conftest import Story

DECEMBER = LocalMoment(datetime(2026, 12, 1, 12, 0), "Europe/Brussels")  # noqa: DTZ001 -- local time by intent
LAST_YEAR = LocalMoment(datetime(2025, 12, 1, 12, 0), "Europe/Brussels")  # noqa: DTZ001 -- local time by intent


def test_a_call_is_opened_with_a_deadline(story: Story) -> None:
    programme = story.past(story.drafted())

    programme.open_call(DECEMBER, story.grounds())

    decision = story.decision(
        "call-opening",
        f"programme:{story.programme_id}",
        "open",
        rule=programme.state.charter.call,
        alternatives=(Alternative("fits", option="no-call"),),
    )
    _, told = story.called()
    opened = (events.CallOpened, told | {"decision": decision, "deadline": DECEMBER})
    assert list(programme.collect_events()) == story.told(2, opened)


def test_a_call_is_closed_and_another_can_follow(story: Story) -> None:
    programme = story.running()

    programme.close_call(story.grounds())

    decision = story.decision(
        "call-closure",
        f"programme:{story.programme_id}",
        "closed",
        rule=programme.state.charter.call,
        alternatives=(Alternative("fits", option="stay-open"),),
    )
    closed = (events.CallClosed, {"decision": decision, "call": event_id(story.programme_id, 2)})
    assert list(programme.collect_events()) == story.told(3, closed)
    programme.open_call(DECEMBER, story.grounds())


def test_an_open_call_is_not_opened_and_a_closed_one_not_closed(story: Story) -> None:
    with pytest.raises(CallAlreadyOpen):
        story.running().open_call(DECEMBER, story.grounds())
    with pytest.raises(CallNotOpen):
        story.past(story.drafted()).close_call(story.grounds())


def test_a_deadline_in_the_past_is_only_entered_looking_back(story: Story) -> None:
    programme = story.past(story.drafted())
    with pytest.raises(MomentNotFitting):
        programme.open_call(LAST_YEAR, story.grounds())
    programme.open_call(LAST_YEAR, story.grounds(source=Source(SourceKind.RETROSPECTIVE)))
