"""Every event of the programme service has the bytes it was released with."""

from __future__ import annotations

from pathlib import Path

import pytest

from interpares.common.testing.golden import check_golden, event_classes
from interpares.programme.domain.events import Event
from interpares.programme.domain.programme import Programme

FOLDER = Path(__file__).parent / "golden"
CLASSES = sorted(event_classes(Event), key=lambda each: str(vars(each)["TOPIC"]))


@pytest.mark.parametrize("event_class", CLASSES, ids=lambda each: vars(each)["TOPIC"])
def test_the_bytes_of_an_event_never_change(event_class: type) -> None:
    check_golden(FOLDER, event_class)


def test_every_event_is_known_and_no_file_is_left_over() -> None:
    assert Programme.Created in CLASSES
    assert {path.stem for path in FOLDER.glob("*.json")} == {vars(each)["TOPIC"] for each in CLASSES}
