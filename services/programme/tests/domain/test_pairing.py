from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from interpares.programme.domain.decision import Alternative
from interpares.programme.domain.duties import LapseCause, LossCause, Status
from interpares.programme.domain.errors import DutyNotReleased, NotParticipating, RoleNotDeclared
from interpares.programme.domain.pairing import events
from interpares.programme.domain.pairing.errors import PairNotFitting, PairNotOpen, UnknownPair, UnknownPairRule
from interpares.programme.domain.pairing.state import Pair, PairStatus

if TYPE_CHECKING:
    from services.programme.tests.conftest import Story

    from interpares.programme.domain.programme import Programme

LABEL = {"en": "x"}


def by_pair(story: Story, **pair: Any) -> Programme:
    """Return a programme of three hosts and a guest whose strands come with its pairs."""
    twins = {"label": LABEL, "between": ["host", "host"], **pair}
    story.document = story.template(strands={"by": "pair"}, pairs={"twins": twins})
    admitted = [
        (name, role) for name, role in (("graz", "host"), ("linz", "host"), ("wels", "host"), ("enns", "guest"))
    ]
    told = [story.admitted(name, role, "unpaired") for name, role in admitted]
    drafted, fields = story.drafted()
    return story.past((drafted, fields | {"strands": ()}), story.called(), *told)


def paired(story: Story) -> Programme:
    """Return that programme with graz and linz paired, and their duties derived."""
    programme = by_pair(story)
    graz, linz = story.id("graz"), story.id("linz")
    programme.propose_pair("twins", (graz, linz), graz, story.grounds())
    programme.consent_to_pair("twins-1", linz, story.grounds())
    programme.derive_duties(story.grounds())
    programme.collect_events()
    return programme


def test_a_pair_is_proposed_and_who_else_could_have_been_it_is_named(story: Story) -> None:
    programme = by_pair(story)
    graz, linz = story.id("graz"), story.id("linz")
    proposed = programme.propose_pair("twins", (graz, linz), graz, story.grounds())
    assert isinstance(proposed, events.PairProposed)
    assert proposed.decision == story.decision(
        "pair-proposal",
        "pair:twins-1",
        "proposed",
        concerns=(graz, linz),
        rule=programme.state.charter.pairs["twins"].ref,
        alternatives=(Alternative("not-chosen", story.id("wels")), Alternative("fits", option="no-pair")),
    )
    assert programme.state.pairs["twins-1"] == Pair("twins-1", "twins", (graz, linz), (graz,))
    assert programme.state.participations[str(graz)].strands == ()


def test_with_the_consent_of_both_it_is_concluded_and_has_a_strand(story: Story) -> None:
    programme = by_pair(story)
    graz, linz, wels = (story.id(name) for name in ("graz", "linz", "wels"))
    programme.propose_pair("twins", (graz, linz), None, story.grounds())
    first = programme.consent_to_pair("twins-1", linz, story.grounds())
    assert programme.state.pairs["twins-1"].status is PairStatus.PROPOSED
    assert first.decision.alternatives == (Alternative("fits", option="decline"),)
    consented = programme.consent_to_pair("twins-1", graz, story.grounds())
    concluded = programme.pending_events[-1]
    assert isinstance(concluded, events.PairConcluded)
    assert concluded.decision.follows == consented.event_id
    assert concluded.decision.reason_code == "both-consented"
    assert [programme.state.participations[str(member)].strands for member in (graz, linz, wels)] == [
        ("twins-1",),
        ("twins-1",),
        (),
    ]
    second = programme.propose_pair("twins", (graz, wels), None, story.grounds())
    assert second.pair == "twins-2"
    assert second.decision.alternatives[0] == Alternative("paired-already", linz)


def test_one_side_can_decline_and_the_two_can_be_proposed_again(story: Story) -> None:
    programme = by_pair(story)
    graz, linz = story.id("graz"), story.id("linz")
    programme.propose_pair("twins", (graz, linz), graz, story.grounds())
    with pytest.raises(PairNotFitting):
        programme.propose_pair("twins", (linz, graz), None, story.grounds())
    declined = programme.decline_pair("twins-1", linz, story.grounds())
    assert declined.decision.alternatives == (Alternative("fits", option="consent"),)
    with pytest.raises(PairNotOpen):
        programme.consent_to_pair("twins-1", linz, story.grounds())
    assert programme.propose_pair("twins", (linz, graz), None, story.grounds()).pair == "twins-2"


def test_what_cannot_be_a_pair_is_refused(story: Story) -> None:
    programme = by_pair(story)
    graz, linz, enns = (story.id(name) for name in ("graz", "linz", "enns"))
    with pytest.raises(UnknownPairRule):
        programme.propose_pair("friends", (graz, linz), None, story.grounds())
    for members in ((graz, graz), (graz, enns)):
        with pytest.raises(PairNotFitting):
            programme.propose_pair("twins", members, None, story.grounds())
    with pytest.raises(NotParticipating):
        programme.propose_pair("twins", (graz, story.id("nobody")), None, story.grounds())
    programme.propose_pair("twins", (graz, linz), graz, story.grounds())
    for pair, organisation, refusal in (
        ("twins-9", linz, UnknownPair),
        ("twins-1", enns, UnknownPair),
        ("twins-1", graz, PairNotOpen),
    ):
        with pytest.raises(refusal):
            programme.consent_to_pair(pair, organisation, story.grounds())


