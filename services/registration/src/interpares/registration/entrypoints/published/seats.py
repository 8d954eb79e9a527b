"""Attendance: how many people of an organisation came, by audience, spoke and reviewed; who they were stays here."""

from collections.abc import Callable, Mapping
from typing import Any

from interpares.common.contracts.registration import AttendanceRecorded
from interpares.common.envelope import Publication
from interpares.registration.domain.seats.events import AttendanceNoted


def _attendance(event: AttendanceNoted) -> Publication:
    told = AttendanceRecorded(
        programme_id=event.programme_id,
        meeting_id=event.meeting_id,
        organisation_id=event.organisation_id,
        version=event.version,
        attended=event.parts.beside(event.attended),
    )
    return Publication(told, event.programme_id)


PUBLISHED: Mapping[type, Callable[[Any], Publication]] = {AttendanceNoted: _attendance}
