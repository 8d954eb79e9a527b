"""Note what facilitators are qualified for and when they are available."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 -- commands are read by their annotations

from interpares.common.aggregate import event_id
from interpares.registration.application.decided import Decided
from interpares.registration.domain.facilitator import Facilitator, Window, facilitator_id
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.person import Person

if TYPE_CHECKING:
    from interpares.common.sealed import SealedText
    from interpares.registration.application.joining.ports import Qualification, Qualifications
    from interpares.registration.application.ports import Unit


@dataclass(frozen=True)
class NoteQualification:
    """qualification: what it is, kept in a table."""

    person_id: UUID
    qualification_id: UUID
    qualification: Qualification
    reason_code: str
    reason: SealedText
    acting_as: str


@dataclass(frozen=True)
class NoteAvailability:
    """window: from when to when, for how many days in all."""

    person_id: UUID
    window_id: UUID
    window: Window
    reason_code: str
    reason: SealedText
    acting_as: str


@dataclass(frozen=True)
class Remove:
    """thing_id: of a qualification or a period."""

    person_id: UUID
    thing_id: UUID
    reason_code: str
    reason: SealedText
    acting_as: str


async def note_qualification(command: NoteQualification, unit: Unit, *, qualifications: Qualifications) -> Decided:
    """Note a qualification. Raises NotFound."""
    facilitator = await _facilitator(command.person_id, unit)
    facilitator.add_qualification(command.qualification_id, _grounds(command))
    unit.write(qualifications.entering(command.qualification_id, command.person_id, command.qualification))
    unit.save(facilitator, texts=(command.reason,))
    return _told(facilitator, command, "qualification", "noted", command.qualification_id)


async def remove_qualification(command: Remove, unit: Unit, *, qualifications: Qualifications) -> Decided:
    """Note that a qualification counts no more. Raises NotFound, QualificationUnknown."""
    facilitator = await _facilitator(command.person_id, unit)
    facilitator.remove_qualification(command.thing_id, _grounds(command))
    unit.write(qualifications.removing(command.thing_id))
    unit.save(facilitator, texts=(command.reason,))
    return _told(facilitator, command, "qualification", "removed")


async def note_availability(command: NoteAvailability, unit: Unit) -> Decided:
    """Note a period. Raises NotFound."""
    facilitator = await _facilitator(command.person_id, unit)
    facilitator.give_availability(command.window_id, command.window, _grounds(command))
    unit.save(facilitator, texts=(command.reason,))
    return _told(facilitator, command, "availability", "noted", command.window_id)


async def withdraw_availability(command: Remove, unit: Unit) -> Decided:
    """Note that a period is gone. Raises NotFound, WindowUnknown."""
    facilitator = await _facilitator(command.person_id, unit)
    facilitator.withdraw_availability(command.thing_id, _grounds(command))
    unit.save(facilitator, texts=(command.reason,))
    return _told(facilitator, command, "availability", "withdrawn")


async def _facilitator(person_id: UUID, unit: Unit) -> Facilitator:
    await unit.load(Person, person_id)
    return await unit.find(Facilitator, facilitator_id(person_id)) or Facilitator.know(person_id)


def _grounds(command: NoteQualification | NoteAvailability | Remove) -> Grounds:
    return Grounds(command.reason_code, command.reason.hash, command.acting_as)


def _told(
    facilitator: Facilitator,
    command: NoteQualification | NoteAvailability | Remove,
    kind: str,
    outcome: str,
    created: UUID | None = None,
) -> Decided:
    return Decided(
        decision_id=event_id(facilitator.id, facilitator.version),
        type=kind,
        subject=f"person:{command.person_id}",
        outcome=outcome,
        reason_code=command.reason_code,
        decided_at=facilitator.modified_on,
        created_id=created,
    )
