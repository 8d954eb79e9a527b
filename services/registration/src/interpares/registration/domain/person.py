"""People, as the log knows them: that somebody is registered, and nothing about who it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.aggregate import Aggregate, Snapshot


@dataclass(frozen=True)
class State:
    """What decisions about a person rest on. actor: the opaque id the person acts under."""

    actor: UUID


class Change(Aggregate.Event):
    """A change of a person; it holds opaque ids and never personal data, which lie in a table and can be erased."""


class Person(Aggregate):
    """One person; the aggregate's id is the id of the row that holds the personal data."""

    TOPIC = "registration.person"
    Event = Change
    if TYPE_CHECKING:
        state: State

    class Created(Change, Aggregate.Created):
        """A person was registered. actor: opaque id derived from the person's account."""

        TOPIC = "registration.person.registered.v1"

        actor: UUID

        def apply(self, aggregate: Person) -> None:
            """Take up what decisions rest on."""
            aggregate.state = State(self.actor)

    @classmethod
    def register(cls, person_id: UUID, actor: UUID) -> Person:
        """Register a person who acts under an opaque id."""
        return cls._create(cls.Created, id=person_id, actor=actor)


class PersonSnapshot(Snapshot):
    """A person at a version."""

    TOPIC = "registration.person.snapshot"
    AGGREGATE = Person
    state: State
