"""What others are told of organisations: the whole, anew with every change."""

from collections.abc import Callable, Mapping
from typing import Any

from interpares.common.contracts.registration import Key, OrganisationRegistered, OrganisationUpdated, Place
from interpares.common.contracts.template.evaluation import FundedBy
from interpares.common.envelope import Publication
from interpares.registration.domain.organisation import Merged, Organisation, Updated


def registered(event: Organisation.Created) -> Publication:
    """Tell of an organisation that is new."""
    return Publication(OrganisationRegistered(**_organisation(event)))


def updated(event: Updated) -> Publication:
    """Tell of an organisation that is otherwise."""
    return Publication(OrganisationUpdated(**_organisation(event)))


def merged(event: Merged) -> Publication:
    """Tell of an organisation that became part of another one."""
    return Publication(OrganisationUpdated(**_organisation(event), merged_into=event.into))


PUBLISHED: Mapping[type, Callable[[Any], Publication]] = {
    Organisation.Created: registered,
    Updated: updated,
    Merged: merged,
}


def _organisation(event: Organisation.Created | Updated | Merged) -> dict[str, Any]:
    """Return the fields that every event tells of an organisation."""
    facts = event.facts
    place = facts.coordinates
    return {
        "organisation_id": event.originator_id,
        "kind": facts.kind.value,
        "country": facts.country,
        "keys": tuple(Key(scheme=key.scheme, value=key.value) for key in facts.keys),
        "names": facts.names,
        "population": facts.population,
        "languages": facts.languages,
        "coordinates": Place(latitude=place.latitude, longitude=place.longitude) if place else None,
        "version": event.originator_version,
        "funding": tuple(FundedBy(**vars(each)) for each in facts.funding),
        "member_of": facts.member_of,
        "members": facts.members,
        "valid_from": facts.valid_from,
        "valid_until": facts.valid_until,
    }
