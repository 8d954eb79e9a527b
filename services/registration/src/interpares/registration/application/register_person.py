"""Register a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.registration.application.decided import PersonRegistered
from interpares.registration.domain.person import Person

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.registration.application.ports import People, PersonalData, Unit


@dataclass(frozen=True)
class RegisterPerson:
    """actor: opaque id that follows from the person's account."""

    person_id: UUID
    actor: UUID
    data: PersonalData


async def register_person(command: RegisterPerson, unit: Unit, *, people: People) -> PersonRegistered:
    """Register a person: ids into the log, personal data into their table. Raises PersonKnown once it is written."""
    person = Person.register(command.person_id, command.actor)
    unit.write(people.entering(person.id, command.actor, command.data))
    unit.save(person)
    return PersonRegistered(person.id, command.actor)
