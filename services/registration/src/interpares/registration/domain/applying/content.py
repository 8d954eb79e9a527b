"""What is in an application: hashes of what was typed, evidence, and where it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from interpares.common.canonical import canonical_json
from interpares.registration.domain.applying.errors import NotEligible, PaperMissing


@dataclass(frozen=True)
class Evidence:
    """A file that belongs to an application. question: key of the one it answers, empty for further evidence.

    sha256: hex, of the content as it was when it was named.
    """

    file_id: UUID
    sha256: str
    question: str = ""


@dataclass(frozen=True)
class Content:
    """What applicants say. motivation, answers: hex hashes of sealed texts, the latter by question.

    members: of the consortium that applies under the organisation's lead; empty if it applies alone.
    """

    motivation: str
    answers: dict[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    members: tuple[UUID, ...] = ()

    @property
    def hash(self) -> str:
        """Hex SHA-256 of all of it: what a signatory signs."""
        plain = {
            **asdict(self),
            "evidence": [[str(each.file_id), each.sha256, each.question] for each in self.evidence],
            "members": [str(each) for each in self.members],
        }
        return sha256(canonical_json(plain)).hexdigest()


@dataclass(frozen=True)
class Signature:
    """Somebody signed. actor: opaque id. content: hex hash of what was signed. capacity: in which they did."""

    actor: UUID
    signed_at: datetime
    content: str
    capacity: str


class Channel(StrEnum):
    """How an application came that an office entered."""

    PHONE = "phone"
    MAIL = "mail"
    LETTER = "letter"
    MEETING = "meeting"


@dataclass(frozen=True)
class OnBehalf:
    """An application that an office entered. document: hex SHA-256 of what came, None where nothing came on paper.

    signatories: how many signed that document.
    """

    channel: Channel
    received_on: date
    document: str | None = None
    signatories: int = 0

    def __post_init__(self) -> None:
        """Refuse signatures on a document that nobody has."""
        if self.signatories and not self.document:
            raise PaperMissing


@dataclass(frozen=True)
class Found:
    """What a condition of the role found. outcome: holds, fails, or unknown where a fact is missing.

    found: code, number or day. index: which condition, from 0.
    """

    index: int
    predicate: str
    outcome: str
    found: str


@dataclass(frozen=True)
class Submission:
    """All that comes with an application. source: where an office entered it. draft_id: it grew out of."""

    content: Content
    findings: tuple[Found, ...] = ()
    signatures: tuple[Signature, ...] = ()
    source: OnBehalf | None = None
    draft_id: UUID | None = None

    @property
    def signed(self) -> int:
        """How many signed: whoever submits does, on a draft or on paper others may."""
        return max(1, len(self.signatures), self.source.signatories if self.source else 0)


def _told(condition: Found) -> str:
    # What was found of funding has a day behind its code, of a membership a network.
    return condition.found.replace(":", " on " if condition.predicate == "funding" else " of ", 1)


def check_eligible(findings: Iterable[Found]) -> None:
    """Raise NotEligible where a condition fails; what nobody knows is noted and left to whoever decides."""
    failing = [f"{each.predicate} (found {_told(each)})" for each in findings if each.outcome == "fails"]
    if failing:
        raise NotEligible.by(failing)
