"""Retention runs by itself: whoever is due is erased, whatever has expired goes, and each erasure is a decision."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from interpares.common.cancelling import heed_cancellation
from interpares.common.context import Occasion, acting
from interpares.common.leadership import leading
from interpares.common.sealed import seal
from interpares.registration.application.privacy.erase import (
    EndRestriction,
    EraseAgain,
    Erasing,
    end_restriction,
    erase_again,
)
from interpares.registration.application.privacy.expire import Expire, Expired, expire
from interpares.registration.domain.person import Cause
from interpares.registration.domain.privacy.errors import HoldInForce, PersonGone

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import timedelta

    from interpares.common.commands import Commands, UnitOfWork
    from interpares.common.database import Database
    from interpares.common.sealed import SealedText
    from interpares.registration.application.privacy.ports import (
        DueErasures,
        FilesAbout,
        HeldMemberships,
        PersonalDataStore,
    )

# What happens by itself happens under this id: no account has it.
CLOCK = UUID("0192f0c0-0000-7000-8000-000000000003")
LOOK_SECONDS = 60.0
BY_TIME_OUT = "The time for which these data are kept is over."
AFTER_RESTORE = "Erased before; a restore had brought the data back."
C = TypeVar("C")
R = TypeVar("R")
log = structlog.get_logger(__name__)


class Eraser:
    """Erases without being asked."""

    def __init__(
        self,
        commands: Commands,
        due: DueErasures,
        *,
        store: PersonalDataStore,
        memberships: HeldMemberships,
        files: FilesAbout,
        tidy: Callable[[], Awaitable[int]],
        keep: timedelta,
    ) -> None:
        """``tidy``: removes the contents of files that were erased. ``keep``: people after their last membership."""
        self._commands = commands
        self._due = due
        self._again = partial(erase_again, store=store, memberships=memberships, files=files)
        self._end = partial(end_restriction, store=store, memberships=memberships, files=files)
        self._tidy = tidy
        self._keep = keep
        self._expire = partial(expire, store=store)

    async def once(self, now: datetime) -> int:
        """Do all that is due; return how many people were erased."""
        erased = 0
        for person_id in await self._due.people(now - self._keep):
            erased += await self._unless_held(partial(self._erase, person_id, Cause.RETENTION, BY_TIME_OUT, now))
        for request_id in await self._due.restrictions(now.date()):
            erased += await self._unless_held(partial(self._end_restriction, request_id, now))
        await self._run(self._expire, Expire(), CLOCK, Expired, now)
        await self._tidy()
        return erased

    async def again(self, person_id: UUID) -> bool:
        """Erase somebody whom a restore brought back; tell whether there was anybody."""
        return await self._erase(person_id, Cause.RESTORE, AFTER_RESTORE, datetime.now(UTC))

    async def run(self, database: Database) -> None:
        """Look now and then, as long as no other replica does."""
        async with leading(database, "retention-registration") as lock:
            while True:
                heed_cancellation()
                erased = await self.once(datetime.now(UTC))
                if erased:
                    log.info("retention", erased=erased)
                await asyncio.sleep(LOOK_SECONDS)
                await lock.execute("SELECT 1")

    @staticmethod
    async def _unless_held(erase: Callable[[], Awaitable[bool]]) -> bool:
        try:
            return await erase()
        except (HoldInForce, PersonGone) as error:
            log.debug("retention-waits", code=error.code)
            return False

    async def _erase(self, person_id: UUID, cause: Cause, text: str, now: datetime) -> bool:
        command = EraseAgain(person_id, cause, seal(text, CLOCK, official=True))
        return (await self._run(self._again, command, person_id, Erasing, now)).done

    async def _end_restriction(self, request_id: UUID, now: datetime) -> bool:
        reason: SealedText = seal(BY_TIME_OUT, CLOCK, official=True)
        return (await self._run(self._end, EndRestriction(request_id, reason), request_id, Erasing, now)).done

    async def _run(
        self, use_case: Callable[[C, UnitOfWork], Awaitable[R]], command: C, lane: UUID, returns: type[R], now: datetime
    ) -> R:
        command_id = uuid7()
        with acting(Occasion(CLOCK, command_id, correlation_id=command_id, causation_id=None, now=now)):
            return (await self._commands.run(use_case, command, lane=lane, returns=returns)).result
