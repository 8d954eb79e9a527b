from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from interpares.programme.domain import events
from interpares.programme.domain.charter import Obtained
from interpares.programme.domain.decision import Alternative, Evidence
from interpares.programme.domain.duties import LapseCause, LossCause, Status
from interpares.programme.domain.errors import (
    AlreadyParticipates,
    ApplicationAlreadyDecided,
    ApplicationGone,
    NotParticipating,
    ProgrammeNotRunning,
    RoleAlreadyHeld,
    RoleExclusive,
    RoleNotAppliedFor,
    RoleNotDeclared,
    RoleNotHeld,
    UnknownApplication,
    UnknownRole,
    UnknownStrand,
)

if TYPE_CHECKING:
    from services.programme.tests.conftest import Story

    from interpares.programme.domain.participation import Applicant


def evidence(applicant: Applicant) -> Evidence:
    return Evidence(f"application:{applicant.application_id}", 1, "ab" * 32, 17)


def test_an_applicant_is_admitted_and_the_others_are_named(story: Story) -> None:
    graz, linz, wels, steyr, enns = (story.applicant(name) for name in ("graz", "linz", "wels", "steyr", "enns"))
    declined = {"organisation": story.id("wels"), "application": wels.application_id, "role": "host", "strand": "AT"}
    gone = story.applicant("enns", withdrawn=True)
    programme = story.running(story.admitted("linz"), (events.ApplicationDeclined, declined))

    programme.admit(graz, "host", (graz, linz, wels, steyr, gone), story.grounds("best-concept"))

    decision = story.decision(
        "admission",
        f"application:{graz.application_id}",
        "admitted",
        concerns=(graz.organisation_id,),
        reason_code="best-concept",
        rule=story.rule("roles.host", programme),
        evidence=(evidence(graz),),
        alternatives=(
            Alternative("admitted-as-well", linz.organisation_id),
            Alternative("declined", wels.organisation_id),
            Alternative("not-decided", steyr.organisation_id),
            Alternative("withdrawn", enns.organisation_id),
            Alternative("best-concept", option="decline"),
        ),
    )
    admitted, fields = story.admitted("graz")
    assert list(programme.collect_events()) == story.told(5, (admitted, {**fields, "decision": decision}))
    assert programme.state.participations[str(story.id("graz"))].number == 2


@pytest.mark.parametrize(
    ("refusal", "changes"),
    [
        (UnknownApplication, {"programme_id": "another programme"}),
        (ApplicationGone, {"withdrawn": True}),
        (UnknownRole, {"role": "king"}),
        (UnknownStrand, {"country": "FR"}),
        (UnknownStrand, {"strand": "DE"}),
    ],
)
def test_an_applicant_that_does_not_fit_is_not_admitted(
    story: Story, refusal: type[Exception], changes: dict[str, Any]
) -> None:
    if "programme_id" in changes:
        changes = {"programme_id": story.id(changes["programme_id"])}
    applicant = story.applicant("graz", **changes)
    programme = story.running()
    with pytest.raises(refusal):
        programme.admit(applicant, applicant.role, (), story.grounds())
    assert not programme.pending_events


def test_a_strand_by_name_is_fine_if_it_is_the_right_one(story: Story) -> None:
    programme = story.running()
    admitted = programme.admit(story.applicant("graz", strand="AT"), "host", (), story.grounds())
    assert admitted.strand == "AT"


def test_an_undivided_programme_has_one_strand_for_all_countries(story: Story) -> None:
    story.document = story.template(strands={"by": "one"})
    programme = story.past(story.drafted("all"), story.called())
    admitted = programme.admit(story.applicant("lima", country="PE"), "host", (), story.grounds())
    assert (admitted.strand, admitted.country) == ("all", "PE")
    declined = programme.decline_application(story.applicant("quito", country="EC"), (), story.grounds())
    assert declined.strand == "all"


def test_nobody_is_admitted_before_the_call_or_in_another_role_or_twice(story: Story) -> None:
    graz = story.applicant("graz")
    with pytest.raises(ProgrammeNotRunning):
        story.past(story.drafted()).admit(graz, "host", (), story.grounds())
    with pytest.raises(RoleNotAppliedFor):
        story.running().admit(graz, "guest", (), story.grounds())
    with pytest.raises(ApplicationAlreadyDecided):
        story.running(story.admitted("graz")).admit(graz, "host", (), story.grounds())
    again = story.applicant("graz", application_id=story.id("graz applies again"))
    with pytest.raises(AlreadyParticipates):
        story.running(story.admitted("graz")).admit(again, "host", (), story.grounds())


def test_who_has_left_can_come_back_with_a_new_application(story: Story) -> None:
    left = (events.ParticipationWithdrawn, {"organisation": story.id("graz"), "offers_ended": ()})
    programme = story.running(story.admitted("graz"), story.admitted("linz"), left)
    again = story.applicant("graz", application_id=story.id("graz applies again"))
    programme.admit(again, "host", (), story.grounds())
    member = programme.state.participations[str(story.id("graz"))]
    assert (member.number, member.active, member.roles) == (3, True, ("host",))


