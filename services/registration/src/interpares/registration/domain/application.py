"""Applications: an organisation wants to take part in a programme; the programme service decides."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.aggregate import Aggregate, Snapshot
from interpares.common.context import occasion
from interpares.registration.domain.applying.content import (
    Content,
    Evidence,
    Found,
    OnBehalf,
    Signature,
    Submission,
    check_eligible,
)
from interpares.registration.domain.applying.errors import CriterionUnknown, PriorityUnchanged, SignaturesMissing
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
    """What decisions about an application rest on. points: by criterion, as decimal text."""

    call_id: UUID
    programme_id: UUID
    office_id: UUID
    organisation_id: UUID
    role: str
    strand: str | None
    received_at: datetime
    status: Status = Status.SUBMITTED
    points: dict[str, str] = field(default_factory=dict)
    priority: int = 0


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


class PointsGiven(Change):
    """The application was measured by the criteria of the call; points: by criterion, as decimal text, all of them.

    reason: hex hash of the sealed text. acting_as: capacity of whoever gave them.
    """

    TOPIC = "registration.application.points-given.v1"

    points: dict[str, str]
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: Application) -> None:
        """Take up what the ranking rests on."""
        aggregate.state = replace(aggregate.state, points=self.points)


class PriorityChanged(Change):
    """The application was raised or lowered against others. priority: 0 as all begin, more is earlier.

    reason, acting_as: as in ``PointsGiven``.
    """

    TOPIC = "registration.application.priority-changed.v1"

    priority: int
    before: int
    reason_code: str
    reason: str
    acting_as: str

    def apply(self, aggregate: Application) -> None:
        """Take up what the ranking rests on."""
        aggregate.state = replace(aggregate.state, priority=self.priority)


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
        answers: hex hashes of the sealed answers, by question. members: of the consortium it leads. findings: of the
        conditions of the role, on that day. source: where an office entered it. draft_id: it grew out of.
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
        answers: dict[str, str] = field(default_factory=dict)
        evidence: tuple[Evidence, ...] = ()
        members: tuple[UUID, ...] = ()
        signatures: tuple[Signature, ...] = ()
        findings: tuple[Found, ...] = ()
        source: OnBehalf | None = None
        draft_id: UUID | None = None

        def apply(self, aggregate: Application) -> None:
            """Take up what decisions rest on."""
            aggregate.state = State(
                self.call_id,
                self.programme_id,
                self.office_id,
                self.organisation_id,
                self.role,
                self.strand,
                self.timestamp,
            )

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
        submission: Submission | None = None,
    ) -> Application:
        """Apply under an open call. submission: without it there is the motivation only.

        Raises DeadlinePassed, RoleNotSought, StrandNotSought, OrganisationMerged, OrganisationOver, AnswerMissing,
        ConsortiumUnfit, SignaturesMissing, NotEligible.
        """
        call.check(role, occasion().now)
        applicant.check_acts_on(occasion().now.date())
        submitted = submission or Submission(Content(motivation.reason))
        said = submitted.content
        call.form.check_complete(role, applicant.state.kind.value, said.answers)
        call.form.check_members(applicant.id, said.members)
        signed = submitted.signed
        if signed < call.form.signatories_at_least:
            raise SignaturesMissing.needing(call.form.signatories_at_least, signed)
        check_eligible(submitted.findings)
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
            answers=said.answers,
            evidence=said.evidence,
            members=said.members,
            signatures=submitted.signatures,
            findings=submitted.findings,
            source=submitted.source,
            draft_id=submitted.draft_id,
        )

    def give_points(self, points: dict[str, str], call: OpenCall, grounds: Grounds) -> None:
        """Measure it by the criteria of the call. Raises ApplicationSettled, CriterionUnknown."""
        self._check_waits()
        weights = call.rule_for(self.state.role).weights
        if not points or points.keys() - weights.keys():
            raise CriterionUnknown.among(weights)
        self.trigger_event(
            PointsGiven,
            points={**self.state.points, **points},
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )

    def prioritise(self, priority: int, grounds: Grounds) -> None:
        """Raise or lower it against others. Raises ApplicationSettled, PriorityUnchanged."""
        self._check_waits()
        if priority == self.state.priority:
            raise PriorityUnchanged
        self.trigger_event(
            PriorityChanged,
            priority=priority,
            before=self.state.priority,
            reason_code=grounds.reason_code,
            reason=grounds.reason,
            acting_as=grounds.capacity,
        )

    def _check_waits(self) -> None:
        if self.state.status is not Status.SUBMITTED:
            raise ApplicationSettled.being(self.state.status)

    def withdraw(self, grounds: Grounds) -> None:
        """Take the application back. Raises ApplicationSettled."""
        self._check_waits()
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
    STATE_VERSION = 2
    state: State
