"""The chapter on pairs: proposed, consented to by both sides, concluded, declined, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.decision import Alternative
from interpares.programme.domain.duties import TAKEN, WAITING, LapseCause, LossCause, Status
from interpares.programme.domain.errors import RoleNotDeclared
from interpares.programme.domain.hosting import Hosting
from interpares.programme.domain.pairing import events
from interpares.programme.domain.pairing.errors import PairNotFitting, PairNotOpen, UnknownPair, UnknownPairRule
from interpares.programme.domain.pairing.state import STANDING, Pair, PairStatus

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.pairing.rules import PairRule


class Pairing(Hosting):
    """Who works with whom."""

    def propose_pair(
        self, kind: str, members: tuple[UUID, ...], by: UUID | None, grounds: Grounds
    ) -> events.PairProposed | events.PairConcluded:
        """Propose a pair; where the template leaves pairs to the office, it is concluded at once.

        by: the member that proposes, None for the office.
        """
        self._running()
        rule = self.state.charter.pairs.get(kind)
        if rule is None:
            message = "The template knows no such pairs."
            raise UnknownPairRule(message, field="kind")
        self._refuse_unfitting(rule, members)
        pair = f"{kind}-{1 + sum(each.kind == kind for each in self.state.pairs.values())}"
        if rule.by_office:
            if by is not None:
                message = "In this programme the office brings pairs together."
                raise RoleNotDeclared(message)
            return self._conclude(Pair(pair, kind, members), rule, grounds, follows=None)
        decision = grounds.decide(
            "pair-proposal",
            f"pair:{pair}",
            "proposed",
            concerns=members,
            rule=rule.ref,
            alternatives=(*self._other_partners(rule, members), instead("no-pair", grounds)),
        )
        return self._happen(events.PairProposed, decision=decision, pair=pair, kind=kind, members=members, by=by)

    def consent_to_pair(self, pair_id: str, organisation: UUID, grounds: Grounds) -> events.PairConsented:
        """Consent for one side; with the consent of both the pair is concluded."""
        pair = self._answering(pair_id, organisation)
        rule = self.state.charter.pairs[pair.kind]
        self._refuse_unfitting(rule, pair.members, itself=pair.id)
        decision = grounds.decide(
            "pair-consent",
            f"pair:{pair_id}",
            "consented",
            concerns=pair.members,
            rule=rule.ref,
            alternatives=(instead("decline", grounds),),
        )
        consented = self._happen(events.PairConsented, decision=decision, pair=pair_id, organisation=organisation)
        if set(self.state.pairs[pair_id].consented) == set(pair.members):
            self._conclude(pair, rule, grounds, follows=consented.event_id)
        return consented

    def decline_pair(self, pair_id: str, organisation: UUID, grounds: Grounds) -> events.PairDeclined:
        """Decline for one side; that ends the proposal."""
        pair = self._answering(pair_id, organisation)
        decision = grounds.decide(
            "pair-refusal",
            f"pair:{pair_id}",
            "declined",
            concerns=pair.members,
            rule=self.state.charter.pairs[pair.kind].ref,
            alternatives=(instead("consent", grounds),),
        )
        return self._happen(events.PairDeclined, decision=decision, pair=pair_id, organisation=organisation)

    def end_pair(self, pair_id: str, grounds: Grounds) -> events.PairEnded:
        """Part the two, and let the duties of their strand lapse."""
        pair = self._pair(pair_id)
        if pair.status not in STANDING:
            message = f"The pair {pair_id} is {pair.status}."
            raise PairNotOpen(message)
        return self._part(pair, grounds, follows=None)

    def _end_pairs(self, organisation: UUID, grounds: Grounds, *, follows: UUID, role: str = "") -> None:
        """End the pairs of an organisation that has left, or that lost the role it was paired in."""
        for pair in sorted(self.state.pairs.values(), key=lambda pair: pair.id):
            rule = self.state.charter.pairs[pair.kind]
            concerned = organisation in pair.members and pair.status in STANDING
            if concerned and (not role or not rule.fits(*self._roles(pair.members))):
                self._part(pair, grounds, follows=follows)

    def _conclude(self, pair: Pair, rule: PairRule, grounds: Grounds, *, follows: UUID | None) -> events.PairConcluded:
        decision = grounds.decide(
            "pair-conclusion",
            f"pair:{pair.id}",
            "concluded",
            concerns=pair.members,
            rule=rule.ref,
            alternatives=() if follows else (*self._other_partners(rule, pair.members), instead("no-pair", grounds)),
            follows=follows,
            reason_code="both-consented" if follows else "",
        )
        return self._happen(events.PairConcluded, decision=decision, pair=pair.id, kind=pair.kind, members=pair.members)

    def _part(self, pair: Pair, grounds: Grounds, *, follows: UUID | None) -> events.PairEnded:
        strand = sorted(
            (duty for duty in self.state.duties.values() if duty.strand == pair.id), key=lambda duty: duty.key
        )
        decision = grounds.decide(
            "pair-end",
            f"pair:{pair.id}",
            "ended",
            concerns=pair.members,
            rule=self.state.charter.pairs[pair.kind].ref,
            alternatives=() if follows else (instead("keep-pair", grounds),),
            follows=follows,
            reason_code="member-lost" if follows else "",
        )
        offered = tuple(duty.id for duty in strand if duty.candidates)
        ended = self._happen(
            events.PairEnded, decision=decision, pair=pair.id, members=pair.members, offers_ended=offered
        )
        for duty in strand:
            now = self.state.duties[duty.id]
            if now.status in TAKEN - {Status.HELD} and now.host is not None:
                self._lose(now, now.host, LossCause.PAIR_END, grounds, follows=ended.event_id)
            elif now.status in WAITING | {Status.RELEASED}:
                self._lapse(now, LapseCause.PAIR_END, grounds, follows=ended.event_id)
        return ended

    def _pair(self, pair_id: str) -> Pair:
        pair = self.state.pairs.get(pair_id)
        if pair is None:
            message = "This programme has no such pair."
            raise UnknownPair(message)
        return pair

    def _answering(self, pair_id: str, organisation: UUID) -> Pair:
        pair = self._pair(pair_id)
        if organisation not in pair.members:
            message = "This programme has no such pair."
            raise UnknownPair(message)
        if pair.status is not PairStatus.PROPOSED or organisation in pair.consented:
            message = f"The pair {pair_id} is {pair.status} and waits for no answer of this organisation."
            raise PairNotOpen(message)
        return pair

    def _roles(self, members: tuple[UUID, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        one, other = (self.state.participations[str(member)].roles for member in members)
        return one, other

    def _refuse_unfitting(self, rule: PairRule, members: tuple[UUID, ...], itself: str = "") -> None:
        for member in members:
            self._member(member)
        twice = any(
            pair.kind == rule.key and set(pair.members) == set(members) and pair.status in STANDING
            for pair in self.state.pairs.values()
            if pair.id != itself
        )
        if twice or members[0] == members[1] or not rule.fits(*self._roles(members)):
            message = "The two cannot be a pair."
            raise PairNotFitting(message)

    def _other_partners(self, rule: PairRule, members: tuple[UUID, ...]) -> tuple[Alternative, ...]:
        """Return who could have been the partner of the first instead, each with its ground."""
        first = self.state.participations[str(members[0])]
        paired = {
            member
            for pair in self.state.pairs.values()
            if pair.kind == rule.key and pair.status in STANDING
            for member in pair.members
        }
        return tuple(
            Alternative("paired-already" if other.organisation in paired else "not-chosen", other.organisation)
            for other in sorted(self.state.participations.values(), key=lambda each: each.number)
            if other.active and other.organisation not in members and rule.fits(first.roles, other.roles)
        )
