"""A decision as an auditor needs it: the record that every event of this service carries.

The record holds codes, ids, numbers, hashes and instants, no free text and no names. The id of a decision is the id of
its event, who decided is the actor in the event's metadata, when it was recorded is the event's timestamp. That a
decision was communicated or objected to is known later and comes as events of its own.

Stored for ever: a field may be added with a default, none is renamed or removed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class SourceKind(StrEnum):
    """How a decision came into the log."""

    DIRECT = "direct"
    ON_BEHALF = "on_behalf"
    TIME_OUT = "time_out"
    IMPORT = "import"
    RETROSPECTIVE = "retrospective"


@dataclass(frozen=True)
class Source:
    """How a decision came into the log.

    channel: code of the way it reached the office: phone, mail, letter, meeting; empty if direct.
    received_on: instant it reached the office. document_hash: hex SHA-256 of the letter or list it was taken from.
    entered_by: opaque id of whoever typed it for another.
    """

    kind: SourceKind = SourceKind.DIRECT
    channel: str = ""
    received_on: datetime | None = None
    document_hash: str = ""
    entered_by: UUID | None = None


@dataclass(frozen=True)
class Vote:
    """A count of votes."""

    in_favour: int
    against: int
    abstained: int


@dataclass(frozen=True)
class Authority:
    """By what authority somebody decides beyond their own capacity.

    body: code of the body, such as ``steering-committee``. co_signers: opaque ids of those who signed as well.
    """

    body: str
    vote: Vote | None = None
    co_signers: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Interest:
    """A declaration on conflicts of interest.

    kind: code, ``none`` where it was declared that there is none. persons: opaque ids of those concerned.
    handling: code of what was done about it, such as ``abstained``.
    """

    kind: str
    persons: tuple[UUID, ...] = ()
    handling: str = ""


@dataclass(frozen=True)
class Criterion:
    """What was looked at, as a code, and what was found: a code, a number or a day."""

    code: str
    finding: str = ""


@dataclass(frozen=True)
class RuleRef:
    """The rule applied: its path in the template, the template's version, hex SHA-256 of the rule's canonical JSON."""

    id: str
    version: int
    hash: str


@dataclass(frozen=True)
class Evidence:
    """A fact relied on: its name, version and hex hash, and the position at which its service told of it."""

    ref: str
    version: int
    hash: str
    position: int


@dataclass(frozen=True)
class Alternative:
    """What could have been decided instead: another organisation or another option, and the code of why it was not."""

    ground: str
    organisation: UUID | None = None
    option: str = ""


@dataclass(frozen=True)
class Decision:
    """One decision.

    type, outcome: codes, such as ``duty-acceptance`` and ``accepted``.
    subject: what it is about, ``kind:id``, such as ``duty:AT.front-runner-meetings.1``.
    concerns: the organisations it is about.
    capacity, organisation: in what capacity the actor decided, and for which organisation.
    decided_at, effective_at: aware instants.
    reason_code, reason: plain code, and hex SHA-256 of the sealed text.
    rule: None where no rule of the template was applied.
    alternatives: computed from the pool at the time; empty only where there was no choice.
    file_reference: number of the office's file.
    follows: id of the decision of which this one is the consequence by rule.
    corrects, supersedes, revokes: id of an earlier decision.
    manual: rules outside the vocabulary that whoever decided applied by hand.
    """

    type: str
    subject: str
    outcome: str
    concerns: tuple[UUID, ...]
    capacity: str
    organisation: UUID | None
    authority: Authority | None
    interest: Interest | None
    decided_at: datetime
    effective_at: datetime
    reason_code: str
    reason: str
    criteria: tuple[Criterion, ...]
    rule: RuleRef | None
    evidence: tuple[Evidence, ...]
    alternatives: tuple[Alternative, ...]
    source: Source
    file_reference: str
    follows: UUID | None
    corrects: UUID | None
    supersedes: UUID | None
    revokes: UUID | None
    manual: tuple[RuleRef, ...] = ()
