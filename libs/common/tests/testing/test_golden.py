"""The corpus lets events grow and notices everything else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from eventsourcing.persistence import StoredEvent

from interpares.common.aggregate import Aggregate
from interpares.common.eventstore import MAPPER
from interpares.common.testing.golden import ORIGINATOR, check_golden, document, example_of

if TYPE_CHECKING:
    from pathlib import Path


class Planted(Aggregate.Event):
    TOPIC = "golden.tree.planted.v1"

    kind: str


class Grown(Aggregate.Event):
    TOPIC = "golden.tree.grown.v1"

    kind: str
    height: int = 0


class Renamed(Aggregate.Event):
    TOPIC = "golden.tree.renamed.v1"

    sort: str = ""


def released(folder: Path, event_class: Any) -> Path:
    """Keep a file as if events of the class had had one field, kind, when they were released."""
    first = MAPPER.to_stored_event(example_of(Planted, originator_id=ORIGINATOR, originator_version=1))
    path = folder / f"{event_class.TOPIC}.json"
    kept = document(StoredEvent(ORIGINATOR, 1, event_class.TOPIC, first.state))
    path.write_text(json.dumps(kept), encoding="utf-8")
    return path


def test_an_event_that_stayed_as_it_was_passes(tmp_path: Path) -> None:
    released(tmp_path, Planted)
    check_golden(tmp_path, Planted)


def test_an_event_that_grew_needs_a_file_of_its_new_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INTERPARES_GOLDEN_ADD", raising=False)
    released(tmp_path, Grown)
    with pytest.raises(AssertionError, match="run make golden"):
        check_golden(tmp_path, Grown)

    monkeypatch.setenv("INTERPARES_GOLDEN_ADD", "1")
    check_golden(tmp_path, Grown)
    monkeypatch.delenv("INTERPARES_GOLDEN_ADD")

    check_golden(tmp_path, Grown)
    assert [each.name for each in (tmp_path / "grown").iterdir()] == ["golden.tree.grown.v1.2.json"]


def test_a_field_that_was_renamed_is_found(tmp_path: Path) -> None:
    released(tmp_path, Renamed)
    with pytest.raises(AssertionError, match="no longer have the bytes"):
        check_golden(tmp_path, Renamed)


def test_a_file_that_was_edited_is_found(tmp_path: Path) -> None:
    path = released(tmp_path, Planted)
    path.write_text(path.read_text(encoding="utf-8").replace("text", "other"), encoding="utf-8")
    with pytest.raises(AssertionError, match="no longer have the bytes"):
        check_golden(tmp_path, Planted)
