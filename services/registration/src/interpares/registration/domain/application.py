"""Applications: an organisation wants to take part in a programme; the programme service decides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.aggregate import Aggregate, Snapshot
from interpares.common.context import occasion
from interpares.registration.domain.call import OpenCall
from interpares.registration.domain.errors import ApplicationSettled
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.organisation import Organisation


class Status(StrEnum):
    """How far an application is."""

    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    ADMITTED = "admitted"
    DECLINED = "declined"


@dataclass(frozen=True)
class State:
    """What decisions about an application rest on."""

    programme_id: UUID
    office_id: UUID
    organisation_id: UUID
    role: str
    status: Status = Status.SUBMITTED


class Change(Aggregate.Event):
    """A change of an application."""


class Withdrawn(Change):
    """The organisation took its application back.

    reason: hex hash of the sealed text. acting_as: capacity of whoever withdrew it.
    """

    TOPIC = "registration.application.withdrawn.v1"

    programme_id: UUID
    organisation_id: UUID
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: Application) -> None:
        """Settle it."""
        aggregate.state = replace(aggregate.state, status=Status.WITHDRAWN)


class Admitted(Change):
    """The programme admitted the organisation, in a role and a strand.

    decision_id, reason_code: of the programme service's decision, which explains it.
    """

    TOPIC = "registration.application.admitted.v1"

    decision_id: UUID
    reason_code: str
    role: str
    strand: str

    def apply(self, aggregate: Application) -> None:
        """Settle it."""
        aggregate.state = replace(aggregate.state, status=Status.ADMITTED)


class Declined(Change):
    """The programme declined the application.

    decision_id, reason_code: of the programme service's decision, which explains it.
    """

    TOPIC = "registration.application.declined.v1"

    decision_id: UUID
    reason_code: str

    def apply(self, aggregate: Application) -> None:
        """Settle it."""
        aggregate.state = replace(aggregate.state, status=Status.DECLINED)


class Application(Aggregate):
    """One organisation's wish for one role in one programme."""

    TOPIC = "registration.application"
    Event = Change
    if TYPE_CHECKING:
        state: State

    class Created(Change, Aggregate.Created):
        """An application was submitted.

        office_id: the organisation that runs the programme. kind, country: of the applicant, as they were then.
        strand: part of the programme, None where it is undivided. motivation: hex hash of the sealed text.
        acting_as: capacity of whoever submitted it: its own coordinator, or the office on its behalf.
        """

        TOPIC = "registration.application.submitted.v1"

        call_id: UUID
        programme_id: UUID
        office_id: UUID
        organisation_id: UUID
        kind: str
        country: str
        role: str
        strand: str | None
        reason_code: str
        motivation: str
        acting_as: str

        def apply(self, aggregate: Application) -> None:
            """Take up what decisions rest on."""
            aggregate.state = State(self.programme_id, self.office_id, self.organisation_id, self.role)

    @classmethod
    def submit(
        cls,
        application_id: UUID,
        *,
        call: OpenCall,
        applicant: Organisation,
        role: str,
        strand: str | None,
        motivation: Grounds,
    ) -> Application:
        """Apply under an open call.

        Raises DeadlinePassed, RoleNotSought, StrandNotSought, OrganisationMerged, OrganisationOver.
        """
        call.check(role, occasion().now)
        applicant.check_acts_on(occasion().now.date())
        return cls._create(
            cls.Created,
            id=application_id,
            call_id=call.call_id,
            programme_id=call.programme_id,
            office_id=call.office_id,
            organisation_id=applicant.id,
            kind=applicant.state.kind.value,
            country=applicant.state.country,
            role=role,
            strand=call.strand_for(strand, applicant.state.country),
            reason_code=motivation.reason_code,
            motivation=motivation.reason,
            acting_as=motivation.capacity,
        )

    def withdraw(self, grounds: Grounds) -> None:
        """Take the application back. Raises ApplicationSettled."""
        if self.state.status is not Status.SUBMITTED:
            raise ApplicationSettled.being(self.state.status)
        self.trigger_event(
            Withdrawn,
            programme_id=self.state.programme_id,
            organisation_id=self.state.organisation_id,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )

    def note_admission(self, *, decision_id: UUID, reason_code: str, role: str, strand: str) -> None:
        """Take note that the programme admitted it.

        Nothing to note if it is settled: a withdrawal that crossed the decision stands, and the programme hears of it.
        """
        if self.state.status is Status.SUBMITTED:
            self.trigger_event(Admitted, decision_id=decision_id, reason_code=reason_code, role=role, strand=strand)

    def note_refusal(self, *, decision_id: UUID, reason_code: str) -> None:
        """Take note that the programme declined it; nothing to note if it is settled."""
        if self.state.status is Status.SUBMITTED:
            self.trigger_event(Declined, decision_id=decision_id, reason_code=reason_code)


class ApplicationSnapshot(Snapshot):
    """An application at a version."""

    TOPIC = "registration.application.snapshot"
    AGGREGATE = Application
    state: State
