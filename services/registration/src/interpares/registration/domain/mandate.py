"""Mandates: somebody acts for an organisation from one day to another, as a substitute or to accompany it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.aggregate import Aggregate, Snapshot
from interpares.common.context import occasion
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.joining_refusals import MandateOver, TermPast, TermUpsideDown
from interpares.registration.domain.membership import Capacity, check_may_pass_on


class Kind(StrEnum):
    """Why somebody acts for a while. SUBSTITUTE: in the place of a member; ACCOMPANIMENT: as a facilitator."""

    SUBSTITUTE = "substitute"
    ACCOMPANIMENT = "accompaniment"


class Status(StrEnum):
    """How far a mandate is."""

    PLANNED = "planned"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True)
class Term:
    """From one day to another, both included, in UTC. Raises TermUpsideDown."""

    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        """Refuse a term that is none."""
        if self.ends_on < self.starts_on:
            raise TermUpsideDown


@dataclass(frozen=True)
class State:
    """What decisions about a mandate rest on. membership_id: of the membership it gave, while it runs."""

    kind: Kind
    person_id: UUID
    actor: UUID
    organisation_id: UUID
    capacity: Capacity
    term: Term
    reason_code: str
    reason: str
    acting_as: str
    status: Status = Status.PLANNED
    membership_id: UUID | None = None


class Change(Aggregate.Event):
    """A change of a mandate."""


class Started(Change):
    """The first day has come. membership_id: what the mandate gave; None where the capacity was held already."""

    TOPIC = "registration.mandate.started.v1"

    membership_id: UUID | None

    def apply(self, aggregate: Mandate) -> None:
        """It runs."""
        aggregate.state = replace(aggregate.state, status=Status.RUNNING, membership_id=self.membership_id)


class Ended(Change):
    """The last day is over, or it was ended before. acting_as: ``time-out`` where nobody decided."""

    TOPIC = "registration.mandate.ended.v1"

    person_id: UUID
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: Mandate) -> None:
        """Nobody acts under it any more."""
        aggregate.state = replace(aggregate.state, status=Status.OVER, membership_id=None)


class Mandate(Aggregate):
    """One person acting for one organisation for a while."""

    TOPIC = "registration.mandate"
    Event = Change
    if TYPE_CHECKING:
        state: State

    class Created(Change, Aggregate.Created):
        """Somebody is to act for a while.

        substitutes: the membership in whose place, for a substitute. days: expert days agreed, for an accompaniment.
        """

        TOPIC = "registration.mandate.arranged.v1"

        kind: Kind
        person_id: UUID
        actor: UUID
        organisation_id: UUID
        capacity: Capacity
        term: Term
        substitutes: UUID | None
        days: int | None
        reason_code: str
        reason: str
        acting_as: str

        def apply(self, aggregate: Mandate) -> None:
            """Take up what decisions rest on."""
            aggregate.state = State(
                self.kind,
                self.person_id,
                self.actor,
                self.organisation_id,
                self.capacity,
                self.term,
                self.reason_code,
                self.reason,
                self.acting_as,
            )

    @classmethod
    def arrange(
        cls,
        mandate_id: UUID,
        *,
        kind: Kind,
        person_id: UUID,
        actor: UUID,
        organisation_id: UUID,
        capacity: Capacity,
        term: Term,
        grounds: Grounds,
        substitutes: UUID | None = None,
        days: int | None = None,
    ) -> Mandate:
        """Let somebody act for a while. Raises CapacityNotYours, TermPast."""
        check_may_pass_on(capacity, grounds)
        if term.ends_on < occasion().now.date():
            raise TermPast
        return cls._create(
            cls.Created,
            id=mandate_id,
            kind=kind,
            person_id=person_id,
            actor=actor,
            organisation_id=organisation_id,
            capacity=capacity,
            term=term,
            substitutes=substitutes,
            days=days,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )

    def is_due(self) -> bool:
        """Tell whether its first day has come and it does not run yet; one that is past is not begun any more."""
        today = occasion().now.date()
        return self.state.status is Status.PLANNED and self.state.term.starts_on <= today <= self.state.term.ends_on

    def is_past(self) -> bool:
        """Tell whether its last day is over and it has not ended yet."""
        return self.state.status is not Status.OVER and self.state.term.ends_on < occasion().now.date()

    def start(self, membership_id: UUID | None) -> Grounds:
        """Begin; return the grounds on which it was arranged."""
        self.trigger_event(Started, membership_id=membership_id)
        return Grounds(self.state.reason_code, self.state.reason, self.state.acting_as)

    def end(self, grounds: Grounds) -> UUID | None:
        """End it; return the membership that ends with it. Raises MandateOver."""
        if self.state.status is Status.OVER:
            raise MandateOver
        membership_id = self.state.membership_id
        self.trigger_event(
            Ended,
            person_id=self.state.person_id,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )
        return membership_id


class MandateSnapshot(Snapshot):
    """A mandate at a version."""

    TOPIC = "registration.mandate.snapshot"
    AGGREGATE = Mandate
    state: State
