"""What is noted about personal data beside them: who read them, what was erased, what others confirmed, what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uuid_utils.compat import uuid7

from interpares.common.writes import Row
from interpares.registration.application.privacy.ports import Entry, Read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from interpares.common.database import Database

READ = (
    "INSERT INTO personal_data_reads (read_id, read_at, reader, person_id, why, route) VALUES (%s, %s, %s, %s, %s, %s)"
)
CONFIRM = (
    "INSERT INTO erasure_confirmations (person_id, service, confirmed_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
)
RETENTION = (
    "SELECT p.person_id FROM people p WHERE NOT EXISTS (SELECT FROM held_capacities h WHERE h.actor = p.actor)"
    " AND greatest(p.registered_at, (SELECT max(m.ended_at) FROM organisation_memberships m WHERE m.actor = p.actor))"
    " < %(before)s ORDER BY p.person_id LIMIT 100"
)
RESTRICTIONS = (
    "SELECT r.request_id FROM erasure_requests r JOIN restrictions s USING (person_id)"
    " WHERE r.status = 'restricted' AND r.until <= %(today)s ORDER BY r.request_id LIMIT 100"
)


class ReadLog:
    """Who read whose data, when and why; never what."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, *, reader: UUID, person_id: UUID, why: str, route: str, now: datetime) -> None:
        """Note a read. Raises Busy: what cannot be noted may not be read."""
        async with self._database.connection() as connection:
            await connection.execute(READ, (uuid7(), now, reader, person_id, why, route))

    async def page(self, person_id: UUID, *, after: UUID | None, limit: int) -> list[Read]:
        """See the port."""
        rows = await self._database.fetch(
            "SELECT read_id AS id, read_at, reader, why, route FROM personal_data_reads"
            " WHERE person_id = %(person_id)s AND (%(after)s::uuid IS NULL OR read_id > %(after)s)"
            " ORDER BY read_id LIMIT %(limit)s",
            {"person_id": person_id, "after": after, "limit": limit},
        )
        return [Read(**row) for row in rows]


class ErasureLedger:
    """Which people were erased: nothing is ever taken out of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, after: UUID | None, limit: int) -> Sequence[Entry]:
        """Return entries in the order of their ids, from behind ``after``."""
        rows = await self._database.fetch(
            "SELECT person_id, actor, cause, erased_at FROM erasure_ledger"
            " WHERE (%(after)s::uuid IS NULL OR person_id > %(after)s) ORDER BY person_id LIMIT %(limit)s",
            {"after": after, "limit": limit},
        )
        return [Entry(**row) for row in rows]

    async def confirmed_by(self, person_id: UUID) -> dict[str, datetime]:
        """Return which services said that they hold no text of a person any more, and when."""
        rows = await self._database.fetch(
            "SELECT service, confirmed_at FROM erasure_confirmations WHERE person_id = %s", (person_id,)
        )
        return {row["service"]: row["confirmed_at"] for row in rows}


class GuestTable:
    """Implements ``Guests``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, participant_id: UUID) -> bool:
        """See the port."""
        query = "SELECT 1 FROM participants WHERE participant_id = %s LIMIT 1"
        return bool(await self._database.fetch(query, (participant_id,)))


class Due:
    """What retention has to do."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def people(self, before: datetime) -> list[UUID]:
        """Return people without a membership whose last one ended, or who were registered, before an instant."""
        return [row["person_id"] for row in await self._database.fetch(RETENTION, {"before": before})]

    async def restrictions(self, today: date) -> list[UUID]:
        """Return requests whose restriction is over."""
        return [row["request_id"] for row in await self._database.fetch(RESTRICTIONS, {"today": today})]


def confirming(person_id: UUID, service: str, at: datetime) -> Row:
    """Return the statement that notes what another service confirmed."""
    return Row(CONFIRM, (person_id, service, at))
