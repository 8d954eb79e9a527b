"""The chapter on participation: admitted or declined, roles granted and ended, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.domain import events
from interpares.programme.domain.alternatives import instead, other_applicants, other_holders
from interpares.programme.domain.charter import WHOLE, Obtained
from interpares.programme.domain.decision import Evidence
from interpares.programme.domain.duties import LossCause
from interpares.programme.domain.errors import (
    AlreadyParticipates,
    ApplicationAlreadyDecided,
    ApplicationGone,
    RoleAlreadyHeld,
    RoleExclusive,
    RoleNotAppliedFor,
    RoleNotDeclared,
    RoleNotHeld,
    UnknownApplication,
    UnknownStrand,
)
from interpares.programme.domain.hosting import Hosting

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from interpares.programme.domain.duties import Duty
    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.participation import Applicant

OFFICE = "office"


class Participating(Hosting):
    """Who takes part, and as what."""

    def admit(
        self, applicant: Applicant, role: str, competing: tuple[Applicant, ...], grounds: Grounds
    ) -> events.ParticipationAdmitted:
        """Let an applicant take part in the role it applied for, in the strand it belongs to."""
        self._undecided(applicant)
        rule = self.state.charter.role(applicant.role)
        if role != applicant.role:
            message = "The application was made for another role."
            raise RoleNotAppliedFor(message, field="role")
        strand = self._strand(applicant)
        member = self.state.participations.get(str(applicant.organisation_id))
        if member is not None and member.active:
            message = "The organisation takes part in this programme already."
            raise AlreadyParticipates(message)
        decision = grounds.decide(
            "admission",
            f"application:{applicant.application_id}",
            "admitted",
            concerns=(applicant.organisation_id,),
            rule=rule.ref,
            evidence=(_evidence(applicant),),
            alternatives=(
                *other_applicants(applicant, competing, self.state.applications),
                instead("decline", grounds),
            ),
        )
        return self._happen(
            events.ParticipationAdmitted,
            decision=decision,
            organisation=applicant.organisation_id,
            application=applicant.application_id,
            role=role,
            strand=strand,
            country=applicant.country,
            obtained=rule.obtained,
        )

    def decline_application(
        self, applicant: Applicant, competing: tuple[Applicant, ...], grounds: Grounds
    ) -> events.ApplicationDeclined:
        """Tell an applicant no."""
        self._undecided(applicant)
        rule = self.state.charter.roles.get(applicant.role)
        decision = grounds.decide(
            "application-refusal",
            f"application:{applicant.application_id}",
            "declined",
            concerns=(applicant.organisation_id,),
            rule=rule.ref if rule else None,
            evidence=(_evidence(applicant),),
            alternatives=(
                *other_applicants(applicant, competing, self.state.applications),
                instead("admit", grounds),
            ),
        )
        return self._happen(
            events.ApplicationDeclined,
            decision=decision,
            organisation=applicant.organisation_id,
            application=applicant.application_id,
            role=applicant.role,
            strand=applicant.strand or (applicant.country if self.state.charter.by_country else WHOLE),
        )

    def grant_role(self, organisation: UUID, role: str, grounds: Grounds) -> events.RoleGranted:
        """Give a participant a further role; a role by declaration it may take itself."""
        rule = self.state.charter.role(role)
        member = self._member(organisation)
        declared = rule.obtained is Obtained.DECLARATION
        if not declared and grounds.capacity != OFFICE:
            message = "The role is not obtained by declaring it."
            raise RoleNotDeclared(message)
        if role in member.roles:
            message = "The organisation holds this role already."
            raise RoleAlreadyHeld(message)
        if member.roles and (rule.exclusive or any(self.state.charter.roles[held].exclusive for held in member.roles)):
            message = "The role cannot be held together with another."
            raise RoleExclusive(message)
        others = () if declared else other_holders(rule, organisation, self.state.participations)
        decision = grounds.decide(
            "role-grant",
            f"participation:{organisation}",
            "granted",
            concerns=(organisation,),
            rule=rule.ref,
            alternatives=(*others, instead("no-role", grounds)),
        )
        return self._happen(
            events.RoleGranted, decision=decision, organisation=organisation, role=role, obtained=rule.obtained
        )

    def end_role(self, organisation: UUID, role: str, grounds: Grounds) -> events.RoleEnded:
        """Take a role from a participant, and with it the duties it hosts or owes in that role, and only they."""
        rule = self.state.charter.role(role)
        if role not in self._member(organisation).roles:
            message = "The organisation does not hold this role."
            raise RoleNotHeld(message)
        hosting = self.state.charter.hosting
        touched = [duty for duty in self.state.duties.values() if hosting[duty.rule].role == role]
        lost = [duty for duty in touched if duty.binds(organisation)]
        decision = grounds.decide(
            "role-end",
            f"participation:{organisation}",
            "ended",
            concerns=(organisation,),
            rule=rule.ref,
            alternatives=(instead("keep-role", grounds),),
        )
        ended = self._happen(
            events.RoleEnded,
            decision=decision,
            organisation=organisation,
            role=role,
            offers_ended=_offers(touched, organisation),
        )
        self._lose_all(organisation, lost, LossCause.ROLE_END, grounds, follows=ended.event_id)
        return ended

    def withdraw(self, organisation: UUID, grounds: Grounds) -> events.ParticipationWithdrawn:
        """Let a participant go, and with it the duties it hosts or owes, and only they."""
        self._member(organisation)
        lost = [duty for duty in self.state.duties.values() if duty.binds(organisation)]
        decision = grounds.decide(
            "withdrawal",
            f"participation:{organisation}",
            "withdrawn",
            concerns=(organisation,),
            alternatives=(instead("stay", grounds),),
        )
        withdrawn = self._happen(
            events.ParticipationWithdrawn,
            decision=decision,
            organisation=organisation,
            offers_ended=_offers(self.state.duties.values(), organisation),
        )
        self._lose_all(organisation, lost, LossCause.WITHDRAWAL, grounds, follows=withdrawn.event_id)
        return withdrawn

    def _undecided(self, applicant: Applicant) -> None:
        self._running()
        if applicant.programme_id != self.id:
            message = "This programme has no such application."
            raise UnknownApplication(message)
        if str(applicant.application_id) in self.state.applications:
            message = "The application was decided before."
            raise ApplicationAlreadyDecided(message)
        if applicant.withdrawn:
            message = "The application was withdrawn by its applicant."
            raise ApplicationGone(message)

    def _strand(self, applicant: Applicant) -> str:
        charter = self.state.charter
        strand = applicant.country if charter.by_country else WHOLE
        if strand not in charter.strands or applicant.strand not in {None, strand}:
            message = "The organisation belongs to no strand of this programme, or not to the one it applied for."
            raise UnknownStrand(message, field="application_id")
        return strand


def _evidence(applicant: Applicant) -> Evidence:
    ref = f"application:{applicant.application_id}"
    return Evidence(ref, applicant.version, applicant.hash, applicant.position)


def _offers(duties: Iterable[Duty], organisation: UUID) -> tuple[str, ...]:
    offered = [duty for duty in duties if organisation in duty.candidates]
    return tuple(duty.id for duty in sorted(offered, key=lambda duty: duty.key))
