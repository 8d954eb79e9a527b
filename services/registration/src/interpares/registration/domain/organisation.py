"""Organisations: what takes part, sends people, runs programmes. Known by official keys, called by names."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.aggregate import Aggregate, Snapshot
from interpares.registration.domain.errors import KeyMissing, KeyRepeated, NameMissing, PlaceOutOfRange

REACH = {"latitude": 90, "longitude": 180}


class Kind(StrEnum):
    """What an organisation is; a natural person is none."""

    MUNICIPALITY = "municipality"
    MUNICIPAL_COMPANY = "municipal-company"
    ASSOCIATION = "association"
    COMMITTEE = "committee"
    UNIVERSITY = "university"
    LOCAL_PARTNER = "local-partner"
    AGENCY = "agency"
    PRIVATE_COMPANY = "private-company"


@dataclass(frozen=True)
class Key:
    """An official key, for example scheme ``LAU`` and value ``06A-60101``."""

    scheme: str
    value: str

    @property
    def folded(self) -> tuple[str, str]:
        """Scheme and value for comparison: small and capital letters make no difference."""
        return self.scheme.casefold(), self.value.casefold()


@dataclass(frozen=True)
class Coordinates:
    """A place in degrees of WGS 84, as decimal text such as ``47.9183``: the digits given are the digits kept."""

    latitude: str
    longitude: str


@dataclass(frozen=True)
class State:
    """What decisions about an organisation rest on."""

    kind: Kind
    country: str


class Change(Aggregate.Event):
    """A change of an organisation."""


class Organisation(Aggregate):
    """One organisation."""

    TOPIC = "registration.organisation"
    Event = Change
    if TYPE_CHECKING:
        state: State

    class Created(Change, Aggregate.Created):
        """An organisation was registered.

        country: ISO 3166-1 alpha-2. names: language to name. population: inhabitants, None where there are none or
        nobody knows. languages: of work, by preference. acting_as: capacity of whoever registered it.
        """

        TOPIC = "registration.organisation.registered.v1"

        kind: Kind
        country: str
        keys: tuple[Key, ...]
        names: dict[str, str]
        population: int | None
        languages: tuple[str, ...]
        coordinates: Coordinates | None
        acting_as: str

        def apply(self, aggregate: Organisation) -> None:
            """Take up what decisions rest on."""
            aggregate.state = State(self.kind, self.country)

    @classmethod
    def register(
        cls,
        organisation_id: UUID,
        *,
        kind: Kind,
        country: str,
        keys: tuple[Key, ...],
        names: dict[str, str],
        acting_as: str,
        population: int | None = None,
        languages: tuple[str, ...] = (),
        coordinates: Coordinates | None = None,
    ) -> Organisation:
        """Register an organisation. Raises KeyMissing, KeyRepeated, NameMissing, PlaceOutOfRange."""
        if not keys:
            raise KeyMissing
        seen = set[tuple[str, str]]()
        for index, key in enumerate(keys):
            if key.folded in seen:
                raise KeyRepeated.at(index)
            seen.add(key.folded)
        if not names:
            raise NameMissing
        for field, reach in REACH.items() if coordinates else ():
            if abs(Decimal(getattr(coordinates, field))) > reach:
                raise PlaceOutOfRange.in_field(field)
        return cls._create(
            cls.Created,
            id=organisation_id,
            kind=kind,
            country=country,
            keys=keys,
            names=names,
            population=population,
            languages=languages,
            coordinates=coordinates,
            acting_as=acting_as,
        )


class OrganisationSnapshot(Snapshot):
    """An organisation at a version."""

    TOPIC = "registration.organisation.snapshot"
    AGGREGATE = Organisation
    state: State
