"""A command that somebody asks for over HTTP: who, on which occasion, with which request."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends

from interpares.common.commands import Commands, Handled, UnitOfWork
from interpares.common.context import Occasion, acting
from interpares.common.http.gate import CurrentOccasion, CurrentPrincipal, RequestHash
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
        """Return a text as typed by whoever asks. about: people it is about."""
        return seal(text, self.occasion.actor, about)

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
