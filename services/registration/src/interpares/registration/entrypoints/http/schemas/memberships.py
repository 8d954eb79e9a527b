"""Memberships."""

from uuid import UUID

from interpares.registration.domain.membership import Capacity
from interpares.registration.entrypoints.http.schemas.words import Reasoned


class NewMembership(Reasoned):
    """A membership to grant."""

    person_id: UUID
    organisation_id: UUID
    capacity: Capacity
