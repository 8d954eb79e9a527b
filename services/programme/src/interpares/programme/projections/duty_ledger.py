"""The duty ledger: every hosting duty of a programme, who owes it, who hosts it, where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from interpares.common.writes import Row
from interpares.programme.domain import events
from interpares.programme.domain.meetings import events as meeting_events

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.common.eventstore import Recorded

VIEW = "duty_ledger"
DERIVE = (
    "INSERT INTO duty_ledger (programme_id, duty, strand, rule, ordinal, format, status, owner_id, offered_to,"
    " declined_by, last_decision) VALUES (%(programme)s, %(duty)s, %(strand)s, %(rule)s, %(ordinal)s, %(format)s,"
    " 'open', %(owner)s, '{}', '{}', %(decision)s)"
)
ASSIGN = (
    "UPDATE duty_ledger SET owner_id = %(owner)s, last_decision = %(decision)s"
    " WHERE programme_id = %(programme)s AND duty = %(duty)s"
)
OFFER = (
    "UPDATE duty_ledger SET status = 'offered', offered_to = offered_to || %(to)s::uuid[],"
    " declined_by = ARRAY(SELECT d FROM unnest(declined_by) AS d WHERE d <> ALL(%(to)s::uuid[])),"
    " respond_by = %(respond_by)s, last_decision = %(decision)s"
    " WHERE programme_id = %(programme)s AND duty = %(duty)s"
)
ACCEPT = (
    "UPDATE duty_ledger SET status = 'accepted', host_id = %(host)s, offered_to = '{}', declined_by = '{}',"
    " respond_by = NULL, last_decision = %(decision)s"
    " WHERE programme_id = %(programme)s AND duty = %(duty)s"
)
END_OFFER = (
    "UPDATE duty_ledger SET offered_to = array_remove(offered_to, %(organisation)s),"
    " status = CASE WHEN cardinality(array_remove(offered_to, %(organisation)s)) = 0 THEN 'open' ELSE status END,"
    " last_decision = %(decision)s"
    " WHERE programme_id = %(programme)s AND duty = %(duty)s"
)
DECLINE = (
    "UPDATE duty_ledger SET declined_by = declined_by || %(organisation)s::uuid"
    " WHERE programme_id = %(programme)s AND duty = %(duty)s"
)
RELEASE = (
    "UPDATE duty_ledger SET status = 'released', owner_id = NULL, host_id = NULL, offered_to = '{}',"
    " declined_by = '{}', respond_by = NULL, last_decision = %(decision)s"
    " WHERE programme_id = %(programme)s AND duty = %(duty)s"
)
REOPEN = (
    "UPDATE duty_ledger SET status = 'open', owner_id = %(owner)s, last_decision = %(decision)s"
    " WHERE programme_id = %(programme)s AND duty = %(duty)s"
)
LAPSE = (
    "UPDATE duty_ledger SET status = 'lapsed', owner_id = CASE WHEN %(cause)s = 'counted' THEN NULL ELSE owner_id END,"
    " offered_to = '{}', declined_by = '{}', respond_by = NULL, last_decision = %(decision)s"
    " WHERE programme_id = %(programme)s AND duty = %(duty)s"
)
MOVE = (
    "UPDATE duty_ledger SET status = %(status)s, meeting_id = %(meeting)s, last_decision = %(decision)s"
    " WHERE programme_id = %(programme)s AND duty = %(duty)s"
)
UNPLAN = (
    "UPDATE duty_ledger SET meeting_id = NULL, last_decision = %(decision)s"
    " WHERE programme_id = %(programme)s AND duty = %(duty)s AND meeting_id = %(meeting)s"
)


class DutyLedgerProjector:
    """Keeps the ledger; it follows the guard state of the aggregate change by change."""

    VIEW: ClassVar[str] = VIEW
    TABLES: ClassVar[tuple[str, ...]] = ("duty_ledger",)

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """Return the changes of one event."""
        for statement, values in _changes(recorded.event):
            common = {"programme": recorded.event.originator_id, "decision": recorded.event.event_id}
            yield Row(statement, common | values)


def _changes(event: Any) -> list[tuple[str, dict[str, Any]]]:  # noqa: PLR0911 -- one line an event
    match event:
        case events.DutiesDerived():
            derived = [(DERIVE, {"duty": _id(duty), **_fields(duty)}) for duty in event.duties]
            return derived + [(ASSIGN, {"duty": found.duty, "owner": found.owner}) for found in event.assigned]
        case events.DutyOffered():
            return [(OFFER, {"duty": event.duty, "to": list(event.to), "respond_by": event.respond_by})]
        case events.DutyAccepted():
            return [(ACCEPT, {"duty": event.duty, "host": event.host})]
        case events.DutyDeclined():
            values = {"duty": event.duty, "organisation": event.organisation}
            return [(END_OFFER, values), (DECLINE, values)]
        case events.DutyReleased():
            return [(RELEASE, {"duty": event.duty})]
        case events.DutyReopened():
            return [(REOPEN, {"duty": event.duty, "owner": event.owner})]
        case events.DutyLapsed():
            return [(LAPSE, {"duty": event.duty, "cause": event.cause.value})]
        case events.RoleEnded() | events.ParticipationWithdrawn():
            return [(END_OFFER, {"duty": duty, "organisation": event.organisation}) for duty in event.offers_ended]
    return _met(event)


def _met(event: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return the changes of an event by which a duty gets its meeting, or loses it."""
    match event:
        case meeting_events.DutyScheduled():
            return [(MOVE, {"duty": event.duty, "status": "scheduled", "meeting": event.meeting})]
        case meeting_events.DutyHeld():
            return [(MOVE, {"duty": event.duty, "status": "held", "meeting": event.meeting})]
        case meeting_events.DutyReturned():
            return [(MOVE, {"duty": event.duty, "status": "accepted", "meeting": None})]
        case meeting_events.MeetingCancelled():
            return [(UNPLAN, {"duty": event.meeting.duty, "meeting": event.meeting.id})]
    return []


def _id(duty: Any) -> str:
    return f"{duty.strand}.{duty.rule}.{duty.ordinal}"


def _fields(duty: Any) -> dict[str, Any]:
    return {name: getattr(duty, name) for name in ("strand", "rule", "ordinal", "format", "owner")}


class DutyLedger:
    """Queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, programme_id: UUID, duty: str) -> dict[str, Any] | None:
        """Return one duty."""
        rows = await self._database.fetch(
            "SELECT * FROM duty_ledger WHERE programme_id = %s AND duty = %s", (programme_id, duty)
        )
        return rows[0] if rows else None

    async def page(
        self, programme_id: UUID, after: tuple[str, str, int] | None, limit: int, status: str | None = None
    ) -> list[dict[str, Any]]:
        """Return duties in the order of their keys; ``after``: strand, rule and ordinal of the last one seen."""
        strand, rule, ordinal = after or ("", "", 0)
        return await self._database.fetch(
            "SELECT * FROM duty_ledger WHERE programme_id = %s AND (strand, rule, ordinal) > (%s, %s, %s)"
            " AND (%s::text IS NULL OR status = %s) ORDER BY strand, rule, ordinal LIMIT %s",
            (programme_id, strand, rule, ordinal, status, status, limit),
        )
