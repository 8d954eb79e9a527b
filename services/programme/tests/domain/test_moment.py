from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from interpares.programme.domain.errors import MomentNotFitting
from interpares.programme.domain.moment import LocalMoment, later

NOON = datetime(2026, 12, 1, 12, 0)  # noqa: DTZ001 -- local time by intent


def test_a_local_moment_is_an_instant() -> None:
    assert LocalMoment(NOON, "Europe/Brussels").instant("deadline") == datetime(2026, 12, 1, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "zone"),
    [
        (NOON, "Europe/Nowhere"),
        (NOON, "../etc"),
        (NOON, "Europe"),
        (NOON.replace(year=9999, day=31, hour=23), "America/Lima"),
        (NOON.replace(year=1, month=1, hour=0), "Asia/Tokyo"),
    ],
)
def test_a_moment_that_does_not_exist_is_refused(local: datetime, zone: str) -> None:
    with pytest.raises(MomentNotFitting) as refused:
        LocalMoment(local, zone).instant("deadline")
    assert refused.value.field == "deadline"


def test_later_means_later() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    later(now + timedelta(seconds=1), now, "respond_by")
    with pytest.raises(MomentNotFitting):
        later(now, now, "respond_by")
