"""Who may take part: predicates over an applicant, all of which must hold."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from interpares.common.contracts.template.words import Country, Key, Part


class OrganisationKind(StrEnum):
    """What an organisation is; a natural person is none."""

    MUNICIPALITY = "municipality"
    MUNICIPAL_COMPANY = "municipal-company"
    ASSOCIATION = "association"
    COMMITTEE = "committee"
    UNIVERSITY = "university"
    LOCAL_PARTNER = "local-partner"
    AGENCY = "agency"
    PRIVATE_COMPANY = "private-company"


class KindPredicate(Part):
    """The applicant is of one of these kinds."""

    predicate: Literal["kind"]
    one_of: tuple[OrganisationKind, ...] = Field(min_length=1)


class CountryPredicate(Part):
    """The applicant lies in one of these countries (ISO 3166-1 alpha-2)."""

    predicate: Literal["country"]
    one_of: tuple[Country, ...] = Field(min_length=1)


class PopulationPredicate(Part):
    """The applicant has so many inhabitants; ``summed`` adds up the members of a consortium."""

    predicate: Literal["population"]
    at_least: int | None = Field(default=None, ge=0)
    at_most: int | None = Field(default=None, ge=0)
    summed: bool = False


class FundingPredicate(Part):
    """The applicant is, or with ``funded: false`` is not, funded by a programme on a date."""

    predicate: Literal["funding"]
    programme: Key
    funded: bool = True
    at: date | Literal["application", "deadline"] = "application"


class MembershipPredicate(Part):
    """The applicant is, or with ``member: false`` is not, a member of something."""

    predicate: Literal["membership"]
    of: Key
    member: bool = True


class HistoryPredicate(Part):
    """The applicant attended or hosted meetings before, of these formats or of any."""

    predicate: Literal["history"]
    has: Literal["attended", "hosted", "attended-or-hosted"]
    formats: tuple[Key, ...] = ()
    times: int = Field(default=1, ge=1)


class ApplicantsPredicate(Part):
    """Organisations apply alone, or as a consortium."""

    predicate: Literal["applicants"]
    apply: Literal["alone", "consortium"]


Simple = Annotated[
    KindPredicate
    | CountryPredicate
    | PopulationPredicate
    | FundingPredicate
    | MembershipPredicate
    | HistoryPredicate
    | ApplicantsPredicate,
    Field(discriminator="predicate"),
]


class AnyPredicate(Part):
    """At least one of these holds."""

    predicate: Literal["any"]
    of: tuple[Simple, ...] = Field(min_length=1)


class NonePredicate(Part):
    """None of these holds."""

    predicate: Literal["none"]
    of: tuple[Simple, ...] = Field(min_length=1)


Predicate = Annotated[
    KindPredicate
    | CountryPredicate
    | PopulationPredicate
    | FundingPredicate
    | MembershipPredicate
    | HistoryPredicate
    | ApplicantsPredicate
    | AnyPredicate
    | NonePredicate,
    Field(discriminator="predicate"),
]
