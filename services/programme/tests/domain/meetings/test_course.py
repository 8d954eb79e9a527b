"""The course of a meeting that is owed: planned, agreed, confirmed, moved, cancelled, held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.domain.duties import Status
from interpares.programme.domain.meetings.meeting import MeetingStatus

if TYPE_CHECKING:
    from services.programme.tests.domain.meetings.conftest import Club


def test_smoke(confirmed: Club) -> None:
    assert confirmed.now().status is MeetingStatus.CONFIRMED
    assert confirmed.programme.state.duties["AT.visits.1"].status is Status.SCHEDULED
