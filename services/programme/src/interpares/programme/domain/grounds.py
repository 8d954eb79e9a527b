"""The why of a decision as its maker gives it; the aggregate adds what only it can know."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from interpares.common.context import occasion
from interpares.programme.domain.decision import (
    Alternative,
    Authority,
    Criterion,
    Decision,
    Evidence,
    Interest,
    RuleRef,
    Source,
    SourceKind,
    Vote,
)
from interpares.programme.domain.errors import GroundsIncomplete
from interpares.programme.domain.manual import named

CODE = re.compile(r"[a-z][a-z0-9-]{1,63}")
FINDING = re.compile(r"[\w.:+-]{0,64}")
DIGEST = re.compile(r"[0-9a-f]{64}")
FILE_REFERENCE = re.compile(r"[\w./()-]([\w ./()-]{0,62}[\w./()-])?")
REF = re.compile(r"[\w.:/-]{1,200}")
NO_INTEREST = "none"
ABSTAINED = "abstained"
DIRECT = Source()


@dataclass(frozen=True)
class Grounds:
    """What whoever decides says about the why; fields as in ``Decision``.

    reason: hex hash of the sealed text. decided_at: None for now. effective_at: None for the instant of the decision.
    manual: keys of rules applied by hand.
    Raises GroundsIncomplete if the reason is missing, a code is none, or a source does not say where it comes from.
    """

    reason_code: str
    reason: str
    capacity: str
    organisation: UUID | None = None
    criteria: tuple[Criterion, ...] = ()
    authority: Authority | None = None
    interest: Interest | None = None
    decided_at: datetime | None = None
    effective_at: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    source: Source = DIRECT
    file_reference: str = ""
    corrects: UUID | None = None
    supersedes: UUID | None = None
    revokes: UUID | None = None
    manual: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse grounds that are none."""
        relations = [each for each in (self.corrects, self.supersedes, self.revokes) if each is not None]
        fine = {
            "reason_code": CODE.fullmatch(self.reason_code),
            "reason": DIGEST.fullmatch(self.reason),
            "capacity": CODE.fullmatch(self.capacity),
            "criteria": all(CODE.fullmatch(each.code) and FINDING.fullmatch(each.finding) for each in self.criteria),
            "authority": self.authority is None or CODE.fullmatch(self.authority.body),
            "authority.vote": self.authority is None or _counts(self.authority.vote),
            "interest": self.interest is None or _is_declared(self.interest),
            "evidence": all(DIGEST.fullmatch(each.hash) and REF.fullmatch(each.ref) for each in self.evidence),
            "source": self.source.kind is not SourceKind.ON_BEHALF or _tells_of_its_way(self.source),
            "file_reference": not self.file_reference or FILE_REFERENCE.fullmatch(self.file_reference),
            # One earlier decision stands in one relation only.
            "revokes": len(relations) == len(set(relations)),
        }
        for field, holds in fine.items():
            if not holds:
                raise GroundsIncomplete(field=field)

    @property
    def looks_back(self) -> bool:
        """Tell whether the decision was taken earlier and is only entered now."""
        return self.source.kind in {SourceKind.IMPORT, SourceKind.RETROSPECTIVE}

    def decide(
        self,
        decision_type: str,
        subject: str,
        outcome: str,
        *,
        concerns: tuple[UUID, ...] = (),
        rule: RuleRef | None = None,
        criteria: tuple[Criterion, ...] = (),
        evidence: tuple[Evidence, ...] = (),
        alternatives: tuple[Alternative, ...] = (),
        follows: UUID | None = None,
        reason_code: str = "",
    ) -> Decision:
        """Return the record.

        criteria, evidence: what the service itself found and knows; they come before what was given.
        follows: the decision this is the consequence of; a consequence has a ``reason_code`` of its own and corrects,
        supersedes and revokes nothing.
        Raises GroundsIncomplete if the decision is said to have been taken later than now, or whoever decides signs for
        themselves once more, or is said to have abstained.
        """
        now = occasion().now
        self._signed_by_others(occasion().actor)
        decided_at = self.decided_at or now
        if decided_at > now:
            raise GroundsIncomplete(field="decided_at")
        return Decision(
            type=decision_type,
            subject=subject,
            outcome=outcome,
            concerns=concerns,
            capacity=self.capacity,
            organisation=self.organisation,
            authority=self.authority,
            interest=self.interest,
            decided_at=decided_at,
            effective_at=self.effective_at or decided_at,
            reason_code=reason_code or self.reason_code,
            reason=self.reason,
            criteria=(*criteria, *self.criteria),
            rule=rule,
            evidence=(*evidence, *self.evidence),
            alternatives=alternatives,
            source=self.source,
            file_reference=self.file_reference,
            follows=follows,
            corrects=self.corrects if follows is None else None,
            supersedes=self.supersedes if follows is None else None,
            revokes=self.revokes if follows is None else None,
            manual=tuple(map(named, self.manual)) if follows is None else (),
        )

    def _signed_by_others(self, actor: UUID) -> None:
        signers = self.authority.co_signers if self.authority is not None else ()
        if actor in signers or len(set(signers)) < len(signers):
            raise GroundsIncomplete(field="authority.co_signers")
        if self.interest is not None and self.interest.handling == ABSTAINED:
            # On behalf of others one types, and does not decide.
            deciding = signers if self.source.kind is SourceKind.ON_BEHALF else (actor, *signers)
            if not set(self.interest.persons).isdisjoint(deciding):
                raise GroundsIncomplete(field="interest.handling")


def _counts(vote: Vote | None) -> bool:
    return vote is None or (min(vote.in_favour, vote.against, vote.abstained) >= 0 and vote.in_favour > 0)


def _is_declared(interest: Interest) -> bool:
    """Tell whether a declaration says either that there is no conflict, or whose it is and what was done about it."""
    if interest.kind == NO_INTEREST:
        return not interest.persons and not interest.handling
    told = bool(interest.persons) and len(set(interest.persons)) == len(interest.persons)
    return told and all(CODE.fullmatch(code) is not None for code in (interest.kind, interest.handling))


def _tells_of_its_way(source: Source) -> bool:
    known = source.received_on is not None and source.entered_by is not None
    return known and CODE.fullmatch(source.channel) is not None
