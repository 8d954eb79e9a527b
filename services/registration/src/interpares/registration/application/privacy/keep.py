"""Correct personal data, and keep them where there is a duty to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 -- commands are read by their annotations
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 -- as above

from interpares.common.aggregate import event_id
from interpares.registration.application.decided import Decided
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.person import Person
from interpares.registration.domain.privacy.errors import NothingToRectify

if TYPE_CHECKING:
    from interpares.common.sealed import SealedText
    from interpares.registration.application.ports import Unit
    from interpares.registration.application.privacy.ports import PersonalDataStore


@dataclass(frozen=True)
class RectifyPerson:
    """changes: the right value by the name of its column; they stay out of logs and events."""

    person_id: UUID
    changes: dict[str, str] = field(repr=False)
    reason_code: str
    reason: SealedText
    acting_as: str


@dataclass(frozen=True)
class HoldPerson:
    """ground: the duty to keep, as a plain code."""

    person_id: UUID
    hold_id: UUID
    until: date
    ground: str
    reason_code: str
    reason: SealedText
    acting_as: str


@dataclass(frozen=True)
class LiftHold:
    """The duty is gone."""

    person_id: UUID
    hold_id: UUID
    reason_code: str
    reason: SealedText
    acting_as: str


async def rectify_person(command: RectifyPerson, unit: Unit, *, store: PersonalDataStore) -> Decided:
    """Correct personal data: the values in their table, which fields it was in the log. Raises NotFound, PersonGone."""
    if not command.changes:
        raise NothingToRectify
    person = await unit.load(Person, command.person_id)
    grounds = Grounds(command.reason_code, command.reason.hash, command.acting_as)
    person.rectify(tuple(sorted(command.changes)), grounds)
    unit.write(store.rectifying(person.id, command.changes))
    unit.save(person, texts=(command.reason,))
    return _told(person, "person-rectification", "rectified", command.reason_code)


async def hold_person(command: HoldPerson, unit: Unit) -> Decided:
    """Keep the data of a person up to a day. Raises NotFound, PersonGone, DateNotAhead."""
    person = await unit.load(Person, command.person_id)
    grounds = Grounds(command.reason_code, command.reason.hash, command.acting_as)
    person.hold(command.hold_id, until=command.until, ground=command.ground, grounds=grounds)
    unit.save(person, texts=(command.reason,))
    return _told(person, "hold", "held", command.reason_code, created=command.hold_id)


async def lift_hold(command: LiftHold, unit: Unit) -> Decided:
    """Keep them no longer than anybody else's. Raises NotFound, PersonGone, HoldOver."""
    person = await unit.load(Person, command.person_id)
    person.lift(command.hold_id, Grounds(command.reason_code, command.reason.hash, command.acting_as))
    unit.save(person, texts=(command.reason,))
    return _told(person, "hold", "lifted", command.reason_code)


def _told(person: Person, kind: str, outcome: str, reason_code: str, created: UUID | None = None) -> Decided:
    return Decided(
        decision_id=event_id(person.id, person.version),
        type=kind,
        subject=f"person:{person.id}",
        outcome=outcome,
        reason_code=reason_code,
        decided_at=person.modified_on,
        created_id=created,
    )
