"""Twin towns: whichever is named first, the link is the same."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from interpares.registration.domain.directory.errors import TwinnedWithItself, TwinningOver, ValidityReversed
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.twinning import Ended, State, Twinning, TwinningSnapshot

ID, BORNE, RHEINE = (UUID(int=number) for number in (1, 20, 30))
DAY = date(1983, 5, 1)
WHY = Grounds("council-resolved", "a" * 64, "office")
pytestmark = pytest.mark.usefixtures("now_acting")


def twinned(starts: date | None = DAY) -> Twinning:
    return Twinning.enter(ID, (RHEINE, BORNE), starts, WHY)


def test_both_sides_are_named() -> None:
    event: Any = twinned().collect_events()[0]
    assert (event.between, event.starts, event.reason_code) == ((BORNE, RHEINE), DAY, "council-resolved")
    assert twinned().state == State((BORNE, RHEINE), DAY)


def test_it_ends_once_and_not_before_it_began() -> None:
    twinning = twinned()
    twinning.collect_events()
    with pytest.raises(ValidityReversed):
        twinning.end(date(1983, 4, 30), WHY)

    twinning.end(date(2020, 12, 31), WHY)

    (event,) = twinning.collect_events()
    assert isinstance(event, Ended)
    assert (event.between, event.ends, event.acting_as) == ((BORNE, RHEINE), date(2020, 12, 31), "office")
    with pytest.raises(TwinningOver):
        twinning.end(date(2021, 12, 31), WHY)


def test_one_that_began_nobody_knows_when_ends_on_any_day() -> None:
    twinning = twinned(None)
    twinning.end(date(1970, 1, 1), WHY)
    assert twinning.state.ended


def test_it_takes_two() -> None:
    with pytest.raises(TwinnedWithItself):
        Twinning.enter(ID, (BORNE, BORNE), None, WHY)


def test_a_snapshot_is_the_link_again() -> None:
    twinning = twinned()
    twinning.collect_events()
    assert TwinningSnapshot.take(twinning).mutate(None) == twinning
