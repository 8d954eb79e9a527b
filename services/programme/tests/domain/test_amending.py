from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from interpares.programme.domain.amending.errors import AmendmentNotFitting, NothingAmended
from interpares.programme.domain.decision import Alternative, RuleRef
from interpares.programme.domain.errors import ProgrammeClosed, StrandsNotFitting
from interpares.programme.domain.joining import Joiner
from interpares.programme.domain.wording import digest

if TYPE_CHECKING:
    from services.programme.tests.conftest import Story

    from interpares.programme.domain.programme import Programme

LABEL = {"en": "x"}
SECTIONS: dict[str, Any] = {
    "pairs": {"twins": {"label": LABEL, "between": ["host", "host"]}},
    "accompaniment": {"process": {"label": LABEL, "by": "facilitator", "role": "host"}},
    "manual": {"weather": {"label": LABEL, "applies_to": "meeting"}},
    "phases": [{"key": "one", "label": LABEL}, {"key": "two", "label": LABEL}],
    "prerequisites": {"vote": {"label": LABEL, "proof": "other", "due_before": "offer"}},
}


def whole(story: Story) -> Programme:
    story.document = story.template(**SECTIONS)
    programme = story.running(
        story.admitted("graz"),
        story.admitted("linz"),
        story.derived(("AT.visits.1", "talk", "graz")),
    )
    graz, linz = story.id("graz"), story.id("linz")
    programme.propose_pair("twins", (graz, linz), graz, story.grounds())
    programme.agree_accompaniment("process", graz, story.id("facilitator"), None, (), story.grounds())
    programme.collect_events()
    return programme


def changed(story: Story, **changes: Any) -> dict[str, Any]:
    return story.template(**SECTIONS | {"version": 4} | changes)


def hosting(story: Story, rule: str, **more: Any) -> dict[str, Any]:
    return {**story.document["hosting"], rule: {**story.document["hosting"][rule], **more}}


def test_an_amendment_says_what_it_changes_and_which_decisions_it_touches(story: Story) -> None:
    programme = whole(story)
    visits = [{"format": "talk"}, {"format": "tour"}, {"format": "fair"}]
    template = changed(
        story, hosting=hosting(story, "visits", formats=visits), manual={}, audiences={"mayors": {"label": LABEL}}
    )
    changes = programme.changes(template)
    assert changes.touching == ("hosting.visits", "manual.weather")
    assert changes.added == ("audiences.mayors",)

    amended = programme.amend(template, (), (story.id("a decision"),), story.grounds())

    assert (amended.changed, amended.removed) == (("hosting.visits",), ("manual.weather",))
    assert amended.touched == (story.id("a decision"),)
    assert amended.decision == story.decision(
        "rule-amendment",
        f"programme:{story.programme_id}",
        "amended",
        concerns=(story.id("graz"), story.id("linz")),
        rule=RuleRef("template", 4, digest(template)),
        alternatives=(Alternative("fits", option="keep-rules"),),
    )
    assert len(programme.state.duties) == 1
    derived = programme.derive_duties(story.grounds())
    assert len([duty for duty in derived.duties if duty.rule == "visits"]) == 5


def test_later_decisions_cite_the_new_version(story: Story) -> None:
    programme = whole(story)
    programme.amend(changed(story, manual={}), (), (), story.grounds())
    admitted = programme.admit(story.applicant("wels"), "host", (), story.grounds())
    assert admitted.decision.rule is not None
    assert admitted.decision.rule.version == 4


def test_strands_can_come_and_none_can_go(story: Story) -> None:
    story.document = story.template(strands={"by": "country", "keys": ["AT", "DE", "LV"]})
    programme = story.running()
    template = story.template(strands={"by": "country", "keys": ["AT", "DE", "LV", "PL"]}, version=4)
    with pytest.raises(AmendmentNotFitting) as refused:
        programme.amend(template, ("AT", "PL"), (), story.grounds())
    assert refused.value.field == "strands"
    with pytest.raises(StrandsNotFitting):
        programme.amend(template, ("AT", "DE", "FR"), (), story.grounds())
    assert programme.amend(template, ("AT", "DE", "PL"), (), story.grounds()).strands == ("AT", "DE", "PL")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"id": "other", "manual": {}}, "id"),
        ({"version": 3, "manual": {}}, "version"),
        ({"lifecycle": "standing"}, "lifecycle"),
        ({"strands": {"by": "one"}}, "strands"),
        ({"pairs": {}}, "pairs.twins"),
        ({"accompaniment": {}}, "accompaniment.process"),
        ({"phases": [{"key": "two", "label": LABEL}, {"key": "one", "label": LABEL}]}, "phases"),
        ({"phases": [{"key": "one", "label": LABEL}]}, "phases.1"),
    ],
)
def test_what_the_programme_stands_on_stays(story: Story, changes: dict[str, Any], path: str) -> None:
    programme = whole(story)
    with pytest.raises(AmendmentNotFitting) as refused:
        programme.amend(changed(story, **changes), (), (), story.grounds())
    assert refused.value.field == f"template.{path}"
    assert not programme.pending_events


def test_a_hosting_rule_with_duties_keeps_its_role_and_scope_and_one_without_may_go(story: Story) -> None:
    programme = whole(story)
    for more in ({"scope": "programme"}, {"role": "guest"}):
        with pytest.raises(AmendmentNotFitting) as refused:
            programme.amend(changed(story, hosting=hosting(story, "visits", **more)), (), (), story.grounds())
        assert refused.value.field == "template.hosting.visits"
    rules = {"visits": story.document["hosting"]["visits"]}
    roles = {key: role for key, role in story.document["roles"].items() if key == "host"}
    amended = programme.amend(changed(story, hosting=rules, roles=roles), (), (), story.grounds())
    assert amended.removed == ("hosting.circle", "hosting.finale", "roles.friend", "roles.guest", "roles.prize")


def test_roles_that_are_held_stay_and_pairs_nobody_is_in_may_go(story: Story) -> None:
    programme = whole(story)
    programme.join(Joiner(story.id("rust"), "AT", 1, "ab" * 32, 3), "prize", story.grounds())
    roles = {key: role for key, role in story.document["roles"].items() if key != "prize"}
    with pytest.raises(AmendmentNotFitting) as refused:
        programme.amend(changed(story, roles=roles), (), (), story.grounds())
    assert refused.value.field == "template.roles.prize"


def test_the_same_rules_are_no_amendment_and_a_closed_programme_has_none(story: Story) -> None:
    programme = whole(story)
    with pytest.raises(NothingAmended):
        programme.amend(story.document | {"version": 4}, (), (), story.grounds())
    programme.close(story.grounds())
    with pytest.raises(ProgrammeClosed):
        programme.amend(changed(story, manual={}), (), (), story.grounds())
