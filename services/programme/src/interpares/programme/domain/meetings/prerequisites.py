"""Prerequisites: what organisations have shown, what is missing, and which exceptions stand in for it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from interpares.common.canonical import canonical_json
from interpares.programme.domain.decision import Evidence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from interpares.programme.domain.meetings.meeting import Exempt
    from interpares.programme.domain.meetings.rules import DueBefore, PrerequisiteRule

UNSPECIFIC = "other"


@dataclass(frozen=True)
class Fact:
    """Something an organisation showed, as registration tells of it in its newest version.

    prerequisite: key in the template, empty if it is known by its kind only. valid_until: included, None for no end.
    revoked_on: None while it stands. hash: hex SHA-256 of the proof. position: at which registration told of it.
    """

    fact_id: UUID
    prerequisite: str
    kind: str
    version: int
    valid_from: date
    valid_until: date | None
    revoked_on: date | None
    hash: str
    position: int

    def meets(self, rule: PrerequisiteRule) -> bool:
        """Tell whether this is what a rule asks for, valid or not."""
        if self.prerequisite:
            return self.prerequisite == rule.key
        return self.kind == rule.proof != UNSPECIFIC

    def fault(self, day: date) -> tuple[str, date] | None:
        """Return why it does not count on a day, and since when it does not; None if it counts."""
        if self.revoked_on is not None and self.revoked_on <= day:
            return "revoked", self.revoked_on
        if self.valid_until is not None and self.valid_until < day:
            return "expired", self.valid_until + timedelta(days=1)
        return ("not-yet-valid", self.valid_from) if self.valid_from > day else None


@dataclass(frozen=True)
class Shown:
    """What is known of an organisation: its kind, empty if unknown, and what it showed."""

    kind: str = ""
    facts: tuple[Fact, ...] = ()


Proofs: TypeAlias = "Mapping[UUID, Shown]"
NOTHING_SHOWN: Proofs = MappingProxyType({})


@dataclass(frozen=True)
class Missing:
    """A prerequisite an organisation has not met.

    ground: never-shown, revoked, expired, not-yet-valid (``since`` is the day it becomes valid), exception-ended.
    """

    organisation: UUID
    prerequisite: str
    due_before: DueBefore
    ground: str
    since: date | None

    def says(self) -> str:
        """Return it as a sentence."""
        since = {"not-yet-valid": "valid only from", "never-shown": "never shown"}.get(self.ground, f"{self.ground} on")
        day = f" {self.since.isoformat()}" if self.since else ""
        return (
            f"The organisation {self.organisation} needs {self.prerequisite} (due before {self.due_before}):"
            f" {since}{day}."
        )


@dataclass(frozen=True)
class Assessment:
    """What was found: what is missing, the facts and exceptions relied on, and which of those are exceptions."""

    missing: tuple[Missing, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    excepted: tuple[Exempt, ...] = ()


def assess(
    rules: Iterable[PrerequisiteRule],
    organisations: Mapping[UUID, Collection[str]],
    proofs: Proofs,
    exempt: Mapping[str, Exempt],
    day: date,
) -> Assessment:
    """Return how organisations, with the roles they have, stand to prerequisites on a day."""
    missing: list[Missing] = []
    evidence: list[Evidence] = []
    excepted: list[Exempt] = []
    for rule in sorted(rules, key=lambda rule: rule.key):
        for organisation, roles in organisations.items():
            shown = proofs.get(organisation, Shown())
            if not _concerns(rule, roles, shown.kind):
                continue
            facts = [fact for fact in shown.facts if fact.meets(rule)]
            counting = next((fact for fact in facts if fact.fault(day) is None), None)
            exception = exempt.get(exemption_key(organisation, rule.key))
            if counting is not None:
                evidence.append(
                    Evidence(f"prerequisite:{counting.fact_id}", counting.version, counting.hash, counting.position)
                )
            elif exception is not None and day <= exception.until:
                excepted.append(exception)
                evidence.append(exception_evidence(exception))
            else:
                missing.append(_missing(rule, organisation, facts, exception, day))
    return Assessment(tuple(missing), tuple(evidence), tuple(excepted))


def exemption_key(organisation: UUID, prerequisite: str) -> str:
    """Return the key of an exception in the guard state."""
    return f"{organisation}:{prerequisite}"


def exception_evidence(exception: Exempt) -> Evidence:
    """Return an exception as what a decision relies on: the decision that granted it, and a hash of what it says."""
    said = {
        "organisation": str(exception.organisation),
        "prerequisite": exception.prerequisite,
        "until": exception.until.isoformat(),
    }
    return Evidence(f"exception:{exception.decision}", 1, hashlib.sha256(canonical_json(said)).hexdigest(), 0)


def _concerns(rule: PrerequisiteRule, roles: Collection[str], kind: str) -> bool:
    # An organisation whose kind nobody has told of yet is not let off.
    of_kind = not rule.kinds or not kind or kind in rule.kinds
    return of_kind and (not rule.roles or not set(rule.roles).isdisjoint(roles))


def _missing(
    rule: PrerequisiteRule, organisation: UUID, facts: list[Fact], exception: Exempt | None, day: date
) -> Missing:
    faults = [fault for fact in facts if (fault := fact.fault(day)) is not None]
    if exception is not None:
        faults.append(("exception-ended", exception.until + timedelta(days=1)))
    ground, since = max(faults, key=lambda fault: fault[1]) if faults else ("never-shown", None)
    return Missing(organisation, rule.key, rule.due_before, ground, since)
