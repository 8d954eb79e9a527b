"""The chapter on the agreement between host and organiser: drafted, changed, approved by both sides on one hash."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.decision import Evidence
from interpares.programme.domain.meetings import events
from interpares.programme.domain.meetings.agreement import sides, version
from interpares.programme.domain.meetings.consequences import Consequences
from interpares.programme.domain.meetings.errors import (
    AgreementStale,
    AlreadyApproved,
    CounterpartMissing,
    NoAgreement,
    NoParties,
    NotASide,
    NothingChanges,
)
from interpares.programme.domain.meetings.meeting import MeetingStatus

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.meetings.agreement import Terms
    from interpares.programme.domain.meetings.meeting import Meeting


class Agreeing(Consequences):
    """What two sides agree on."""

    def draft_agreement(self, meeting_id: UUID, terms: Terms, grounds: Grounds) -> events.AgreementDrafted:
        """Lay a version before both sides; a meeting that was confirmed on an earlier one is only planned again."""
        standing = self._one_ahead(meeting_id)
        meeting = standing.meeting
        made = version(standing.versions + 1, meeting, self._sides(meeting, terms), terms.document())
        if standing.agreement is not None and standing.agreement.hash == made.hash:
            message = f"The agreement is like this already, in version {standing.agreement.version}."
            raise NothingChanges(message)
        decision = self._about(
            "agreement-draft",
            "drafted",
            meeting,
            grounds,
            evidence=(Evidence(f"agreement:{meeting.id}", made.number, made.hash, 0),),
            alternatives=(instead("leave-as-is", grounds),),
        )
        drafted = self._happen(events.AgreementDrafted, decision=decision, meeting=meeting.id, agreement=made)
        if meeting.status is MeetingStatus.CONFIRMED:
            self._confirmed_no_longer(meeting, grounds, follows=drafted.event_id)
        return drafted

    def approve_agreement(
        self, meeting_id: UUID, side: UUID, content_hash: str, grounds: Grounds
    ) -> events.AgreementApproved:
        """Approve the current version for one side, by the hash it has read."""
        standing = self._one_ahead(meeting_id)
        agreed = standing.agreement
        if agreed is None:
            message = "There is no agreement on this meeting."
            raise NoAgreement(message)
        if side not in agreed.sides:
            message = "The organisation is no side of this agreement."
            raise NotASide(message)
        if content_hash != agreed.hash:
            message = f"Version {agreed.version} of the agreement is current; its hash is {agreed.hash}."
            raise AgreementStale(message)
        if side in agreed.approved_by:
            message = f"This side has approved version {agreed.version}."
            raise AlreadyApproved(message)
        decision = self._about(
            "agreement-approval",
            "approved",
            standing.meeting,
            grounds,
            evidence=(Evidence(f"agreement:{meeting_id}", agreed.version, agreed.hash, 0),),
            alternatives=(instead("not-approve", grounds),),
        )
        return self._happen(
            events.AgreementApproved,
            decision=decision,
            meeting=meeting_id,
            side=side,
            version=agreed.version,
            hash=agreed.hash,
            complete=agreed.lacks == (side,),
        )

    def _sides(self, meeting: Meeting, terms: Terms) -> tuple[UUID, UUID]:
        if meeting.host is None or meeting.organiser is None:
            message = "The meeting has no host or no organiser yet."
            raise NoParties(message)
        if terms.counterpart is not None:
            self._member(terms.counterpart)
        match sides(meeting, self.state.office, terms.counterpart):
            case (one, other):
                return one, other
        message = "The office hosts and organises this meeting, so it has nobody to agree with."
        raise CounterpartMissing(message, field="terms.counterpart")

    def _confirmed_no_longer(self, meeting: Meeting, grounds: Grounds, *, follows: UUID) -> None:
        planned = replace(meeting, status=MeetingStatus.PLANNED)
        decision = self._about(
            "meeting-change", "planned", planned, grounds, follows=follows, reason_code="agreement-changed"
        )
        self._tell(events.MeetingChanged, decision, self.state.meetings.known[str(meeting.id)], planned)
