"""Erasing the sealed texts of one person in a service, and saying so: the same in every service that holds any.

The texts they typed as private persons and those about them are emptied with their salts, so that the hashes in the
events prove nothing any more about what was guessed, and everything about what was decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from interpares.common.aggregate import Aggregate
from interpares.common.context import occasion
from interpares.common.contracts.privacy import TextsErased
from interpares.common.contracts.registration import PersonErased
from interpares.common.envelope import Publication
from interpares.common.writes import Row

if TYPE_CHECKING:
    from interpares.common.commands import UnitOfWork
    from interpares.common.database import Database
    from interpares.common.envelope import Arrived
    from interpares.common.eventstore import Recorded

# Of or about somebody: written privately, or tagged with either of the ids they are known by.
THEIRS = "((author = %(actor)s AND NOT official) OR subjects && ARRAY[%(person_id)s, %(actor)s]::uuid[])"
EMPTY = f"UPDATE sealed_texts SET text = NULL, salt = NULL WHERE text IS NOT NULL AND {THEIRS}"  # noqa: S608
TEXTS = (
    "SELECT hash, text, author = %(actor)s AS written, official, recorded_at FROM sealed_texts"  # noqa: S608 -- constants
    f" WHERE text IS NOT NULL AND (author = %(actor)s OR {THEIRS}) ORDER BY recorded_at, hash"
)


@dataclass(frozen=True)
class State:
    """Whose texts were erased."""

    person_id: UUID


class Change(Aggregate.Event):
    """Something about an erasure."""


class Erasure(Aggregate):
    """That the texts of one person were erased in this service."""

    TOPIC = "common.erasure"
    Event = Change
    if TYPE_CHECKING:
        state: State

    class Created(Change, Aggregate.Created):
        """The texts are gone. person_id, actor: the ids of the person, which lead nowhere any more."""

        TOPIC = "common.erasure.confirmed.v1"

        person_id: UUID
        actor: UUID

        def apply(self, aggregate: Erasure) -> None:
            """Remember whose."""
            aggregate.state = State(self.person_id)


def emptying(person_id: UUID, actor: UUID) -> Row:
    """Return the statement that empties a person's sealed texts; repeated, it finds nothing left."""
    return Row(EMPTY, {"person_id": person_id, "actor": actor})


async def texts_of(database: Database, person_id: UUID, actor: UUID) -> list[dict[str, Any]]:
    """Return the texts a person wrote, officially too, and those about them: what an export has to show."""
    return await database.fetch(TEXTS, {"person_id": person_id, "actor": actor})


async def on_person_erased(event: Arrived, unit: UnitOfWork) -> None:
    """Empty the texts and confirm it; after a restore of this service it arrives again, and is done again."""
    erased = PersonErased.model_validate(event.data)
    unit.write(emptying(erased.person_id, erased.actor))
    # The handler acts under an id of the service's own, so that the confirmations of two services are two events.
    erasure_id = uuid5(occasion().actor, str(erased.person_id))
    if await unit.find(Erasure, erasure_id) is None:
        unit.save(
            Erasure._create(Erasure.Created, id=erasure_id, person_id=erased.person_id, actor=erased.actor)  # noqa: SLF001
        )


def confirmation(recorded: Recorded) -> Publication | None:
    """Return what a service publishes of an erasure, None for every other event."""
    event = recorded.event
    if not isinstance(event, Erasure.Created):
        return None
    return Publication(TextsErased(person_id=event.person_id, actor=event.actor))


HANDLERS = {PersonErased.TYPE: on_person_erased}
