"""What is on record of an organisation, as one value that can be compared and checked."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from interpares.registration.domain.directory.errors import FundingReversed, LeadNoMember, ValidityReversed
from interpares.registration.domain.directory.keys import Key, check_keys
from interpares.registration.domain.errors import NameMissing, PlaceOutOfRange

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
class Coordinates:
    """A place in degrees of WGS 84, as decimal text such as ``47.9183``: the digits given are the digits kept."""

    latitude: str
    longitude: str


@dataclass(frozen=True)
class Funding:
    """A programme funds the organisation from a day to a day, both included; an open side has no limit."""

    programme: str
    starts: date | None = None
    ends: date | None = None


@dataclass(frozen=True)
class Facts:
    """An organisation.

    country: ISO 3166-1 alpha-2. names: language to name. population: inhabitants, None where there are none or nobody
    knows. languages: of work, by preference. funding: by which programmes, and when. member_of: networks, by key.
    members, lead: of a consortium or local group. valid_from, valid_until: days it exists, both included.
    """

    kind: Kind
    country: str
    keys: tuple[Key, ...]
    names: dict[str, str]
    population: int | None = None
    languages: tuple[str, ...] = ()
    coordinates: Coordinates | None = None
    funding: tuple[Funding, ...] = ()
    member_of: tuple[str, ...] = ()
    members: tuple[UUID, ...] = ()
    lead: UUID | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    def check(self) -> None:
        """Raise KeyMissing, KeyRepeated, KeyMalformed, NameMissing, PlaceOutOfRange, FundingReversed, and so on."""
        check_keys(self.keys)
        if not self.names:
            raise NameMissing
        for field, reach in REACH.items() if self.coordinates else ():
            if abs(Decimal(getattr(self.coordinates, field))) > reach:
                raise PlaceOutOfRange.in_field(field)
        for index, each in enumerate(self.funding):
            if each.starts and each.ends and each.ends < each.starts:
                raise FundingReversed.at(index)
        if self.lead is not None and self.lead not in self.members:
            raise LeadNoMember
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValidityReversed

    def exists_on(self, day: date) -> bool:
        """Tell whether the organisation exists on a day, by what is on record."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)

    def differing(self, other: Facts) -> tuple[str, ...]:
        """Return the names of the fields in which the two differ."""
        return tuple(each.name for each in fields(self) if getattr(self, each.name) != getattr(other, each.name))
