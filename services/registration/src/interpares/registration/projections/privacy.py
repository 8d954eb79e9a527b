"""Requests to be erased with their decisions, and holds on personal data; ids and codes only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from interpares.common.database import Database
from interpares.common.eventstore import Recorded
from interpares.common.writes import Row
from interpares.registration.domain.person import Erased, Held, HoldLifted
from interpares.registration.domain.privacy.request import ErasureRequest, Granted, Refused, Restricted, Status

FILE = (
    "INSERT INTO erasure_requests (request_id, person_id, actor, received_on, channel, filed_at, filed_as, wish_code,"
    " wish, status) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
DECIDE = (
    "UPDATE erasure_requests SET status = %s, decided_at = %s, decided_as = %s, ground = %s, until = %s,"
    " reason_code = %s, reason = %s WHERE request_id = %s"
)
HOLD = "INSERT INTO holds (hold_id, person_id, until, ground, held_at) VALUES (%s, %s, %s, %s, %s)"
LIFT = "UPDATE holds SET lifted_at = %s WHERE hold_id = %s"
FORGET = "DELETE FROM holds WHERE person_id = %s"
COLUMNS = (
    "request_id AS id, person_id, actor, received_on, channel, filed_at, filed_as, wish_code, wish, status, decided_at,"
    " decided_as, ground, until, reason_code, reason"
)
ONE = f"SELECT {COLUMNS} FROM erasure_requests WHERE request_id = %s"  # noqa: S608 -- constants only
PAGE = (
    f"SELECT {COLUMNS} FROM erasure_requests WHERE (%(after)s::uuid IS NULL OR request_id > %(after)s)"  # noqa: S608
    " AND (%(status)s::text IS NULL OR status = %(status)s) ORDER BY request_id LIMIT %(limit)s"
)
DECIDED = {Granted: Status.ERASED, Restricted: Status.RESTRICTED, Refused: Status.REFUSED}


@dataclass(frozen=True)
class ListedRequest:
    """A request. wish, reason: hex hashes of sealed texts. What belongs to its decision is None while it is open."""

    id: UUID
    person_id: UUID
    actor: UUID
    received_on: date
    channel: str
    filed_at: datetime
    filed_as: str
    wish_code: str
    wish: str
    status: str
    decided_at: datetime | None
    decided_as: str | None
    ground: str | None
    until: date | None
    reason_code: str | None
    reason: str | None


@dataclass(frozen=True)
class ListedHold:
    """A hold. until: its last day. lifted_at: None unless it was lifted before."""

    id: UUID
    until: date
    ground: str
    held_at: datetime
    lifted_at: datetime | None


class PrivacyProjector:
    """Keeps both lists."""

    VIEW: ClassVar[str] = "privacy"
    TABLES: ClassVar[tuple[str, ...]] = ("erasure_requests", "holds")

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """See ``interpares.common.views.Projector``."""
        event = recorded.event
        match event:
            case ErasureRequest.Created():
                filed = (
                    event.originator_id,
                    event.person_id,
                    event.actor,
                    event.received_on,
                    event.channel,
                    event.timestamp,
                    event.acting_as,
                    event.reason_code,
                    event.reason,
                    Status.OPEN.value,
                )
                yield Row(FILE, filed)
            case Granted() | Restricted() | Refused():
                ground = None if isinstance(event, Granted) else event.ground.value
                until = event.until if isinstance(event, Restricted) else None
                settled = (DECIDED[type(event)].value, event.timestamp, event.acting_as, ground, until)
                yield Row(DECIDE, (*settled, event.reason_code, event.reason, event.originator_id))
            case Held():
                yield Row(HOLD, (event.hold_id, event.originator_id, event.until, event.ground, event.timestamp))
            case HoldLifted():
                yield Row(LIFT, (event.timestamp, event.hold_id))
            case Erased():
                yield Row(FORGET, (event.originator_id,))


class ErasureRequests:
    """Asks for requests and holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def one(self, request_id: UUID) -> ListedRequest | None:
        """Return a request, None if there is none under the id."""
        rows = await self._database.fetch(ONE, (request_id,))
        return ListedRequest(**rows[0]) if rows else None

    async def page(self, *, after: UUID | None, limit: int, status: str | None) -> list[ListedRequest]:
        """Return requests in the order they were filed, from behind ``after``. None leaves the filter out."""
        rows = await self._database.fetch(PAGE, {"after": after, "limit": limit, "status": status})
        return [ListedRequest(**row) for row in rows]

    async def holds(self, person_id: UUID) -> list[ListedHold]:
        """Return the holds on a person's data, in the order they were set."""
        rows = await self._database.fetch(
            "SELECT hold_id AS id, until, ground, held_at, lifted_at FROM holds WHERE person_id = %s ORDER BY hold_id",
            (person_id,),
        )
        return [ListedHold(**row) for row in rows]
