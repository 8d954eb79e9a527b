"""Memberships: who may act for which organisation, and as what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.aggregate import Aggregate, Snapshot
from interpares.common.context import occasion
from interpares.registration.domain.errors import CapacityNotYours, MembershipOver, OwnMembership, PlatformOnly
from interpares.registration.domain.grounds import Grounds

# Operators act for the platform as a whole. It is no organisation anybody registers, so its id is fixed for ever.
PLATFORM = UUID("0192f0c0-0000-7000-8000-000000000001")


class Capacity(StrEnum):
    """As what somebody acts."""

    OPERATOR = "operator"
    OFFICE = "office"
    COORDINATOR = "coordinator"
    FACILITATOR = "facilitator"
    AUDITOR = "auditor"
    PARTNER = "partner"


GRANTS: dict[str, frozenset[Capacity]] = {
    Capacity.OPERATOR: frozenset(Capacity),
    Capacity.OFFICE: frozenset({Capacity.COORDINATOR, Capacity.FACILITATOR}),
}

# Whoever acts for an organisation may also let others in beside or after them, as what they are themselves.
PASSES_ON: dict[str, frozenset[Capacity]] = {
    Capacity.OPERATOR: frozenset(Capacity) - {Capacity.OPERATOR},
    Capacity.OFFICE: frozenset({Capacity.COORDINATOR, Capacity.FACILITATOR}),
    Capacity.COORDINATOR: frozenset({Capacity.COORDINATOR}),
}


class Following(StrEnum):
    """Which decision a membership follows from, where it was not granted by itself."""

    INVITATION = "invitation"
    MANDATE = "mandate"
    HANDOVER = "handover"


@dataclass(frozen=True)
class State:
    """What decisions about a membership rest on."""

    actor: UUID
    organisation_id: UUID
    capacity: Capacity
    ended: bool = False


class Change(Aggregate.Event):
    """A change of a membership."""


class Ended(Change):
    """The membership ended; it says once more whose it was, so that it can be read alone.

    reason: hex hash of the sealed text. acting_as: capacity of whoever ended it.
    """

    TOPIC = "registration.membership.ended.v1"

    actor: UUID
    organisation_id: UUID
    capacity: Capacity
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: Membership) -> None:
        """Nobody acts under it from here on."""
        aggregate.state = replace(aggregate.state, ended=True)


class HandedOver(Change):
    """Somebody else goes on in this capacity: the membership that ended says whose tasks are now whose."""

    TOPIC = "registration.membership.handed-over.v1"

    actor: UUID
    successor: UUID
    successor_membership_id: UUID
    organisation_id: UUID
    capacity: Capacity

    def apply(self, aggregate: Membership) -> None:
        """No decision rests on it: the membership has ended."""


class Membership(Aggregate):
    """One person's capacity in one organisation, from grant to end."""

    TOPIC = "registration.membership"
    Event = Change
    if TYPE_CHECKING:
        state: State

    class Created(Change, Aggregate.Created):
        """A membership was granted.

        person_id: None for the operator named when the platform was set up, of whom no personal data are held.
        actor: the opaque id the person acts under. reason, acting_as: as in ``Ended``.
        """

        TOPIC = "registration.membership.granted.v1"

        person_id: UUID | None
        actor: UUID
        organisation_id: UUID
        capacity: Capacity
        reason_code: str
        reason: str
        acting_as: str

        def apply(self, aggregate: Membership) -> None:
            """Take up what decisions rest on."""
            aggregate.state = State(self.actor, self.organisation_id, self.capacity)

    class Followed(Created):
        """A membership was granted because of another decision. decided_by: id of its aggregate."""

        TOPIC = "registration.membership.followed.v1"

        following: Following
        decided_by: UUID

    @classmethod
    def follow(
        cls,
        membership_id: UUID,
        *,
        person_id: UUID,
        actor: UUID,
        organisation_id: UUID,
        capacity: Capacity,
        following: Following,
        decided_by: UUID,
        grounds: Grounds,
    ) -> Membership:
        """Let an actor act for an organisation as was decided elsewhere, where it was checked who may decide it."""
        return cls._create(
            cls.Followed,
            id=membership_id,
            person_id=person_id,
            actor=actor,
            organisation_id=organisation_id,
            capacity=capacity,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
            following=following,
            decided_by=decided_by,
        )

    def hand_over(self, *, successor: UUID, successor_membership_id: UUID, grounds: Grounds) -> None:
        """End here and go on there. Raises CapacityNotYours, MembershipOver."""
        check_may_pass_on(self.state.capacity, grounds)
        self.cease(grounds)
        self.trigger_event(
            HandedOver,
            actor=self.state.actor,
            successor=successor,
            successor_membership_id=successor_membership_id,
            organisation_id=self.state.organisation_id,
            capacity=self.state.capacity,
        )

    @classmethod
    def grant(
        cls,
        membership_id: UUID,
        *,
        person_id: UUID | None,
        actor: UUID,
        organisation_id: UUID,
        capacity: Capacity,
        grounds: Grounds,
    ) -> Membership:
        """Let an actor act for an organisation. Raises CapacityNotYours, OwnMembership, PlatformOnly."""
        _check_may_give(capacity, grounds)
        if actor == occasion().actor and grounds.capacity != Capacity.OPERATOR:
            raise OwnMembership
        if (organisation_id == PLATFORM) != (capacity is Capacity.OPERATOR):
            raise PlatformOnly
        return cls._create(
            cls.Created,
            id=membership_id,
            person_id=person_id,
            actor=actor,
            organisation_id=organisation_id,
            capacity=capacity,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )

    def end(self, grounds: Grounds) -> None:
        """Stop the actor from acting under this membership. Raises CapacityNotYours, MembershipOver."""
        _check_may_give(self.state.capacity, grounds)
        self.cease(grounds)

    def cease(self, grounds: Grounds) -> None:
        """Stop the actor as a consequence of what was decided elsewhere: a leave, an erasure, the end of a term.

        Raises MembershipOver.
        """
        if self.state.ended:
            raise MembershipOver
        self.trigger_event(
            Ended,
            actor=self.state.actor,
            organisation_id=self.state.organisation_id,
            capacity=self.state.capacity,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )


def check_may_pass_on(capacity: Capacity, grounds: Grounds) -> None:
    """Raise CapacityNotYours where whoever decides may not let others act in a capacity."""
    if capacity not in PASSES_ON.get(grounds.capacity, ()):
        raise CapacityNotYours.to_give(capacity)


def _check_may_give(capacity: Capacity, grounds: Grounds) -> None:
    if capacity not in GRANTS.get(grounds.capacity, ()):
        raise CapacityNotYours.to_give(capacity)


class MembershipSnapshot(Snapshot):
    """A membership at a version."""

    TOPIC = "registration.membership.snapshot"
    AGGREGATE = Membership
    state: State