def test_an_applicant_is_declined(story: Story) -> None:
    graz, linz = story.applicant("graz"), story.applicant("linz")
    programme = story.running()

    programme.decline_application(graz, (graz, linz), story.grounds("too-small"))

    decision = story.decision(
        "application-refusal",
        f"application:{graz.application_id}",
        "declined",
        concerns=(graz.organisation_id,),
        reason_code="too-small",
        rule=story.rule("roles.host", programme),
        evidence=(evidence(graz),),
        alternatives=(Alternative("not-decided", linz.organisation_id), Alternative("too-small", option="admit")),
    )
    fields = {
        "decision": decision,
        "organisation": graz.organisation_id,
        "application": graz.application_id,
        "role": "host",
        "strand": "AT",
    }
    assert list(programme.collect_events()) == story.told(3, (events.ApplicationDeclined, fields))
    with pytest.raises(ApplicationAlreadyDecided):
        programme.decline_application(graz, (), story.grounds())


def test_even_an_application_for_a_role_that_does_not_exist_gets_its_answer(story: Story) -> None:
    programme = story.running()
    declined = programme.decline_application(story.applicant("graz", "king"), (), story.grounds())
    assert declined.decision.rule is None


def test_a_role_is_granted_and_those_are_named_that_did_not_get_it(story: Story) -> None:
    programme = story.running(
        story.admitted("graz", "friend"),
        story.admitted("linz", "friend"),
        story.admitted("bonn", "friend", "DE"),
        story.admitted("wels", "prize"),
    )

    programme.grant_role(story.id("linz"), "prize", story.grounds("best-campaign"))

    decision = story.decision(
        "role-grant",
        f"participation:{story.id('linz')}",
        "granted",
        concerns=(story.id("linz"),),
        reason_code="best-campaign",
        rule=story.rule("roles.prize", programme),
        alternatives=(
            Alternative("not-chosen", story.id("graz")),
            Alternative("best-campaign", option="no-role"),
        ),
    )
    fields = {
        "decision": decision,
        "organisation": story.id("linz"),
        "role": "prize",
        "obtained": Obtained.AWARD,
    }
    assert list(programme.collect_events()) == story.told(7, (events.RoleGranted, fields))


def test_a_role_by_declaration_is_taken_without_asking(story: Story) -> None:
    programme = story.running(story.admitted("graz", "prize"), story.admitted("linz", "prize"))
    granted = programme.grant_role(story.id("graz"), "friend", story.grounds(capacity="coordinator"))
    assert granted.decision.alternatives == (Alternative("fits", option="no-role"),)
    with pytest.raises(RoleNotDeclared):
        programme.grant_role(story.id("linz"), "host", story.grounds(capacity="coordinator"))


@pytest.mark.parametrize(
    ("refusal", "name", "role"),
    [
        (UnknownRole, "graz", "king"),
        (NotParticipating, "paris", "prize"),
        (RoleAlreadyHeld, "graz", "friend"),
        (RoleExclusive, "graz", "host"),
        (RoleExclusive, "linz", "friend"),
    ],
)
def test_a_role_that_does_not_fit_is_not_granted(story: Story, refusal: type[Exception], name: str, role: str) -> None:
    programme = story.running(story.admitted("graz", "friend"), story.admitted("linz", "host"))
    with pytest.raises(refusal):
        programme.grant_role(story.id(name), role, story.grounds())


def test_whoever_has_no_role_left_can_get_an_exclusive_one(story: Story) -> None:
    ended = (events.RoleEnded, {"organisation": story.id("graz"), "role": "guest", "offers_ended": ()})
    programme = story.running(story.admitted("graz", "guest"), ended)
    programme.grant_role(story.id("graz"), "host", story.grounds())
    assert programme.state.participations[str(story.id("graz"))].roles == ("host",)


