"""As what somebody has to do with a meeting: for the office, the host, or an organisation that sends people."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from interpares.common.policy import Capacity, Principal
from interpares.registration.application.seat_ports import KnownMeeting
from interpares.registration.entrypoints.http.authority import known, organisations


class KnownMeetings(Protocol):
    """What is known of meetings."""

    async def one(self, meeting_id: UUID) -> tuple[KnownMeeting, UUID | None] | None:
        """Return a meeting with the office of its programme, None if there is none under the id."""
        ...

    async def audiences(self, programme_id: UUID) -> dict[str, dict[str, str]]:
        """Return what the audiences of a programme are called, language to text by key, as far as that was told."""
        ...

    async def page(
        self,
        *,
        everything: bool,
        own: frozenset[UUID],
        offices: frozenset[UUID],
        programme_id: UUID | None,
        after: UUID | None,
        limit: int,
    ) -> list[KnownMeeting]:
        """Return the meetings somebody has to do with, in order of their ids."""
        ...


@dataclass(frozen=True)
class Attending:
    """What somebody may do about a meeting. own: organisations they coordinate that have to do with it.

    runs: as what they decide about all of it (office, or coordinator of the host), None if they do not. reads: all.
    """

    meeting: KnownMeeting
    own: frozenset[UUID]
    runs: Capacity | None
    reads: bool

    def acting(self, organisation_id: UUID) -> Capacity:
        """Return the capacity in which they act for an organisation here. Raises NotFound."""
        if organisation_id in self.own:
            return Capacity.COORDINATOR
        return known(self.runs if self.runs is Capacity.OFFICE else None, "organisation")

    def running(self) -> Capacity:
        """Return the capacity in which they decide about all of it. Raises NotFound."""
        return known(self.runs, "meeting")

    @property
    def sight(self) -> frozenset[UUID] | None:
        """Whose people they may see: None for everybody's."""
        return None if self.runs is not None or self.reads else self.own


async def attending(principal: Principal, meeting_id: UUID, meetings: KnownMeetings) -> Attending:
    """Return what somebody may do about a meeting. Raises NotFound where they have nothing to do with it."""
    meeting, office_id = known(await meetings.one(meeting_id), "meeting")
    involved = {meeting.host_id, meeting.organiser_id, *meeting.invited}
    own = organisations(principal, Capacity.COORDINATOR) & involved
    runs = None
    if office_id is not None and principal.of(office_id, Capacity.OFFICE):
        runs = Capacity.OFFICE
    elif own & {meeting.host_id, meeting.organiser_id}:
        runs = Capacity.COORDINATOR
    reads = principal.has(Capacity.AUDITOR)
    return known(Attending(meeting, frozenset(own), runs, reads) if own or runs or reads else None, "meeting")
