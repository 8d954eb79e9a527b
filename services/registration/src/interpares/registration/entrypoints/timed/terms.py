"""Mandates begin and end on their days, invitations lapse: by themselves, each a decision by time-out."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import structlog
from uuid_utils.compat import uuid7

from interpares.common.cancelling import heed_cancellation
from interpares.common.context import Occasion, acting
from interpares.common.leadership import leading
from interpares.common.sealed import seal
from interpares.registration.application.joining.invite import Lapsed, LapseInvitation, lapse_invitation
from interpares.registration.application.joining.mandates import Advanced, AdvanceMandate, advance_mandate
from interpares.registration.domain.errors import CapacityHeld
from interpares.registration.entrypoints.timed.retention import CLOCK

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from uuid import UUID

    from interpares.common.commands import Commands, UnitOfWork
    from interpares.common.database import Database
    from interpares.registration.application.joining.ports import Invitees
    from interpares.registration.application.personal_links import PersonalLinks
    from interpares.registration.application.ports import Memberships
    from interpares.registration.projections.joining import Joining

LOOK_SECONDS = 2.0
OVER = "The time for which this was arranged is over."
C = TypeVar("C")
R = TypeVar("R")
log = structlog.get_logger(__name__)


class Terms:
    """Does what is due."""

    def __init__(
        self, commands: Commands, due: Joining, *, memberships: Memberships, invitees: Invitees, links: PersonalLinks
    ) -> None:
        self._commands = commands
        self._due = due
        self._advance = partial(advance_mandate, memberships=memberships)
        self._lapse = partial(lapse_invitation, invitees=invitees, links=links)

    async def once(self, now: datetime) -> int:
        """Do all that is due; return how much that was."""
        done = 0
        for mandate_id in await self._due.due_mandates(now.date()):
            command = AdvanceMandate(mandate_id, uuid7(), seal(OVER, CLOCK, official=True))
            try:
                done += (await self._run(self._advance, command, mandate_id, Advanced, now)).done
            except CapacityHeld:
                # Somebody granted it at this very moment; the next look finds that it is held.
                log.debug("mandate-waits", mandate=str(mandate_id))
        for invitation_id in await self._due.due_invitations(now):
            lapse = LapseInvitation(invitation_id)
            done += (await self._run(self._lapse, lapse, invitation_id, Lapsed, now)).done
        return done

    async def run(self, database: Database) -> None:
        """Look now and then, as long as no other replica does."""
        async with leading(database, "terms-registration") as lock:
            while True:
                heed_cancellation()
                await self.once(datetime.now(UTC))
                await asyncio.sleep(LOOK_SECONDS)
                await lock.execute("SELECT 1")

    async def _run(
        self, use_case: Callable[[C, UnitOfWork], Awaitable[R]], command: C, lane: UUID, returns: type[R], now: datetime
    ) -> R:
        command_id = uuid7()
        with acting(Occasion(CLOCK, command_id, correlation_id=command_id, causation_id=None, now=now)):
            return (await self._commands.run(use_case, command, lane=lane, returns=returns)).result
