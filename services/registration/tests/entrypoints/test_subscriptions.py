"""What is heard: local deadlines become instants, and what cannot be one is set aside."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from interpares.common.contracts import programme
from interpares.common.contracts.privacy import TextsErased
from interpares.common.contracts.programme.course import RulesAmended
from interpares.common.contracts.programme.meetings import MeetingHeld
from interpares.registration.entrypoints.subscriptions import instant
from interpares.registration.main import SERVICE


@pytest.mark.parametrize(
    ("local", "zone", "expected"),
    [
        ("2026-12-01T12:00", "Europe/Brussels", datetime(2026, 12, 1, 11, tzinfo=UTC)),
        ("2026-07-01T12:00:30", "Europe/Brussels", datetime(2026, 7, 1, 10, 0, 30, tzinfo=UTC)),
        # Of an hour that comes twice the first is meant.
        ("2026-10-25T02:30", "Europe/Vienna", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_local_time_in_a_zone_is_an_instant(local: str, zone: str, expected: datetime) -> None:
    assert instant(local, zone) == expected


@pytest.mark.parametrize(
    ("local", "zone"),
    [
        ("2026-12-01T12:00", "Europe/Nowhere"),
        ("2026-12-01T12:00", "../../etc/passwd"),
        ("2026-12-01T12:00", "Europe"),
        ("2026-12-01T12:00+01:00", "Europe/Brussels"),
        ("soon", "Europe/Brussels"),
    ],
)
def test_what_is_none_is_a_value_error(local: str, zone: str) -> None:
    with pytest.raises(ValueError, match=r"deadline|isoformat"):
        instant(local, zone)


def test_what_the_service_hears_of() -> None:
    assert {producer: set(handlers) for producer, handlers in SERVICE.subscriptions.items()} == {
        "programme": {
            programme.ProgrammeDrafted.TYPE,
            RulesAmended.TYPE,
            programme.MeetingPlanned.TYPE,
            programme.MeetingChanged.TYPE,
            programme.MeetingConfirmed.TYPE,
            programme.MeetingRescheduled.TYPE,
            programme.MeetingCancelled.TYPE,
            programme.MeetingHeld.TYPE,
            programme.CallOpened.TYPE,
            programme.CallClosed.TYPE,
            programme.ParticipationAdmitted.TYPE,
            programme.ApplicationDeclined.TYPE,
            MeetingHeld.TYPE,
            programme.AttendanceCorrected.TYPE,
            TextsErased.TYPE,
        }
    }
