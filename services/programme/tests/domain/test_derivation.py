from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interpares.programme.domain import events
from interpares.programme.domain.charter import Obtained, read_charter
from interpares.programme.domain.derivation import Assignment, DerivedDuty, Presumption, derive
from interpares.programme.domain.duties import Duty, LapseCause, Loss, LossCause, Status
from interpares.programme.domain.errors import NothingToDerive, ProgrammeNotRunning
from interpares.programme.domain.participation import Participation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from services.programme.tests.conftest import Story

    from interpares.programme.domain.participation import Participations
    from interpares.programme.domain.programme import Programme

COUNTRIES = ("AT", "BE", "DE", "ES", "IT", "NL")
CAST = ("front-runner", "front-runner", "award-winner", "follower", "follower", "follower", "follower")


def multiply(story: Story, **conference: Any) -> Programme:
    """Return the reference programme: six countries with seven municipalities each, duties derived."""
    story.document = story.multiply(**conference)
    programme = story.past(story.drafted(*COUNTRIES), story.called())
    for country in COUNTRIES:
        for number, role in enumerate(CAST):
            programme.admit(story.applicant(f"{country}{number}", role, country), role, (), story.grounds())
    programme.derive_duties(story.grounds())
    return programme


def live(duties: Iterable[Duty]) -> list[Duty]:
    return [duty for duty in duties if duty.status is not Status.LAPSED]


def host(story: Story, programme: Programme, duty: str, name: str) -> None:
    programme.offer_duty(duty, (story.id(name),), None, story.grounds())
    programme.accept_duty(duty, story.id(name), story.grounds())


def test_the_reference_programme_has_37_duties(story: Story) -> None:
    duties = multiply(story).state.duties
    assert len(duties) == 37
    assert Counter((duty.strand, duty.rule, duty.format) for duty in duties.values()) == Counter(
        {
            **{(country, "front-runner-meetings", "mayors"): 2 for country in COUNTRIES},
            **{(country, "front-runner-meetings", "planning"): 2 for country in COUNTRIES},
            **{(country, "award-meeting", "communication"): 1 for country in COUNTRIES},
            **{(country, "follower-meeting", "plan-review"): 1 for country in COUNTRIES},
            ("all", "conference", "conference"): 1,
        }
    )
    owed = {key: duty.owner for key, duty in duties.items() if key.startswith("AT") or duty.strand == "all"}
    assert owed == {
        "AT.front-runner-meetings.1": story.id("AT0"),
        "AT.front-runner-meetings.2": story.id("AT0"),
        "AT.front-runner-meetings.3": story.id("AT1"),
        "AT.front-runner-meetings.4": story.id("AT1"),
        "AT.award-meeting.1": story.id("AT2"),
        "AT.follower-meeting.1": None,
        "all.conference.1": None,
    }


def test_it_has_36_if_the_conference_counts(story: Story) -> None:
    programme = multiply(story, counts_towards="front-runner-meetings")
    assert len(programme.state.duties) == 36
    derived = programme.collect_events()[-1]
    assert isinstance(derived, events.DutiesDerived)
    assert derived.presumed == (Presumption("all.conference.1", "front-runner-meetings", story.id("NL1")),)
    # One short: of the last front-runner's two, the last of the split is left out.
    assert [duty.format for duty in programme.state.duties.values() if duty.owner == story.id("NL1")] == ["mayors"]


