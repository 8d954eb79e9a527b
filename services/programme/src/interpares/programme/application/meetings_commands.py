"""What can be decided about meetings, agreements and exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.programme.application.commands import Deciding

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from interpares.programme.domain.decision import Evidence
    from interpares.programme.domain.meetings.agreement import Terms
    from interpares.programme.domain.meetings.meeting import Details
    from interpares.programme.domain.meetings.planning import Changes, Wish


@dataclass(frozen=True, kw_only=True)
class ForMeeting(Deciding):
    """A command about one meeting, under an id that the caller chose for a new one."""

    meeting_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlanFromDuty(ForMeeting):
    """Plan the meeting of a duty. organiser: where its rule leaves a choice."""

    duty: str
    details: Details
    organiser: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class PlanOnOccasion(ForMeeting):
    """Plan a meeting nobody owes."""

    wish: Wish


@dataclass(frozen=True, kw_only=True)
class RecordMeeting(ForMeeting):
    """Record a meeting that took place and was not planned here: of a duty, or of an occasion. attended: who was there.

    plan: how it would have been planned.
    """

    plan: PlanFromDuty | PlanOnOccasion
    attended: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class ProposeMeeting(ForMeeting):
    """Ask for a meeting, or offer one."""

    organisation_id: UUID
    wish: Wish


@dataclass(frozen=True, kw_only=True)
class TakeUp(ForMeeting):
    """Plan a meeting that was asked for."""

    changes: Changes


@dataclass(frozen=True, kw_only=True)
class RefuseProposal(ForMeeting):
    """Decline a meeting that was asked for."""


@dataclass(frozen=True, kw_only=True)
class WithdrawProposal(ForMeeting):
    """Take back that a meeting was asked for."""


@dataclass(frozen=True, kw_only=True)
class ChangeMeeting(ForMeeting):
    """Change a meeting. revision: as whoever changes it has read it, None if that does not matter."""

    changes: Changes
    revision: int | None = None


@dataclass(frozen=True, kw_only=True)
class DraftAgreement(ForMeeting):
    """Lay a version of the agreement before both sides."""

    terms: Terms


@dataclass(frozen=True, kw_only=True)
class ApproveAgreement(ForMeeting):
    """Approve the version of the agreement that has this hash, for one side."""

    side: UUID
    hash: str


@dataclass(frozen=True, kw_only=True)
class ConfirmMeeting(ForMeeting):
    """Confirm a meeting."""


@dataclass(frozen=True, kw_only=True)
class Reschedule(ForMeeting):
    """Move a meeting. starts, ends: on the clock of ``zone``."""

    starts: datetime
    ends: datetime
    zone: str


@dataclass(frozen=True, kw_only=True)
class CancelMeeting(ForMeeting):
    """Call a meeting off."""


@dataclass(frozen=True, kw_only=True)
class HoldMeeting(ForMeeting):
    """Record that a meeting took place. attended: organisations that were there besides the host."""

    attended: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class CorrectAttendance(ForMeeting):
    """Put right who was at a meeting. attended: organisations that were there besides the host."""

    attended: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class NoteAttendance(ForMeeting):
    """Take note of whether people of an organisation came to a meeting. fact: what registration told."""

    organisation_id: UUID
    came: bool
    fact: Evidence


@dataclass(frozen=True, kw_only=True)
class GrantException(Deciding):
    """Let an organisation do without a prerequisite up to a day, included."""

    organisation_id: UUID
    prerequisite: str
    until: date


@dataclass(frozen=True, kw_only=True)
class EndException(Deciding):
    """End an exception before its day."""

    organisation_id: UUID
    prerequisite: str
