"""The chapter on hosting duties: derived, offered, accepted or declined, released, reopened, lapsed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.context import occasion
from interpares.programme.domain import events
from interpares.programme.domain.alternatives import instead, other_hosts
from interpares.programme.domain.charter import OnHostLoss, Quantifier
from interpares.programme.domain.derivation import derive
from interpares.programme.domain.duties import TAKEN, WAITING, LapseCause, LossCause, Status, eligible, surplus
from interpares.programme.domain.errors import (
    DutyAlreadyOffered,
    DutyNotLapsable,
    DutyNotOffered,
    DutyNotOpen,
    DutyNotReleased,
    DutyWithoutHost,
    HostingDutyTaken,
    NobodyAsked,
    NotEligibleToHost,
    NothingToDerive,
    UnknownDuty,
)
from interpares.programme.domain.inviting import Invitation, invitations
from interpares.programme.domain.meetings.consequences import Consequences
from interpares.programme.domain.meetings.invitations import organisers
from interpares.programme.domain.meetings.prerequisites import NOTHING_SHOWN
from interpares.programme.domain.meetings.rules import DueBefore
from interpares.programme.domain.moment import later
from interpares.programme.domain.pairing.state import PairStatus

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime
    from uuid import UUID

    from interpares.programme.domain.charter import HostingRule
    from interpares.programme.domain.decision import Alternative
    from interpares.programme.domain.duties import Duty
    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.meetings.prerequisites import Proofs


LAPSED_BY = {
    LapseCause.DECIDED: "",
    LapseCause.COUNTED: "other-duty-counts",
    LapseCause.HOST_LOSS: "on-host-loss-lapse",
    LapseCause.PAIR_END: "pair-ended",
}


class Hosting(Consequences):
    """Who hosts what."""

    def derive_duties(self, grounds: Grounds) -> events.DutiesDerived:
        """Add the duties that follow from the rules and are missing in the ledger."""
        self._under_way()
        state = self.state
        derivation = derive(state.charter, state.participations, state.duties, self._day(grounds))
        if not derivation.duties and not derivation.assigned:
            message = "Every duty that follows from the rules is in the ledger."
            raise NothingToDerive(message)
        owed = (*(duty.owner for duty in derivation.duties), *(found.owner for found in derivation.assigned))
        owners = dict.fromkeys(owner for owner in owed if owner is not None)
        decision = grounds.decide("duty-derivation", f"programme:{self.id}", "derived", concerns=tuple(owners))
        return self._happen(
            events.DutiesDerived,
            decision=decision,
            duties=derivation.duties,
            assigned=derivation.assigned,
            presumed=derivation.presumed,
        )

    def offer_duty(
        self,
        duty_id: str,
        to: tuple[UUID, ...],
        respond_by: datetime | None,
        grounds: Grounds,
        proofs: Proofs = NOTHING_SHOWN,
    ) -> events.DutyOffered:
        """Ask eligible organisations to host, besides those that were asked before and have not answered.

        proofs: what they have shown, where the template asks for something before an offer.
        """
        duty = self._duty(duty_id)
        to = tuple(dict.fromkeys(to))
        if duty.status in TAKEN:
            raise HostingDutyTaken(_says(duty, "has its host"))
        if duty.status not in WAITING:
            raise DutyNotOpen(_says(duty, f"is {duty.status}"))
        if not to:
            raise NobodyAsked(_says(duty, "is offered to nobody"), field="to")
        pool = eligible(duty, self.state.charter, self.state.participations, self._day(grounds))
        for organisation in to:
            self._member(organisation)
            if organisation not in pool:
                raise NotEligibleToHost(_says(duty, "cannot be hosted by every organisation it was to be offered to"))
            if organisation in duty.candidates:
                raise DutyAlreadyOffered(_says(duty, "is offered already"))
        if respond_by is not None and not grounds.looks_back:
            later(respond_by, occasion().now, "respond_by")
        decision = grounds.decide(
            "duty-offer",
            f"duty:{duty_id}",
            "offered",
            concerns=to,
            rule=self._rule(duty).ref,
            evidence=self._required(DueBefore.OFFER, self._roles_of(*to), proofs, grounds),
            alternatives=self._others(duty, to),
        )
        return self._happen(events.DutyOffered, decision=decision, duty=duty_id, to=to, respond_by=respond_by)

    def accept_duty(
        self, duty_id: str, organisation: UUID, grounds: Grounds, proofs: Proofs = NOTHING_SHOWN
    ) -> events.DutyAccepted:
        """Appoint the first that says yes; what it hosts may count in the place of another duty it owes.

        A duty that is open to whoever offers needs no asking. proofs: what it has shown.
        """
        duty = self._offered(duty_id, organisation, unasked=self._open_to(duty_id, organisation, grounds))
        rule = self._rule(duty)
        decision = grounds.decide(
            "duty-acceptance",
            f"duty:{duty_id}",
            "accepted",
            concerns=(organisation,),
            rule=rule.ref,
            evidence=self._required(DueBefore.ACCEPTANCE, self._roles_of(organisation), proofs, grounds),
            alternatives=(*self._others(duty, (organisation,)), instead("decline", grounds)),
        )
        accepted = self._happen(
            events.DutyAccepted, decision=decision, duty=duty_id, host=organisation, format=duty.format
        )
        if rule.counts_towards:
            for shed in surplus(self.state.duties, self.state.charter, rule.counts_towards, organisation):
                self._lapse(shed, LapseCause.COUNTED, grounds, follows=accepted.event_id)
        self._host_came(duty_id, organisation, grounds, follows=accepted.event_id)
        return accepted

    def decline_duty(self, duty_id: str, organisation: UUID, grounds: Grounds) -> events.DutyDeclined:
        """Take the answer no; whoever owes the duty owes it still."""
        duty = self._offered(duty_id, organisation)
        decision = grounds.decide(
            "duty-refusal",
            f"duty:{duty_id}",
            "declined",
            concerns=(organisation,),
            rule=self._rule(duty).ref,
            alternatives=(instead("accept", grounds),),
        )
        return self._happen(events.DutyDeclined, decision=decision, duty=duty_id, organisation=organisation)

    def release_duty(self, duty_id: str, grounds: Grounds) -> events.DutyReleased:
        """Let the host go, or whoever owes the duty; the rule says what becomes of the duty."""
        duty = self._duty(duty_id)
        bound = duty.host or duty.owner
        if bound is None or not duty.binds(bound):
            raise DutyWithoutHost(_says(duty, f"is {duty.status} and binds nobody"))
        return self._lose(duty, bound, LossCause.RELEASE, grounds, follows=None)

    def reopen_duty(self, duty_id: str, grounds: Grounds) -> events.DutyReopened:
        """Look for a host again for a duty that was released or lapsed."""
        duty = self._duty(duty_id)
        if duty.status not in {Status.RELEASED, Status.LAPSED}:
            raise DutyNotReleased(_says(duty, f"is {duty.status}"))
        pair = self.state.pairs.get(duty.strand)
        if pair is not None and pair.status is not PairStatus.CONCLUDED:
            raise DutyNotReleased(_says(duty, "is for a pair that has ended"))
        return self._reopen(duty, grounds, follows=None)

    def lapse_duty(self, duty_id: str, grounds: Grounds) -> events.DutyLapsed:
        """Go on without the meeting."""
        duty = self._duty(duty_id)
        if duty.status not in WAITING | {Status.RELEASED}:
            raise DutyNotLapsable(_says(duty, f"is {duty.status}"))
        return self._lapse(duty, LapseCause.DECIDED, grounds, follows=None)

    def invited(self, duty_id: str, on: date | None = None) -> tuple[Invitation, ...]:
        """Return who is invited to the meeting of a duty besides its host, in the order of admission."""
        duty = self._duty(duty_id)
        rule = self._rule(duty)
        strand = None if rule.whole else duty.strand
        return invitations(rule.invitees, self.state.participations, strand, besides=duty.host, on=on)

    def organisers(self, duty_id: str, on: date | None = None) -> tuple[UUID, ...]:
        """Return who organises the meeting of a duty: its host (nobody as long as there is none), the office, a role.

        Holders of a role organise in the duty's strand, in all strands if none of that strand holds it.
        """
        duty = self._duty(duty_id)
        rule = self._rule(duty)
        return organisers(rule, duty.host, None if rule.whole else duty.strand, self.state, on)

    def _lose(
        self, duty: Duty, organisation: UUID, cause: LossCause, grounds: Grounds, *, follows: UUID | None
    ) -> events.DutyReleased:
        decision = grounds.decide(
            "duty-release",
            f"duty:{duty.id}",
            "released",
            concerns=(organisation,),
            rule=self._rule(duty).ref,
            alternatives=() if follows else (instead("keep-host", grounds),),
            follows=follows,
            reason_code=f"host-lost-by-{cause}" if follows else "",
        )
        released = self._happen(
            events.DutyReleased,
            decision=decision,
            duty=duty.id,
            organisation=organisation,
            hosted=duty.host == organisation,
            cause=cause,
        )
        self._host_left(duty.id, grounds, follows=released.event_id)
        on_host_loss = self._rule(duty).on_host_loss
        if cause is LossCause.PAIR_END:
            self._lapse(self.state.duties[duty.id], LapseCause.PAIR_END, grounds, follows=released.event_id)
        elif on_host_loss is OnHostLoss.REASSIGN:
            self._reopen(self.state.duties[duty.id], grounds, follows=released.event_id)
        elif on_host_loss is OnHostLoss.LAPSE:
            self._lapse(self.state.duties[duty.id], LapseCause.HOST_LOSS, grounds, follows=released.event_id)
        return released

    def _reopen(self, duty: Duty, grounds: Grounds, *, follows: UUID | None) -> events.DutyReopened:
        owes_still = duty.owner in eligible(duty, self.state.charter, self.state.participations, self._day(grounds))
        decision = grounds.decide(
            "duty-reopening",
            f"duty:{duty.id}",
            "open",
            concerns=tuple(loss.organisation for loss in duty.losses[-1:]),
            rule=self._rule(duty).ref,
            alternatives=() if follows else (instead("lapse", grounds),),
            follows=follows,
            reason_code="on-host-loss-reassign" if follows else "",
        )
        owner = duty.owner if owes_still else None
        return self._happen(events.DutyReopened, decision=decision, duty=duty.id, owner=owner)

    def _lapse(self, duty: Duty, cause: LapseCause, grounds: Grounds, *, follows: UUID | None) -> events.DutyLapsed:
        instead_of = "reopen" if duty.status is Status.RELEASED else "keep-open"
        decision = grounds.decide(
            "duty-lapse",
            f"duty:{duty.id}",
            "lapsed",
            concerns=() if duty.owner is None else (duty.owner,),
            rule=self._rule(duty).ref,
            alternatives=() if follows else (*self._others(duty, ()), instead(instead_of, grounds)),
            follows=follows,
            reason_code=LAPSED_BY[cause] if follows else "",
        )
        lapsed = self._happen(events.DutyLapsed, decision=decision, duty=duty.id, cause=cause)
        self._duty_lapsed(duty.id, grounds, follows=lapsed.event_id)
        return lapsed

    def _lose_all(
        self, organisation: UUID, lost: Collection[Duty], cause: LossCause, grounds: Grounds, *, follows: UUID
    ) -> None:
        for duty in sorted(lost, key=lambda duty: duty.key):
            self._lose(duty, organisation, cause, grounds, follows=follows)

    def _duty(self, duty_id: str) -> Duty:
        duty = self.state.duties.get(duty_id)
        if duty is None:
            message = "The ledger of this programme has no such duty."
            raise UnknownDuty(message)
        return duty

    def _open_to(self, duty_id: str, organisation: UUID, grounds: Grounds) -> bool:
        duty = self._duty(duty_id)
        if self._rule(duty).quantifier is not Quantifier.OPEN or duty.status not in WAITING:
            return False
        return organisation in eligible(duty, self.state.charter, self.state.participations, self._day(grounds))

    def _offered(self, duty_id: str, organisation: UUID, *, unasked: bool = False) -> Duty:
        duty = self._duty(duty_id)
        self._member(organisation)
        if duty.status in TAKEN:
            raise HostingDutyTaken(_says(duty, "has its host"))
        if organisation not in duty.candidates and not unasked:
            raise DutyNotOffered(_says(duty, "is not offered to this organisation"))
        return duty

    def _rule(self, duty: Duty) -> HostingRule:
        return self.state.charter.hosting[duty.rule]

    def _others(self, duty: Duty, chosen: Collection[UUID]) -> tuple[Alternative, ...]:
        return other_hosts(duty, chosen, self.state.charter, self.state.participations, self.state.duties)


def _says(duty: Duty, fact: str) -> str:
    return f"The duty {duty.id} {fact}."
