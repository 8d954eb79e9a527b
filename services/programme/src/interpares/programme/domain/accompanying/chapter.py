"""The chapter on accompaniment: agreed, expert days booked and counted, ended."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from interpares.programme.domain.accompanying import events
from interpares.programme.domain.accompanying.errors import (
    AccompanimentEnded,
    AccompanimentNotFitting,
    ExpertDaysExceeded,
    ExpertDaysNotFitting,
    UnknownAccompaniment,
)
from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.chapter import Chapter
from interpares.programme.domain.decision import Alternative, Criterion

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from interpares.programme.domain.accompanying.rules import AccompanimentRule
    from interpares.programme.domain.accompanying.state import Accompaniment
    from interpares.programme.domain.grounds import Grounds

LARGEST = Decimal(9999)


class Accompanying(Chapter):
    """Who goes along with whom."""

    def agree_accompaniment(  # noqa: PLR0917 -- the parts of what is agreed
        self,
        key: str,
        organisation: UUID,
        companion: UUID,
        days: Decimal | None,
        themes: tuple[str, ...],
        grounds: Grounds,
    ) -> events.AccompanimentAgreed:
        """Agree that somebody goes along with a participant.

        companion: another participant where the rule says municipality, else opaque id of a facilitator. days: None
        for all that are left. themes: none for those of the rule.
        """
        self._running()
        rule = self.state.charter.accompaniment.get(key)
        if rule is None:
            message = "The template has no such accompaniment."
            raise AccompanimentNotFitting(message, field="rule")
        self._refuse_companion(rule, organisation, companion, grounds)
        allowed = rule.themes or self.state.charter.themes
        if set(themes) - set(allowed):
            message = "The accompaniment is not for these themes."
            raise AccompanimentNotFitting(message, field="themes")
        agreed = self._room(rule, organisation, days)
        number = 1 + sum(each.rule == key for each in self.state.accompaniments.values())
        accompaniment = f"{key}-{number}"
        decision = grounds.decide(
            "accompaniment",
            f"accompaniment:{accompaniment}",
            "agreed",
            concerns=(organisation, *((companion,) if rule.by_municipality else ())),
            rule=rule.ref,
            alternatives=(*self._other_companions(rule, organisation, companion), instead("no-companion", grounds)),
        )
        return self._happen(
            events.AccompanimentAgreed,
            decision=decision,
            accompaniment=accompaniment,
            rule=key,
            organisation=organisation,
            companion=companion,
            days=agreed,
            themes=tuple(sorted(set(themes or rule.themes))),
        )

    def book_expert_days(
        self, accompaniment_id: str, day: date, days: Decimal, grounds: Grounds
    ) -> events.ExpertDaysBooked:
        """Book expert days on a day; negative days take back those of the booking that the grounds correct."""
        accompaniment = self._going(accompaniment_id)
        booked = accompaniment.booked + days
        whole = days.is_finite() and abs(days) < LARGEST and days == days.quantize(Decimal("0.01"))
        if not whole or not days or booked < 0 or (days < 0 and grounds.corrects is None):
            message = "The expert days do not fit."
            raise ExpertDaysNotFitting(message, field="days")
        if accompaniment.days is not None and booked > accompaniment.days:
            left = accompaniment.days - accompaniment.booked
            message = f"There are {left} expert days left."
            raise ExpertDaysExceeded(message)
        decision = grounds.decide(
            "expert-days",
            f"accompaniment:{accompaniment_id}",
            "booked",
            concerns=(accompaniment.organisation,),
            rule=self.state.charter.accompaniment[accompaniment.rule].ref,
            criteria=(Criterion("days-booked", str(booked)),),
            alternatives=(instead("not-book", grounds),),
        )
        return self._happen(
            events.ExpertDaysBooked,
            decision=decision,
            accompaniment=accompaniment_id,
            day=day,
            days=days,
            booked=booked,
        )

    def end_accompaniment(self, accompaniment_id: str, grounds: Grounds) -> events.AccompanimentEnded:
        """Let nobody go along any more."""
        return self._end_accompaniment(self._going(accompaniment_id), grounds, follows=None)

    def _end_accompaniments(self, organisation: UUID, grounds: Grounds, *, follows: UUID, role: str = "") -> None:
        """End those of an organisation that has left, or lost the role it was accompanied in."""
        for each in sorted(self.state.accompaniments.values(), key=lambda each: each.id):
            accompanied = each.organisation == organisation and role in {
                "",
                self.state.charter.accompaniment[each.rule].role,
            }
            if not each.ended and (accompanied or (not role and each.companion == organisation)):
                self._end_accompaniment(each, grounds, follows=follows)

    def _end_accompaniment(
        self, accompaniment: Accompaniment, grounds: Grounds, *, follows: UUID | None
    ) -> events.AccompanimentEnded:
        decision = grounds.decide(
            "accompaniment-end",
            f"accompaniment:{accompaniment.id}",
            "ended",
            concerns=(accompaniment.organisation,),
            rule=self.state.charter.accompaniment[accompaniment.rule].ref,
            criteria=(Criterion("days-booked", str(accompaniment.booked)),),
            alternatives=() if follows else (instead("go-on", grounds),),
            follows=follows,
            reason_code="member-lost" if follows else "",
        )
        return self._happen(
            events.AccompanimentEnded,
            decision=decision,
            accompaniment=accompaniment.id,
            organisation=accompaniment.organisation,
            companion=accompaniment.companion,
        )

    def _going(self, accompaniment_id: str) -> Accompaniment:
        accompaniment = self.state.accompaniments.get(accompaniment_id)
        if accompaniment is None:
            message = "This programme has no such accompaniment."
            raise UnknownAccompaniment(message)
        if accompaniment.ended:
            message = "The accompaniment has ended."
            raise AccompanimentEnded(message)
        return accompaniment

    def _refuse_companion(self, rule: AccompanimentRule, organisation: UUID, companion: UUID, grounds: Grounds) -> None:
        if not self._member(organisation).holds(rule.role, self._day(grounds)):
            message = f"Only holders of the role {rule.role} are accompanied."
            raise AccompanimentNotFitting(message, field="organisation_id")
        if companion == organisation:
            message = "Nobody accompanies itself."
            raise AccompanimentNotFitting(message, field="companion")
        if rule.by_municipality:
            self._member(companion)

    def _room(self, rule: AccompanimentRule, organisation: UUID, days: Decimal | None) -> Decimal | None:
        """Return how many days are agreed: those wanted, else all that are left."""
        if days is not None and days <= 0:
            message = "Expert days are more than none."
            raise ExpertDaysNotFitting(message, field="days")
        if rule.days is None:
            return days
        claimed = sum(
            (
                each.claim
                for each in self.state.accompaniments.values()
                if (each.rule, each.organisation) == (rule.key, organisation)
            ),
            Decimal(0),
        )
        left = rule.days - claimed
        if left <= 0 or (days or left) > left:
            message = f"There are {left} expert days left for this organisation."
            raise ExpertDaysExceeded(message)
        return days or left

    def _other_companions(
        self, rule: AccompanimentRule, organisation: UUID, companion: UUID
    ) -> tuple[Alternative, ...]:
        if not rule.by_municipality:
            return ()
        return tuple(
            Alternative("not-chosen", each.organisation)
            for each in sorted(self.state.participations.values(), key=lambda each: each.number)
            if each.active and each.organisation not in {organisation, companion}
        )