def test_with_a_role_go_exactly_its_duties(story: Story) -> None:
    story.document["roles"]["host"]["holding"] = story.document["roles"]["guest"]["holding"] = "concurrent"
    both = (
        events.RoleGranted,
        {"organisation": story.id("graz"), "role": "guest", "obtained": Obtained.SELECTION},
    )
    programme = story.running(
        story.admitted("graz"),
        story.admitted("linz"),
        both,
        story.derived(
            ("AT.visits.1", "talk", "graz"),
            ("AT.visits.2", "talk", "linz"),
            ("AT.circle.1", "talk", None),
            ("all.finale.1", "fair", None),
        ),
        story.offered("AT.circle.1", "graz"),
        story.accepted("AT.circle.1", "graz"),
        story.offered("all.finale.1", "graz", "linz"),
    )

    programme.end_role(story.id("graz"), "host", story.grounds("change-of-plan"))

    new = [event for event in programme.collect_events() if isinstance(event, events.Event)]
    rule = story.rule("hosting.visits", programme)
    concerned: dict[str, Any] = {"concerns": (story.id("graz"),)}
    assert new == story.told(
        10,
        (
            events.RoleEnded,
            {
                "decision": story.decision(
                    "role-end",
                    f"participation:{story.id('graz')}",
                    "ended",
                    reason_code="change-of-plan",
                    rule=story.rule("roles.host", programme),
                    alternatives=(Alternative("change-of-plan", option="keep-role"),),
                    **concerned,
                ),
                "organisation": story.id("graz"),
                "role": "host",
                "offers_ended": ("all.finale.1",),
            },
        ),
        (
            events.DutyReleased,
            {
                "decision": story.decision(
                    "duty-release",
                    "duty:AT.visits.1",
                    "released",
                    reason_code="host-lost-by-role-end",
                    rule=rule,
                    follows=new[0].event_id,
                    **concerned,
                ),
                "duty": "AT.visits.1",
                "organisation": story.id("graz"),
                "hosted": False,
                "cause": LossCause.ROLE_END,
            },
        ),
        (
            events.DutyReopened,
            {
                "decision": story.decision(
                    "duty-reopening",
                    "duty:AT.visits.1",
                    "open",
                    reason_code="on-host-loss-reassign",
                    rule=rule,
                    follows=new[1].event_id,
                    **concerned,
                ),
                "duty": "AT.visits.1",
                "owner": None,
            },
        ),
    )
    duties = programme.state.duties
    assert duties["AT.visits.2"].owner == story.id("linz")
    assert duties["AT.circle.1"].host == story.id("graz")
    assert duties["all.finale.1"].candidates == (story.id("linz"),)


def test_a_role_that_is_not_held_does_not_end(story: Story) -> None:
    programme = story.running(story.admitted("graz"))
    with pytest.raises(RoleNotHeld):
        programme.end_role(story.id("graz"), "guest", story.grounds())
    with pytest.raises(UnknownRole):
        programme.end_role(story.id("graz"), "king", story.grounds())
    with pytest.raises(NotParticipating):
        programme.end_role(story.id("paris"), "host", story.grounds())


def test_with_a_participant_go_exactly_its_duties_each_as_its_rule_says(story: Story) -> None:
    story.document["roles"]["host"]["holding"] = story.document["roles"]["guest"]["holding"] = "concurrent"
    both = (
        events.RoleGranted,
        {"organisation": story.id("graz"), "role": "guest", "obtained": Obtained.SELECTION},
    )
    programme = story.running(
        story.admitted("graz"),
        story.admitted("linz"),
        both,
        story.derived(
            ("AT.visits.1", "talk", "graz"),
            ("AT.visits.2", "tour", "graz"),
            ("AT.visits.3", "talk", "linz"),
            ("AT.circle.1", "talk", None),
            ("all.finale.1", "fair", None),
        ),
        story.offered("AT.visits.1", "graz"),
        story.accepted("AT.visits.1", "graz"),
        story.offered("AT.visits.2", "graz"),
        story.offered("AT.circle.1", "graz"),
        story.accepted("AT.circle.1", "graz"),
        story.offered("all.finale.1", "graz"),
        story.accepted("all.finale.1", "graz", "fair"),
    )

    withdrawn = programme.withdraw(story.id("graz"), story.grounds("no-staff"))

    assert withdrawn.decision == story.decision(
        "withdrawal",
        f"participation:{story.id('graz')}",
        "withdrawn",
        concerns=(story.id("graz"),),
        reason_code="no-staff",
        alternatives=(Alternative("no-staff", option="stay"),),
    )
    assert withdrawn.offers_ended == ("AT.visits.2",)
    told = [
        (type(event).__name__, event.duty, getattr(event, "hosted", None), getattr(event, "cause", None))  # type: ignore[attr-defined] # events of duties have one
        for event in programme.collect_events()[1:]
    ]
    gone = LossCause.WITHDRAWAL
    assert told == [
        ("DutyReleased", "AT.circle.1", True, gone),
        ("DutyLapsed", "AT.circle.1", None, LapseCause.HOST_LOSS),
        ("DutyReleased", "AT.visits.1", True, gone),
        ("DutyReopened", "AT.visits.1", None, None),
        ("DutyReleased", "AT.visits.2", False, gone),
        ("DutyReopened", "AT.visits.2", None, None),
        ("DutyReleased", "all.finale.1", True, gone),
    ]
    status = {key: duty.status for key, duty in programme.state.duties.items()}
    assert status == {
        "AT.visits.1": Status.OPEN,
        "AT.visits.2": Status.OPEN,
        "AT.visits.3": Status.OPEN,
        "AT.circle.1": Status.LAPSED,
        "all.finale.1": Status.RELEASED,
    }
    with pytest.raises(NotParticipating):
        programme.withdraw(story.id("graz"), story.grounds())
