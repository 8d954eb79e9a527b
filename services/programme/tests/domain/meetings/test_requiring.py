"""Prerequisites: which facts count on a day, what is missing since when, and exceptions that end by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from services.programme.tests.domain.meetings.telling import LABEL, fact

from interpares.common.context import acting
from interpares.programme.domain.decision import Alternative, Evidence
from interpares.programme.domain.errors import NotParticipating
from interpares.programme.domain.meetings.errors import (
    ExceptionNotFitting,
    GateClosed,
    NoException,
    PrerequisitesMissing,
    UnknownPrerequisite,
)
from interpares.programme.domain.meetings.prerequisites import Missing, Shown, exception_evidence
from interpares.programme.domain.meetings.rules import DueBefore

if TYPE_CHECKING:
    from uuid import UUID

    from services.programme.tests.conftest import Story
    from services.programme.tests.domain.meetings.conftest import Club

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("facts", "ground", "since"),
    [
        ((), "never-shown", None),
        (({"kind": "team"},), "never-shown", None),
        (({"prerequisite": "head"},), "never-shown", None),
        (({"valid_until": date(2026, 2, 28)},), "expired", date(2026, 3, 1)),
        (({"revoked_on": date(2026, 3, 1)},), "revoked", date(2026, 3, 1)),
        (({"valid_from": date(2026, 3, 2)},), "not-yet-valid", date(2026, 3, 2)),
        (
            ({"valid_until": date(2026, 1, 31)}, {"revoked_on": date(2026, 2, 10)}),
            "revoked",
            date(2026, 2, 10),
        ),
    ],
)
def test_what_does_not_count_is_missing_for_a_reason(
    agreed: Club, facts: tuple[dict[str, Any], ...], ground: str, since: date | None
) -> None:
    graz = agreed.story.id("graz")
    shown = [fact("named-head"), *(fact(**{"kind": "political-resolution"} | each) for each in facts)]
    gate = agreed.programme.gate(agreed.meeting(), {graz: Shown("municipality", tuple(shown))}, DAY)

    assert gate.due.missing == (Missing(graz, "resolution", DueBefore.CONFIRMED, ground, since),)
    assert str(graz) in gate.due.missing[0].says()


@pytest.mark.parametrize(
    "facts",
    [
        ({},),
        ({"prerequisite": "resolution", "kind": "other"},),
        ({"valid_until": DAY},),
        ({"revoked_on": date(2026, 3, 2)},),
        ({"valid_until": date(2026, 1, 31)}, {}),
    ],
)
def test_what_counts_is_evidence(agreed: Club, facts: tuple[dict[str, Any], ...]) -> None:
    graz = agreed.story.id("graz")
    shown = [fact("named-head"), *(fact(**{"kind": "political-resolution"} | each) for each in facts)]
    gate = agreed.programme.gate(agreed.meeting(), {graz: Shown("municipality", tuple(shown))}, DAY)

    assert gate.open
    assert gate.due.evidence[-1] == Evidence(f"prerequisite:{shown[-1].fact_id}", 2, "cd" * 32, 5)


def test_something_other_is_known_by_its_key_only(club: Club) -> None:
    rule = replace(club.programme.state.charter.meetings.prerequisites["head"], proof="other")
    assert not fact("other").meets(rule)
    assert fact("other", prerequisite="head").meets(rule)


def test_prerequisites_concern_kinds_and_roles(confirmed: Club, proofs: dict[UUID, Shown]) -> None:
    wels = confirmed.story.id("wels")
    for kind, missing in (("university", []), ("municipality", ["team"]), ("", ["team"])):
        gate = confirmed.programme.gate(confirmed.meeting(), proofs | {wels: Shown(kind)}, DAY)
        assert [each.prerequisite for each in gate.coming.missing if each.organisation == wels] == missing


def test_a_host_stands_to_what_was_due_before(agreed: Club) -> None:
    gate = agreed.programme.gate(agreed.meeting(), {}, DAY)
    assert [each.prerequisite for each in gate.due.missing] == ["head", "resolution"]


def test_offers_acceptances_admissions_and_the_closure_ask_for_what_is_due(story: Story) -> None:
    due = ("admission", "offer", "acceptance", "closure")
    story.document = story.template(
        prerequisites={each: {"label": LABEL, "proof": "other", "due_before": each} for each in due}
    )
    graz = story.id("graz")

    def shown(*keys: str) -> dict[UUID, Shown]:
        return {graz: Shown("", tuple(fact("other", key, prerequisite=key) for key in keys))}

    programme = story.running(story.derived(("AT.circle.1", "talk", None)))
    applicant, why = story.applicant("graz", "guest"), story.grounds()
    with pytest.raises(PrerequisitesMissing):
        programme.admit(applicant, "guest", (), why)
    admitted = programme.admit(applicant, "guest", (), why, proofs=shown("admission"))
    assert len(admitted.decision.evidence) == 2
    with pytest.raises(PrerequisitesMissing):
        programme.offer_duty("AT.circle.1", (graz,), None, why, shown("admission"))
    programme.offer_duty("AT.circle.1", (graz,), None, why, shown("offer"))
    with pytest.raises(PrerequisitesMissing):
        programme.accept_duty("AT.circle.1", graz, why)
    accepted = programme.accept_duty("AT.circle.1", graz, why, shown("acceptance"))
    assert len(accepted.decision.evidence) == 1
    with pytest.raises(PrerequisitesMissing):
        programme.close(why)
    assert len(programme.close(why, shown("closure")).decision.evidence) == 1


def test_an_exception_stands_in_until_its_day_and_no_longer(agreed: Club) -> None:
    story, programme, graz = agreed.story, agreed.programme, agreed.story.id("graz")
    shown = {graz: Shown("municipality", (fact("named-head"),))}
    granted = programme.grant_exception(graz, "resolution", date(2026, 3, 10), agreed.why)

    assert granted.decision == story.decision(
        "exception-grant",
        f"exception:{graz}:resolution",
        "granted",
        concerns=(graz,),
        rule=programme.state.charter.meetings.prerequisites["resolution"].ref,
        alternatives=(Alternative(ground="fits", option="insist"),),
    )
    with acting(replace(story.occasion, now=story.now + timedelta(days=10))), pytest.raises(GateClosed) as closed:
        programme.confirm_meeting(agreed.meeting(), shown, agreed.why)
    assert "exception-ended on 2026-03-11" in closed.value.items[0]["message"]
    with acting(replace(story.occasion, now=story.now + timedelta(days=9))):
        told = programme.confirm_meeting(agreed.meeting(), shown, agreed.why)

    exception = programme.state.meetings.exempt[f"{graz}:resolution"]
    assert exception.decision == granted.event_id
    assert told.decision.evidence[-1] == exception_evidence(exception)


def test_an_exception_has_an_end_ahead_and_can_be_ended(agreed: Club) -> None:
    programme, graz, why = agreed.programme, agreed.story.id("graz"), agreed.why
    for prerequisite, who, until, error in (
        ("unheard-of", graz, DAY, UnknownPrerequisite),
        ("resolution", graz, DAY - timedelta(days=1), ExceptionNotFitting),
        ("resolution", agreed.story.id("nobody"), DAY, NotParticipating),
    ):
        with pytest.raises(error):
            programme.grant_exception(who, prerequisite, until, why)
    with pytest.raises(NoException):
        programme.end_exception(graz, "resolution", why)
    programme.grant_exception(graz, "resolution", DAY, why)
    with acting(replace(agreed.story.occasion, now=agreed.story.now + timedelta(days=1))), pytest.raises(NoException):
        programme.end_exception(graz, "resolution", why)
    programme.end_exception(graz, "resolution", why)
    assert programme.state.meetings.exempt == {}


def test_an_applicant_can_be_excepted_before_it_takes_part(story: Story) -> None:
    story.document = story.template(
        prerequisites={"head": {"label": LABEL, "proof": "named-head", "due_before": "admission"}}
    )
    programme, graz = story.running(), story.id("graz")
    programme.grant_exception(graz, "head", DAY, story.grounds())

    admitted = programme.admit(story.applicant("graz"), "host", (), story.grounds())
    assert [each.ref.partition(":")[0] for each in admitted.decision.evidence] == ["application", "exception"]
