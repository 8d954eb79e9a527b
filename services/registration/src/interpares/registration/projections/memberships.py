"""The memberships of an organisation, those that ended included: who could act for it, when, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from interpares.common.database import Database
from interpares.common.eventstore import Recorded
from interpares.common.writes import Row
from interpares.registration.domain.membership import Ended, Membership

GRANT = (
    "INSERT INTO organisation_memberships (membership_id, organisation_id, person_id, actor, capacity, granted_at,"
    " granted_as, grant_reason_code) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
END = "UPDATE organisation_memberships SET ended_at = %s, ended_as = %s, end_reason_code = %s WHERE membership_id = %s"
PAGE = (
    "SELECT membership_id AS id, organisation_id, person_id, actor, capacity, granted_at, granted_as,"
    " grant_reason_code, ended_at, ended_as, end_reason_code FROM organisation_memberships"
    " WHERE organisation_id = %(organisation_id)s"
    " AND (%(after)s::uuid IS NULL OR membership_id > %(after)s) ORDER BY membership_id LIMIT %(limit)s"
)


@dataclass(frozen=True)
class ListedMembership:
    """A membership, without names: opaque ids only.

    granted_as, ended_as: the capacity of whoever decided so. ended_at and what belongs to it: None while it lasts.
    """

    id: UUID
    organisation_id: UUID
    person_id: UUID | None
    actor: UUID
    capacity: str
    granted_at: datetime
    granted_as: str
    grant_reason_code: str
    ended_at: datetime | None
    ended_as: str | None
    end_reason_code: str | None


class MembershipsProjector:
    """Keeps the list."""

    VIEW: ClassVar[str] = "memberships"
    TABLES: ClassVar[tuple[str, ...]] = ("organisation_memberships",)

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """See ``interpares.common.views.Projector``."""
        event = recorded.event
        if isinstance(event, Membership.Created):
            granted = (
                event.originator_id,
                event.organisation_id,
                event.person_id,
                event.actor,
                event.capacity.value,
                event.timestamp,
                event.acting_as,
                event.reason_code,
            )
            yield Row(GRANT, granted)
        elif isinstance(event, Ended):
            yield Row(END, (event.timestamp, event.acting_as, event.reason_code, event.originator_id))


class OrganisationMemberships:
    """Asks for the memberships of an organisation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, organisation_id: UUID, *, after: UUID | None, limit: int) -> list[ListedMembership]:
        """Return memberships in the order they were granted, from behind ``after``."""
        wanted = {"organisation_id": organisation_id, "after": after, "limit": limit}
        return [ListedMembership(**row) for row in await self._database.fetch(PAGE, wanted)]
