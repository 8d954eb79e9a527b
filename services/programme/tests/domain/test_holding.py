"""How roles are held, by whom, on what terms; who is eligible, who is invited; rules applied by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from interpares.programme.domain.charter import ALWAYS, Held
from interpares.programme.domain.decision import Criterion
from interpares.programme.domain.eligibility import Assessment, Found, required
from interpares.programme.domain.errors import (
    AlreadyParticipates,
    ConsortiumNotFitting,
    ContractMissing,
    DutyNotOffered,
    HeldNotFitting,
    HostingDutyTaken,
    ManualRuleNotFitting,
    MemberElsewhere,
    NotEligible,
    NothingToDerive,
    NotParticipating,
    RoleAlreadyHeld,
    RoleExclusive,
    RoleNeedsApplication,
    RoleNotDeclared,
    RoleNotHeld,
    ThemesNotFitting,
    UnknownStrand,
)
from interpares.programme.domain.holding import Terms
from interpares.programme.domain.inviting import Invitation
from interpares.programme.domain.joining import Joiner
from interpares.programme.domain.participation import Holding

if TYPE_CHECKING:
    from services.programme.tests.conftest import Story

    from interpares.programme.domain.programme import Programme

LABEL = {"en": "x"}
HASH = "cd" * 32
YEAR = {"starts": "2026-01-01", "ends": "2026-12-31"}


def role(obtained: str = "declaration", **more: Any) -> dict[str, Any]:
    return {"label": LABEL, "obtained": obtained, "holding": "concurrent"} | more


def standing(story: Story, roles: dict[str, Any], **more: Any) -> Programme:
    """Return an open standing programme with these roles."""
    story.document = story.template(
        lifecycle="standing",
        strands={"by": "one"},
        roles={"host": role(), "guest": role(), **roles},
        themes={"air": {"label": LABEL}, "water": {"label": LABEL}},
        **more,
    )
    drafted, fields = story.drafted()
    programme = story.past((drafted, fields | {"strands": ("all",)}))
    programme.open_programme(story.grounds())
    return programme


def joiner(story: Story, name: str, *members: str, country: str = "AT") -> Joiner:
    return Joiner(story.id(name), country, 1, HASH, 3, tuple(map(story.id, members)))


def test_a_role_per_theme_is_held_for_more_themes_and_ends_for_some(story: Story) -> None:
    programme = standing(story, {"expert": role(per_theme=True)})
    graz = story.id("graz")
    joined = programme.join(joiner(story, "graz"), "expert", story.grounds(), terms=Terms(("air",)))
    assert joined.themes == ("air",)
    programme.grant_role(graz, "expert", story.grounds(), terms=Terms(("water",)))
    member = programme.state.participations[str(graz)]
    assert (member.roles, member.holdings) == (("expert",), (Holding("expert", ("air", "water")),))
    with pytest.raises(RoleAlreadyHeld):
        programme.grant_role(graz, "expert", story.grounds(), terms=Terms(("air",)))
    with pytest.raises(RoleNotHeld):
        programme.end_role(graz, "expert", story.grounds(), themes=("fire",))
    ended = programme.end_role(graz, "expert", story.grounds(), themes=("air",))
    assert (ended.decision.outcome, ended.themes) == ("ended-for-themes", ("air",))
    assert programme.state.participations[str(graz)].holding("expert").themes == ("water",)
    programme.end_role(graz, "expert", story.grounds(), themes=("water",))
    assert programme.state.participations[str(graz)].roles == ()


@pytest.mark.parametrize(("key", "themes"), [("expert", ()), ("expert", ("fire",)), ("host", ("air",))])
def test_themes_fit_the_role(story: Story, key: str, themes: tuple[str, ...]) -> None:
    programme = standing(story, {"expert": role(per_theme=True)})
    with pytest.raises(ThemesNotFitting):
        programme.join(joiner(story, "graz"), key, story.grounds(), terms=Terms(themes))


def test_exclusive_roles_stand_beside_others_on_other_themes_and_at_other_times(story: Story) -> None:
    programme = standing(
        story,
        {
            "expert": role(holding="exclusive", per_theme=True),
            "learner": role(holding="exclusive", per_theme=True),
            "chair": role(holding="exclusive"),
        },
    )
    graz = story.id("graz")
    programme.join(joiner(story, "graz"), "expert", story.grounds(), terms=Terms(("air",)))
    programme.grant_role(graz, "learner", story.grounds(), terms=Terms(("water",)))
    with pytest.raises(RoleExclusive):
        programme.grant_role(graz, "learner", story.grounds(), terms=Terms(("air",)))
    with pytest.raises(RoleExclusive):
        programme.grant_role(graz, "chair", story.grounds())
    programme.join(joiner(story, "linz"), "chair", story.grounds(), terms=Terms(held=Held(None, date(2026, 6, 30))))
    later = Terms(held=Held(date(2026, 7, 1), None))
    programme.grant_role(story.id("linz"), "host", story.grounds(), terms=later)
    with pytest.raises(RoleExclusive):
        programme.grant_role(story.id("linz"), "guest", story.grounds())


@pytest.mark.parametrize(
    "held",
    [
        Held(date(2026, 7, 1), date(2026, 6, 1)),
        Held(date(2025, 1, 1), date(2025, 12, 31)),
        Held(date(2025, 12, 31), date(2026, 12, 31)),
        Held(date(2026, 7, 1), None),
    ],
)
def test_a_role_is_held_within_its_time(story: Story, held: Held) -> None:
    programme = standing(story, {"chair": role(held=YEAR)})
    with pytest.raises(HeldNotFitting):
        programme.join(joiner(story, "graz"), "chair", story.grounds(), terms=Terms(held=held))


def test_who_held_a_role_owes_and_hosts_nothing_once_its_time_is_over(story: Story) -> None:
    programme = standing(story, {"chair": role(held=YEAR)})
    hosting = story.document["hosting"]
    assert hosting
    graz, linz = story.id("graz"), story.id("linz")
    short = Terms(held=Held(None, date(2026, 3, 31)))
    programme.join(joiner(story, "graz"), "host", story.grounds(), terms=short)
    programme.join(joiner(story, "linz"), "host", story.grounds())
    later = story.grounds(effective_at=datetime(2026, 4, 1, tzinfo=UTC))
    derived = programme.derive_duties(later)
    assert {duty.owner for duty in derived.duties if duty.rule == "visits"} == {linz}
    programme.offer_duty("all.finale.1", (linz,), None, later)
    derived = programme.derive_duties(story.grounds())
    assert {duty.owner for duty in derived.duties} == {graz}
    assert programme.state.participations[str(graz)].holding("host").held == Held(None, date(2026, 3, 31))


def test_a_role_by_contract_names_it_and_no_other_role_does(story: Story) -> None:
    programme = standing(story, {"carrier": role("contract")})
    with pytest.raises(ContractMissing):
        programme.join(joiner(story, "graz"), "carrier", story.grounds())
    with pytest.raises(ContractMissing):
        programme.join(joiner(story, "graz"), "host", story.grounds(), terms=Terms(contract=HASH))
    joined = programme.join(joiner(story, "graz"), "carrier", story.grounds(), terms=Terms(contract=HASH))
    assert joined.contract == HASH
    assert programme.grant_role(story.id("graz"), "host", story.grounds()).contract == ""


def test_in_a_call_only_awards_and_contracts_need_no_application(story: Story) -> None:
    programme = story.running()
    with pytest.raises(RoleNeedsApplication):
        programme.join(joiner(story, "graz"), "host", story.grounds())
    assert programme.join(joiner(story, "graz"), "prize", story.grounds()).strand == "AT"
    with pytest.raises(UnknownStrand):
        programme.join(joiner(story, "lyon", country="FR"), "prize", story.grounds())
    with pytest.raises(AlreadyParticipates):
        programme.join(joiner(story, "graz"), "prize", story.grounds())


def test_an_organisation_takes_itself_only_what_it_declares(story: Story) -> None:
    programme = standing(story, {"prize": role("award")})
    programme.join(joiner(story, "graz"), "host", story.grounds(capacity="coordinator"))
    with pytest.raises(RoleNotDeclared):
        programme.join(joiner(story, "linz"), "prize", story.grounds(capacity="coordinator"))


def test_clusters_are_named_by_the_office_or_the_applicant(story: Story) -> None:
    clusters = {"coast": LABEL, "hills": LABEL}
    story.document = story.template(strands={"by": "cluster", "clusters": clusters})
    drafted, fields = story.drafted()
    programme = story.past((drafted, fields | {"strands": ("coast", "hills")}), story.called())
    with pytest.raises(UnknownStrand) as refused:
        programme.admit(story.applicant("graz"), "host", (), story.grounds())
    assert refused.value.field == "strand"
    assert programme.admit(story.applicant("graz", strand="hills"), "host", (), story.grounds()).strand == "hills"
    moved = programme.admit(story.applicant("linz", strand="hills"), "host", (), story.grounds(), strand="coast")
    assert moved.strand == "coast"


def test_a_consortium_has_its_size_and_nobody_takes_part_twice(story: Story) -> None:
    programme = standing(story, {}, consortia={"members_at_most": 3})
    programme.join(joiner(story, "graz", "linz"), "host", story.grounds())
    for name, members, refusal in (
        ("wels", ("a", "b", "c"), ConsortiumNotFitting),
        ("wels", ("wels",), ConsortiumNotFitting),
        ("wels", ("linz",), MemberElsewhere),
        ("wels", ("graz",), MemberElsewhere),
        ("linz", (), MemberElsewhere),
    ):
        with pytest.raises(refusal):
            programme.join(joiner(story, name, *members), "host", story.grounds())
    graz, enns = story.id("graz"), story.id("enns")
    changed = programme.change_consortium(graz, (enns,), story.grounds())
    assert changed.decision.concerns == (graz, story.id("linz"), enns)
    for others in ((), (enns,)):
        with pytest.raises(ConsortiumNotFitting):
            programme.change_consortium(graz, others, story.grounds())
    with pytest.raises(NotParticipating):
        programme.change_consortium(enns, (graz,), story.grounds())
    plain = standing(story, {})
    with pytest.raises(ConsortiumNotFitting):
        plain.join(joiner(story, "graz", "linz"), "host", story.grounds())


def funded(**more: Any) -> dict[str, Any]:
    predicate = {"predicate": "funding", "programme": "model", "funded": False}
    return {"peer": role(eligibility=[predicate], **more)}


def test_who_is_not_eligible_is_told_the_predicate_the_day_and_the_finding(story: Story) -> None:
    programme = standing(story, funded())
    found = Assessment((Found(0, "funding", "fails", "funded:2026-03-01"),), excepted=True)
    with pytest.raises(NotEligible) as refused:
        programme.join(joiner(story, "graz"), "peer", story.grounds(), assessment=found)
    assert refused.value.message == (
        "The organisation is not eligible for the role peer: roles.peer.eligibility.0 asks for not funded by model at"
        " application, found funded:2026-03-01."
    )
    assert refused.value.way_out.startswith("The template allows no exception")
    with pytest.raises(NotEligible, match="found unknown") as unknown:
        programme.join(joiner(story, "graz"), "peer", story.grounds())
    assert unknown.value.way_out.startswith("Correct what is known")


def test_the_findings_are_criteria_and_an_exception_is_one_where_the_template_allows_it(story: Story) -> None:
    programme = standing(story, funded(exceptions="reasoned"))
    holds = Assessment((Found(0, "funding", "holds", "not-funded:2026-03-01"),))
    joined = programme.join(joiner(story, "graz"), "peer", story.grounds(), assessment=holds)
    assert joined.decision.criteria == (Criterion("eligibility-0-funding", "holds:not-funded:2026-03-01"),)
    assert not joined.excepted
    with pytest.raises(NotEligible) as refused:
        programme.join(joiner(story, "linz"), "peer", story.grounds())
    assert refused.value.way_out.endswith("or make an exception with a reason.")
    excepted = programme.join(joiner(story, "linz"), "peer", story.grounds(), assessment=Assessment(excepted=True))
    assert excepted.excepted
    assert excepted.decision.criteria[-1] == Criterion("eligibility-exception", "1")


@pytest.mark.parametrize(
    ("predicate", "words"),
    [
        ({"predicate": "kind", "one_of": ["municipality", "association"]}, "kind municipality or association"),
        ({"predicate": "population", "at_least": 1, "at_most": 9, "summed": True}, "a population of at least 1 and"),
        ({"predicate": "membership", "of": "net", "member": True}, "member of net"),
        ({"predicate": "history", "has": "hosted", "times": 2}, "hosted at least 2 times"),
        ({"predicate": "applicants", "apply": "alone"}, "applicants alone"),
        ({"predicate": "none", "of": [{"predicate": "country", "one_of": ["DE"]}]}, "none of (country DE)"),
    ],
)
def test_a_predicate_is_told_in_words(predicate: dict[str, Any], words: str) -> None:
    assert required(predicate).startswith(words)


def test_whoever_holds_the_role_offers_to_host_what_is_open(story: Story) -> None:
    programme = standing(story, {}, hosting={"talks": story.document["hosting"]["circle"] | {"quantifier": "open"}})
    programme.join(joiner(story, "graz"), "guest", story.grounds())
    programme.join(joiner(story, "linz"), "host", story.grounds())
    programme.derive_duties(story.grounds())
    with pytest.raises(DutyNotOffered):
        programme.accept_duty("all.talks.1", story.id("linz"), story.grounds())
    programme.accept_duty("all.talks.1", story.id("graz"), story.grounds())
    with pytest.raises(HostingDutyTaken):
        programme.accept_duty("all.talks.1", story.id("graz"), story.grounds())
    assert [duty.ordinal for duty in programme.derive_duties(story.grounds()).duties] == [2]
    programme.lapse_duty("all.talks.2", story.grounds())
    with pytest.raises(NothingToDerive):
        programme.derive_duties(story.grounds())


def test_invitations_name_each_once_and_the_wider_one_counts(story: Story) -> None:
    invitees = [{"roles": ["guest"]}, {"scope": "programme", "attended": ["talk"]}, {"attended": ["tour"]}]
    story.with_rule("visits", invitees=invitees)
    programme = story.running(
        story.admitted("graz"),
        story.admitted("linz", "guest"),
        story.admitted("bonn", "guest", "DE"),
        story.admitted("wels"),
        story.derived(("AT.visits.1", "talk", "graz")),
        story.offered("AT.visits.1", "graz"),
        story.accepted("AT.visits.1", "graz"),
    )
    assert programme.invited("AT.visits.1") == (
        Invitation(story.id("linz")),
        Invitation(story.id("bonn"), ("talk",)),
        Invitation(story.id("wels"), ("talk", "tour")),
    )


@pytest.mark.parametrize(
    ("organiser", "names"),
    [("host", ("graz",)), ("office", ("office",)), ({"role": "prize"}, ("bonn",)), ({"role": "guest"}, ("linz",))],
)
def test_the_organiser_is_the_host_the_office_or_holders_of_a_role(
    story: Story, organiser: Any, names: tuple[str, ...]
) -> None:
    story.with_rule("visits", organiser=organiser)
    programme = story.running(
        story.admitted("graz"),
        story.admitted("linz", "guest"),
        story.admitted("bonn", "prize", "DE"),
        story.derived(("AT.visits.1", "talk", "graz")),
        story.offered("AT.visits.1", "graz"),
        story.accepted("AT.visits.1", "graz"),
    )
    assert programme.organisers("AT.visits.1") == tuple(map(story.id, names))


def test_a_rule_applied_by_hand_is_named_in_the_decision_with_its_hash(story: Story) -> None:
    manual = {"fair": {"label": LABEL, "applies_to": "role"}}
    story.document = story.template(manual=manual)
    programme = story.running(story.admitted("graz", "friend"))
    granted = programme.grant_role(story.id("graz"), "prize", story.grounds(manual=("fair",)))
    assert granted.decision.manual == (programme.state.charter.manual["fair"].ref,)
    assert granted.decision.manual[0].version == 3
    for key, act in (("none", programme.withdraw), ("fair", programme.withdraw)):
        with pytest.raises(ManualRuleNotFitting):
            act(story.id("graz"), story.grounds(manual=(key,)))


def test_times_overlap_and_lie_within_each_other() -> None:
    spring, summer = Held(None, date(2026, 5, 31)), Held(date(2026, 6, 1), None)
    assert not spring.overlaps(summer)
    assert not summer.overlaps(spring)
    assert ALWAYS.overlaps(summer)
    assert summer.within(ALWAYS)
    assert not ALWAYS.within(summer)
    assert Held(date(2026, 6, 1), date(2026, 7, 1)).within(summer)
