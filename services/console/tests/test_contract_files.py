"""A published version may be added to and never takes back what it promised."""

import json
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel

from interpares.common.contracts.contract import Contract
from interpares.console.contract_files import Broken, golden, published


class Place(BaseModel):
    town: str
    floor: int | None = None


class Moved(Contract):
    """Something moved."""

    TYPE: ClassVar[str] = "test.moved.v1"

    id: UUID
    at: datetime
    how: Literal["bus", "train"]
    places: tuple[Place, ...]
    names: dict[str, str]


FIRST = golden(Moved, None)


def test_a_new_version_gets_schema_and_example() -> None:
    document = json.loads(FIRST)
    assert document["example"] == {
        "id": "018f0000-0000-7000-8000-000000000002",
        "at": "2026-03-01T09:30:00Z",
        "how": "bus",
        "places": [{"town": "text", "floor": 7}],
        "names": {"en": "text"},
    }
    assert document["schema"]["title"] == "Moved"


def test_what_did_not_change_stays_the_same() -> None:
    assert golden(Moved, FIRST) == FIRST


def test_a_field_with_a_default_may_be_added() -> None:
    class More(Moved):
        """Something moved, told better."""

        luggage: int = 0

    document = json.loads(golden(More, FIRST))
    assert "luggage" in document["schema"]["properties"]
    assert document["example"] == json.loads(FIRST)["example"]


def test_a_field_without_default_may_not_be_added() -> None:
    class Demanding(Moved):
        luggage: int

    with pytest.raises(Broken, match="which fields there always are"):
        golden(Demanding, FIRST)


def test_a_field_may_not_become_optional() -> None:
    class Vague(Moved):
        how: Literal["bus", "train"] = "bus"

    with pytest.raises(Broken, match="which fields there always are"):
        golden(Vague, FIRST)


def test_a_type_may_not_change() -> None:
    class Other(Moved):
        id: str  # type: ignore[assignment]

    with pytest.raises(Broken, match=r"test.moved.v1.properties.id"):
        golden(Other, FIRST)


def test_a_value_may_not_be_added_to_a_choice() -> None:
    class Faster(Moved):
        how: Literal["bus", "train", "plane"]  # type: ignore[assignment]

    with pytest.raises(Broken, match=r"properties.how.enum"):
        golden(Faster, FIRST)


def test_a_field_may_not_go_even_in_a_nested_value() -> None:
    class Bare(BaseModel):
        town: str

    Bare.__name__ = "Place"

    class Poorer(Moved):
        places: tuple[Bare, ...]  # type: ignore[assignment]

    with pytest.raises(Broken):
        golden(Poorer, FIRST)


def test_all_contracts_are_found() -> None:
    types = [contract.TYPE for contract in published()]
    assert "programme.duty-accepted.v1" in types
    assert "registration.membership-ended.v1" in types
    assert types == sorted(set(types))
    assert Moved.TYPE not in types
