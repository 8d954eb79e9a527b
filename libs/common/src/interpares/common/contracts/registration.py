"""What the registration service publishes. Ids of people are opaque; names, addresses and typed texts never appear."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from interpares.common.contracts.contract import Contract


class Key(BaseModel):
    """An official key of an organisation, for example scheme ``LAU`` and value ``06A-60101``; names are never ids."""

    model_config = ConfigDict(frozen=True)

    scheme: str
    value: str


class Place(BaseModel):
    """Degrees of WGS 84 as decimal text, for example ``47.9183``."""

    model_config = ConfigDict(frozen=True)

    latitude: str
    longitude: str


class OrganisationRegistered(Contract):
    """An organisation is known from now on. ``names``: language to name; ``country``: ISO 3166-1 alpha-2."""

    TYPE: ClassVar[str] = "registration.organisation-registered.v1"

    organisation_id: UUID
    kind: str
    country: str
    keys: tuple[Key, ...]
    names: dict[str, str]
    population: int | None
    languages: tuple[str, ...]
    coordinates: Place | None = None


class MembershipGranted(Contract):
    """An actor may act for an organisation in a capacity. ``actor``: opaque id, from token issuer and subject."""

    TYPE: ClassVar[str] = "registration.membership-granted.v1"

    membership_id: UUID
    actor: UUID
    organisation_id: UUID
    capacity: Literal["operator", "office", "coordinator", "facilitator", "auditor", "partner"]


class MembershipEnded(Contract):
    """An actor may no longer act for an organisation in that capacity."""

    TYPE: ClassVar[str] = "registration.membership-ended.v1"

    membership_id: UUID
    actor: UUID
    organisation_id: UUID
    capacity: str


class ApplicationSubmitted(Contract):
    """An organisation applies to a programme for a role. ``strand``: part of the programme, None where it has one."""

    TYPE: ClassVar[str] = "registration.application-submitted.v1"

    application_id: UUID
    programme_id: UUID
    organisation_id: UUID
    kind: str
    country: str
    role: str
    strand: str | None


class ApplicationWithdrawn(Contract):
    """An organisation takes its application back."""

    TYPE: ClassVar[str] = "registration.application-withdrawn.v1"

    application_id: UUID
    programme_id: UUID
    organisation_id: UUID
