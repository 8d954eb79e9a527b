"""Who takes part, and as what."""

from typing import ClassVar
from uuid import UUID

from interpares.common.contracts.programme.deciding import Decided


class ParticipationAdmitted(Decided):
    """An organisation takes part in a role. ``strand``: its part of the programme."""

    TYPE: ClassVar[str] = "programme.participation-admitted.v1"

    application_id: UUID
    organisation_id: UUID
    role: str
    strand: str


class ApplicationDeclined(Decided):
    """An application is declined."""

    TYPE: ClassVar[str] = "programme.application-declined.v1"

    application_id: UUID
    organisation_id: UUID


class RoleGranted(Decided):
    """A participating organisation takes on a further role."""

    TYPE: ClassVar[str] = "programme.role-granted.v1"

    organisation_id: UUID
    role: str


class RoleEnded(Decided):
    """A participating organisation gives up a role; duties lost with it are decisions of their own."""

    TYPE: ClassVar[str] = "programme.role-ended.v1"

    organisation_id: UUID
    role: str


class ParticipationWithdrawn(Decided):
    """An organisation leaves the programme; duties lost with it are decisions of their own."""

    TYPE: ClassVar[str] = "programme.participation-withdrawn.v1"

    organisation_id: UUID
