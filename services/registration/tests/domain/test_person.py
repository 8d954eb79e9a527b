"""People in the log: ids, and nothing else."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from interpares.common.aggregate import Metadata
from interpares.registration.domain.person import Person, PersonSnapshot, State

if TYPE_CHECKING:
    from interpares.common.context import Occasion

PERSON, ACTOR = UUID(int=10), UUID(int=11)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def made(event_class: Any, version: int, **fields: Any) -> Any:
    metadata = Metadata(UUID(int=1), UUID(int=2), UUID(int=3), None, "", "")
    return event_class(originator_id=PERSON, originator_version=version, timestamp=NOW, metadata=metadata, **fields)


def test_a_person_is_registered_by_ids_only(now_acting: Occasion) -> None:
    person = Person.register(PERSON, ACTOR)

    expected = made(
        Person.Created,
        1,
        originator_topic="registration.person",
        actor=ACTOR,
    )
    assert person.state == State(ACTOR)
    assert person.collect_events() == [expected]
    assert {field.name for field in fields(expected)} == {
        "originator_id",
        "originator_version",
        "originator_topic",
        "timestamp",
        "metadata",
        "actor",
    }


@pytest.mark.usefixtures("now_acting")
def test_a_snapshot_is_the_person_again() -> None:
    person = Person.register(PERSON, ACTOR)
    person.collect_events()

    assert PersonSnapshot.take(person).mutate(None) == person
