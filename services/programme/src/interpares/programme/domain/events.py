"""What happens to a programme: stored events, each carrying the whole decision.

Stored for ever: topics and fields never change, a changed event is a new class version with an upcast. Applying never
refuses, so history always loads.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from interpares.common.aggregate import Aggregate
from interpares.programme.domain.alternatives import ADMITTED
from interpares.programme.domain.charter import ALWAYS, Held, Obtained
from interpares.programme.domain.decision import Decision
from interpares.programme.domain.derivation import Assignment, DerivedDuty, Presumption
from interpares.programme.domain.duties import Duty, LapseCause, Loss, LossCause, Status
from interpares.programme.domain.moment import LocalMoment
from interpares.programme.domain.participation import Holding, Participation
from interpares.programme.domain.state import Stage

if TYPE_CHECKING:
    from interpares.programme.domain.programme import Programme
    from interpares.programme.domain.state import State


class Event(Aggregate.Event):
    """An event of a programme; the birth event, ``programme.programme.drafted.v1``, is ``Programme.Created``.

    OUTLIVES: whether it can still happen once the programme is closed.
    """

    OUTLIVES: ClassVar[bool] = False

    decision: Decision

    def mutate(self, aggregate: Any) -> Any:
        """Apply, and remember which earlier decisions this one corrects, supersedes or revokes."""
        mutated: Any = super().mutate(aggregate)
        mutated.state.revisions.note(self.event_id, self.decision)
        return mutated


class CallOpened(Event):
    """Organisations may apply until the deadline, for these roles, in these strands.

    conditions: the parts of the template applicants have to know, as the template has them.
    """

    TOPIC = "programme.programme.call-opened.v1"
    office: UUID
    title: dict[str, str]
    roles: tuple[str, ...]
    strands: tuple[str, ...]
    deadline: LocalMoment
    conditions: dict[str, Any] | None = None

    def apply(self, aggregate: Programme) -> None:
        """Run the programme from here on."""
        aggregate.state.stage = Stage.CALL_OPEN
        aggregate.state.call = self.event_id
        aggregate.state.course.deadline = self.deadline.local.date()
        aggregate.state.course.zone = self.deadline.zone
        aggregate.state.selections.deadline = self.deadline


class CallClosed(Event):
    """No more applications. ``call``: id of the event that opened it."""

    TOPIC = "programme.programme.call-closed.v1"
    call: UUID

    def apply(self, aggregate: Programme) -> None:
        """Close the call; the programme runs on."""
        aggregate.state.stage = Stage.CALL_CLOSED
        aggregate.state.call = None


class ParticipationAdmitted(Event):
    """An applicant takes part, in its first role; with a consortium if it has members.

    excepted: it was not eligible and the office made an exception.
    """

    TOPIC = "programme.programme.participation-admitted.v1"
    organisation: UUID
    application: UUID
    role: str
    strand: str
    country: str
    obtained: Obtained
    themes: tuple[str, ...] = ()
    held: Held = ALWAYS
    members: tuple[UUID, ...] = ()
    excepted: bool = False

    def apply(self, aggregate: Programme) -> None:
        """Add the participation under the next number."""
        _add_participation(aggregate.state, self)
        aggregate.state.applications[str(self.application)] = ADMITTED


class OrganisationJoined(Event):
    """An organisation takes part without having applied.

    contract: hex SHA-256 of the contract where the role is obtained by one. excepted: as of an admission.
    """

    TOPIC = "programme.programme.organisation-joined.v1"
    organisation: UUID
    role: str
    strand: str
    country: str
    obtained: Obtained
    themes: tuple[str, ...] = ()
    held: Held = ALWAYS
    members: tuple[UUID, ...] = ()
    excepted: bool = False
    contract: str = ""

    def apply(self, aggregate: Programme) -> None:
        """Add the participation under the next number."""
        _add_participation(aggregate.state, self)


class ConsortiumChanged(Event):
    """A participant takes part with other members than before."""

    TOPIC = "programme.programme.consortium-changed.v1"
    organisation: UUID
    members: tuple[UUID, ...]

    def apply(self, aggregate: Programme) -> None:
        """Remember the members."""
        members = aggregate.state.participations
        members[str(self.organisation)] = replace(members[str(self.organisation)], members=self.members)


class ApplicationDeclined(Event):
    """An applicant does not take part."""

    TOPIC = "programme.programme.application-declined.v1"
    organisation: UUID
    application: UUID
    role: str
    strand: str

    def apply(self, aggregate: Programme) -> None:
        """Remember that the application is decided."""
        aggregate.state.applications[str(self.application)] = "declined"


class RoleGranted(Event):
    """A participant has a further role, or the one it has for more themes.

    contract: hex SHA-256 of the contract where the role is obtained by one. excepted: as of an admission.
    """

    TOPIC = "programme.programme.role-granted.v1"
    organisation: UUID
    role: str
    obtained: Obtained
    themes: tuple[str, ...] = ()
    held: Held = ALWAYS
    excepted: bool = False
    contract: str = ""

    def apply(self, aggregate: Programme) -> None:
        """Add the role."""
        members = aggregate.state.participations
        holding = Holding(self.role, self.themes, self.held)
        members[str(self.organisation)] = members[str(self.organisation)].granted(self.role, holding)


class RoleEnded(Event):
    """A participant has a role no longer, or no longer for some themes.

    offers_ended: duties that are no longer offered to it. themes: none if the whole role ends.
    """

    TOPIC = "programme.programme.role-ended.v1"
    organisation: UUID
    role: str
    offers_ended: tuple[str, ...]
    themes: tuple[str, ...] = ()

    def apply(self, aggregate: Programme) -> None:
        """Take the role away; duties lost with it follow as events of their own."""
        members = aggregate.state.participations
        members[str(self.organisation)] = members[str(self.organisation)].ended(self.role, self.themes)
        end_offers(aggregate.state, self.organisation, self.offers_ended)


class ParticipationWithdrawn(Event):
    """A participant has left. ``offers_ended``: duties that are no longer offered to it."""

    TOPIC = "programme.programme.participation-withdrawn.v1"
    organisation: UUID
    offers_ended: tuple[str, ...]

    def apply(self, aggregate: Programme) -> None:
        """Take all roles away; duties lost with them follow as events of their own."""
        members = aggregate.state.participations
        member = members[str(self.organisation)]
        members[str(self.organisation)] = replace(member, roles=(), holdings=(), active=False)
        end_offers(aggregate.state, self.organisation, self.offers_ended)


class DutiesDerived(Event):
    """Duties follow from the rules: new ones, open ones that found who owes them, and who is presumed to host."""

    TOPIC = "programme.programme.duties-derived.v1"
    duties: tuple[DerivedDuty, ...]
    assigned: tuple[Assignment, ...]
    presumed: tuple[Presumption, ...]

    def apply(self, aggregate: Programme) -> None:
        """Complete the ledger."""
        ledger = aggregate.state.duties
        for derived in self.duties:
            duty = Duty(derived.strand, derived.rule, derived.ordinal, derived.format, derived.owner)
            ledger[duty.id] = duty
        for assignment in self.assigned:
            ledger[assignment.duty] = replace(ledger[assignment.duty], owner=assignment.owner)


class DutyOffered(Event):
    """Organisations were asked to host; ``respond_by`` is an aware instant, None if there is no hurry."""

    TOPIC = "programme.programme.duty-offered.v1"
    duty: str
    to: tuple[UUID, ...]
    respond_by: datetime | None

    def apply(self, aggregate: Programme) -> None:
        """Add them to those asked before; who declined earlier and is asked again has not declined."""
        duty = aggregate.state.duties[self.duty]
        aggregate.state.duties[self.duty] = replace(
            duty,
            status=Status.OFFERED,
            candidates=(*duty.candidates, *self.to),
            declined=tuple(member for member in duty.declined if member not in self.to),
        )


class DutyAccepted(Event):
    """A host is found."""

    TOPIC = "programme.programme.duty-accepted.v1"
    duty: str
    host: UUID
    format: str

    def apply(self, aggregate: Programme) -> None:
        """Appoint the host; the offer to others is over."""
        duty = aggregate.state.duties[self.duty]
        taken = replace(duty, status=Status.ACCEPTED, host=self.host, candidates=(), declined=())
        aggregate.state.duties[self.duty] = taken


class DutyDeclined(Event):
    """An organisation that was asked will not host."""

    TOPIC = "programme.programme.duty-declined.v1"
    duty: str
    organisation: UUID

    def apply(self, aggregate: Programme) -> None:
        """Take it out of the offer; if nobody is left the duty is open again."""
        end_offers(aggregate.state, self.organisation, (self.duty,))
        duty = aggregate.state.duties[self.duty]
        aggregate.state.duties[self.duty] = replace(duty, declined=(*duty.declined, self.organisation))


class DutyReleased(Event):
    """An organisation no longer hosts, or owes, a duty. ``hosted``: it had accepted."""

    TOPIC = "programme.programme.duty-released.v1"
    duty: str
    organisation: UUID
    hosted: bool
    cause: LossCause

    def apply(self, aggregate: Programme) -> None:
        """Leave the duty to nobody; what becomes of it follows as an event of its own."""
        duty = aggregate.state.duties[self.duty]
        aggregate.state.duties[self.duty] = replace(
            duty,
            status=Status.RELEASED,
            owner=None,
            host=None,
            candidates=(),
            declined=(),
            losses=(*duty.losses, Loss(self.organisation, self.cause)),
        )


class DutyReopened(Event):
    """A host is looked for again. ``owner``: who owes it still, None if any holder of the role may take it."""

    TOPIC = "programme.programme.duty-reopened.v1"
    duty: str
    owner: UUID | None

    def apply(self, aggregate: Programme) -> None:
        """Open the duty."""
        duty = aggregate.state.duties[self.duty]
        aggregate.state.duties[self.duty] = replace(duty, status=Status.OPEN, owner=self.owner)


class DutyLapsed(Event):
    """The programme goes on without this meeting."""

    TOPIC = "programme.programme.duty-lapsed.v1"
    duty: str
    cause: LapseCause

    def apply(self, aggregate: Programme) -> None:
        """End the duty; if another duty counts in its place it is charged to nobody any more."""
        duty = aggregate.state.duties[self.duty]
        owner = None if self.cause is LapseCause.COUNTED else duty.owner
        lapsed = replace(duty, status=Status.LAPSED, owner=owner, candidates=(), declined=())
        aggregate.state.duties[self.duty] = lapsed


def _add_participation(state: State, event: ParticipationAdmitted | OrganisationJoined) -> None:
    number = 1 + max((member.number for member in state.participations.values()), default=0)
    member = Participation(event.organisation, event.strand, number, (), members=event.members)
    holding = Holding(event.role, event.themes, event.held)
    state.participations[str(event.organisation)] = member.granted(event.role, holding)


def end_offers(state: State, organisation: UUID, duties: tuple[str, ...]) -> None:
    """Take an organisation out of the offer of some duties; where nobody is left, the duty is open again."""
    for key in duties:
        duty = state.duties[key]
        left = tuple(member for member in duty.candidates if member != organisation)
        state.duties[key] = replace(duty, candidates=left, status=Status.OFFERED if left else Status.OPEN)
