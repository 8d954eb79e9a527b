"""Bodies and answers of the programme service, a module for each chapter."""

from interpares.programme.entrypoints.http.schemas.deciding import (
    Answer,
    Deciding,
    DecisionBrief,
    FileReference,
    LocalTime,
    Named,
    Texts,
)
from interpares.programme.entrypoints.http.schemas.decisions import (
    Concerned,
    Consequence,
    Explanation,
    Instead,
    Logged,
    RuleApplied,
)
from interpares.programme.entrypoints.http.schemas.duties import DUTY, Duty, Offer, OwnAnswer
from interpares.programme.entrypoints.http.schemas.participations import (
    Admission,
    Application,
    Consortium,
    Joining,
    Participation,
    Role,
    RoleEnd,
    RoleKey,
    Wanted,
)
from interpares.programme.entrypoints.http.schemas.programmes import Call, Deadline, Draft, Programme
from interpares.programme.entrypoints.http.schemas.record import OnBehalf, Retrospective

__all__ = [
    "DUTY",
    "Admission",
    "Answer",
    "Application",
    "Call",
    "Concerned",
    "Consequence",
    "Consortium",
    "Deadline",
    "Deciding",
    "DecisionBrief",
    "Draft",
    "Duty",
    "Explanation",
    "FileReference",
    "Instead",
    "Joining",
    "LocalTime",
    "Logged",
    "Named",
    "Offer",
    "OnBehalf",
    "OwnAnswer",
    "Participation",
    "Programme",
    "Retrospective",
    "Role",
    "RoleEnd",
    "RoleKey",
    "RuleApplied",
    "Texts",
    "Wanted",
]
