from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from interpares.programme.domain import events
from interpares.programme.domain.decision import Alternative, Source, SourceKind
from interpares.programme.domain.duties import Duty, LapseCause, Loss, LossCause, Status
from interpares.programme.domain.errors import (
    DutyAlreadyOffered,
    DutyNotLapsable,
    DutyNotOffered,
    DutyNotOpen,
    DutyNotReleased,
    DutyWithoutHost,
    HostingDutyTaken,
    MomentNotFitting,
    NobodyAsked,
    NotEligibleToHost,
    NotParticipating,
    UnknownDuty,
)

if TYPE_CHECKING:
    from services.programme.tests.conftest import Happened, Story

    from interpares.programme.domain.programme import Programme

FINALE = "all.finale.1"


@pytest.fixture
def ledger(story: Story) -> list[Happened]:
    """Three hosts, one of them in another strand; seven events with draft and call, so the next has version 8."""
    return [
        story.admitted("graz"),
        story.admitted("linz"),
        story.admitted("bonn", "host", "DE"),
        story.admitted("wels", "guest"),
        story.derived(
            ("AT.visits.1", "talk", "graz"),
            ("AT.visits.2", "tour", None),
            ("AT.circle.1", "talk", None),
            (FINALE, "fair", None),
        ),
    ]


def finale(programme: Programme) -> Duty:
    return programme.state.duties[FINALE]


def test_a_duty_is_offered_to_some_and_the_others_are_named(story: Story, ledger: list[Happened]) -> None:
    busy = (story.accepted("AT.visits.1", "graz"), story.accepted(FINALE, "linz", "fair"))
    programme = story.running(*ledger, *busy)
    programme.release_duty(FINALE, story.grounds())
    programme.reopen_duty(FINALE, story.grounds())
    programme.collect_events()
    to, tomorrow = (story.id("bonn"),), story.now + timedelta(days=1)

    programme.offer_duty(FINALE, (*to, *to), tomorrow, story.grounds("central"))

    decision = story.decision(
        "duty-offer",
        f"duty:{FINALE}",
        "offered",
        concerns=to,
        reason_code="central",
        rule=story.rule("hosting.finale", programme),
        alternatives=(
            Alternative("not-offered", story.id("graz")),
            Alternative("lost-before", story.id("linz")),
        ),
    )
    fields = {"decision": decision, "duty": FINALE, "to": to, "respond_by": tomorrow}
    assert list(programme.collect_events()) == story.told(12, (events.DutyOffered, fields))
    assert finale(programme) == Duty(
        "all",
        "finale",
        1,
        "fair",
        None,
        Status.OFFERED,
        candidates=to,
        losses=(Loss(story.id("linz"), LossCause.RELEASE),),
    )


def test_who_hosts_under_the_same_rule_is_named_as_host(story: Story) -> None:
    story.with_rule("finale", formats=[{"format": "fair", "duties": 2}])
    programme = story.running(
        story.admitted("graz"),
        story.admitted("linz"),
        story.derived((FINALE, "fair", None), ("all.finale.2", "fair", None)),
        story.offered(FINALE, "graz"),
        story.accepted(FINALE, "graz", "fair"),
    )
    offered = programme.offer_duty("all.finale.2", (story.id("linz"),), None, story.grounds())
    assert offered.decision.alternatives == (Alternative("already-host", story.id("graz")),)


def test_more_can_be_asked_while_some_have_not_answered(story: Story, ledger: list[Happened]) -> None:
    declined = (events.DutyDeclined, {"duty": FINALE, "organisation": story.id("graz")})
    programme = story.running(*ledger, story.offered(FINALE, "graz", "linz"), declined)

    offered = programme.offer_duty(FINALE, (story.id("bonn"),), None, story.grounds())

    assert offered.decision.alternatives == (
        Alternative("declined", story.id("graz")),
        Alternative("offered-not-answered", story.id("linz")),
    )
    assert finale(programme).candidates == (story.id("linz"), story.id("bonn"))
    programme.offer_duty(FINALE, (story.id("graz"),), None, story.grounds())
    assert (finale(programme).declined, len(finale(programme).candidates)) == ((), 3)


