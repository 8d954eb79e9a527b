"""What the programme service publishes: every exchange decision with its reason code; typed reasons stay sealed."""

from interpares.common.contracts.programme.deciding import Decided, DecisionSummary
from interpares.common.contracts.programme.hosting import (
    Assignment,
    DutiesDerived,
    Duty,
    DutyAccepted,
    DutyDeclined,
    DutyLapsed,
    DutyOffered,
    DutyReleased,
    DutyReopened,
)
from interpares.common.contracts.programme.meetings import (
    Meeting,
    MeetingCancelled,
    MeetingChanged,
    MeetingConfirmed,
    MeetingDecided,
    MeetingHeld,
    MeetingPlanned,
    MeetingRescheduled,
    Venue,
)
from interpares.common.contracts.programme.participation import (
    ApplicationDeclined,
    ParticipationAdmitted,
    ParticipationWithdrawn,
    RoleEnded,
    RoleGranted,
)
from interpares.common.contracts.programme.programme import CallClosed, CallConditions, CallOpened, ProgrammeDrafted

__all__ = [
    "ApplicationDeclined",
    "Assignment",
    "CallClosed",
    "CallConditions",
    "CallOpened",
    "Decided",
    "DecisionSummary",
    "DutiesDerived",
    "Duty",
    "DutyAccepted",
    "DutyDeclined",
    "DutyLapsed",
    "DutyOffered",
    "DutyReleased",
    "DutyReopened",
    "Meeting",
    "MeetingCancelled",
    "MeetingChanged",
    "MeetingConfirmed",
    "MeetingDecided",
    "MeetingHeld",
    "MeetingPlanned",
    "MeetingRescheduled",
    "ParticipationAdmitted",
    "ParticipationWithdrawn",
    "ProgrammeDrafted",
    "RoleEnded",
    "RoleGranted",
    "Venue",
]
