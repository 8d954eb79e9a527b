"""Seats that nobody answers for in time are freed by the clock, and whoever waits moves up."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import structlog
from uuid_utils.compat import uuid7

from interpares.common.cancelling import heed_cancellation
from interpares.common.context import Occasion, acting
from interpares.common.leadership import leading
from interpares.registration.application.seats import ExpireSeats, SeatsExpired, expire_seats
from interpares.registration.domain.seats.plan import plan_id
from interpares.registration.entrypoints.timed.retention import CLOCK, LOOK_SECONDS

if TYPE_CHECKING:
    from interpares.common.commands import Commands
    from interpares.common.database import Database
    from interpares.registration.application.seat_ports import Participants
    from interpares.registration.projections.seats import Seats

log = structlog.get_logger(__name__)


class SeatClock:
    """Frees seats without being asked."""

    def __init__(self, commands: Commands, seats: Seats, participants: Participants) -> None:
        self._commands = commands
        self._seats = seats
        self._expire = partial(expire_seats, participants=participants)

    async def once(self, now: datetime) -> int:
        """Free what is due; return how many seats that were."""
        freed = 0
        for meeting_id in await self._seats.due(now):
            command_id = uuid7()
            with acting(Occasion(CLOCK, command_id, correlation_id=command_id, causation_id=None, now=now)):
                handled = await self._commands.run(
                    self._expire, ExpireSeats(meeting_id), lane=plan_id(meeting_id), returns=SeatsExpired
                )
            freed += handled.result.freed
        return freed

    async def run(self, database: Database) -> None:
        """Look now and then, as long as no other replica does."""
        async with leading(database, "seats-registration") as lock:
            while True:
                heed_cancellation()
                freed = await self.once(datetime.now(UTC))
                if freed:
                    log.info("seats-freed", count=freed)
                await asyncio.sleep(LOOK_SECONDS)
                await lock.execute("SELECT 1")
