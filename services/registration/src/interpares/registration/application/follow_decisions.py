"""Follow what the programme service decides about applications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.registration.domain.application import Application

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.registration.application.ports import PendingApplications, Unit


@dataclass(frozen=True)
class NoteAdmission:
    """A programme admitted an applicant. decision_id, reason_code: of the programme service's decision."""

    application_id: UUID
    decision_id: UUID
    reason_code: str
    role: str
    strand: str


@dataclass(frozen=True)
class NoteRefusal:
    """A programme declined an application. decision_id, reason_code: of the programme service's decision."""

    application_id: UUID
    decision_id: UUID
    reason_code: str


async def note_admission(command: NoteAdmission, unit: Unit, *, pending: PendingApplications) -> None:
    """Settle the application as admitted; one that is not known here has nothing to settle."""
    application = await unit.find(Application, command.application_id)
    if application is not None:
        application.note_admission(
            decision_id=command.decision_id, reason_code=command.reason_code, role=command.role, strand=command.strand
        )
        _settle(application, unit, pending)


async def note_refusal(command: NoteRefusal, unit: Unit, *, pending: PendingApplications) -> None:
    """Settle the application as declined; one that is not known here has nothing to settle."""
    application = await unit.find(Application, command.application_id)
    if application is not None:
        application.note_refusal(decision_id=command.decision_id, reason_code=command.reason_code)
        _settle(application, unit, pending)


def _settle(application: Application, unit: Unit, pending: PendingApplications) -> None:
    unit.write(pending.removing(application.id))
    unit.save(application)
