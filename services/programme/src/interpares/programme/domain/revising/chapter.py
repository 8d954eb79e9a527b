"""The chapter on what becomes of a decision: communicated, objected to, corrected, superseded, revoked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.context import occasion
from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.chapter import Chapter
from interpares.programme.domain.errors import GroundsIncomplete
from interpares.programme.domain.grounds import CODE, DIGEST, FILE_REFERENCE
from interpares.programme.domain.revising import events
from interpares.programme.domain.revising.errors import (
    DecisionOvertaken,
    EarlierDecisionUnknown,
    NobodyTold,
    NoSuchObjection,
    NotConcerned,
    NothingCorrected,
    ObjectionPending,
    RevocationWithoutEffect,
    UnknownDecision,
)
from interpares.programme.domain.revising.relations import taken
from interpares.programme.domain.revising.state import Objection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from interpares.programme.domain.grounds import Grounds

# Decisions that changed nothing but the record, so that to revoke them there is nothing to undo.
RECORD_ONLY = frozenset({"communication", "objection-answer", "supersession"})
ANSWERS = ("upheld", "partly-upheld", "dismissed")


@dataclass(frozen=True)
class Earlier:
    """An earlier decision as it stands now, after its corrections.

    parts: what of its record can be corrected, as plain text by part.
    """

    id: UUID
    type: str
    concerns: tuple[UUID, ...]
    parts: Mapping[events.Part, str]


@dataclass(frozen=True)
class Telling:
    """To whom a decision was communicated: organisations; how: a code such as ``letter``; when: aware instant.

    letter_hash: hex, of what the letter that was sent rests on; empty if there was none.
    """

    to: tuple[UUID, ...]
    channel: str
    at: datetime
    letter_hash: str = ""


class Revising(Chapter):
    """What becomes of decisions."""

    def communicate(self, earlier: Earlier, telling: Telling, grounds: Grounds) -> events.DecisionCommunicated:
        """Note to whom a decision was communicated, how and when."""
        self._took(earlier.id)
        to = telling.to
        if telling.at > occasion().now:
            message = "Nobody was told in the future."
            raise NobodyTold(message, field="communicated_at")
        if not to or len(set(to)) < len(to):
            message = "A decision is communicated to somebody."
            raise NobodyTold(message, field="to")
        decision = grounds.decide(
            "communication", _subject(earlier), "communicated", concerns=to, alternatives=(instead("wait", grounds),)
        )
        return self._happen(
            events.DecisionCommunicated,
            decision=decision,
            told=earlier.id,
            to=to,
            channel=telling.channel,
            communicated_at=telling.at,
            letter_hash=telling.letter_hash,
        )

    def object_to(self, earlier: Earlier, organisation: UUID, grounds: Grounds) -> events.DecisionObjected:
        """Take an objection of an organisation the decision is about."""
        self._took(earlier.id)
        if organisation not in earlier.concerns:
            message = "The decision is not about this organisation."
            raise NotConcerned(message)
        if Objection(earlier.id, organisation) in self.state.revisions.objections.values():
            message = "The organisation has objected to this decision already."
            raise ObjectionPending(message)
        decision = grounds.decide(
            "objection",
            _subject(earlier),
            "objected",
            concerns=(organisation,),
            alternatives=(instead("accept", grounds),),
        )
        return self._happen(events.DecisionObjected, decision=decision, against=earlier.id, organisation=organisation)

    def answer_objection(self, objection_id: UUID, outcome: str, grounds: Grounds) -> events.ObjectionAnswered:
        """Answer an objection; what follows from upholding it is decided by decisions of their own."""
        objection = self.state.revisions.objections.get(str(objection_id))
        if objection is None:
            message = "There is no such objection that waits for an answer."
            raise NoSuchObjection(message)
        if outcome not in ANSWERS:
            raise GroundsIncomplete(field="outcome")
        decision = grounds.decide(
            "objection-answer",
            f"decision:{objection.against}",
            outcome,
            concerns=(objection.organisation,),
            alternatives=tuple(instead(other, grounds) for other in ANSWERS if other != outcome),
        )
        return self._happen(
            events.ObjectionAnswered,
            decision=decision,
            objection=objection_id,
            against=objection.against,
            organisation=objection.organisation,
        )

    def correct(
        self, earlier: Earlier, right: Mapping[events.Part, str], seen: UUID | None, grounds: Grounds
    ) -> events.DecisionCorrected:
        """Put the record of a decision right. ``seen``: its last correction, as whoever corrects knows it."""
        self._took(earlier.id)
        parts = tuple(
            events.CorrectedPart(part, earlier.parts[part], now)
            for part, now in sorted(right.items())
            if now != earlier.parts[part]
        )
        # Whoever comes second is told so, even if there is nothing left to put right.
        last = self.state.revisions.corrected.get(str(earlier.id))
        if last != seen:
            raise DecisionOvertaken(by=last or earlier.id)
        for part in parts:
            if not _fits(part):
                message = "The record cannot hold this."
                raise NothingCorrected(message, field=part.part)
        if not parts:
            message = "Nothing differs from what is recorded."
            raise NothingCorrected(message, field="correction")
        decision = replace(grounds, corrects=earlier.id).decide(
            "correction",
            _subject(earlier),
            "corrected",
            concerns=earlier.concerns,
            alternatives=(instead("leave", grounds),),
        )
        return self._happen(events.DecisionCorrected, decision=decision, corrected=earlier.id, parts=parts, seen=seen)

    def supersede(self, earlier: Earlier, by: UUID, grounds: Grounds) -> events.DecisionSuperseded:
        """Say that a decision that was taken later has taken the place of an earlier one."""
        before, after = self._took(earlier.id), taken(self.id, self.version, by)
        if after is None or after <= before:
            raise EarlierDecisionUnknown(field="by")
        decision = replace(grounds, supersedes=earlier.id).decide(
            "supersession",
            _subject(earlier),
            "superseded",
            concerns=earlier.concerns,
            alternatives=(instead("let-stand", grounds),),
        )
        return self._happen(events.DecisionSuperseded, decision=decision, superseded=earlier.id, by=by)

    def revoke(self, earlier: Earlier, grounds: Grounds) -> events.DecisionRevoked:
        """Revoke a decision that changed nothing but the record."""
        self._took(earlier.id)
        if earlier.type not in RECORD_ONLY:
            message = f"A decision of the type {earlier.type} changed the programme."
            raise RevocationWithoutEffect(message)
        decision = replace(grounds, revokes=earlier.id).decide(
            "revocation",
            _subject(earlier),
            "revoked",
            concerns=earlier.concerns,
            alternatives=(instead("let-stand", grounds),),
        )
        return self._happen(events.DecisionRevoked, decision=decision, revoked=earlier.id)

    def _took(self, decision_id: UUID) -> int:
        number = taken(self.id, self.version, decision_id)
        if number is None:
            message = "This programme has taken no such decision."
            raise UnknownDecision(message)
        return number


def _subject(earlier: Earlier) -> str:
    return f"decision:{earlier.id}"


def _fits(part: events.CorrectedPart) -> bool:
    match part.part:
        case events.Part.REASON_CODE:
            return CODE.fullmatch(part.now) is not None
        case events.Part.REASON:
            return DIGEST.fullmatch(part.now) is not None
        case events.Part.FILE_REFERENCE:
            return FILE_REFERENCE.fullmatch(part.now) is not None
        case events.Part.DECIDED_AT:
            return datetime.fromisoformat(part.now) <= occasion().now
    return True