def test_where_the_office_pairs_nobody_is_asked(story: Story) -> None:
    programme = by_pair(story, consent="office")
    graz, linz = story.id("graz"), story.id("linz")
    with pytest.raises(RoleNotDeclared):
        programme.propose_pair("twins", (graz, linz), graz, story.grounds())
    concluded = programme.propose_pair("twins", (graz, linz), None, story.grounds())
    assert isinstance(concluded, events.PairConcluded)
    assert concluded.decision.alternatives == (
        Alternative("not-chosen", story.id("wels")),
        Alternative("fits", option="no-pair"),
    )


def test_each_owes_its_share_in_each_pair(story: Story) -> None:
    programme = paired(story)
    graz, wels = story.id("graz"), story.id("wels")
    programme.propose_pair("twins", (graz, wels), graz, story.grounds())
    programme.consent_to_pair("twins-2", wels, story.grounds())
    programme.derive_duties(story.grounds())
    owed = [duty.id for duty in programme.state.duties.values() if duty.owner == graz]
    assert sorted(owed) == ["twins-1.visits.1", "twins-1.visits.2", "twins-2.visits.1", "twins-2.visits.2"]
    assert programme.organisers("twins-1.visits.1") == ()
    assert [each.organisation for each in programme.invited("twins-1.visits.1")] == [graz, story.id("linz")]


def test_when_a_pair_ends_the_duties_of_its_strand_lapse_and_no_others(story: Story) -> None:
    programme = paired(story)
    graz, linz = story.id("graz"), story.id("linz")
    programme.offer_duty("twins-1.visits.1", (graz,), None, story.grounds())
    programme.accept_duty("twins-1.visits.1", graz, story.grounds())
    programme.offer_duty("twins-1.visits.3", (linz,), None, story.grounds())
    programme.lapse_duty("twins-1.visits.2", story.grounds())
    programme.offer_duty("all.finale.1", (graz,), None, story.grounds())
    programme.collect_events()

    ended = programme.end_pair("twins-1", story.grounds())

    assert ended.offers_ended == ("twins-1.visits.3",)
    assert [type(event).__name__ for event in programme.pending_events] == [
        "PairEnded",
        "DutyReleased",
        "DutyLapsed",
        "DutyLapsed",
        "DutyLapsed",
    ]
    released = programme.pending_events[1]
    assert (released.cause, released.decision.reason_code) == (LossCause.PAIR_END, "host-lost-by-pair-end")  # type: ignore[attr-defined]
    assert {event.cause for event in programme.pending_events[2:]} == {LapseCause.PAIR_END}  # type: ignore[attr-defined]
    strand = [duty for duty in programme.state.duties.values() if duty.strand == "twins-1"]
    assert {duty.status for duty in strand} == {Status.LAPSED}
    assert programme.state.duties["all.finale.1"].status is Status.OFFERED
    with pytest.raises(PairNotOpen):
        programme.end_pair("twins-1", story.grounds())
    with pytest.raises(DutyNotReleased, match="a pair that has ended"):
        programme.reopen_duty("twins-1.visits.1", story.grounds())


def test_who_leaves_or_loses_the_role_leaves_its_pairs(story: Story) -> None:
    programme = paired(story)
    graz, linz, wels = (story.id(name) for name in ("graz", "linz", "wels"))
    programme.propose_pair("twins", (graz, wels), None, story.grounds())
    withdrawn = programme.withdraw(graz, story.grounds())
    ended = [event for event in programme.pending_events if isinstance(event, events.PairEnded)]
    assert [event.pair for event in ended] == ["twins-1", "twins-2"]
    assert {event.decision.follows for event in ended} == {withdrawn.event_id}
    assert programme.state.participations[str(linz)].strands == ()

    other = paired(story)
    other.end_role(graz, "host", story.grounds())
    assert other.state.pairs["twins-1"].status is PairStatus.ENDED


def test_a_pair_that_does_not_need_the_role_goes_on(story: Story) -> None:
    story.document = story.template(strands={"by": "pair"})
    drafted, fields = story.drafted()
    told = [story.admitted("graz", "host", "unpaired"), story.admitted("linz", "guest", "unpaired")]
    programme = story.past((drafted, fields | {"strands": ()}), story.called(), *told)
    programme.propose_pair("pair", (story.id("graz"), story.id("linz")), story.id("graz"), story.grounds())
    programme.end_role(story.id("graz"), "host", story.grounds())
    assert programme.state.pairs["pair-1"].status is PairStatus.PROPOSED


def test_pairs_of_a_programme_by_country_have_no_strand(story: Story) -> None:
    story.document = story.template(pairs={"twins": {"label": LABEL, "between": ["host", "guest"]}})
    programme = story.running(story.admitted("graz"), story.admitted("linz", "guest"))
    graz, linz = story.id("graz"), story.id("linz")
    programme.propose_pair("twins", (linz, graz), graz, story.grounds())
    programme.consent_to_pair("twins-1", linz, story.grounds())
    assert programme.state.participations[str(graz)].strands == ("AT",)
