"""The hosting ledger under everything an office and its municipalities can do, in any order."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from interpares.common.errors import DomainError
from interpares.common.eventstore import MAPPER
from interpares.programme.domain import events
from interpares.programme.domain.charter import Held, Quantifier
from interpares.programme.domain.duties import TAKEN, WAITING, Duty, Status, eligible
from interpares.programme.domain.holding import Terms
from interpares.programme.domain.pairing.state import STANDING
from interpares.programme.domain.programme import ProgrammeSnapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from services.programme.tests.conftest import Story

    from interpares.programme.domain.programme import Programme

NAMES = ("aarau", "basel", "chur", "davos", "elm", "flims", "genf", "horw")
STRANDS = ("AT", "DE")
LOSS = st.sampled_from(("reassign", "lapse", "decide"))
name = st.sampled_from(NAMES)
role = st.sampled_from(("host", "guest", "friend"))
strand = st.sampled_from(STRANDS)
CAST = st.lists(st.tuples(name, role, strand), min_size=2, max_size=6, unique_by=lambda admitted: admitted[0])


class Ledger(RuleBasedStateMachine):
    """Legal and illegal wishes at random; the domain refuses the illegal ones and nothing has happened then."""

    def __init__(self, story: Story) -> None:
        super().__init__()
        self.story = story
        self.history: list[events.Event] = []
        self.applications = 0
        self.programme: Programme

    @initialize(visits=LOSS, finale=LOSS, circle=LOSS, counts=st.booleans(), wide=st.booleans(), first=CAST)
    def draft(
        self, *, visits: str, finale: str, circle: str, counts: bool, wide: bool, first: list[tuple[str, str, str]]
    ) -> None:
        story = self.story
        story.document = story.template()
        story.with_rule("visits", on_host_loss=visits, scope="programme" if wide else "strand")
        story.with_rule("circle", on_host_loss=circle)
        story.with_rule("finale", on_host_loss=finale, **({"counts_towards": "visits"} if counts else {}))
        for key in ("host", "guest"):
            story.document["roles"][key]["holding"] = "concurrent"
        self.history = story.told(1, story.drafted(*STRANDS), story.called())
        self.programme = story.replayed(self.history)
        for who, role, strand in first:
            self.admit(who, role, strand)
        self.derive()

    def attempt(self, act: Callable[..., Any], *given: Any) -> bool:
        """Do it, or see it refused without a trace."""
        try:
            act(*given, self.story.grounds())
        except DomainError:
            assert not self.programme.pending_events
            return False
        new = [event for event in self.programme.collect_events() if isinstance(event, events.Event)]
        assert new
        self.history += new
        return True

    @property
    def duties(self) -> dict[str, Duty]:
        return self.programme.state.duties

    def some(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.duties)))

    def is_open_to(self, duty: Duty, organisation: UUID) -> bool:
        """Tell whether an organisation may take a duty without having been asked."""
        charter, participations = self.programme.state.charter, self.programme.state.participations
        pool = eligible(duty, charter, participations, self.story.now.date())
        is_open = charter.hosting[duty.rule].quantifier is Quantifier.OPEN
        return is_open and duty.status in WAITING and organisation in pool

    def strand_of(self, strand: str) -> str | None:
        """Return what an applicant says of its strand."""
        assert strand in STRANDS
        return None

    @rule(who=name, role=role, strand=strand)
    def admit(self, who: str, role: str, strand: str) -> None:
        self.applications += 1
        number = self.story.id(f"application {self.applications}")
        more = {"strand": self.strand_of(strand)}
        applicant = self.story.applicant(who, role, strand, application_id=number, **more)
        self.attempt(self.programme.admit, applicant, role, ())

    @rule(who=name, role=role)
    def grant(self, who: str, role: str) -> None:
        self.attempt(self.programme.grant_role, self.story.id(who), role)

    @rule()
    def derive(self) -> None:
        before = dict(self.duties)
        if self.attempt(self.programme.derive_duties):
            for key, duty in before.items():
                assert self.duties[key] == duty or (duty.status is Status.OPEN and duty.owner is None)
        self.everybody_owes_its_share()
        assert not self.attempt(self.programme.derive_duties), "a second derivation has nothing to add"

    def everybody_owes_its_share(self) -> None:
        charter = self.programme.state.charter
        for key, hosting in charter.hosting.items():
            holders = [each for each in self.programme.state.participations.values() if hosting.role in each.roles]
            mine = [duty for duty in self.duties.values() if duty.rule == key]
            if hosting.quantifier is Quantifier.ONE_OF:
                strands = {"all" if hosting.whole else member.strand for member in holders}
                assert strands <= {duty.strand for duty in mine}
                continue
            counting = [
                duty
                for duty in self.duties.values()
                if charter.hosting[duty.rule].counts_towards == key and duty.status is not Status.LAPSED
            ]
            short = 0
            for member in holders:
                charged = sum(duty.charged_to(member.organisation) for duty in mine)
                short += max(len(hosting.formats) - charged, 0)
            assert short <= len(counting)

    @precondition(lambda self: self.duties)
    @rule(data=st.data(), to=st.lists(name, max_size=3), fitting=st.booleans())
    def offer(self, data: st.DataObject, to: list[str], *, fitting: bool) -> None:
        duty = self.duties[self.some(data)]
        asked = tuple(map(self.story.id, to))
        pool = eligible(duty, self.programme.state.charter, self.programme.state.participations)
        if fitting and pool:
            asked = tuple(data.draw(st.lists(st.sampled_from(pool), min_size=1)))
        if self.attempt(self.programme.offer_duty, duty.id, asked, None):
            assert set(asked) <= set(pool)

    @precondition(lambda self: self.offered())
    @rule(data=st.data())
    def accept(self, data: st.DataObject) -> None:
        duty = self.duties[data.draw(st.sampled_from(self.offered()))]
        self.host(duty, data.draw(st.sampled_from(duty.candidates)))

    @precondition(lambda self: self.duties)
    @rule(data=st.data())
    def appoint(self, data: st.DataObject) -> None:
        self.appoint_to(self.duties[self.some(data)], data)

    @precondition(lambda self: "all.finale.1" in self.duties)
    @rule(data=st.data())
    def appoint_to_what_may_count(self, data: st.DataObject) -> None:
        self.appoint_to(self.duties["all.finale.1"], data)

    def appoint_to(self, duty: Duty, data: st.DataObject) -> None:
        pool = eligible(duty, self.programme.state.charter, self.programme.state.participations)
        if duty.status in WAITING and pool:
            host = data.draw(st.sampled_from(pool))
            if host not in duty.candidates:
                assert self.attempt(self.programme.offer_duty, duty.id, (host,), None)
            self.host(duty, host)

    def host(self, duty: Duty, host: UUID) -> None:
        before = dict(self.duties)
        assert host in eligible(duty, self.programme.state.charter, self.programme.state.participations)
        assert self.attempt(self.programme.accept_duty, duty.id, host)
        assert self.duties[duty.id].host == host
        others = {key for key in before if self.duties[key] != before[key]} - {duty.id}
        assert all(before[key].owner == host and self.duties[key].status is Status.LAPSED for key in others)
        assert not others or self.programme.state.charter.hosting[duty.rule].counts_towards

    def offered(self) -> list[str]:
        return sorted(key for key, duty in self.duties.items() if duty.candidates)

    @precondition(lambda self: self.duties)
    @rule(data=st.data(), who=name)
    def accept_unasked(self, data: st.DataObject, who: str) -> None:
        duty = self.duties[self.some(data)]
        asked = self.story.id(who) in duty.candidates or self.is_open_to(duty, self.story.id(who))
        assert self.attempt(self.programme.accept_duty, duty.id, self.story.id(who)) is asked

    @precondition(lambda self: self.offered())
    @rule(data=st.data())
    def decline(self, data: st.DataObject) -> None:
        duty = self.duties[
            data.draw(st.sampled_from(sorted(key for key in self.duties if self.duties[key].candidates)))
        ]
        assert self.attempt(self.programme.decline_duty, duty.id, data.draw(st.sampled_from(duty.candidates)))
        assert self.duties[duty.id].owner == duty.owner

    @precondition(lambda self: self.duties)
    @rule(data=st.data(), what=st.sampled_from(("release_duty", "reopen_duty", "lapse_duty")))
    def steer(self, data: st.DataObject, what: str) -> None:
        key = self.some(data)
        before = dict(self.duties)
        self.attempt(getattr(self.programme, what), key)
        assert {other for other in before if before[other] != self.duties[other]} <= {key}

    @rule(who=name)
    def withdraw(self, who: str) -> None:
        organisation = self.story.id(who)
        before = dict(self.duties)
        if self.attempt(self.programme.withdraw, organisation):
            self.lost_exactly_its_own(before, {key for key, duty in before.items() if duty.binds(organisation)}, who)

    @rule(who=name, role=role)
    def end_role(self, who: str, role: str) -> None:
        organisation = self.story.id(who)
        before = dict(self.duties)
        if self.attempt(self.programme.end_role, organisation, role):
            rules = self.programme.state.charter.hosting
            own = {key for key, duty in before.items() if duty.binds(organisation) and rules[duty.rule].role == role}
            self.lost_exactly_its_own(before, own, who)

    def lost_exactly_its_own(self, before: dict[str, Duty], own: set[str], who: str) -> None:
        organisation = self.story.id(who)
        lost = {key for key in before if len(self.duties[key].losses) > len(before[key].losses)}
        assert lost == own
        for key in before.keys() - own:
            left = tuple(member for member in before[key].candidates if member != organisation)
            assert self.duties[key].candidates in {left, before[key].candidates}
            assert (self.duties[key].host, self.duties[key].owner) == (before[key].host, before[key].owner)

    @invariant()
    def a_duty_is_what_its_status_says(self) -> None:
        state = self.programme.state
        for key, duty in self.duties.items():
            pool = eligible(duty, state.charter, state.participations)
            assert key == duty.id
            assert (duty.host is not None) == (duty.status in TAKEN)
            assert bool(duty.candidates) == (duty.status is Status.OFFERED)
            assert set(duty.candidates) <= set(pool)
            assert len(set(duty.candidates)) == len(duty.candidates)
            if duty.status in WAITING and duty.owner is not None:
                assert pool == (duty.owner,)
            if duty.host is not None:
                assert duty.host in pool

    @invariant()
    def nobody_owes_more_than_its_share(self) -> None:
        charter = self.programme.state.charter
        for key, hosting in charter.hosting.items():
            owners = [
                duty.owner for duty in self.duties.values() if duty.rule == key and duty.status is not Status.LAPSED
            ]
            for owner in set(owners) - {None}:
                assert owners.count(owner) <= len(hosting.formats)

    @invariant()
    def the_ledger_never_shrinks(self) -> None:
        derived = [event for event in self.history if isinstance(event, events.DutiesDerived)]
        keys = [f"{duty.strand}.{duty.rule}.{duty.ordinal}" for event in derived for duty in event.duties]
        assert len(keys) == len(set(keys))
        assert set(keys) == set(self.duties)

    @invariant()
    def every_decision_has_its_why(self) -> None:
        for event in self.history[2:]:
            decision = event.decision
            assert decision.reason_code
            assert decision.reason
            chosen_by_rule = decision.follows is not None or decision.type == "duty-derivation"
            no_choice = decision.type == "duty-offer"
            assert decision.alternatives or chosen_by_rule or no_choice

    def teardown(self) -> None:
        """Read history and snapshot back from their stored form."""
        if not self.history:
            return
        stored = [MAPPER.to_domain_event(MAPPER.to_stored_event(event)) for event in self.history]
        assert stored == self.history
        assert self.story.replayed(stored) == self.programme
        snapshot = MAPPER.to_stored_event(ProgrammeSnapshot.take(self.programme))
        assert MAPPER.to_domain_event(snapshot).mutate(None) == self.programme


class Strands(Ledger):
    """The same where strands are clusters or come with pairs, hosting is open, and roles are held for a time."""

    @initialize(
        by=st.sampled_from(("pair", "cluster")),
        standing=st.booleans(),
        visits=LOSS,
        circle=st.sampled_from(("open", "one_of", "each")),
        first=CAST,
    )
    def draft(self, *, by: str, standing: bool, visits: str, circle: str, first: list[tuple[str, str, str]]) -> None:
        story = self.story
        clusters = {"by": "cluster", "clusters": {"at": {"en": "x"}, "de": {"en": "x"}}}
        pairs = {"twins": {"label": {"en": "Twins"}, "between": ["host", "guest"]}}
        story.document = story.template()
        story.with_rule("visits", on_host_loss=visits)
        hosting = story.document["hosting"]
        hosting["circle"] = hosting["circle"] | {"quantifier": circle, "on_host_loss": "reassign"}
        roles = {key: role | {"holding": "concurrent"} for key, role in story.document["roles"].items()}
        story.document = story.template(
            lifecycle="standing" if standing else "call",
            strands={"by": "pair"} if by == "pair" else clusters,
            roles=roles,
            hosting=hosting,
            pairs=pairs,
        )
        drafted, fields = story.drafted()
        strands = () if by == "pair" else ("at", "de")
        self.history = story.told(1, (drafted, fields | {"strands": strands}), story.called())
        self.programme = story.replayed(self.history)
        for who, role, strand in first:
            self.admit(who, role, strand)
        self.derive()

    def strand_of(self, strand: str) -> str | None:
        return None if self.programme.state.charter.by_pair else strand.lower()

    @rule(who=name, role=role, days=st.integers(0, 3))
    def grant_for_a_time(self, who: str, role: str, days: int) -> None:
        terms = Terms(held=Held(None, self.story.now.date() + timedelta(days=days)))
        before = self.programme.state.participations.get(str(self.story.id(who)))
        if self.attempt(partial(self.programme.grant_role, terms=terms), self.story.id(who), role):
            assert before is not None
            member = self.programme.state.participations[str(self.story.id(who))]
            assert member.holds(role, self.story.now.date())
            assert not member.holds(role, self.story.now.date() + timedelta(days=days + 1))

    @rule(one=name, other=name)
    def pair(self, one: str, other: str) -> None:
        members = (self.story.id(one), self.story.id(other))
        if self.attempt(self.programme.propose_pair, "twins", members, members[0]):
            pair = next(reversed(list(self.programme.state.pairs)))
            assert self.attempt(self.programme.consent_to_pair, pair, members[1])

    @precondition(lambda self: self.programme.state.pairs)
    @rule(data=st.data())
    def part(self, data: st.DataObject) -> None:
        pair = self.programme.state.pairs[data.draw(st.sampled_from(sorted(self.programme.state.pairs)))]
        before = dict(self.duties)
        assert self.attempt(self.programme.end_pair, pair.id) is (pair.status in STANDING)
        touched = {key for key in before if before[key] != self.duties[key]}
        assert {before[key].strand for key in touched} <= {pair.id}

    @precondition(lambda self: self.duties)
    @rule(data=st.data())
    def offer_oneself(self, data: st.DataObject) -> None:
        duty = self.duties[self.some(data)]
        charter = self.programme.state.charter
        pool = eligible(duty, charter, self.programme.state.participations, self.story.now.date())
        if duty.status in WAITING and charter.hosting[duty.rule].quantifier is Quantifier.OPEN and pool:
            self.host(duty, data.draw(st.sampled_from(pool)))

    def lost_exactly_its_own(self, before: dict[str, Duty], own: set[str], who: str) -> None:
        """Beyond its own, only what the strands of its pairs had goes."""
        organisation = self.story.id(who)
        lost = {key for key in before if len(self.duties[key].losses) > len(before[key].losses)}
        gone = {pair.id for pair in self.programme.state.pairs.values() if organisation in pair.members}
        assert own <= lost
        assert {before[key].strand for key in lost - own} <= gone

    @invariant()
    def a_strand_by_pair_has_duties_only_while_the_pair_stands(self) -> None:
        for duty in self.duties.values():
            pair = self.programme.state.pairs.get(duty.strand)
            assert pair is None or pair.status in STANDING or duty.status is Status.LAPSED

    @invariant()
    def nobody_owes_more_than_its_share(self) -> None:
        for key, hosting in self.programme.state.charter.hosting.items():
            owed = [
                (duty.owner, duty.strand)
                for duty in self.duties.values()
                if duty.rule == key and duty.status is not Status.LAPSED and duty.owner is not None
            ]
            for owner in set(owed):
                assert owed.count(owner) <= len(hosting.formats)

    def everybody_owes_its_share(self) -> None:
        """Each holder, in each of its strands, has as many duties as the split says."""
        state, today = self.programme.state, self.story.now.date()
        for key, hosting in state.charter.hosting.items():
            for member in state.participations.values():
                if hosting.quantifier is Quantifier.EACH and member.holds(hosting.role, today):
                    for strand in ("all",) if hosting.whole else member.strands:
                        mine = [d for d in self.duties.values() if (d.rule, d.strand) == (key, strand)]
                        charged = sum(duty.charged_to(member.organisation) for duty in mine)
                        assert charged >= len(hosting.formats)


def test_the_ledger_keeps_its_promises_in_strands_of_every_kind(story: Story) -> None:
    class Told(Strands):
        def __init__(self) -> None:
            super().__init__(story)

    run_state_machine_as_test(Told, settings=settings(max_examples=150, stateful_step_count=40, deadline=None))


def test_the_ledger_keeps_its_promises_whatever_happens(story: Story) -> None:
    class Told(Ledger):
        def __init__(self) -> None:
            super().__init__(story)

    run_state_machine_as_test(Told, settings=settings(max_examples=150, stateful_step_count=40, deadline=None))
