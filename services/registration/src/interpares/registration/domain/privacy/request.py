"""A request to be erased, and how it ends: erased, restricted until a day, or refused with a ground."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.aggregate import Aggregate, Snapshot
from interpares.common.context import occasion
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.privacy.errors import DateNotAhead, OwnRequest, RequestDecided


class Status(StrEnum):
    """How far a request is. RESTRICTED ends by itself, in ERASED, on its day."""

    OPEN = "open"
    ERASED = "erased"
    RESTRICTED = "restricted"
    REFUSED = "refused"


class Outcome(StrEnum):
    """How a request can be decided."""

    ERASED = "erased"
    RESTRICTED = "restricted"
    REFUSED = "refused"


class Ground(StrEnum):
    """Why data are not erased, or not yet; the first four as in Article 17(3) of the GDPR, the last as in 12(2)."""

    LEGAL_DUTY = "legal-duty"
    PUBLIC_TASK = "public-task"
    ARCHIVE = "archive-in-the-public-interest"
    LEGAL_CLAIMS = "legal-claims"
    NOT_IDENTIFIED = "not-identified"


@dataclass(frozen=True)
class State:
    """What decisions about a request rest on."""

    person_id: UUID
    actor: UUID
    status: Status = Status.OPEN
    until: date | None = None


class Change(Aggregate.Event):
    """A change of a request. reason: hex hash of the sealed text. acting_as: capacity of whoever decided."""


class Granted(Change):
    """The data are erased, with this very decision."""

    TOPIC = "registration.erasure-request.granted.v1"

    person_id: UUID
    reason_code: str
    reason: str | None
    acting_as: str

    def apply(self, aggregate: ErasureRequest) -> None:
        """Nothing is left to decide."""
        aggregate.state = replace(aggregate.state, status=Status.ERASED, until=None)


class Restricted(Change):
    """The data are kept, but shown and used no more, until a day; then they are erased."""

    TOPIC = "registration.erasure-request.restricted.v1"

    person_id: UUID
    until: date
    ground: Ground
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: ErasureRequest) -> None:
        """The day decides."""
        aggregate.state = replace(aggregate.state, status=Status.RESTRICTED, until=self.until)


class Refused(Change):
    """The data stay, for a ground in law."""

    TOPIC = "registration.erasure-request.refused.v1"

    person_id: UUID
    ground: Ground
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: ErasureRequest) -> None:
        """Nothing is left to decide."""
        aggregate.state = replace(aggregate.state, status=Status.REFUSED)


class ErasureRequest(Aggregate):
    """One person's wish to have their data erased, from its receipt to its decision."""

    TOPIC = "registration.erasure-request"
    Event = Change
    if TYPE_CHECKING:
        state: State

    class Created(Change, Aggregate.Created):
        """A request was received. acting_as: ``oneself``, or the capacity of whoever entered it for the person.

        received_on: the day it reached us, from which the month of Article 12(3) runs. channel: how it reached us.
        """

        TOPIC = "registration.erasure-request.filed.v1"

        person_id: UUID
        actor: UUID
        received_on: date
        channel: str
        reason_code: str
        reason: str
        acting_as: str

        def apply(self, aggregate: ErasureRequest) -> None:
            """Take up what decisions rest on."""
            aggregate.state = State(self.person_id, self.actor)

    @classmethod
    def file(
        cls,
        request_id: UUID,
        *,
        person_id: UUID,
        actor: UUID,
        received_on: date,
        channel: str,
        grounds: Grounds,
    ) -> ErasureRequest:
        """Note a request."""
        return cls._create(
            cls.Created,
            id=request_id,
            person_id=person_id,
            actor=actor,
            received_on=received_on,
            channel=channel,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )

    def grant(self, grounds: Grounds) -> None:
        """Decide that the data are erased, also before a restriction is over. Raises RequestDecided, OwnRequest."""
        self._check_undecided(Status.OPEN, Status.RESTRICTED)
        self.trigger_event(
            Granted,
            person_id=self.state.person_id,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )

    def lapse(self, reason_code: str) -> bool:
        """End a restriction whose day has come, by time-out; return whether it had."""
        until = self.state.until
        if until is None or until > occasion().now.date():
            return False
        self.trigger_event(
            Granted, person_id=self.state.person_id, reason_code=reason_code, reason=None, acting_as="time-out"
        )
        return True

    def restrict(self, until: date, ground: Ground, grounds: Grounds) -> None:
        """Decide that the data are restricted until a day. Raises RequestDecided, OwnRequest, DateNotAhead."""
        self._check_undecided(Status.OPEN)
        if until <= occasion().now.date():
            raise DateNotAhead
        self.trigger_event(
            Restricted,
            person_id=self.state.person_id,
            until=until,
            ground=ground,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )

    def refuse(self, ground: Ground, grounds: Grounds) -> None:
        """Decide that the data stay. Raises RequestDecided, OwnRequest."""
        self._check_undecided(Status.OPEN)
        self.trigger_event(
            Refused,
            person_id=self.state.person_id,
            ground=ground,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )

    def _check_undecided(self, *undecided: Status) -> None:
        if occasion().actor == self.state.actor:
            raise OwnRequest
        if self.state.status not in undecided:
            raise RequestDecided


class ErasureRequestSnapshot(Snapshot):
    """A request at a version."""

    TOPIC = "registration.erasure-request.snapshot"
    AGGREGATE = ErasureRequest
    state: State
