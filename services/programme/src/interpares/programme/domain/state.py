"""What the guards of a programme need to know; reasons and alternatives stay in the events.

Nothing here may lean on the order of a mapping: a snapshot sorts the keys.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from interpares.programme.domain.accompanying.state import Accompaniment
from interpares.programme.domain.charter import Charter
from interpares.programme.domain.course.state import Course
from interpares.programme.domain.desk.state import Desktop
from interpares.programme.domain.duties import Duty
from interpares.programme.domain.meetings.meeting import Meetings
from interpares.programme.domain.money.account import Account
from interpares.programme.domain.outputs.output import Output
from interpares.programme.domain.pairing.state import Pair
from interpares.programme.domain.participation import Participation
from interpares.programme.domain.reviewing.state import Reviewing
from interpares.programme.domain.revising.state import Revisions
from interpares.programme.domain.selecting.state import Selections


class Stage(StrEnum):
    """How far a programme has come.

    With a call: drafted, call-open, call-closed. Constituted: drafted, initiation, agreed (the joint workshop was),
    grant-applied, back to agreed if refused, running. Standing: drafted, running. All of them end closed.
    """

    DRAFTED = "drafted"
    CALL_OPEN = "call-open"
    CALL_CLOSED = "call-closed"
    INITIATION = "initiation"
    AGREED = "agreed"
    GRANT_APPLIED = "grant-applied"
    RUNNING = "running"
    CLOSED = "closed"


# There is something to take part in, and the term has begun or needs no beginning.
UNDER_WAY = frozenset({Stage.CALL_OPEN, Stage.CALL_CLOSED, Stage.RUNNING})


@dataclass
class State:
    """The guard state.

    call: the call that is open, by the id of the event that opened it. Participations are keyed by organisation,
    applications and their outcome by application id.
    """

    office: UUID
    title: dict[str, str]
    charter: Charter
    stage: Stage = Stage.DRAFTED
    call: UUID | None = None
    participations: dict[str, Participation] = field(default_factory=dict)
    applications: dict[str, str] = field(default_factory=dict)
    duties: dict[str, Duty] = field(default_factory=dict)
    pairs: dict[str, Pair] = field(default_factory=dict)
    course: Course = field(default_factory=Course)
    accompaniments: dict[str, Accompaniment] = field(default_factory=dict)
    money: Account = field(default_factory=Account)
    outputs: dict[str, Output] = field(default_factory=dict)
    desk: Desktop = field(default_factory=Desktop)
    revisions: Revisions = field(default_factory=Revisions)
    meetings: Meetings = field(default_factory=Meetings)
    selections: Selections = field(default_factory=Selections)
    reviewing: Reviewing = field(default_factory=Reviewing)
