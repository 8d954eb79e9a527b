"""Taking messages out of parking: trying them again, or giving one up.

What is parked keeps its order. A message comes out by having its effect or by being given up, once, in one transaction
with its removal; then those behind it are handled one by one, and when none is left the aggregate flows again. The
inbox, in another process, takes turns with whoever does this, aggregate by aggregate: what arrives meanwhile either
waits behind what is parked or finds nothing parked, and never overtakes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import structlog
from psycopg.types.json import Jsonb

from interpares.common.append import sealing
from interpares.common.context import occasion
from interpares.common.envelope import Message
from interpares.common.errors import Conflict
from interpares.common.parked import NotParked
from interpares.common.turns import turn
from interpares.common.writes import CommandRecord, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from interpares.common.commands import UnitOfWork
    from interpares.common.database import Database
    from interpares.common.effects import Effects
    from interpares.common.sealed import SealedText

TAKEN_OUT = UUID("1d1f3c60-50c8-5f0b-8a53-3c1e7b0a9d10")
# One request goes on for this long; whoever asked comes again for what is left.
SECONDS = 5.0
log = structlog.get_logger(__name__)


class WaitsBehindAnother(Conflict):
    """The message waits behind an earlier one of the same aggregate, which has to come first."""

    code = "waits-behind-another"


class TakenOut(Conflict):
    """The message has been taken out of parking already: it had its effect, or it was given up."""

    code = "taken-out"
    way_out = "Look at what is parked now, and at what was given up."


@dataclass(frozen=True)
class Flowed:
    """What came of trying again.

    handled: messages that had their effect. left: messages of the aggregate that are parked still. next: position of
    the first of them. cause: why it failed again, None where only time was over.
    """

    handled: int
    left: int
    next: int | None
    cause: str | None


@dataclass(frozen=True)
class Discard:
    """Give a message up."""

    feed: str
    position: int
    reason_code: str
    reason: SealedText


@dataclass(frozen=True)
class Discarded:
    """Which message was given up."""

    feed: str
    position: int
    aggregate: str


class Unparking:
    """Takes out what one service has parked, of all its feeds."""

    def __init__(self, service: str, database: Database, effects: Mapping[str, Effects]) -> None:
        """``effects``: by feed."""
        self._service = service
        self._database = database
        self._effects = effects

    async def retry(self, feed: str, position: int) -> Flowed:
        """Handle a message and then those behind it, in order, until one fails again or SECONDS are over.

        Where the message had its effect before, those behind it go on. Raises NotParked for a message that never was
        parked, TakenOut for one that was given up, WaitsBehindAnother, Busy.
        """
        found = await self._head(feed, position)
        if found is None:
            record = await self._taken_out(feed, position)
            if record["discarded"]:
                message = "This message was given up."
                raise TakenOut(message)
            return await self.flow(feed, record["aggregate"])
        aggregate, first = found
        if first < position:
            message = f"This message waits behind {first}."
            raise WaitsBehindAnother(message, f"Retry or discard {first}.")
        return await self.flow(feed, aggregate)

    async def discard(self, command: Discard, unit: UnitOfWork) -> Discarded:
        """Give a message up: a use case. The whole message, who gave it up and why stay in ``discarded``.

        Raises NotParked for a message that never was parked, TakenOut.
        """
        feed, position = command.feed, command.position
        found = await self._head(feed, position)
        taken_out = TakenOut("This message has been taken out already.")
        if found is None:
            await self._taken_out(feed, position)
            raise taken_out
        result = {"aggregate": found[0], "discarded": True}
        now, actor, text = occasion().now, occasion().actor, command.reason
        unit.write(
            Row(
                "INSERT INTO commands (command_id, request_hash, result, position, recorded_at)"
                " VALUES (%s, '', %s, 0, %s)",
                (self._taking_out(feed, position), Jsonb(result), now),
                refusal=taken_out,
            ),
            sealing([text]),
            Row(
                "INSERT INTO discarded"
                " SELECT feed, position, aggregate, headers, body, error, parked_at, %s, %s, %s, %s"
                " FROM parked WHERE feed = %s AND position = %s",
                (now, actor, command.reason_code, text.hash, feed, position),
            ),
            Row("DELETE FROM parked WHERE feed = %s AND position = %s", (feed, position)),
        )
        return Discarded(feed, position, found[0])

    async def flow(self, feed: str, aggregate: str) -> Flowed:
        """Handle what is parked of an aggregate, in order, until one fails again or SECONDS are over."""
        handled, cause, until = 0, None, time.monotonic() + SECONDS
        while cause is None and time.monotonic() < until:
            # A turn for each: the inbox may park one of the same aggregate in between.
            async with turn(self._database, feed, aggregate):
                rows = await self._database.fetch(
                    "SELECT headers, body, position FROM parked WHERE feed = %s AND aggregate = %s"
                    " ORDER BY position LIMIT 1",
                    (feed, aggregate),
                )
                if not rows:
                    return Flowed(handled, 0, None, None)
                cause = await self._again(feed, aggregate, rows[0])
                handled += cause is None
        (left,) = await self._database.fetch(
            "SELECT count(*) AS n, min(position) AS next FROM parked WHERE feed = %s AND aggregate = %s",
            (feed, aggregate),
        )
        return Flowed(handled, left["n"], left["next"], cause)

    async def _again(self, feed: str, aggregate: str, row: dict[str, Any]) -> str | None:
        """Handle one message; return why it failed again, None where it had its effect."""
        position, headers = row["position"], row["headers"]
        parked = Message("", headers, bytes(row["body"]), position, int(headers.get("previous", 0)))
        record = CommandRecord(self._taking_out(feed, position), b"", {"aggregate": aggregate, "discarded": False})
        effects = self._effects.get(feed)
        cause = await effects.again(parked, record) if effects else "nobody listens to this feed any more"
        if cause is None:
            log.info("unparked", feed=feed, position=position)
            return None
        log.error("parked-again", feed=feed, position=position, cause=cause)
        async with self._database.connection() as connection:
            await connection.execute(
                "UPDATE parked SET error = %s WHERE feed = %s AND position = %s", (cause, feed, position)
            )
        return cause

    async def _head(self, feed: str, position: int) -> tuple[str, int] | None:
        """Return the aggregate of a parked message and the first position parked of it, None where it is not parked."""
        rows = await self._database.fetch(
            "SELECT aggregate, (SELECT min(position) FROM parked q WHERE q.feed = p.feed AND q.aggregate = p.aggregate)"
            " AS first FROM parked p WHERE feed = %s AND position = %s",
            (feed, position),
        )
        return (rows[0]["aggregate"], rows[0]["first"]) if rows else None

    async def _taken_out(self, feed: str, position: int) -> dict[str, Any]:
        """Return how a message was taken out. Raises NotParked for one that never was parked."""
        rows = await self._database.fetch(
            "SELECT result FROM commands WHERE command_id = %s", (self._taking_out(feed, position),)
        )
        if not rows:
            raise NotParked
        return dict(rows[0]["result"])

    def _taking_out(self, feed: str, position: int) -> UUID:
        """Return the id of the command that takes a message out: it can be recorded once."""
        return uuid5(TAKEN_OUT, f"{self._service}/{feed}/{position}")
