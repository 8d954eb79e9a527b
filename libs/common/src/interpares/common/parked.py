"""What is parked: messages set aside because they could not be handled, and those that operators gave up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from interpares.common.errors import NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from interpares.common.database import Database


class Parked:
    """What one service has parked, of all its feeds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, after: tuple[str, int], limit: int) -> list[dict[str, Any]]:
        """Return the first parked message of each aggregate, behind a feed and position, and how many wait for it."""
        return await self._database.fetch(
            "SELECT feed, position, aggregate, headers ->> 'ce-type' AS type, error AS cause, parked_at, waiting FROM ("
            "SELECT *, row_number() OVER (PARTITION BY feed, aggregate ORDER BY position) AS place,"
            " count(*) OVER (PARTITION BY feed, aggregate) - 1 AS waiting FROM parked) AS placed"
            " WHERE place = 1 AND (feed, position) > (%s, %s) ORDER BY feed, position LIMIT %s",
            (*after, limit),
        )

    async def discarded(self, after: tuple[datetime, str, int] | None, limit: int) -> list[dict[str, Any]]:
        """Return what was given up, in that order, with the reason, which is None once it was erased."""
        return await self._database.fetch(
            "SELECT d.feed, d.position, d.aggregate, d.headers ->> 'ce-type' AS type, d.error AS cause, d.parked_at,"
            " d.discarded_at, d.actor, d.reason_code, t.text AS reason FROM discarded d"
            " LEFT JOIN sealed_texts t ON t.hash = d.reason"
            " WHERE (d.discarded_at, d.feed, d.position) > (coalesce(%s, '-infinity'::timestamptz), %s, %s)"
            " ORDER BY d.discarded_at, d.feed, d.position LIMIT %s",
            (*(after or (None, "", 0)), limit),
        )

    async def get(self, feed: str, position: int) -> dict[str, Any]:
        """Return one message: headers, event (None where the body is no JSON), how many wait behind it.

        Raises NotParked.
        """
        rows = await self._database.fetch(
            "SELECT p.*, (SELECT count(*) FROM parked q WHERE q.feed = p.feed AND q.aggregate = p.aggregate"
            " AND q.position > p.position) AS waiting FROM parked p WHERE p.feed = %s AND p.position = %s",
            (feed, position),
        )
        if not rows:
            raise NotParked
        row = rows[0]
        return {**row, "type": row["headers"].get("ce-type"), "cause": row["error"], "event": _event(row["body"])}


class NotParked(NotFound):
    """No such message is parked."""

    code = "not-parked"
    way_out = "List what is parked."

    def __init__(self) -> None:
        """Need nothing: the fact is always the same."""
        super().__init__("No such message is parked.")


def _event(body: bytes) -> Any:
    try:
        return json.loads(bytes(body))
    except ValueError:
        return None