def test_it_stays_at_36_whoever_hosts_the_conference(story: Story) -> None:
    programme = multiply(story, counts_towards="front-runner-meetings")
    programme.collect_events()

    host(story, programme, "all.conference.1", "AT0")
    shed = programme.collect_events()[-1]
    assert isinstance(shed, events.DutyLapsed)
    assert (shed.duty, shed.cause) == ("AT.front-runner-meetings.2", LapseCause.COUNTED)
    assert shed.decision.reason_code == "other-duty-counts"
    programme.derive_duties(story.grounds())
    assert len(live(programme.state.duties.values())) == 36
    assert programme.state.duties["NL.front-runner-meetings.4"].owner == story.id("NL1")
    with pytest.raises(NothingToDerive):
        programme.derive_duties(story.grounds())

    # The host drops out of the conference: it is the one short now, and stays so until another takes over.
    programme.release_duty("all.conference.1", story.grounds())
    with pytest.raises(NothingToDerive):
        programme.derive_duties(story.grounds())
    host(story, programme, "all.conference.1", "BE0")
    programme.derive_duties(story.grounds())
    assert programme.state.duties["AT.front-runner-meetings.5"].owner == story.id("AT0")
    assert len(live(programme.state.duties.values())) == 36

    # Without a conference every front-runner owes its two.
    programme.release_duty("all.conference.1", story.grounds())
    programme.lapse_duty("all.conference.1", story.grounds())
    programme.derive_duties(story.grounds())
    assert len(live(programme.state.duties.values())) == 36
    assert Counter(duty.owner for duty in live(programme.state.duties.values()) if "front" in duty.rule) == Counter(
        {story.id(f"{country}{number}"): 2 for country in COUNTRIES for number in (0, 1)}
    )


def test_whoever_is_presumed_to_host_sheds_nothing_and_accepted_duties_stay(story: Story) -> None:
    programme = multiply(story, counts_towards="front-runner-meetings")
    host(story, programme, "all.conference.1", "NL1")
    assert len(live(programme.state.duties.values())) == 36

    eager = multiply(story, counts_towards="front-runner-meetings")
    host(story, eager, "AT.front-runner-meetings.1", "AT0")
    host(story, eager, "AT.front-runner-meetings.2", "AT0")
    host(story, eager, "all.conference.1", "AT0")
    assert len(live(eager.state.duties.values())) == 36
    assert sum(duty.host == story.id("AT0") for duty in eager.state.duties.values()) == 3


def test_a_decision_to_derive_names_who_owes(story: Story) -> None:
    programme = story.running(
        story.admitted("graz"), story.admitted("linz", "guest"), story.admitted("bonn", "host", "DE")
    )

    programme.derive_duties(story.grounds("kick-off"))

    graz, bonn = story.id("graz"), story.id("bonn")
    decision = story.decision(
        "duty-derivation",
        f"programme:{story.programme_id}",
        "derived",
        concerns=(graz, bonn),
        reason_code="kick-off",
    )
    fields = {
        "decision": decision,
        "duties": (
            DerivedDuty("AT", "circle", 1, "talk", None),
            DerivedDuty("all", "finale", 1, "fair", None),
            DerivedDuty("AT", "visits", 1, "talk", graz),
            DerivedDuty("AT", "visits", 2, "tour", graz),
            DerivedDuty("DE", "visits", 1, "talk", bonn),
            DerivedDuty("DE", "visits", 2, "tour", bonn),
        ),
        "assigned": (),
        "presumed": (),
    }
    assert list(programme.collect_events()) == story.told(6, (events.DutiesDerived, fields))


def test_nothing_is_derived_before_the_call_or_twice(story: Story) -> None:
    with pytest.raises(ProgrammeNotRunning):
        story.past(story.drafted()).derive_duties(story.grounds())
    programme = story.running(story.admitted("graz"))
    programme.derive_duties(story.grounds())
    with pytest.raises(NothingToDerive):
        programme.derive_duties(story.grounds())
    with pytest.raises(NothingToDerive):
        story.running().derive_duties(story.grounds())


def test_a_holder_that_comes_later_takes_open_duties_nobody_owes_before_new_ones(story: Story) -> None:
    programme = story.running(
        story.admitted("graz"),
        story.admitted("linz"),
        story.derived(
            ("AT.visits.1", "talk", "graz"),
            ("AT.visits.2", "tour", "graz"),
            ("AT.visits.3", "talk", "linz"),
            ("AT.visits.4", "tour", "linz"),
            ("all.finale.1", "fair", None),
        ),
        story.offered("AT.visits.1", "graz"),
        story.accepted("AT.visits.1", "graz"),
    )
    programme.withdraw(story.id("graz"), story.grounds())
    programme.offer_duty("AT.visits.2", (story.id("linz"),), None, story.grounds())
    for name, strand in (("bonn", "DE"), ("wels", "AT")):
        programme.admit(story.applicant(name, "host", strand), "host", (), story.grounds())

    derived = programme.derive_duties(story.grounds())

    # The tour is on offer, so it is not taken away from whom it is offered to; another strand takes nothing.
    wels, bonn = story.id("wels"), story.id("bonn")
    assert derived.assigned == (Assignment("AT.visits.1", wels),)
    assert derived.duties == (
        DerivedDuty("DE", "visits", 1, "talk", bonn),
        DerivedDuty("DE", "visits", 2, "tour", bonn),
        DerivedDuty("AT", "visits", 5, "tour", wels),
    )
    assert programme.state.duties["AT.visits.1"] == Duty(
        "AT", "visits", 1, "talk", wels, losses=(Loss(story.id("graz"), LossCause.WITHDRAWAL),)
    )


