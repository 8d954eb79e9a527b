"""How applicants are ranked: a rule that is published, and a computation anybody can repeat from what is recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from uuid import UUID

from interpares.common.canonical import canonical_json

LOT = "lot"
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Rule:
    """By what applicants are ordered, one after the other.

    order: ``priority`` (higher first), ``points`` (more first), a criterion (more points first), ``lot`` (by a hash of
    call and application), ``received`` (earlier first). weights: of the criteria, in relation to each other.
    """

    order: tuple[str, ...] = ("priority", "received")
    weights: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, weights: dict[str, int], tie_break: Sequence[str]) -> Rule:
        """Return the rule of a selection: points by its criteria, its tie-breaks, then whoever came first."""
        return cls(("priority", "points", *tie_break, "received"), weights) if weights else cls()

    @property
    def text(self) -> str:
        """The rule as canonical JSON."""
        return canonical_json(asdict(self)).decode()

    @property
    def hash(self) -> str:
        """Hex SHA-256 of the text."""
        return sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Candidate:
    """What is known of an applicant when applicants are ranked. points: by criterion, as decimal text."""

    application_id: UUID
    organisation_id: UUID
    received_at: datetime
    priority: int = 0
    points: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """A place in a ranking, with all it was computed from. total: weighted points, as decimal text."""

    candidate: Candidate
    place: int
    total: str


def rank(rule: Rule, call_id: UUID, candidates: Sequence[Candidate]) -> tuple[Entry, ...]:
    """Return the candidates in the order of the rule, best first, with places from 1."""
    ordered = sorted(candidates, key=_key(rule, call_id))
    return tuple(Entry(each, place, str(_total(rule, each))) for place, each in enumerate(ordered, 1))


def _key(rule: Rule, call_id: UUID) -> Callable[[Candidate], tuple[object, ...]]:
    def key(candidate: Candidate) -> tuple[object, ...]:
        return (*(_by(rule, each, call_id, candidate) for each in rule.order), str(candidate.application_id))

    return key


def _by(rule: Rule, what: str, call_id: UUID, candidate: Candidate) -> object:
    match what:
        case "priority":
            return -candidate.priority
        case "points":
            return -_total(rule, candidate)
        case "received":
            return candidate.received_at
        case "lot":
            return sha256(f"{call_id}:{candidate.application_id}".encode()).hexdigest()
        case criterion:
            return -Decimal(candidate.points.get(criterion, "0"))


def _total(rule: Rule, candidate: Candidate) -> Decimal:
    weight = sum(rule.weights.values())
    if not weight:
        return Decimal(0)
    summed = sum(
        (Decimal(candidate.points.get(criterion, "0")) * each for criterion, each in rule.weights.items()), Decimal(0)
    )
    return (summed / weight).quantize(HUNDREDTH, ROUND_HALF_UP)
