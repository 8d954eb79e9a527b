"""People, as the log knows them: that somebody is registered, and nothing about who it is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.aggregate import Aggregate, Snapshot
from interpares.common.context import occasion
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.privacy.errors import DateNotAhead, HoldInForce, HoldOver, PersonGone


class Cause(StrEnum):
    """What led to an erasure: a request, the end of retention, or a restore that had brought the person back."""

    REQUEST = "request"
    RETENTION = "retention"
    RESTORE = "restore"


@dataclass(frozen=True)
class State:
    """What decisions about a person rest on. actor: the opaque id the person acts under.

    holds: the last day of each hold on their data, by its id; one that is past counts no more.
    """

    actor: UUID
    erased: bool = False
    holds: dict[UUID, date] = field(default_factory=dict)


class Change(Aggregate.Event):
    """A change of a person; it holds opaque ids and never personal data, which lie in a table and can be erased."""


class Rectified(Change):
    """Personal data were corrected. fields: which, by the names of their columns; neither the old nor the new value."""

    TOPIC = "registration.person.rectified.v1"

    fields: tuple[str, ...]
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: Person) -> None:
        """No decision rests on it."""


class Held(Change):
    """There is a legal duty to keep the data up to a day, this day included. ground: the duty, as a plain code."""

    TOPIC = "registration.person.held.v1"

    hold_id: UUID
    until: date
    ground: str
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: Person) -> None:
        """Nothing is erased while it is in force."""
        aggregate.state = replace(aggregate.state, holds={**aggregate.state.holds, self.hold_id: self.until})


class HoldLifted(Change):
    """The duty is gone before its day."""

    TOPIC = "registration.person.hold-lifted.v1"

    hold_id: UUID
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: Person) -> None:
        """It stands against nothing any more."""
        holds = {hold: until for hold, until in aggregate.state.holds.items() if hold != self.hold_id}
        aggregate.state = replace(aggregate.state, holds=holds)


class Erased(Change):
    """The data of the person are gone: from here on the ids lead nowhere. It is published, and entered in the ledger.

    request_id: of the request that was granted, None where there was none. acting_as: ``time-out`` where nobody did.
    """

    TOPIC = "registration.person.erased.v1"

    actor: UUID
    cause: Cause
    request_id: UUID | None
    reason_code: str
    acting_as: str

    def apply(self, aggregate: Person) -> None:
        """Nothing can be changed any more."""
        aggregate.state = replace(aggregate.state, erased=True, holds={})


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

    def rectify(self, fields: tuple[str, ...], grounds: Grounds) -> None:
        """Note that data were corrected. Raises PersonGone."""
        self._check_there()
        self.trigger_event(
            Rectified,
            fields=fields,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )

    def hold(self, hold_id: UUID, *, until: date, ground: str, grounds: Grounds) -> None:
        """Keep the data up to a day. Raises PersonGone, DateNotAhead."""
        self._check_there()
        if until <= occasion().now.date():
            raise DateNotAhead
        self.trigger_event(
            Held,
            hold_id=hold_id,
            until=until,
            ground=ground,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )

    def lift(self, hold_id: UUID, grounds: Grounds) -> None:
        """End a hold before its day. Raises PersonGone, HoldOver."""
        self._check_there()
        if hold_id not in self.state.holds:
            raise HoldOver
        self.trigger_event(
            HoldLifted,
            hold_id=hold_id,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )

    def held_until(self) -> date | None:
        """Return the last day on which a hold stands against erasing, None where none does today."""
        return max((day for day in self.state.holds.values() if day >= occasion().now.date()), default=None)

    def erase(self, cause: Cause, *, request_id: UUID | None, reason_code: str, acting_as: str) -> None:
        """Let the data be erased. Raises PersonGone, and HoldInForce where there is a duty to keep them.

        After a restore the erasure was decided before and is only done again: a hold, which would have stood against
        it then, is one that the restore brought back.
        """
        self._check_there()
        held = self.held_until()
        if held is not None and cause is not Cause.RESTORE:
            raise HoldInForce.until(held)
        self.trigger_event(
            Erased,
            actor=self.state.actor,
            cause=cause,
            request_id=request_id,
            reason_code=reason_code,
            acting_as=acting_as,
        )

    def _check_there(self) -> None:
        if self.state.erased:
            raise PersonGone


class PersonSnapshot(Snapshot):
    """A person at a version."""

    TOPIC = "registration.person.snapshot"
    AGGREGATE = Person
    state: State
