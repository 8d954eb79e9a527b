"""Time as an actor: tasks of the worker let checks fall due and escalate, and roles end, whoever else is asleep."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID, uuid5

import structlog
from uuid_utils.compat import uuid7

from interpares.common.cancelling import heed_cancellation
from interpares.common.commands import Commands
from interpares.common.context import Occasion, acting
from interpares.common.database import Database
from interpares.common.leadership import leading
from interpares.common.sealed import SealedText, seal
from interpares.programme.application.commands import EndRolesOver
from interpares.programme.application.output_commands import TendChecks
from interpares.programme.application.outputs import Tended, tend_checks
from interpares.programme.application.participate import RolesEnded, end_roles_over
from interpares.programme.domain.decision import Source, SourceKind
from interpares.programme.domain.grounds import Grounds
from interpares.programme.projections.outputs import OutputsView
from interpares.programme.projections.programmes import Programmes

TIME = uuid5(UUID("5d1f5b53-0c7e-5e3c-9d3b-4b8b0f3c7a11"), "time")
LOOK_SECONDS = 10.0
REASON = "The day of this check has come, or the time to answer it has passed without an answer."
OVER = "The time for which the role was held is over."
log = structlog.get_logger(__name__)


class Tending:
    """Looks for checks whose time has come. It finds them in a view and decides on the aggregate, so twice is once."""

    def __init__(self, database: Database, commands: Commands, clock: Callable[[], datetime] | None = None) -> None:
        self._database = database
        self._commands = commands
        self._clock = clock or (lambda: datetime.now(UTC))
        self._outputs = OutputsView(database)

    async def run(self) -> None:
        """Look again and again until cancelled; one replica at a time."""
        await _again_and_again(self._database, "tend-checks", self.once)

    async def once(self) -> int:
        """Let everything happen whose time has come; return how many checks fell due or escalated."""
        now, happened = self._clock(), 0
        for programme_id in await self._outputs.to_tend(now.date()):
            happened += await self._tend(programme_id, now)
        if happened:
            log.info("checks-tended", happened=happened)
        return happened

    async def _tend(self, programme_id: UUID, now: datetime) -> int:
        reason = seal(REASON, TIME, official=True)
        command = TendChecks(programme_id=programme_id, grounds=_grounds(reason), texts=(reason,))
        with acting(_occasion(now)):
            handled = await self._commands.run(tend_checks, command, lane=programme_id, returns=Tended)
        return handled.result.happened


class Expiry:
    """Looks for roles whose time is over, as ``Tending`` looks for checks."""

    def __init__(self, database: Database, commands: Commands, clock: Callable[[], datetime] | None = None) -> None:
        self._database = database
        self._commands = commands
        self._clock = clock or (lambda: datetime.now(UTC))
        self._programmes = Programmes(database)

    async def run(self) -> None:
        """Look again and again until cancelled; one replica at a time."""
        await _again_and_again(self._database, "end-roles", self.once)

    async def once(self) -> int:
        """End every role whose last day has passed; return how many ended."""
        now, ended = self._clock(), 0
        for programme_id in await self._programmes.with_roles_over(now.date()):
            reason = seal(OVER, TIME, official=True)
            command = EndRolesOver(programme_id=programme_id, grounds=_grounds(reason), texts=(reason,))
            with acting(_occasion(now)):
                handled = await self._commands.run(end_roles_over, command, lane=programme_id, returns=RolesEnded)
            ended += handled.result.ended
        if ended:
            log.info("roles-ended", ended=ended)
        return ended


async def _again_and_again(database: Database, name: str, once: Callable[[], Awaitable[int]]) -> None:
    async with leading(database, name) as connection:
        while True:
            heed_cancellation()
            await connection.execute("SELECT 1")
            await once()
            await asyncio.sleep(LOOK_SECONDS)


def _grounds(reason: SealedText) -> Grounds:
    return Grounds(reason_code="time-passed", reason=reason.hash, capacity="system", source=Source(SourceKind.TIME_OUT))


def _occasion(now: datetime) -> Occasion:
    return Occasion(actor=TIME, command_id=uuid7(), correlation_id=uuid7(), causation_id=None, now=now)
