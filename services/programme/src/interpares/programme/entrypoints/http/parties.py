"""Who acts for whom in matters of a meeting: its host and organiser for themselves, the office for the programme."""

from collections.abc import Iterable
from uuid import UUID

from interpares.common.database import Database
from interpares.common.policy import Capacity, Membership, Principal
from interpares.programme.domain.meetings.errors import UnknownMeeting
from interpares.programme.entrypoints.http.access import Access, own
from interpares.programme.projections.meeting_lists import MeetingLists

Parts = tuple[UUID | None, UUID | None, UUID | None]


class Parties:
    """Answers 404 to whoever has nothing to do with a meeting or its programme."""

    def __init__(self, database: Database, access: Access) -> None:
        self._access = access
        self._lists = MeetingLists(database)

    async def of_duty(self, principal: Principal, programme_id: UUID, duty: str) -> Membership:
        """Return the membership with the host of a duty, or in the office. Raises NotFound."""
        host = await self._access.bound(programme_id, duty)
        return await self._access.office_or(principal, programme_id, host)

    async def of_meeting(self, principal: Principal, programme_id: UUID, meeting_id: UUID) -> Membership:
        """Return the membership with host or organiser, or in the office. Raises NotFound."""
        host, organiser, _ = await self._parts(programme_id, meeting_id)
        for membership in principal.memberships:
            if membership.capacity is Capacity.COORDINATOR and membership.organisation_id in {host, organiser}:
                return membership
        return await self._access.office(principal, programme_id)

    async def of_asker(self, principal: Principal, programme_id: UUID, meeting_id: UUID) -> Membership:
        """Return the membership with whoever asked for a meeting, or in the office. Raises NotFound."""
        _, _, asked_by = await self._parts(programme_id, meeting_id)
        return await self._access.office_or(principal, programme_id, asked_by)

    async def insider(self, principal: Principal, programme_id: UUID, meeting_id: UUID) -> None:
        """Let the office, auditors, and those with a part in a meeting read all of it. Raises NotFound."""
        await self._access.reader(principal, programme_id)
        programme = await self._access.programme(programme_id)
        standing = programme.state.meetings.known.get(str(meeting_id))
        sides = standing.agreement.sides if standing and standing.agreement else ()
        parts = (*await self._parts(programme_id, meeting_id), *sides)
        status = programme.state.meetings.status(str(meeting_id))
        if status is None or not inside(principal, programme.state.office, parts):
            message = "This programme has no such meeting."
            raise UnknownMeeting(message)

    async def _parts(self, programme_id: UUID, meeting_id: UUID) -> Parts:
        """Return host, organiser, and who asked for a meeting: from the aggregate, so that no view can lag behind.

        Of a meeting that is over nothing changes any more, so the view will do.
        """
        programme = await self._access.programme(programme_id)
        standing = programme.state.meetings.known.get(str(meeting_id))
        if standing is not None:
            return standing.meeting.host, standing.meeting.organiser, standing.meeting.asked_by
        row = await self._lists.get(programme_id, meeting_id)
        return (row["host_id"], row["organiser_id"], row["asked_by_id"]) if row else (None, None, None)


def inside(principal: Principal, office: UUID, parts: Iterable[UUID | None]) -> bool:
    """Tell whether somebody is of the office, an auditor, or of an organisation that has a part in something."""
    if principal.has(Capacity.AUDITOR) or principal.of(office, Capacity.OFFICE):
        return True
    return not set(own(principal)).isdisjoint(parts)
