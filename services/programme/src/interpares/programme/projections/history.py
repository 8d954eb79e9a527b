"""The events of one programme straight from the store: what no view can be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsourcing.persistence import StoredEvent

from interpares.common.eventstore import MAPPER, Recorded, recorded
from interpares.programme.domain.events import Event
from interpares.programme.domain.meetings.events import AttendanceCorrected, MeetingHeld

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.database import Database


class StoredHistory:
    """The ports ``History`` and ``Holdings``, and whole histories for those who look back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def event(self, programme_id: UUID, number: int) -> Event:
        """Return one event by its number, counted from 1. Raises LookupError where there is none."""
        rows = await self._database.fetch(
            "SELECT topic, state FROM stored_events WHERE originator_id = %s AND originator_version = %s",
            (programme_id, number),
        )
        if rows:
            stored = StoredEvent(programme_id, number, rows[0]["topic"], bytes(rows[0]["state"]))
            event = MAPPER.to_domain_event(stored)
            if isinstance(event, Event):
                return event
        raise LookupError(number)

    async def holdings(self, programme_id: UUID) -> list[MeetingHeld | AttendanceCorrected]:
        """Return what was recorded of who was at meetings, in its order: the port ``Holdings``."""
        rows = await self._database.fetch(
            "SELECT originator_version, topic, state FROM stored_events WHERE originator_id = %s AND topic = ANY(%s)"
            " ORDER BY originator_version",
            (programme_id, [MeetingHeld.TOPIC, AttendanceCorrected.TOPIC]),
        )
        told = (
            MAPPER.to_domain_event(
                StoredEvent(programme_id, row["originator_version"], row["topic"], bytes(row["state"]))
            )
            for row in rows
        )
        return [event for event in told if isinstance(event, MeetingHeld | AttendanceCorrected)]

    async def whole(self, programme_id: UUID) -> list[Recorded]:
        """Return all events of a programme with their positions, in the order they were recorded."""
        rows = await self._database.fetch(
            "SELECT notification_id, originator_id, originator_version, topic, state FROM stored_events"
            " WHERE originator_id = %s ORDER BY originator_version",
            (programme_id,),
        )
        return [recorded(row) for row in rows]
