"""How every command of the HTTP door is carried out: seal the reason, state the grounds, run the use case, answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from interpares.common.commands import Commands, UnitOfWork
from interpares.common.errors import Invalid
from interpares.common.http import Asked
from interpares.common.policy import Capacity, Membership
from interpares.common.sealed import SealedText
from interpares.programme.application.decided import Decided
from interpares.programme.domain.decision import (
    Authority,
    Criterion,
    Evidence,
    Interest,
    Source,
    SourceKind,
    Vote,
)
from interpares.programme.domain.grounds import Grounds
from interpares.programme.entrypoints.http.prepared import Prepared
from interpares.programme.entrypoints.http.schemas import Answer, Deciding, DecisionBrief

C = TypeVar("C")


@dataclass(frozen=True)
class Why:
    """The grounds of a decision and the sealed texts they refer to, as commands want them."""

    grounds: Grounds
    texts: tuple[SealedText, ...]


def why(asked: Asked, membership: Membership, body: Deciding) -> Why:
    """Seal what was typed and return the grounds.

    Raises Invalid where two sources are named, or one that is not for this capacity or without its day.
    """
    source = _source(asked, membership, body)
    sealed = asked.sealed(body.reason, body.about)
    grounds = Grounds(
        reason_code=body.reason_code,
        reason=sealed.hash,
        capacity=membership.capacity.value,
        organisation=membership.organisation_id,
        criteria=tuple(Criterion(each.code, each.finding) for each in body.criteria),
        authority=_authority(body),
        interest=_interest(body),
        decided_at=body.decided_at,
        effective_at=body.effective_at,
        evidence=tuple(Evidence(each.ref, each.version, each.hash, each.position) for each in body.evidence),
        source=source,
        file_reference=body.file_reference or "",
        corrects=body.corrects,
        supersedes=body.supersedes,
        revokes=body.revokes,
        manual=tuple(dict.fromkeys(body.manual_rules)),
    )
    return Why(grounds, (sealed,))


def for_another(membership: Membership, body: Deciding) -> None:
    """Refuse that the office answers for an organisation without saying how the answer reached it.

    What was answered earlier and is only entered now says so in ``retrospective``. Raises Invalid in ``on_behalf``.
    """
    if membership.capacity is Capacity.OFFICE and body.on_behalf is None and body.retrospective is None:
        message = "The office answers for the organisation here."
        raise Invalid(message, "Say in on_behalf how and when the answer reached the office.", field="on_behalf")


def _authority(body: Deciding) -> Authority | None:
    if body.authority is None:
        return None
    given = body.authority.vote
    vote = Vote(given.in_favour, given.against, given.abstained) if given else None
    return Authority(body.authority.body, vote, body.authority.co_signers)


def _interest(body: Deciding) -> Interest | None:
    if body.interest is None:
        return None
    return Interest(body.interest.kind, body.interest.persons, body.interest.handling or "")


def _source(asked: Asked, membership: Membership, body: Deciding) -> Source:
    prepared_by = asked.prepared_by if isinstance(asked, Prepared) else None
    entered_by = prepared_by or asked.principal.actor
    for name, told in (("on_behalf", body.on_behalf), ("retrospective", body.retrospective)):
        if told is not None and told.received_on is not None and told.received_on > asked.occasion.now:
            message = "It cannot have reached the office later than now."
            raise Invalid(message, "Give the day it came in.", field=f"{name}.received_on")
    if body.retrospective is not None:
        _looks_back(membership, body)
        return Source(
            kind=SourceKind.RETROSPECTIVE,
            received_on=body.retrospective.received_on,
            document_hash=body.retrospective.document_hash or "",
            entered_by=entered_by,
        )
    if body.on_behalf is None:
        return Source(entered_by=prepared_by)
    return Source(
        kind=SourceKind.ON_BEHALF,
        channel=body.on_behalf.channel,
        received_on=body.on_behalf.received_on,
        document_hash=body.on_behalf.document_hash or "",
        entered_by=entered_by,
    )


def _looks_back(membership: Membership, body: Deciding) -> None:
    if body.on_behalf is not None:
        message, way_out = "A decision has one source.", "Send on_behalf or retrospective, not both."
        raise Invalid(message, way_out, field="retrospective")
    if membership.capacity is not Capacity.OFFICE:
        message, way_out = (
            "Only the programme office enters earlier decisions.",
            "Ask the programme office to enter it.",
        )
        raise Invalid(message, way_out, field="retrospective")
    if body.decided_at is None:
        message, way_out = "An earlier decision has its own day.", "Say in decided_at when it was taken."
        raise Invalid(message, way_out, field="decided_at")


class Desk:
    """Carries commands out."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    async def carry_out(
        self, asked: Asked, use_case: Callable[[C, UnitOfWork], Awaitable[Decided]], command: C, lane: UUID | None
    ) -> Answer:
        """Run a use case for whoever asks and return the answer. lane: the programme, None for a new one."""
        handled = await asked.run(self._commands, use_case, command, Decided, lane=lane)
        decided = handled.result
        brief = DecisionBrief(
            id=decided.decision_id,
            type=decided.type,
            subject=decided.subject,
            outcome=decided.outcome,
            decided_at=decided.decided_at,
            reason_code=decided.reason_code,
        )
        return Answer(decision=brief, position=handled.position, id=decided.created_id)
