"""What the registration service publishes. Ids of people are opaque; names, addresses and typed texts never appear."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from interpares.common.contracts.contract import Contract
from interpares.common.contracts.template.evaluation import FundedBy


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
    """An organisation is known from now on. ``names``: language to name; ``country``: ISO 3166-1 alpha-2.

    version: rises with every change. funding: which programmes fund it, and when. member_of: networks, by key.
    members: of a consortium or local group. valid_from, valid_until: days it exists, both included.
    """

    TYPE: ClassVar[str] = "registration.organisation-registered.v1"

    organisation_id: UUID
    kind: str
    country: str
    keys: tuple[Key, ...]
    names: dict[str, str]
    population: int | None
    languages: tuple[str, ...]
    coordinates: Place | None = None
    version: int = 1
    funding: tuple[FundedBy, ...] = ()
    member_of: tuple[str, ...] = ()
    members: tuple[UUID, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None


class OrganisationUpdated(OrganisationRegistered):
    """The whole of an organisation, told anew. ``merged_into``: the organisation it became part of, else None."""

    TYPE: ClassVar[str] = "registration.organisation-updated.v1"

    merged_into: UUID | None = None


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


class MembershipHandedOver(Contract):
    """Somebody left an organisation and somebody else carries on in this capacity: tasks go from one to the other.

    membership_id: of the one that ended; successor_membership_id: of the one that goes on. Grant and end are told apart
    from this by events of their own.
    """

    TYPE: ClassVar[str] = "registration.membership-handed-over.v1"

    membership_id: UUID
    successor_membership_id: UUID
    actor: UUID
    successor: UUID
    organisation_id: UUID
    capacity: Literal["operator", "office", "coordinator", "facilitator", "auditor", "partner"]


class PersonErased(Contract):
    """A person's data are gone from registration; whoever holds texts of or about them erases these, and says so.

    person_id: by which texts are tagged that are about them. actor: the opaque id they acted and wrote under.
    """

    TYPE: ClassVar[str] = "registration.person-erased.v1"

    person_id: UUID
    actor: UUID


class RankedApplication(BaseModel):
    """A place in a ranking. ``priority``: 0 unless somebody raised or lowered it, with a reason of its own."""

    model_config = ConfigDict(frozen=True)

    application_id: UUID
    organisation_id: UUID
    place: int
    points: str
    priority: int


class ApplicationSubmitted(Contract):
    """An organisation applies to a programme for a role. ``strand``: part of the programme, None where it has one.

    members: of the consortium that applies under the organisation's lead; empty if it applies alone.
    """

    TYPE: ClassVar[str] = "registration.application-submitted.v1"

    application_id: UUID
    programme_id: UUID
    organisation_id: UUID
    kind: str
    country: str
    role: str
    strand: str | None
    version: int = 1
    members: tuple[UUID, ...] = ()


class ApplicationsRanked(Contract):
    """The applicants for a role stand in this order; programmes decide about them.

    strand: None where the programme is undivided. rule: what they were ranked by, hash: hex SHA-256 of its canonical
    JSON. entries: best first.
    """

    TYPE: ClassVar[str] = "registration.applications-ranked.v1"

    ranking_id: UUID
    programme_id: UUID
    role: str
    strand: str | None
    version: int
    rule: str
    hash: str
    entries: tuple[RankedApplication, ...]


class PrerequisiteConfirmed(Contract):
    """An organisation showed a prerequisite; a later version of the same fact replaces an earlier one.

    fact_id: of the fact, through all its versions. programme_id: None if it holds for every programme.
    prerequisite: key of the template's prerequisite, empty if it is known by its kind only. kind: as in the template:
    named-head, political-resolution, team, plan, budget, other. valid_from, valid_until: days, both included, None for
    no end. evidence_hash: hex SHA-256 of the evidence. capacity: of whoever confirmed it.
    """

    TYPE: ClassVar[str] = "registration.prerequisite-confirmed.v1"

    fact_id: UUID
    organisation_id: UUID
    programme_id: UUID | None
    prerequisite: str
    kind: Literal["named-head", "political-resolution", "team", "plan", "budget", "other"]
    version: int
    valid_from: date
    valid_until: date | None
    evidence_hash: str
    capacity: str


class PrerequisiteRevoked(Contract):
    """A prerequisite is no longer shown: taken back, found wrong, or its holder has left."""

    TYPE: ClassVar[str] = "registration.prerequisite-revoked.v1"

    fact_id: UUID
    organisation_id: UUID
    programme_id: UUID | None
    prerequisite: str
    kind: str
    version: int
    reason_code: str


class AttendanceRecorded(Contract):
    """How many people of an organisation attended a meeting, by audience; a later version replaces an earlier one.

    Those of them who spoke or reviewed are counted once more, under ``speakers`` and ``reviewers``, which are no
    audiences: how many people came is the sum of the other counts. Either is missing where nobody did.
    """

    TYPE: ClassVar[str] = "registration.attendance-recorded.v1"

    programme_id: UUID
    meeting_id: UUID
    organisation_id: UUID
    version: int
    attended: dict[str, int]


class ApplicationWithdrawn(Contract):
    """An organisation takes its application back."""

    TYPE: ClassVar[str] = "registration.application-withdrawn.v1"

    application_id: UUID
    programme_id: UUID
    organisation_id: UUID
