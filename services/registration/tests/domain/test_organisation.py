"""Organisations: what may be registered, and what is then on record."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from interpares.common.aggregate import Metadata
from interpares.common.contracts.template.eligibility import OrganisationKind
from interpares.registration.domain.errors import KeyMissing, KeyRepeated, NameMissing, PlaceOutOfRange
from interpares.registration.domain.organisation import (
    Coordinates,
    Key,
    Kind,
    Organisation,
    OrganisationSnapshot,
    State,
)

if TYPE_CHECKING:
    from interpares.common.context import Occasion

GMUNDEN = UUID("0195a000-0000-7000-8000-00000000000a")
FACTS: dict[str, Any] = {
    "kind": Kind.MUNICIPALITY,
    "country": "AT",
    "keys": (Key("LAU", "40705"), Key("Wikidata", "Q493719")),
    "names": {"de": "Gmunden"},
    "population": 13_184,
    "languages": ("de",),
    "coordinates": Coordinates("47.9183", "13.7993"),
    "acting_as": "office",
}
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def made(event_class: Any, version: int, **fields: Any) -> Any:
    metadata = Metadata(UUID(int=1), UUID(int=2), UUID(int=3), None, "", "")
    return event_class(originator_id=GMUNDEN, originator_version=version, timestamp=NOW, metadata=metadata, **fields)


def register(**changes: Any) -> Organisation:
    return Organisation.register(GMUNDEN, **{**FACTS, **changes})


def test_an_organisation_is_registered(now_acting: Occasion) -> None:
    organisation = register()

    expected = made(
        Organisation.Created,
        1,
        originator_topic="registration.organisation",
        **FACTS,
    )
    assert organisation.state == State(Kind.MUNICIPALITY, "AT")
    assert organisation.collect_events() == [expected]


@pytest.mark.usefixtures("now_acting")
def test_what_nobody_knows_may_be_left_out() -> None:
    organisation = Organisation.register(
        GMUNDEN,
        kind=Kind.COMMITTEE,
        country="DE",
        keys=(Key("own", "7"),),
        names={"de": "Partnerschaftsverein"},
        acting_as="operator",
    )

    event: Any = organisation.collect_events()[0]
    assert (event.population, event.languages, event.coordinates) == (None, (), None)


@pytest.mark.usefixtures("now_acting")
@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"keys": ()}, KeyMissing, "keys"),
        ({"keys": (Key("LAU", "1a"), Key("NUTS", "1a"), Key("lau", "1A"))}, KeyRepeated, "keys.2"),
        ({"names": {}}, NameMissing, "names"),
        ({"coordinates": Coordinates("90.1", "0")}, PlaceOutOfRange, "coordinates.latitude"),
        ({"coordinates": Coordinates("-90", "-180.00000001")}, PlaceOutOfRange, "coordinates.longitude"),
    ],
)
def test_what_cannot_be_right_is_refused(
    changes: dict[str, Any], refusal: type[KeyMissing | KeyRepeated | NameMissing | PlaceOutOfRange], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        register(**changes)
    assert refused.value.field == field


@pytest.mark.usefixtures("now_acting")
def test_the_ends_of_the_earth_are_places() -> None:
    assert register(coordinates=Coordinates("-90", "180.000")).version == 1


@pytest.mark.usefixtures("now_acting")
def test_a_snapshot_is_the_organisation_again() -> None:
    organisation = register()
    organisation.collect_events()

    assert OrganisationSnapshot.take(organisation).mutate(None) == organisation


def test_kinds_are_those_that_templates_speak_of() -> None:
    assert {kind.value for kind in Kind} == {kind.value for kind in OrganisationKind}
