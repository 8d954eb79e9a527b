"""What the programme service publishes: every exchange decision with its reason code; typed reasons stay sealed."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from interpares.common.contracts.contract import Contract


class DecisionSummary(BaseModel):
    """What every published decision says about itself; the whole of it is asked for by its id.

    follows: id of the decision this one is the consequence of, by a rule.
    """

    model_config = ConfigDict(frozen=True)

    decision_id: UUID
    type: str
    subject: str
    outcome: str
    reason_code: str
    decided_at: AwareDatetime
    effective_at: AwareDatetime
    follows: UUID | None


class Decided(Contract):
    """A decision of a programme."""

    programme_id: UUID
    decision: DecisionSummary


class ProgrammeDrafted(Decided):
    """A programme office drafts a programme from a template. ``strands``: its parts, for example countries."""

    TYPE: ClassVar[str] = "programme.drafted.v1"

    office_id: UUID
    title: dict[str, str]
    template: str
    template_version: int
    template_hash: str
    strands: tuple[str, ...]


class CallOpened(Decided):
    """Organisations may apply. ``deadline``: local time with the name of its zone, for example Europe/Brussels."""

    TYPE: ClassVar[str] = "programme.call-opened.v1"

    call_id: UUID
    office_id: UUID
    title: dict[str, str]
    roles: tuple[str, ...]
    strands: tuple[str, ...]
    deadline_local: str
    deadline_zone: str


class CallClosed(Decided):
    """No more applications."""

    TYPE: ClassVar[str] = "programme.call-closed.v1"

    call_id: UUID


class ParticipationAdmitted(Decided):
    """An organisation takes part in a role. ``strand``: its part of the programme."""

    TYPE: ClassVar[str] = "programme.participation-admitted.v1"

    application_id: UUID
    organisation_id: UUID
    role: str
    strand: str


class ApplicationDeclined(Decided):
    """An application is declined."""

    TYPE: ClassVar[str] = "programme.application-declined.v1"

    application_id: UUID
    organisation_id: UUID


class RoleGranted(Decided):
    """A participating organisation takes on a further role."""

    TYPE: ClassVar[str] = "programme.role-granted.v1"

    organisation_id: UUID
    role: str


class RoleEnded(Decided):
    """A participating organisation gives up a role; duties lost with it are decisions of their own."""

    TYPE: ClassVar[str] = "programme.role-ended.v1"

    organisation_id: UUID
    role: str


class ParticipationWithdrawn(Decided):
    """An organisation leaves the programme; duties lost with it are decisions of their own."""

    TYPE: ClassVar[str] = "programme.participation-withdrawn.v1"

    organisation_id: UUID


class Duty(BaseModel):
    """A hosting duty. ``owner_id``: who owes it, None where a pool of organisations does."""

    model_config = ConfigDict(frozen=True)

    duty: str
    strand: str
    rule: str
    format: str
    owner_id: UUID | None


class Assignment(BaseModel):
    """An open duty that found somebody who owes it."""

    model_config = ConfigDict(frozen=True)

    duty: str
    owner_id: UUID


class DutiesDerived(Decided):
    """Hosting duties follow from the role rules. ``assigned``: earlier open duties that somebody owes now."""

    TYPE: ClassVar[str] = "programme.duties-derived.v1"

    derived: tuple[Duty, ...]
    assigned: tuple[Assignment, ...]


class DutyOffered(Decided):
    """A duty is offered to one or more organisations; the first acceptance wins."""

    TYPE: ClassVar[str] = "programme.duty-offered.v1"

    duty: str
    to: tuple[UUID, ...]
    respond_by: AwareDatetime | None


class DutyAccepted(Decided):
    """An organisation hosts."""

    TYPE: ClassVar[str] = "programme.duty-accepted.v1"

    duty: str
    host_id: UUID
    format: str


class DutyDeclined(Decided):
    """An organisation will not host."""

    TYPE: ClassVar[str] = "programme.duty-declined.v1"

    duty: str
    organisation_id: UUID


class DutyReleased(Decided):
    """An organisation no longer hosts, or owes, a duty.

    hosted: it had accepted. cause: release, role-end, withdrawal.
    """

    TYPE: ClassVar[str] = "programme.duty-released.v1"

    duty: str
    organisation_id: UUID
    hosted: bool
    cause: str


class DutyReopened(Decided):
    """A host is looked for again. ``owner_id``: who owes the duty still, None where nobody does."""

    TYPE: ClassVar[str] = "programme.duty-reopened.v1"

    duty: str
    owner_id: UUID | None


class DutyLapsed(Decided):
    """The programme goes on without this meeting. ``cause``: decided, host-loss, counted."""

    TYPE: ClassVar[str] = "programme.duty-lapsed.v1"

    duty: str
    cause: str