@pytest.mark.parametrize(
    ("refusal", "duty", "to"),
    [
        (UnknownDuty, "all.finale.2", ["graz"]),
        (NobodyAsked, FINALE, []),
        (NotParticipating, FINALE, ["graz", "paris"]),
        (NotEligibleToHost, FINALE, ["wels"]),
        (NotEligibleToHost, "AT.visits.1", ["linz"]),
        (NotEligibleToHost, "AT.visits.2", ["bonn"]),
        (DutyAlreadyOffered, "AT.circle.1", ["wels"]),
    ],
)
def test_an_offer_that_does_not_fit_is_refused(
    story: Story, ledger: list[Happened], refusal: type[Exception], duty: str, to: list[str]
) -> None:
    programme = story.running(*ledger, story.offered("AT.circle.1", "wels"))
    with pytest.raises(refusal):
        programme.offer_duty(duty, tuple(map(story.id, to)), None, story.grounds())
    assert not programme.pending_events


def test_an_answer_is_not_asked_for_by_yesterday(story: Story, ledger: list[Happened]) -> None:
    programme = story.running(*ledger)
    yesterday = story.now - timedelta(days=1)
    with pytest.raises(MomentNotFitting):
        programme.offer_duty(FINALE, (story.id("graz"),), yesterday, story.grounds())
    looking_back = story.grounds(source=Source(SourceKind.IMPORT))
    programme.offer_duty(FINALE, (story.id("graz"),), yesterday, looking_back)


def test_the_first_yes_wins_and_the_others_are_named(story: Story, ledger: list[Happened]) -> None:
    declined = (events.DutyDeclined, {"duty": FINALE, "organisation": story.id("graz")})
    programme = story.running(*ledger, story.offered(FINALE, "graz", "linz", "bonn"), declined)

    programme.accept_duty(FINALE, story.id("bonn"), story.grounds("venue-free", "coordinator"))

    decision = story.decision(
        "duty-acceptance",
        f"duty:{FINALE}",
        "accepted",
        concerns=(story.id("bonn"),),
        capacity="coordinator",
        reason_code="venue-free",
        rule=story.rule("hosting.finale", programme),
        alternatives=(
            Alternative("declined", story.id("graz")),
            Alternative("offered-not-answered", story.id("linz")),
            Alternative("venue-free", option="decline"),
        ),
    )
    fields = {"decision": decision, "duty": FINALE, "host": story.id("bonn"), "format": "fair"}
    assert list(programme.collect_events()) == story.told(10, (events.DutyAccepted, fields))
    assert finale(programme) == Duty("all", "finale", 1, "fair", None, Status.ACCEPTED, host=story.id("bonn"))
    for late in (programme.accept_duty, programme.decline_duty):
        with pytest.raises(HostingDutyTaken):
            late(FINALE, story.id("linz"), story.grounds())
    with pytest.raises(HostingDutyTaken):
        programme.offer_duty(FINALE, (story.id("linz"),), None, story.grounds())


@pytest.mark.parametrize(
    ("refusal", "duty", "name"),
    [
        (UnknownDuty, "all.finale.2", "graz"),
        (NotParticipating, FINALE, "paris"),
        (DutyNotOffered, FINALE, "linz"),
        (DutyNotOffered, "AT.visits.1", "graz"),
    ],
)
def test_only_whom_it_is_offered_to_can_answer(
    story: Story, ledger: list[Happened], refusal: type[Exception], duty: str, name: str
) -> None:
    programme = story.running(*ledger, story.offered(FINALE, "graz"))
    for answer in (programme.accept_duty, programme.decline_duty):
        with pytest.raises(refusal):
            answer(duty, story.id(name), story.grounds())


