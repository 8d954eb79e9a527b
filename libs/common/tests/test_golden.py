"""The events every service stores alike have the bytes they were released with."""

from __future__ import annotations

from pathlib import Path

import pytest

from interpares.common import erasing
from interpares.common.testing.golden import check_golden, event_classes

FOLDER = Path(__file__).parent / "golden" / "events"
CLASSES = list(event_classes(erasing.Change))


@pytest.mark.parametrize("event_class", CLASSES, ids=lambda each: vars(each)["TOPIC"])
def test_the_bytes_of_a_golden_event_never_change(event_class: type) -> None:
    check_golden(FOLDER, event_class)


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {vars(each)["TOPIC"] for each in CLASSES}
