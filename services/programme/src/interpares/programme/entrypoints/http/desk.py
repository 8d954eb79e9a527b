"""How every command of the HTTP door is carried out: seal the reason, state the grounds, run the use case, answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends

from interpares.common.commands import Commands, UnitOfWork
from interpares.common.context import Occasion, acting
from interpares.common.errors import Invalid
from interpares.common.http import CurrentOccasion, CurrentPrincipal, RequestHash
from interpares.common.policy import Capacity, Membership, Principal
from interpares.common.sealed import SealedText, seal
from interpares.programme.application.decided import Decided
from interpares.programme.domain.decision import Source, SourceKind
from interpares.programme.domain.grounds import Grounds
from interpares.programme.entrypoints.http.schemas import Answer, Deciding, DecisionBrief

C = TypeVar("C")


@dataclass(frozen=True)
class Caller:
    """Who calls, on which occasion, with which request."""

    principal: Principal
    occasion: Occasion
    request_hash: bytes


async def caller(principal: CurrentPrincipal, occasion: CurrentOccasion, request_hash: RequestHash) -> Caller:
    """Return who calls."""
    return Caller(principal, occasion, request_hash)


CurrentCaller = Annotated[Caller, Depends(caller)]


@dataclass(frozen=True)
class Why:
    """The grounds of a decision and the sealed texts they refer to, as commands want them."""

    grounds: Grounds
    texts: tuple[SealedText, ...]


def why(caller: Caller, membership: Membership, body: Deciding) -> Why:
    """Seal what was typed and return the grounds."""
    sealed = seal(body.reason, caller.principal.actor, body.about)
    grounds = Grounds(
        reason_code=body.reason_code,
        reason=sealed.hash,
        capacity=membership.capacity.value,
        organisation=membership.organisation_id,
        effective_at=body.effective_at,
        source=_source(caller, body),
        file_reference=body.file_reference or "",
    )
    return Why(grounds, (sealed,))


def for_another(membership: Membership, body: Deciding) -> None:
    """Refuse that the office answers for an organisation without saying how the answer reached it.

    Raises Invalid in ``on_behalf``.
    """
    if membership.capacity is Capacity.OFFICE and body.on_behalf is None:
        message = "The office answers for the organisation here."
        raise Invalid(message, "Say in on_behalf how and when the answer reached the office.", field="on_behalf")


def _source(caller: Caller, body: Deciding) -> Source:
    if body.on_behalf is None:
        return Source()
    return Source(
        kind=SourceKind.ON_BEHALF,
        channel=body.on_behalf.channel,
        received_on=body.on_behalf.received_on,
        document_hash=body.on_behalf.document_hash or "",
        entered_by=caller.principal.actor,
    )


class Desk:
    """Carries commands out."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    async def carry_out(
        self, caller: Caller, use_case: Callable[[C, UnitOfWork], Awaitable[Decided]], command: C, lane: UUID
    ) -> Answer:
        """Run a use case for a caller and return the answer."""
        with acting(caller.occasion):
            handled = await self._commands.run(
                use_case, command, lane=lane, returns=Decided, request_hash=caller.request_hash
            )
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