def test_when_the_last_declines_the_duty_is_open_again(story: Story, ledger: list[Happened]) -> None:
    programme = story.running(*ledger, story.offered(FINALE, "graz", "linz"))

    programme.decline_duty(FINALE, story.id("graz"), story.grounds("no-staff", "coordinator"))

    decision = story.decision(
        "duty-refusal",
        f"duty:{FINALE}",
        "declined",
        concerns=(story.id("graz"),),
        capacity="coordinator",
        reason_code="no-staff",
        rule=story.rule("hosting.finale", programme),
        alternatives=(Alternative("no-staff", option="accept"),),
    )
    fields = {"decision": decision, "duty": FINALE, "organisation": story.id("graz")}
    assert list(programme.collect_events()) == story.told(9, (events.DutyDeclined, fields))
    assert finale(programme).status is Status.OFFERED
    with pytest.raises(DutyNotOffered):
        programme.accept_duty(FINALE, story.id("graz"), story.grounds())
    programme.decline_duty(FINALE, story.id("linz"), story.grounds())
    assert finale(programme) == Duty(
        "all", "finale", 1, "fair", None, Status.OPEN, declined=(story.id("graz"), story.id("linz"))
    )


def test_who_owes_a_duty_owes_it_still_after_saying_no(story: Story, ledger: list[Happened]) -> None:
    programme = story.running(*ledger, story.offered("AT.visits.1", "graz"))
    programme.decline_duty("AT.visits.1", story.id("graz"), story.grounds())
    duty = programme.state.duties["AT.visits.1"]
    assert (duty.status, duty.owner) == (Status.OPEN, story.id("graz"))


def released(story: Story, programme: Programme, duty: str, rule: str, host: str, *, hosted: bool) -> dict[str, Any]:
    decision = story.decision(
        "duty-release",
        f"duty:{duty}",
        "released",
        concerns=(story.id(host),),
        reason_code="flood",
        rule=story.rule(f"hosting.{rule}", programme),
        alternatives=(Alternative("flood", option="keep-host"),),
    )
    return {
        "decision": decision,
        "duty": duty,
        "organisation": story.id(host),
        "hosted": hosted,
        "cause": LossCause.RELEASE,
    }


def test_a_lost_host_whose_rule_says_reassign_leaves_an_open_duty(story: Story, ledger: list[Happened]) -> None:
    programme = story.running(*ledger, story.offered("AT.visits.1", "graz"), story.accepted("AT.visits.1", "graz"))

    first = programme.release_duty("AT.visits.1", story.grounds("flood"))

    decision = story.decision(
        "duty-reopening",
        "duty:AT.visits.1",
        "open",
        concerns=(story.id("graz"),),
        reason_code="on-host-loss-reassign",
        rule=story.rule("hosting.visits", programme),
        follows=first.event_id,
    )
    fields = released(story, programme, "AT.visits.1", "visits", "graz", hosted=True)
    assert list(programme.collect_events()) == story.told(
        10,
        (events.DutyReleased, fields),
        (events.DutyReopened, {"decision": decision, "duty": "AT.visits.1", "owner": None}),
    )
    assert programme.state.duties["AT.visits.1"] == Duty(
        "AT", "visits", 1, "talk", None, losses=(Loss(story.id("graz"), LossCause.RELEASE),)
    )
    programme.offer_duty("AT.visits.1", (story.id("graz"), story.id("linz")), None, story.grounds())


def test_a_lost_host_whose_rule_says_lapse_ends_the_duty(story: Story, ledger: list[Happened]) -> None:
    programme = story.running(*ledger, story.offered("AT.circle.1", "wels"), story.accepted("AT.circle.1", "wels"))

    first = programme.release_duty("AT.circle.1", story.grounds("flood"))

    decision = story.decision(
        "duty-lapse",
        "duty:AT.circle.1",
        "lapsed",
        reason_code="on-host-loss-lapse",
        rule=story.rule("hosting.circle", programme),
        follows=first.event_id,
    )
    fields = released(story, programme, "AT.circle.1", "circle", "wels", hosted=True)
    assert list(programme.collect_events()) == story.told(
        10,
        (events.DutyReleased, fields),
        (events.DutyLapsed, {"decision": decision, "duty": "AT.circle.1", "cause": LapseCause.HOST_LOSS}),
    )


