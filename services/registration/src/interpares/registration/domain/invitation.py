"""Invitations: somebody may join an organisation in a capacity, by a link that leads there once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.aggregate import Aggregate, Snapshot
from interpares.common.context import occasion
from interpares.registration.domain.errors import OwnMembership
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.joining_refusals import InvitationOver
from interpares.registration.domain.membership import Capacity, check_may_pass_on


class Status(StrEnum):
    """How far an invitation is."""

    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True)
class State:
    """What decisions about an invitation rest on. reason_code, reason, acting_as: of whoever invited."""

    inviter: UUID
    organisation_id: UUID
    capacity: Capacity
    expires_at: datetime
    reason_code: str
    reason: str
    acting_as: str
    status: Status = Status.OPEN


class Change(Aggregate.Event):
    """A change of an invitation; whom it is for lies in a table, until they have come or will not."""


class Renewed(Change):
    """There is a new link; the one before leads nowhere."""

    TOPIC = "registration.invitation.renewed.v1"

    expires_at: datetime
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: Invitation) -> None:
        """There is more time."""
        aggregate.state = replace(aggregate.state, expires_at=self.expires_at)


class Accepted(Change):
    """Whoever was invited came: their account is bound to a person, and the person has a membership."""

    TOPIC = "registration.invitation.accepted.v1"

    person_id: UUID
    actor: UUID
    membership_id: UUID

    def apply(self, aggregate: Invitation) -> None:
        """It is over."""
        aggregate.state = replace(aggregate.state, status=Status.ACCEPTED)


class Withdrawn(Change):
    """It was taken back before anybody came."""

    TOPIC = "registration.invitation.withdrawn.v1"

    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: Invitation) -> None:
        """It is over."""
        aggregate.state = replace(aggregate.state, status=Status.WITHDRAWN)


class Lapsed(Change):
    """Nobody came in time: a decision by time-out."""

    TOPIC = "registration.invitation.lapsed.v1"

    reason_code: str
    acting_as: str

    def apply(self, aggregate: Invitation) -> None:
        """It is over."""
        aggregate.state = replace(aggregate.state, status=Status.LAPSED)


class Invitation(Aggregate):
    """One invitation, from its sending to its end."""

    TOPIC = "registration.invitation"
    Event = Change
    if TYPE_CHECKING:
        state: State

    class Created(Change, Aggregate.Created):
        """Somebody was invited. expires_at: until when the link leads here. acting_as: capacity of whoever invited."""

        TOPIC = "registration.invitation.sent.v1"

        organisation_id: UUID
        capacity: Capacity
        expires_at: datetime
        reason_code: str
        reason: str
        acting_as: str

        def apply(self, aggregate: Invitation) -> None:
            """Take up what decisions rest on."""
            aggregate.state = State(
                self.metadata.actor,
                self.organisation_id,
                self.capacity,
                self.expires_at,
                self.reason_code,
                self.reason,
                self.acting_as,
            )

    @classmethod
    def send(
        cls,
        invitation_id: UUID,
        *,
        organisation_id: UUID,
        capacity: Capacity,
        expires_at: datetime,
        grounds: Grounds,
    ) -> Invitation:
        """Invite somebody. Raises CapacityNotYours."""
        check_may_pass_on(capacity, grounds)
        return cls._create(
            cls.Created,
            id=invitation_id,
            organisation_id=organisation_id,
            capacity=capacity,
            expires_at=expires_at,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )

    def renew(self, expires_at: datetime, grounds: Grounds) -> None:
        """Let there be a new link. Raises InvitationOver, CapacityNotYours."""
        self._check_open(grounds)
        self.trigger_event(
            Renewed,
            expires_at=expires_at,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )

    def accept(self, *, person_id: UUID, membership_id: UUID) -> Grounds:
        """Let whoever acts now join; return the grounds of whoever invited. Raises InvitationOver, OwnMembership."""
        actor, state = occasion().actor, self.state
        if state.status is not Status.OPEN:
            raise InvitationOver
        if actor == state.inviter and state.acting_as != Capacity.OPERATOR:
            raise OwnMembership
        self.trigger_event(Accepted, person_id=person_id, actor=actor, membership_id=membership_id)
        return Grounds(state.reason_code, state.reason, state.acting_as)

    def withdraw(self, grounds: Grounds) -> None:
        """Take it back. Raises InvitationOver, CapacityNotYours."""
        self._check_open(grounds)
        self.trigger_event(
            Withdrawn, reason_code=grounds.reason_code, reason=grounds.reason, acting_as=grounds.capacity
        )

    def lapse(self) -> bool:
        """End it by time-out; return whether its time was over."""
        if self.state.status is not Status.OPEN or self.state.expires_at > occasion().now:
            return False
        self.trigger_event(Lapsed, reason_code="nobody-came", acting_as="time-out")
        return True

    def _check_open(self, grounds: Grounds) -> None:
        check_may_pass_on(self.state.capacity, grounds)
        if self.state.status is not Status.OPEN:
            raise InvitationOver


class InvitationSnapshot(Snapshot):
    """An invitation at a version."""

    TOPIC = "registration.invitation.snapshot"
    AGGREGATE = Invitation
    state: State
