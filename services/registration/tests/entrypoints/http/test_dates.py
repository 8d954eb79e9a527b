"""When a meeting is, as people write it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from interpares.registration.application.seat_ports import KnownMeeting
from interpares.registration.entrypoints.http.dates import span


def meeting(starts: str | None, ends: str | None, zone: str | None = "Europe/Berlin") -> KnownMeeting:
    facts: dict[str, Any] = dict.fromkeys(KnownMeeting.__dataclass_fields__)
    return KnownMeeting(**facts | {"meeting_id": uuid4(), "starts_local": starts, "ends_local": ends, "zone": zone})


@pytest.mark.parametrize(
    ("starts", "ends", "language", "told"),
    [
        ("2027-03-31T09:30:00", "2027-03-31T16:00:00", "de", "31. März 2027, 09:30–16:00 (Europe/Berlin)"),
        ("2027-03-31T09:30", "2027-04-01T16:00", "en", "31 March 2027, 09:30 – 1 April 2027, 16:00 (Europe/Berlin)"),
        ("2027-03-31T09:30", None, "de", "31. März 2027, 09:30 (Europe/Berlin)"),
        (None, None, "de", ""),
    ],
)
def test_when_a_meeting_is(starts: str | None, ends: str | None, language: str, told: str) -> None:
    assert span(meeting(starts, ends), language) == told


def test_without_a_zone_none_is_told() -> None:
    assert span(meeting("2027-03-31T09:30", None, zone=None), "de") == "31. März 2027, 09:30"
