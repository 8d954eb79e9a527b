"""Organisations: what may be registered, changed and merged, and what is then on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from interpares.common.aggregate import Metadata
from interpares.common.contracts.template.eligibility import OrganisationKind
from interpares.registration.domain.directory.errors import (
    ForRegistrars,
    FundingReversed,
    KeyMalformed,
    LeadNoMember,
    MergedIntoItself,
    NothingChanged,
    OrganisationMerged,
    OrganisationOver,
    ValidityReversed,
)
from interpares.registration.domain.errors import KeyMissing, KeyRepeated, NameMissing, PlaceOutOfRange
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.organisation import (
    Absorbed,
    Coordinates,
    Facts,
    Funding,
    Key,
    Kind,
    Merged,
    Organisation,
    OrganisationSnapshot,
    Origin,
    State,
    Updated,
)

if TYPE_CHECKING:
    from interpares.common.context import Occasion
    from interpares.common.errors import Invalid

GMUNDEN = UUID("0195a000-0000-7000-8000-00000000000a")
ALTMUENSTER = UUID("0195a000-0000-7000-8000-00000000000b")
FACTS = Facts(
    kind=Kind.MUNICIPALITY,
    country="AT",
    keys=(Key("LAU", "40705"), Key("Wikidata", "Q493719")),
    names={"de": "Gmunden"},
    population=13_184,
    languages=("de",),
    coordinates=Coordinates("47.9183", "13.7993"),
    funding=(Funding("smart-city", date(2020, 1, 1), date(2022, 12, 31)),),
    member_of=("climate-alliance",),
)
GROWN = replace(FACTS, population=13_300)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 1, 1)
WHY = Grounds("counted-anew", "a" * 64, "office")
TOLD = {"reason_code": "counted-anew", "reason": "a" * 64, "acting_as": "office"}
pytestmark = pytest.mark.usefixtures("now_acting")


def made(event_class: Any, version: int, **fields: Any) -> Any:
    metadata = Metadata(UUID(int=1), UUID(int=2), UUID(int=3), None, "", "")
    return event_class(originator_id=GMUNDEN, originator_version=version, timestamp=NOW, metadata=metadata, **fields)


def register(organisation_id: UUID = GMUNDEN, **changes: Any) -> Organisation:
    organisation = Organisation.register(organisation_id, replace(FACTS, **changes), acting_as="office")
    organisation.collect_events()
    return organisation


def test_an_organisation_is_registered(now_acting: Occasion) -> None:
    origin = Origin(UUID(int=5), "b" * 64, 2)
    organisation = Organisation.register(
        GMUNDEN, FACTS, acting_as="office", reason_code="new", reason="a" * 64, origin=origin
    )

    expected = made(
        Organisation.Created,
        1,
        originator_topic="registration.organisation",
        **vars(FACTS),
        acting_as="office",
        reason_code="new",
        reason="a" * 64,
        origin=origin,
    )
    assert organisation.state == State(FACTS, FACTS.keys)
    assert (organisation.state.kind, organisation.state.country) == (Kind.MUNICIPALITY, "AT")
    assert organisation.collect_events() == [expected]


def test_what_nobody_knows_may_be_left_out() -> None:
    facts = Facts(Kind.COMMITTEE, "DE", (Key("own", "7"),), {"de": "Partnerschaftsverein"})

    event: Any = Organisation.register(GMUNDEN, facts, acting_as="operator").collect_events()[0]

    assert (event.population, event.languages, event.coordinates) == (None, (), None)
    assert event.facts == facts


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"keys": ()}, KeyMissing, "keys"),
        ({"keys": (Key("LAU", "1a"), Key("own", "1a"), Key("lau", "1A"))}, KeyRepeated, "keys.2"),
        ({"keys": (Key("LAU", "1"), Key("AGS", "9162000"))}, KeyMalformed, "keys.1.value"),
        ({"keys": (Key("ARS", "09162000"),)}, KeyMalformed, "keys.0.value"),
        ({"keys": (Key("wikidata", "493719"),)}, KeyMalformed, "keys.0.value"),
        ({"keys": (Key("NUTS-3", "AT31"),)}, KeyMalformed, "keys.0.value"),
        ({"names": {}}, NameMissing, "names"),
        ({"coordinates": Coordinates("90.1", "0")}, PlaceOutOfRange, "coordinates.latitude"),
        ({"coordinates": Coordinates("-90", "-180.00000001")}, PlaceOutOfRange, "coordinates.longitude"),
        ({"funding": (Funding("a"), Funding("b", DAY, date(2025, 1, 1)))}, FundingReversed, "funding.1.ends"),
        ({"lead": ALTMUENSTER}, LeadNoMember, "lead"),
        ({"valid_from": DAY, "valid_until": date(2025, 12, 31)}, ValidityReversed, "valid_until"),
    ],
)
def test_what_cannot_be_right_is_refused(changes: dict[str, Any], refusal: type[Invalid], field: str) -> None:
    with pytest.raises(refusal) as refused:
        register(**changes)
    assert refused.value.field == field
    assert refused.value.way_out


def test_well_formed_keys_and_registers_nobody_knows_are_taken() -> None:
    keys = (
        Key("AGS", "09162000"),
        Key("ARS", "091620000000"),
        Key("NUTS-3", "de212"),
        Key("Wikidata", "q1726"),
        Key("INEGI", "14-039"),
    )
    assert register(keys=keys).state.known_keys == keys


def test_the_ends_of_the_earth_are_places() -> None:
    assert register(coordinates=Coordinates("-90", "180.000")).version == 1


def test_a_consortium_has_members_and_a_lead() -> None:
    organisation = register(members=(ALTMUENSTER, UUID(int=9)), lead=ALTMUENSTER)
    assert organisation.state.facts.lead == ALTMUENSTER


def test_a_change_tells_the_whole_and_what_differs() -> None:
    organisation = register()

    organisation.update(GROWN, WHY, correction=False, effective_on=DAY)

    event = made(Updated, 2, facts=GROWN, changed=("population",), correction=False, effective_on=DAY, **TOLD)
    assert organisation.collect_events() == [event]
    assert organisation.state == State(GROWN, FACTS.keys)


def test_a_key_it_had_still_leads_to_it_and_a_wrong_one_does_not() -> None:
    new = (Key("LAU", "40799"),)
    changed, corrected = register(), register()

    changed.update(replace(FACTS, keys=new), WHY, correction=False, effective_on=DAY)
    corrected.update(replace(FACTS, keys=new), WHY, correction=True, effective_on=None)

    assert changed.state.known_keys == (*FACTS.keys, *new)
    assert corrected.state.known_keys == new


def test_a_correction_has_no_day_from_which_it_is_so() -> None:
    organisation = register()
    organisation.update(GROWN, WHY, correction=True, effective_on=DAY)
    event: Any = organisation.collect_events()[0]
    assert (event.correction, event.effective_on) == (True, None)


def test_a_coordinator_changes_all_but_what_registrars_vouch_for() -> None:
    organisation, own = register(), replace(WHY, capacity="coordinator")
    known_by: dict[str, Any] = {
        "kind": Kind.MUNICIPAL_COMPANY,
        "country": "DE",
        "keys": (Key("LAU", "40799"),),
        "members": (ALTMUENSTER,),
        "valid_from": DAY,
        "valid_until": DAY,
    }

    for field, value in known_by.items():
        with pytest.raises(ForRegistrars) as refused:
            organisation.update(replace(GROWN, **{field: value}), own, correction=True, effective_on=None)
        assert [each["field"] for each in refused.value.items] == [field]
    assert organisation.collect_events() == []
    organisation.update(GROWN, own, correction=True, effective_on=None)

    event: Any = organisation.collect_events()[0]
    assert (event.changed, event.acting_as) == (("population",), "coordinator")


def test_nothing_is_recorded_where_nothing_changed() -> None:
    organisation = register()
    with pytest.raises(NothingChanged):
        organisation.update(FACTS, WHY, correction=True, effective_on=None)
    with pytest.raises(KeyMissing):
        organisation.update(replace(FACTS, keys=()), WHY, correction=True, effective_on=None)
    assert organisation.version == 1


def test_a_merged_organisation_keeps_its_keys_and_ends_the_day_before() -> None:
    gmunden, successor = register(), register(ALTMUENSTER)

    gmunden.merge_into(successor, DAY, WHY)
    successor.absorb((GMUNDEN,), DAY, WHY)

    ended = replace(FACTS, valid_until=date(2025, 12, 31))
    assert gmunden.collect_events() == [made(Merged, 2, facts=ended, into=ALTMUENSTER, from_day=DAY, **TOLD)]
    assert gmunden.state == State(ended, FACTS.keys, ALTMUENSTER)
    (absorbed,) = successor.collect_events()
    assert isinstance(absorbed, Absorbed)
    assert (absorbed.organisations, absorbed.from_day) == ((GMUNDEN,), DAY)
    assert successor.state == State(FACTS, FACTS.keys)


def test_nobody_acts_for_a_merged_organisation_and_it_stays_as_it_is() -> None:
    gmunden, successor = register(), register(ALTMUENSTER)
    gmunden.merge_into(successor, DAY, WHY)

    with pytest.raises(OrganisationMerged):
        gmunden.check_acts_on(DAY)
    with pytest.raises(OrganisationMerged):
        gmunden.update(GROWN, WHY, correction=True, effective_on=None)
    with pytest.raises(OrganisationMerged):
        gmunden.merge_into(successor, DAY, WHY)
    with pytest.raises(OrganisationMerged):
        gmunden.absorb((ALTMUENSTER,), DAY, WHY)


def test_an_organisation_becomes_part_of_another_one_once() -> None:
    gmunden = register()
    with pytest.raises(MergedIntoItself):
        gmunden.merge_into(gmunden, DAY, WHY)
    with pytest.raises(MergedIntoItself):
        gmunden.absorb((ALTMUENSTER, ALTMUENSTER), DAY, WHY)


def test_it_can_not_end_before_it_begins() -> None:
    with pytest.raises(ValidityReversed):
        register(valid_from=DAY).merge_into(register(ALTMUENSTER), DAY, WHY)


@pytest.mark.parametrize(
    ("changes", "acts"),
    [
        ({}, True),
        ({"valid_from": NOW.date(), "valid_until": NOW.date()}, True),
        ({"valid_from": date(2026, 3, 2)}, False),
        ({"valid_until": date(2026, 2, 28)}, False),
    ],
)
def test_it_acts_while_it_exists(changes: dict[str, Any], acts: bool) -> None:  # noqa: FBT001 -- an expectation
    organisation = register(**changes)
    if acts:
        organisation.check_acts_on(NOW.date())
    else:
        with pytest.raises(OrganisationOver):
            organisation.check_acts_on(NOW.date())


def test_a_snapshot_is_the_organisation_again() -> None:
    organisation = register()

    assert OrganisationSnapshot.take(organisation).mutate(None) == organisation


def test_kinds_are_those_that_templates_speak_of() -> None:
    assert {kind.value for kind in Kind} == {kind.value for kind in OrganisationKind}
