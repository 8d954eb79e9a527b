"""Try a template out: a programme in memory, from its draft to its derived duties, by the rules as they are.

Nothing is stored. What a rule refuses is told, and the rest goes on.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from interpares.common.context import Occasion, acting
from interpares.common.errors import DomainError
from interpares.programme.application.sample import Sample, sample_organisations, sample_strands
from interpares.programme.domain.charter import Lifecycle, Obtained
from interpares.programme.domain.course.events import Agreement, Responsibility
from interpares.programme.domain.eligibility import Assessment
from interpares.programme.domain.errors import NothingToDerive
from interpares.programme.domain.grounds import Grounds
from interpares.programme.domain.holding import Terms
from interpares.programme.domain.joining import Joiner
from interpares.programme.domain.known import Circumstances, Known
from interpares.programme.domain.manual import asked_for
from interpares.programme.domain.meetings.prerequisites import Fact, Shown
from interpares.programme.domain.moment import LocalMoment
from interpares.programme.domain.pairing.state import PairStatus
from interpares.programme.domain.participation import Applicant
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from collections.abc import Callable

    from interpares.programme.application.ports import Evaluate
    from interpares.programme.domain.meetings.prerequisites import Proofs

HASH = "0" * 64
WHY = Grounds("dry-run", HASH, "office")


@dataclass(frozen=True)
class Wishes:
    """What to try. organisations: none for samples. starts: first day of the term where the template leaves it open."""

    template: dict[str, Any]
    strands: tuple[str, ...] = ()
    organisations: tuple[Sample, ...] = ()
    starts: date | None = None


def identified(name: str) -> UUID:
    """Return the id that stands for a name."""
    return uuid5(NAMESPACE_URL, f"dry-run:{name}")


class DryRun:
    """One programme, tried out."""

    def __init__(self, wishes: Wishes, evaluate: Evaluate, now: datetime) -> None:
        self._wishes = wishes
        self._evaluate = evaluate
        self._now = now
        self._template = wishes.template
        self._names: dict[UUID, str] = {}
        self._samples: tuple[Sample, ...] = ()
        self.refused: list[dict[str, str]] = []
        self.programme: Programme

    def play(self) -> DryRun:
        """Take a programme from its draft to its duties. Raises StrandsNotFitting."""
        occasion = Occasion(identified("actor"), identified("command"), identified("flow"), None, self._now)
        with acting(occasion):
            self.programme, _ = Programme.draft(
                identified("programme"),
                title={"en": "Dry run"},
                office=identified("office"),
                template=self._template,
                strands=self._wishes.strands or sample_strands(self._template),
                grounds=WHY,
            )
            self._samples = self._wishes.organisations or sample_organisations(
                self._template, self.programme.state.charter.strands
            )
            self._begin()
            for sample in self._samples:
                self._try(sample.name, partial(self._enter, sample))
            self._run()
            self._pair()
            self._try("", self._derive)
        return self

    @property
    def template(self) -> dict[str, Any]:
        """The template that is tried."""
        return self._template

    def kinds(self) -> dict[str, str]:
        """Return what each organisation is, by name."""
        return {sample.name: sample.kind for sample in self._samples}

    def name(self, organisation: UUID | None) -> str | None:
        """Return the name of an organisation."""
        return None if organisation is None else self._names.get(organisation, "office")

    def _try(self, name: str, step: Callable[[], object]) -> None:
        try:
            step()
        except DomainError as error:
            self.refused.append({"organisation": name, "code": error.code, "fact": error.message})

    def _begin(self) -> None:
        match self.programme.state.charter.lifecycle:
            case Lifecycle.CALL:
                deadline = datetime.combine(self._now.date() + timedelta(days=60), time(12))
                self.programme.open_call(LocalMoment(deadline, "UTC"), WHY)
            case Lifecycle.CONSTITUTED:
                self.programme.begin_initiation(WHY)
            case _:
                self.programme.open_programme(WHY)

    def _enter(self, sample: Sample) -> None:
        organisation = identified(sample.name)
        self._names[organisation] = sample.name
        rule = self.programme.state.charter.role(sample.role)
        members = tuple(map(identified, sample.members))
        self._names |= dict(zip(members, sample.members, strict=True))
        contract = HASH if rule.obtained is Obtained.CONTRACT else ""
        terms = Terms(themes=sample.themes, contract=contract)
        assessment = Assessment(self._evaluate(rule.eligibility, self._circumstances(sample)))
        if self.programme.state.charter.lifecycle is not Lifecycle.CALL or contract:
            joiner = Joiner(organisation, sample.country, 1, HASH, 0, members)
            why = self._why("joining")
            self.programme.join(
                joiner,
                sample.role,
                why,
                strand=self._strand(sample),
                terms=terms,
                assessment=assessment,
                proofs=self._proofs(organisation, sample),
            )
            return
        applicant = Applicant(
            application_id=identified(f"{sample.name} applies"),
            programme_id=self.programme.id,
            organisation_id=organisation,
            country=sample.country,
            role=sample.role,
            strand=self._strand(sample),
            withdrawn=False,
            version=1,
            hash=HASH,
            position=0,
            members=members,
        )
        why = self._why("admission")
        proofs = self._proofs(organisation, sample)
        self.programme.admit(applicant, sample.role, (), why, terms=terms, assessment=assessment, proofs=proofs)

    def _why(self, decision_type: str) -> Grounds:
        """Return grounds that name what a decision has to name of what is applied by hand."""
        return replace(
            WHY, manual=tuple(rule.key for rule in asked_for(self.programme.state.charter.manual, decision_type))
        )

    def _proofs(self, organisation: UUID, sample: Sample) -> Proofs:
        """Let it have shown all that the template asks for: what that is, the run tells apart."""
        facts = tuple(
            Fact(identified(f"{sample.name} shows {key}"), key, rule.proof, 1, self._now.date(), None, None, HASH, 0)
            for key, rule in self.programme.state.charter.meetings.prerequisites.items()
        )
        return {organisation: Shown(sample.kind, facts)}

    def _strand(self, sample: Sample) -> str | None:
        return None if self.programme.state.charter.by_pair else sample.strand

    def _circumstances(self, sample: Sample) -> Circumstances:
        known = Known(
            organisation_id=identified(sample.name),
            kind=sample.kind,
            country=sample.country,
            population=sample.population,
            funding=sample.funding,
            member_of=sample.member_of,
            version=1,
            hash=HASH,
            position=0,
        )
        known_populations = {each.name: each.population for each in self._samples}
        populations = tuple(known_populations.get(member, sample.members_population) for member in sample.members)
        return Circumstances(
            organisation=known,
            applied_on=self._now.date(),
            deadline=self.programme.state.course.deadline,
            members_population=(sample.population, *populations) if sample.members else (),
            attended=dict(Counter(sample.attended)),
        )

    def _run(self) -> None:
        """Bring the programme into its term."""
        charter = self.programme.state.charter
        rule = charter.course.term
        starts = (rule.starts if rule else None) or self._wishes.starts or self._now.date()
        if charter.lifecycle is Lifecycle.CONSTITUTED:
            self._try("", lambda: self._constitute(starts))
        elif charter.lifecycle is Lifecycle.CALL and rule is not None:
            self._try("", lambda: self.programme.set_term(starts, None, WHY))

    def _constitute(self, starts: date) -> None:
        charter = self.programme.state.charter
        members = tuple(member.organisation for member in self.programme.state.participations.values())
        agreement = Agreement(
            goals=tuple(key for key, _ in charter.course.goals),
            themes=charter.themes,
            activities=charter.formats,
            costs=charter.funding.total if charter.funding else Decimal(1),
            currency=charter.funding.currency if charter.funding else "EUR",
            starts=starts,
            ends=starts,
            responsibilities=tuple(Responsibility(member, "host") for member in members),
            participants=members,
        )
        self.programme.agree_workshop(agreement, WHY)
        if charter.funding is None:
            self.programme.set_term(starts, None, WHY)
            return
        self.programme.apply_for_grant(charter.funding.total, charter.funding.currency, self._now.date(), HASH, WHY)
        self.programme.grant(starts, None, WHY)

    def _pair(self) -> None:
        """Bring together whoever can be, each in one pair of a kind."""
        members = sorted(self.programme.state.participations.values(), key=lambda member: member.number)
        for rule in self.programme.state.charter.pairs.values():
            free = list(members)
            while free:
                one = free.pop(0)
                other = next((each for each in free if rule.fits(one.roles, each.roles)), None)
                if other is not None:
                    free.remove(other)
                    self._conclude(rule.key, (one.organisation, other.organisation))

    def _conclude(self, kind: str, members: tuple[UUID, UUID]) -> None:
        made = self.programme.propose_pair(kind, members, None, WHY)
        if self.programme.state.pairs[made.pair].status is PairStatus.PROPOSED:
            for member in members:
                self.programme.consent_to_pair(made.pair, member, WHY)

    def _derive(self) -> None:
        try:
            self.programme.derive_duties(WHY)
        except NothingToDerive:
            return
