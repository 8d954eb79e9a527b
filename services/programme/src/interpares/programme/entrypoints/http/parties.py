"""Who acts for whom in matters of a meeting: its host and organiser for themselves, the office for the programme."""

from collections.abc import Iterable
from uuid import UUID

from interpares.common.policy import Capacity, Membership, Principal
from interpares.programme.domain.meetings.errors import UnknownMeeting
from interpares.programme.domain.meetings.meeting import Standing
from interpares.programme.entrypoints.http.access import Access, own


class Parties:
    """Answers 404 to whoever has nothing to do with a meeting or its programme."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def standing(self, programme_id: UUID, meeting_id: UUID) -> Standing:
        """Return what the aggregate knows of a meeting, so that no view can lag behind. Raises NotFound."""
        programme = await self._access.programme(programme_id)
        standing = programme.state.meetings.known.get(str(meeting_id))
        if standing is None:
            message = "This programme has no such meeting."
            raise UnknownMeeting(message)
        return standing

    async def of_duty(self, principal: Principal, programme_id: UUID, duty: str) -> Membership:
        """Return the membership with the host of a duty, or in the office. Raises NotFound."""
        host = await self._access.bound(programme_id, duty)
        return await self._access.office_or(principal, programme_id, host)

    async def of_meeting(self, principal: Principal, programme_id: UUID, meeting_id: UUID) -> Membership:
        """Return the membership with host or organiser, or in the office. Raises NotFound."""
        programme = await self._access.programme(programme_id)
        known = programme.state.meetings.known.get(str(meeting_id))
        parties = {known.meeting.host, known.meeting.organiser} if known else set()
        for membership in principal.memberships:
            if membership.capacity is Capacity.COORDINATOR and membership.organisation_id in parties:
                return membership
        return await self._access.office(principal, programme_id)

    async def of_asker(self, principal: Principal, programme_id: UUID, meeting_id: UUID) -> Membership:
        """Return the membership with whoever asked for a meeting, or in the office. Raises NotFound."""
        programme = await self._access.programme(programme_id)
        known = programme.state.meetings.known.get(str(meeting_id))
        asked_by = known.meeting.asked_by if known else None
        return await self._access.office_or(principal, programme_id, asked_by)

    async def insider(self, principal: Principal, programme_id: UUID, meeting_id: UUID) -> Standing:
        """Let the office, auditors, and those with a part in a meeting read all of it. Raises NotFound."""
        await self._access.reader(principal, programme_id)
        standing = await self.standing(programme_id, meeting_id)
        office = (await self._access.programme(programme_id)).state.office
        meeting, agreed = standing.meeting, standing.agreement
        if not inside(principal, office, (*meeting.concerned, *(agreed.sides if agreed else ()))):
            message = "This programme has no such meeting."
            raise UnknownMeeting(message)
        return standing


def inside(principal: Principal, office: UUID, parts: Iterable[UUID | None]) -> bool:
    """Tell whether somebody is of the office, an auditor, or of an organisation that has a part in something."""
    if principal.has(Capacity.AUDITOR) or principal.of(office, Capacity.OFFICE):
        return True
    return not set(own(principal)).isdisjoint(parts)