def test_a_lost_host_whose_rule_says_decide_leaves_it_to_the_office(story: Story, ledger: list[Happened]) -> None:
    programme = story.running(*ledger, story.offered(FINALE, "bonn"), story.accepted(FINALE, "bonn", "fair"))

    programme.release_duty(FINALE, story.grounds("flood"))

    fields = released(story, programme, FINALE, "finale", "bonn", hosted=True)
    assert list(programme.collect_events()) == story.told(10, (events.DutyReleased, fields))
    with pytest.raises(DutyNotOpen):
        programme.offer_duty(FINALE, (story.id("graz"),), None, story.grounds())

    programme.reopen_duty(FINALE, story.grounds("try-again"))
    decision = story.decision(
        "duty-reopening",
        f"duty:{FINALE}",
        "open",
        concerns=(story.id("bonn"),),
        reason_code="try-again",
        rule=story.rule("hosting.finale", programme),
        alternatives=(Alternative("try-again", option="lapse"),),
    )
    reopened = (events.DutyReopened, {"decision": decision, "duty": FINALE, "owner": None})
    assert list(programme.collect_events()) == story.told(11, reopened)


def test_the_office_lets_a_released_duty_lapse(story: Story, ledger: list[Happened]) -> None:
    programme = story.running(*ledger, story.offered(FINALE, "bonn"), story.accepted(FINALE, "bonn", "fair"))
    programme.release_duty(FINALE, story.grounds())
    lapsed = programme.lapse_duty(FINALE, story.grounds("no-time"))
    assert lapsed.decision.alternatives == (
        Alternative("not-offered", story.id("graz")),
        Alternative("not-offered", story.id("linz")),
        Alternative("lost-before", story.id("bonn")),
        Alternative("no-time", option="reopen"),
    )


def test_who_owes_a_duty_can_be_released_before_it_answers(story: Story, ledger: list[Happened]) -> None:
    programme = story.running(*ledger, story.offered("AT.visits.1", "graz"))
    programme.release_duty("AT.visits.1", story.grounds("flood"))
    first = programme.collect_events()[0]
    told = story.told(
        9,
        (events.DutyReleased, released(story, programme, "AT.visits.1", "visits", "graz", hosted=False)),
    )
    assert [first] == told


def test_nobody_is_released_from_what_binds_nobody(story: Story, ledger: list[Happened]) -> None:
    programme = story.running(*ledger)
    with pytest.raises(DutyWithoutHost):
        programme.release_duty(FINALE, story.grounds())
    programme.lapse_duty("AT.visits.1", story.grounds())
    with pytest.raises(DutyWithoutHost):
        programme.release_duty("AT.visits.1", story.grounds())


def test_an_open_duty_lapses_by_decision(story: Story, ledger: list[Happened]) -> None:
    programme = story.running(*ledger)

    programme.lapse_duty("AT.visits.1", story.grounds("no-time"))

    decision = story.decision(
        "duty-lapse",
        "duty:AT.visits.1",
        "lapsed",
        concerns=(story.id("graz"),),
        reason_code="no-time",
        rule=story.rule("hosting.visits", programme),
        alternatives=(Alternative("not-offered", story.id("graz")), Alternative("no-time", option="keep-open")),
    )
    fields = {"decision": decision, "duty": "AT.visits.1", "cause": LapseCause.DECIDED}
    assert list(programme.collect_events()) == story.told(8, (events.DutyLapsed, fields))


def test_a_lapse_by_mistake_is_corrected_by_reopening(story: Story, ledger: list[Happened]) -> None:
    programme = story.running(*ledger)
    programme.lapse_duty("AT.visits.1", story.grounds())
    programme.reopen_duty("AT.visits.1", story.grounds())
    assert programme.state.duties["AT.visits.1"] == Duty("AT", "visits", 1, "talk", story.id("graz"))

    programme.lapse_duty("AT.visits.1", story.grounds())
    programme.withdraw(story.id("graz"), story.grounds())
    programme.reopen_duty("AT.visits.1", story.grounds())
    assert programme.state.duties["AT.visits.1"].owner is None


def test_what_has_a_host_does_not_lapse_and_what_is_open_is_not_reopened(story: Story, ledger: list[Happened]) -> None:
    programme = story.running(*ledger, story.offered(FINALE, "bonn"), story.accepted(FINALE, "bonn", "fair"))
    with pytest.raises(DutyNotLapsable):
        programme.lapse_duty(FINALE, story.grounds())
    with pytest.raises(DutyNotReleased):
        programme.reopen_duty("AT.visits.1", story.grounds())
    with pytest.raises(UnknownDuty):
        programme.reopen_duty("AT.visits.9", story.grounds())