def test_what_an_organisation_was_released_from_is_not_asked_of_it_again(story: Story) -> None:
    programme = story.running(story.admitted("graz"))
    programme.derive_duties(story.grounds())
    programme.release_duty("AT.visits.1", story.grounds())
    programme.lapse_duty("AT.visits.2", story.grounds())
    with pytest.raises(NothingToDerive):
        programme.derive_duties(story.grounds())


def test_what_an_organisation_hosts_for_another_counts_as_its_own(story: Story) -> None:
    programme = story.running(
        story.admitted("graz"),
        story.derived(("AT.visits.1", "talk", None), ("AT.visits.2", "talk", None), ("all.finale.1", "fair", None)),
        story.offered("AT.visits.1", "graz"),
        story.accepted("AT.visits.1", "graz"),
        story.offered("AT.visits.2", "graz"),
        story.accepted("AT.visits.2", "graz"),
    )
    # Two talks are as much work as a talk and a tour.
    with pytest.raises(NothingToDerive):
        programme.derive_duties(story.grounds())


def member(organisation: UUID, number: int, *roles: str, strand: str = "AT") -> tuple[str, Participation]:
    return str(organisation), Participation(organisation, strand, number, roles)


def cast(story: Story, *names: str, role: str = "host") -> Participations:
    return dict(member(story.id(name), number + 1, role) for number, name in enumerate(names))


def test_a_pool_of_the_programme_or_of_a_strand_has_its_split_once(story: Story) -> None:
    story.with_rule("circle", formats=[{"format": "talk", "duties": 2}, {"format": "tour"}])
    story.with_rule("finale", scope="strand")
    charter = read_charter(story.document, ("AT", "DE"))
    members = dict(
        [
            member(story.id("graz"), 1, "host"),
            member(story.id("linz"), 2, "guest"),
            member(story.id("bonn"), 3, "guest", strand="DE"),
        ]
    )
    visits = {
        key: Duty("AT", "visits", n, form, story.id("graz"))
        for n, (key, form) in enumerate([("AT.visits.0", "talk"), ("AT.visits.1", "tour")])
    }
    assert derive(charter, members, visits).duties == (
        DerivedDuty("AT", "circle", 1, "talk", None),
        DerivedDuty("AT", "circle", 2, "talk", None),
        DerivedDuty("AT", "circle", 3, "tour", None),
        DerivedDuty("DE", "circle", 1, "talk", None),
        DerivedDuty("DE", "circle", 2, "talk", None),
        DerivedDuty("DE", "circle", 3, "tour", None),
        DerivedDuty("AT", "finale", 1, "fair", None),
    )


def test_a_rule_for_each_in_the_scope_of_the_programme_numbers_across_strands(story: Story) -> None:
    story.with_rule("visits", scope="programme")
    charter = read_charter(story.document, ("AT", "DE"))
    members = dict([member(story.id("graz"), 1, "host"), member(story.id("bonn"), 2, "host", strand="DE")])
    visits = [duty for duty in derive(charter, members, {}).duties if duty.rule == "visits"]
    assert [(duty.strand, duty.ordinal, duty.owner) for duty in visits] == [
        ("all", 1, story.id("graz")),
        ("all", 2, story.id("graz")),
        ("all", 3, story.id("bonn")),
        ("all", 4, story.id("bonn")),
    ]


