"""The chapter on taking part without an application: partners, joiners, award winners, and who has a contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.programme.domain import events
from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.charter import Lifecycle, Obtained
from interpares.programme.domain.decision import Evidence, SourceKind
from interpares.programme.domain.eligibility import UNTRIED
from interpares.programme.domain.errors import ConsortiumNotFitting, RoleNeedsApplication, RoleNotDeclared
from interpares.programme.domain.holding import PLAIN, refuse_consortium, refuse_present, strand_of
from interpares.programme.domain.meetings.prerequisites import NOTHING_SHOWN
from interpares.programme.domain.meetings.rules import DueBefore
from interpares.programme.domain.participating import OFFICE, Participating

if TYPE_CHECKING:
    from interpares.programme.domain.eligibility import Assessment
    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.holding import Terms
    from interpares.programme.domain.meetings.prerequisites import Proofs

WITHOUT_APPLICATION = frozenset({Obtained.AWARD, Obtained.CONTRACT})


@dataclass(frozen=True)
class Joiner:
    """An organisation as registration tells of it, and with whom it takes part.

    version, hash, position: of the fact told, so that the decision can name its evidence.
    """

    organisation_id: UUID
    country: str
    version: int
    hash: str
    position: int
    members: tuple[UUID, ...] = ()


class Joining(Participating):
    """Who takes part without having applied."""

    def join(
        self,
        joiner: Joiner,
        role: str,
        grounds: Grounds,
        *,
        strand: str | None = None,
        terms: Terms = PLAIN,
        assessment: Assessment = UNTRIED,
        proofs: Proofs = NOTHING_SHOWN,
    ) -> events.OrganisationJoined:
        """Let an organisation take part in a role.

        Where there is a call, only awards and contracts need no application; what is obtained by declaration an
        organisation may take itself. What is taken over from another system was decided there: no application is asked
        for, and the decision says which conditions were not tried here.
        """
        self._running()
        charter, participations = self.state.charter, self.state.participations
        rule = charter.role(role)
        imported = grounds.source.kind is SourceKind.IMPORT
        if charter.lifecycle is Lifecycle.CALL and rule.obtained not in WITHOUT_APPLICATION and not imported:
            message = f"The role {role} is obtained by {rule.obtained} in a call."
            raise RoleNeedsApplication(message)
        if grounds.capacity != OFFICE and rule.obtained is not Obtained.DECLARATION:
            message = "The role is not obtained by declaring it."
            raise RoleNotDeclared(message)
        strand = strand_of(charter, joiner.country, strand)
        refuse_present(participations, joiner.organisation_id)
        refuse_consortium(charter, participations, joiner.organisation_id, joiner.members)
        holding = terms.holding(rule, charter, self._day(grounds))
        contract = terms.signed(rule)
        ref = f"organisation:{joiner.organisation_id}"
        decision = grounds.decide(
            "joining",
            f"participation:{joiner.organisation_id}",
            "joined",
            concerns=(joiner.organisation_id, *joiner.members),
            rule=rule.ref,
            criteria=assessment.against(rule, imported=imported),
            evidence=(
                Evidence(ref, joiner.version, joiner.hash, joiner.position),
                *self._required(DueBefore.ADMISSION, {joiner.organisation_id: (role,)}, proofs, grounds),
            ),
            alternatives=(instead("stay-out", grounds),),
        )
        return self._happen(
            events.OrganisationJoined,
            decision=decision,
            organisation=joiner.organisation_id,
            role=role,
            strand=strand,
            country=joiner.country,
            obtained=rule.obtained,
            themes=holding.themes,
            held=holding.held,
            members=joiner.members,
            excepted=assessment.needs_exception(rule),
            contract=contract,
        )

    def change_consortium(
        self, organisation: UUID, members: tuple[UUID, ...], grounds: Grounds
    ) -> events.ConsortiumChanged:
        """Let other organisations take part with a participant than before; all of them are named anew."""
        self._running()
        before = self._member(organisation).members
        rule = self.state.charter.consortia
        if rule is None or not members or set(members) == set(before):
            message = "The consortium does not change, or the template knows none."
            raise ConsortiumNotFitting(message, field="members")
        refuse_consortium(self.state.charter, self.state.participations, organisation, members)
        decision = grounds.decide(
            "consortium-change",
            f"participation:{organisation}",
            "changed",
            concerns=(organisation, *dict.fromkeys((*before, *members))),
            rule=rule.ref,
            alternatives=(instead("keep-members", grounds),),
        )
        return self._happen(events.ConsortiumChanged, decision=decision, organisation=organisation, members=members)
