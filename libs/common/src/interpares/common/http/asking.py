"""A command that somebody asks for over HTTP: who, on which occasion, with which request.

Whoever comes with a personal link is nobody until the route has opened it; then it is the link's holder who asks.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Annotated, TypeVar
from uuid import UUID, uuid5

from fastapi import Depends, Header, Request

from interpares.common.commands import Commands, Handled, UnitOfWork
from interpares.common.context import Occasion, acting
from interpares.common.http.bodies import IdempotencyKey
from interpares.common.http.gate import LINK_HEADER, CurrentOccasion, CurrentPrincipal, RequestHash, occasion_for
from interpares.common.links import key_of
from interpares.common.policy import Principal
from interpares.common.sealed import SealedText, seal

C = TypeVar("C")
R = TypeVar("R")


@dataclass(frozen=True)
class Asked:
    """A command that somebody asks for."""

    principal: Principal
    occasion: Occasion
    request_hash: bytes

    def sealed(self, text: str, about: tuple[UUID, ...] = ()) -> SealedText:
        """Return a text as typed by whoever asks. about: people it is about.

        Whoever holds a membership writes for an organisation, anybody else as a private person.
        """
        return seal(text, self.occasion.actor, about, official=bool(self.principal.memberships))

    async def run(
        self,
        commands: Commands,
        use_case: Callable[[C, UnitOfWork], Awaitable[R]],
        command: C,
        returns: type[R],
        *,
        lane: UUID | None = None,
    ) -> Handled[R]:
        """Run a use case. lane: id of the aggregate it changes, None where it makes a new one."""
        with acting(self.occasion):
            return await commands.run(
                use_case,
                command,
                lane=lane or self.occasion.command_id,
                returns=returns,
                request_hash=self.request_hash,
            )


async def _asked(principal: CurrentPrincipal, occasion: CurrentOccasion, request_hash: RequestHash) -> Asked:
    return Asked(principal, occasion, request_hash)


CurrentAsked = Annotated[Asked, Depends(_asked)]

HOLDERS = UUID("2f4e9f0e-6a53-5f3c-8f0a-5d1c4e0b7a19")
LinkToken = Annotated[
    str,
    Header(
        alias=LINK_HEADER,
        max_length=200,
        description="The personal link: what stands behind the # of its address. It is for one purpose and expires.",
    ),
]


@dataclass(frozen=True)
class Linked:
    """A request with a personal link. key: of the link, by which it is looked up."""

    key: bytes = field(repr=False)
    occasion: Occasion
    request_hash: bytes

    def asked(self, holder: UUID) -> Asked:
        """Return what the link's holder asks for. holder: the opaque id they act under."""
        return Asked(Principal(holder), replace(self.occasion, actor=holder), self.request_hash)


async def _linked(
    request: Request, request_hash: RequestHash, link: LinkToken = "", idempotency_key: IdempotencyKey = None
) -> Linked:
    key = key_of(link)
    occasion = occasion_for(request, uuid5(HOLDERS, key.hex()), key.hex(), idempotency_key)
    return Linked(key, occasion, request_hash)


CurrentLinked = Annotated[Linked, Depends(_linked)]
