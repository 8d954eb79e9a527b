"""Follow the meetings of programmes: who hosted and who attended is what conditions of roles ask about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.registration.application.applying_ports import Attendance
    from interpares.registration.application.ports import Unit


@dataclass(frozen=True)
class NoteMeetingHeld:
    """A meeting took place. format_key: as in the template. host: None where nobody hosted."""

    meeting_id: UUID
    programme_id: UUID
    format_key: str
    host: UUID | None
    attended: tuple[UUID, ...]


async def note_meeting_held(command: NoteMeetingHeld, unit: Unit, *, attendance: Attendance) -> None:
    """Note who was there."""
    unit.write(
        *attendance.held(
            command.meeting_id,
            command.programme_id,
            command.format_key,
            host=command.host,
            attended=command.attended,
        )
    )