def test_several_duties_that_count_are_presumed_of_different_holders(story: Story) -> None:
    story.with_rule("finale", counts_towards="visits", formats=[{"format": "fair", "duties": 2}])
    charter = read_charter(story.document, ("AT",))
    graz, linz, wels = story.id("graz"), story.id("linz"), story.id("wels")
    derivation = derive(charter, cast(story, "graz", "linz", "wels"), {})
    assert derivation.presumed == (
        Presumption("all.finale.1", "visits", wels),
        Presumption("all.finale.2", "visits", linz),
    )
    owed = Counter(duty.owner for duty in derivation.duties if duty.rule == "visits")
    assert owed == {graz: 2, linz: 1, wels: 1}


def test_each_can_owe_a_duty_that_counts_in_the_place_of_another(story: Story) -> None:
    story.with_rule("finale", quantifier="each", scope="strand", counts_towards="visits")
    charter = read_charter(story.document, ("AT",))
    derivation = derive(charter, cast(story, "graz"), {})
    assert [(duty.rule, duty.format) for duty in derivation.duties] == [("finale", "fair"), ("visits", "talk")]
    assert derivation.presumed == ()


def test_a_duty_that_counts_and_that_nobody_could_host_is_presumed_of_nobody(story: Story) -> None:
    story.with_rule("finale", counts_towards="visits", scope="strand")
    charter = read_charter(story.document, ("AT", "DE"))
    left = {"DE.finale.1": Duty("DE", "finale", 1, "fair", None)}
    derivation = derive(charter, cast(story, "graz"), left)
    assert derivation.presumed == (Presumption("AT.finale.1", "visits", story.id("graz")),)


def test_the_order_of_mappings_does_not_matter(story: Story) -> None:
    charter = read_charter(story.document, ("AT",))
    members = cast(story, *"abcdefgh")
    assert derive(charter, dict(reversed(members.items())), {}) == derive(charter, members, {})


def test_a_role_granted_later_brings_its_duties(story: Story) -> None:
    granted = {"organisation": story.id("graz"), "role": "host", "obtained": Obtained.SELECTION}
    programme = story.running(story.admitted("graz", "guest"), (events.RoleGranted, granted))
    derived = programme.derive_duties(story.grounds())
    assert Counter(duty.rule for duty in derived.duties) == {"circle": 1, "finale": 1, "visits": 2}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the story holds nothing between examples
@given(
    table=st.lists(st.tuples(st.sampled_from(("host", "guest", "friend")), st.sampled_from(("AT", "DE"))), max_size=12),
    counts=st.booleans(),
    data=st.data(),
)
def test_for_any_role_table_the_sum_is_right_before_and_after_a_host_is_found(
    story: Story, table: list[tuple[str, str]], data: st.DataObject, *, counts: bool
) -> None:
    story.document = story.template()
    if counts:
        story.with_rule("finale", counts_towards="visits")
    cast = [story.admitted(f"town {number}", role, strand) for number, (role, strand) in enumerate(table)]
    programme = story.running(*cast)
    hosts = [f"town {number}" for number, (role, _) in enumerate(table) if role == "host"]
    circles = len({strand for role, strand in table if role == "guest"})
    expected = 2 * len(hosts) + bool(hosts) * (0 if counts else 1) + circles

    if expected:
        programme.derive_duties(story.grounds())
    assert len(programme.state.duties) == expected
    if hosts:
        host(story, programme, "all.finale.1", data.draw(st.sampled_from(hosts)))
        if len(live(programme.state.duties.values())) < expected:
            programme.derive_duties(story.grounds())
        assert len(live(programme.state.duties.values())) == expected


def test_only_what_the_host_still_owes_lapses_when_another_duty_counts(story: Story) -> None:
    story.with_rule("finale", counts_towards="visits")
    programme = story.running(story.admitted("graz"), story.admitted("linz"))
    programme.derive_duties(story.grounds())
    programme.release_duty("AT.visits.2", story.grounds())
    host(story, programme, "all.finale.1", "graz")
    # The tour it was released from waits for anybody; its talk is what the finale counts in the place of.
    assert programme.state.duties["AT.visits.2"].status is Status.OPEN
    assert programme.state.duties["AT.visits.1"].status is Status.LAPSED
