"""The chapter on participation: admitted or declined, roles granted and ended, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.domain import events
from interpares.programme.domain.accompanying.chapter import Accompanying
from interpares.programme.domain.alternatives import instead, other_applicants, other_holders
from interpares.programme.domain.charter import WHOLE, Obtained
from interpares.programme.domain.decision import Evidence, SourceKind
from interpares.programme.domain.duties import LossCause
from interpares.programme.domain.eligibility import UNTRIED
from interpares.programme.domain.errors import (
    ApplicationAlreadyDecided,
    ApplicationGone,
    RoleNotAppliedFor,
    RoleNotDeclared,
    RoleNotHeld,
    UnknownApplication,
)
from interpares.programme.domain.holding import PLAIN, refuse_beside, refuse_consortium, refuse_present, strand_of
from interpares.programme.domain.meetings.prerequisites import NOTHING_SHOWN
from interpares.programme.domain.meetings.rules import DueBefore
from interpares.programme.domain.pairing.pairing import Pairing
from interpares.programme.domain.reviewing.chapter import Reviewing
from interpares.programme.domain.selecting.events import WAITING
from interpares.programme.domain.selecting.placing import SINGLE, refuse_out_of_turn, refuse_running, round_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from interpares.programme.domain.charter import RoleRule
    from interpares.programme.domain.duties import Duty
    from interpares.programme.domain.eligibility import Assessment
    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.holding import Terms
    from interpares.programme.domain.meetings.prerequisites import Proofs
    from interpares.programme.domain.participation import Applicant, Participation
    from interpares.programme.domain.selecting.placing import Placed
    from interpares.programme.domain.selecting.state import Round

OFFICE = "office"


class Participating(Pairing, Accompanying, Reviewing):
    """Who takes part, and as what."""

    def admit(
        self,
        applicant: Applicant,
        role: str,
        competing: tuple[Applicant, ...],
        grounds: Grounds,
        *,
        strand: str | None = None,
        terms: Terms = PLAIN,
        assessment: Assessment = UNTRIED,
        proofs: Proofs = NOTHING_SHOWN,
        placed: Placed = SINGLE,
    ) -> events.ParticipationAdmitted:
        """Let an applicant take part in the role it applied for, in the strand it belongs to.

        proofs: what it has shown, where the template asks for something before an admission.
        placed: what the result of a selection adds; while a selection runs nobody is admitted singly.
        """
        self._undecided(applicant)
        charter, participations = self.state.charter, self.state.participations
        rule = charter.role(applicant.role)
        if role != applicant.role:
            message = "The application was made for another role."
            raise RoleNotAppliedFor(message, field="role")
        strand = strand_of(charter, applicant.country, strand, applicant.strand)
        if placed is SINGLE:
            self._refuse_beside_selection(applicant, strand)
        refuse_present(participations, applicant.organisation_id)
        refuse_consortium(charter, participations, applicant.organisation_id, applicant.members)
        holding = terms.holding(rule, charter, self._day(grounds))
        criteria = assessment.against(rule)
        decision = grounds.decide(
            "admission",
            f"application:{applicant.application_id}",
            "admitted",
            concerns=(applicant.organisation_id, *applicant.members),
            rule=rule.ref,
            criteria=(*placed.criteria, *criteria),
            evidence=(
                _evidence(applicant),
                *placed.evidence,
                *self._required(DueBefore.ADMISSION, {applicant.organisation_id: (role,)}, proofs, grounds),
            ),
            alternatives=placed.alternatives
            or (*other_applicants(applicant, competing, self.state.applications), instead("decline", grounds)),
            follows=placed.follows,
            reason_code=placed.reason_code,
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
            themes=holding.themes,
            held=holding.held,
            members=applicant.members,
            excepted=assessment.needs_exception(rule),
        )

    def decline_application(
        self,
        applicant: Applicant,
        competing: tuple[Applicant, ...],
        grounds: Grounds,
        *,
        assessment: Assessment = UNTRIED,
        placed: Placed = SINGLE,
    ) -> events.ApplicationDeclined:
        """Tell an applicant no. ``placed``: what the result of a selection adds."""
        self._undecided(applicant)
        if placed is SINGLE:
            strand = applicant.strand or (applicant.country if self.state.charter.by_country else WHOLE)
            refuse_running(self._selection(applicant.role, strand), from_ranking=True)
        charter = self.state.charter
        rule = charter.roles.get(applicant.role)
        decision = grounds.decide(
            "application-refusal",
            f"application:{applicant.application_id}",
            "declined",
            concerns=(applicant.organisation_id,),
            rule=rule.ref if rule else None,
            criteria=(*placed.criteria, *(assessment.criteria(rule) if rule else ())),
            evidence=(_evidence(applicant), *placed.evidence),
            alternatives=placed.alternatives
            or (*other_applicants(applicant, competing, self.state.applications), instead("admit", grounds)),
            follows=placed.follows,
            reason_code=placed.reason_code,
        )
        return self._happen(
            events.ApplicationDeclined,
            decision=decision,
            organisation=applicant.organisation_id,
            application=applicant.application_id,
            role=applicant.role,
            strand=applicant.strand or (applicant.country if charter.by_country else WHOLE),
        )

    def grant_role(
        self,
        organisation: UUID,
        role: str,
        grounds: Grounds,
        *,
        terms: Terms = PLAIN,
        assessment: Assessment = UNTRIED,
    ) -> events.RoleGranted:
        """Give a participant a further role, or one it has for more themes; one by declaration it may take itself."""
        self._not_closed()
        charter = self.state.charter
        rule = charter.role(role)
        member = self._member(organisation)
        declared = rule.obtained is Obtained.DECLARATION
        if not declared and grounds.capacity != OFFICE:
            message = "The role is not obtained by declaring it."
            raise RoleNotDeclared(message)
        holding = terms.holding(rule, charter, self._day(grounds))
        refuse_beside(rule, holding, member, charter)
        contract = terms.signed(rule)
        others = () if declared else other_holders(rule, organisation, self.state.participations)
        decision = grounds.decide(
            "role-grant",
            f"participation:{organisation}",
            "granted",
            concerns=(organisation,),
            rule=rule.ref,
            criteria=assessment.against(rule, imported=grounds.source.kind is SourceKind.IMPORT),
            alternatives=(*others, instead("no-role", grounds)),
        )
        return self._happen(
            events.RoleGranted,
            decision=decision,
            organisation=organisation,
            role=role,
            obtained=rule.obtained,
            themes=holding.themes,
            held=holding.held,
            excepted=assessment.needs_exception(rule),
            contract=contract,
        )

    def end_role(
        self, organisation: UUID, role: str, grounds: Grounds, *, themes: tuple[str, ...] = ()
    ) -> events.RoleEnded:
        """Take a role from a participant, and with it the duties it hosts or owes in that role, and only they.

        themes: only for these; the role stays, and its duties with it, as long as one theme is left.
        """
        rule = self.state.charter.role(role)
        member = self._member(organisation)
        held = member.holding(role).themes
        if role not in member.roles or not set(themes) <= set(held):
            message = "The organisation does not hold this role, or not for these themes."
            raise RoleNotHeld(message)
        if themes and set(themes) != set(held):
            return self._end_themes(member, rule, tuple(sorted(set(themes))), grounds)
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
        self._end_pairs(organisation, grounds, follows=ended.event_id, role=role)
        self._party_left(organisation, grounds, follows=ended.event_id, role=role)
        self._end_accompaniments(organisation, grounds, follows=ended.event_id, role=role)
        self._end_reviews(organisation, grounds, follows=ended.event_id, role=role)
        return ended

    def _end_themes(
        self, member: Participation, rule: RoleRule, themes: tuple[str, ...], grounds: Grounds
    ) -> events.RoleEnded:
        decision = grounds.decide(
            "role-end",
            f"participation:{member.organisation}",
            "ended-for-themes",
            concerns=(member.organisation,),
            rule=rule.ref,
            alternatives=(instead("keep-role", grounds),),
        )
        return self._happen(
            events.RoleEnded,
            decision=decision,
            organisation=member.organisation,
            role=rule.key,
            offers_ended=(),
            themes=themes,
        )

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
        self._end_pairs(organisation, grounds, follows=withdrawn.event_id)
        self._party_left(organisation, grounds, follows=withdrawn.event_id)
        self._end_accompaniments(organisation, grounds, follows=withdrawn.event_id)
        self._end_reviews(organisation, grounds, follows=withdrawn.event_id)
        return withdrawn

    def _selection(self, role: str, strand: str) -> Round | None:
        return round_of(self.state.selections, self.state.charter.selection, role, strand)

    def _refuse_beside_selection(self, applicant: Applicant, strand: str) -> None:
        selection = self._selection(applicant.role, strand)
        refuse_running(selection)
        rule = self.state.charter.selection.get(selection.rule) if selection else None
        roles = rule.roles if rule else ()
        refuse_out_of_turn(selection, roles, self.state.applications, applicant, self.state.participations)

    def _undecided(self, applicant: Applicant) -> None:
        self._running()
        if applicant.programme_id != self.id:
            message = "This programme has no such application."
            raise UnknownApplication(message)
        if self.state.applications.get(str(applicant.application_id), WAITING) != WAITING:
            message = "The application was decided before."
            raise ApplicationAlreadyDecided(message)
        if applicant.withdrawn:
            message = "The application was withdrawn by its applicant."
            raise ApplicationGone(message)


def _evidence(applicant: Applicant) -> Evidence:
    ref = f"application:{applicant.application_id}"
    return Evidence(ref, applicant.version, applicant.hash, applicant.position)


def _offers(duties: Iterable[Duty], organisation: UUID) -> tuple[str, ...]:
    offered = [duty for duty in duties if organisation in duty.candidates]
    return tuple(duty.id for duty in sorted(offered, key=lambda duty: duty.key))
