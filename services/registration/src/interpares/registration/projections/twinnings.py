"""Which organisations are twinned with which, from when to when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from interpares.common.database import Database
from interpares.common.eventstore import Recorded
from interpares.common.writes import Row
from interpares.registration.domain.twinning import Ended, Twinning

ENTER = (
    "INSERT INTO twinnings (twinning_id, one, other, starts, entered_at, reason_code) VALUES (%s, %s, %s, %s, %s, %s)"
)
END = "UPDATE twinnings SET ends = %s, end_reason_code = %s WHERE twinning_id = %s"
PAGE = (
    "SELECT twinning_id AS id, one, other, starts, ends, entered_at, reason_code, end_reason_code FROM twinnings"
    " WHERE (one = %(organisation_id)s OR other = %(organisation_id)s)"
    " AND (%(after)s::uuid IS NULL OR twinning_id > %(after)s) ORDER BY twinning_id LIMIT %(limit)s"
)


@dataclass(frozen=True)
class ListedTwinning:
    """A link. one, other: both organisations. starts, ends: days, both included; None where open or unknown."""

    id: UUID
    one: UUID
    other: UUID
    starts: date | None
    ends: date | None
    entered_at: datetime
    reason_code: str
    end_reason_code: str | None


class TwinningsProjector:
    """Keeps the list."""

    VIEW: ClassVar[str] = "twinnings"
    TABLES: ClassVar[tuple[str, ...]] = ("twinnings",)

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """See ``interpares.common.views.Projector``."""
        event = recorded.event
        if isinstance(event, Twinning.Created):
            entered = (event.originator_id, *event.between, event.starts, event.timestamp, event.reason_code)
            yield Row(ENTER, entered)
        elif isinstance(event, Ended):
            yield Row(END, (event.ends, event.reason_code, event.originator_id))


class ListedTwinnings:
    """Asks for links."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, organisation_id: UUID, *, after: UUID | None, limit: int) -> list[ListedTwinning]:
        """Return an organisation's links, those that ended included, in the order they were entered."""
        wanted = {"organisation_id": organisation_id, "after": after, "limit": limit}
        return [ListedTwinning(**row) for row in await self._database.fetch(PAGE, wanted)]
