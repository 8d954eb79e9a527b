"""What all routes share: who asks, how a command is run for them, how a reader waits for their own change."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends
from uuid_utils.compat import uuid7

from interpares.common.commands import Commands, Handled, UnitOfWork
from interpares.common.context import Occasion, acting
from interpares.common.database import Database
from interpares.common.http import CurrentOccasion, CurrentPrincipal, RequestHash, decode_cursor
from interpares.common.policy import Principal
from interpares.common.sealed import SealedText, seal
from interpares.common.views import view_at_least
from interpares.registration.entrypoints.http.schemas import Reasoned

C = TypeVar("C")
R = TypeVar("R")


@dataclass(frozen=True)
class Asked:
    """A command that somebody asks for."""

    principal: Principal
    occasion: Occasion
    request_hash: bytes

    def sealed(self, text: str, about: tuple[UUID, ...]) -> SealedText:
        """Return a text as typed by whoever asks."""
        return seal(text, self.occasion.actor, about)

    def reason(self, given: Reasoned) -> SealedText:
        """Return the reason given."""
        return self.sealed(given.reason, given.about)

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


def new_id() -> UUID:
    """Return an id for something new; ids made later sort behind."""
    return uuid7()


async def caught_up(database: Database, view: str, position: int | None) -> None:
    """Return once the view has reached the position asked for. Raises Busy after a second."""
    if position is not None:
        await view_at_least(database, view, position)


def behind(cursor: str | None) -> UUID | None:
    """Return the id a page begins behind, None for the first page. Raises Invalid for a cursor of another list."""
    if cursor is None:
        return None
    (last,) = decode_cursor(cursor, UUID)
    return UUID(str(last))
