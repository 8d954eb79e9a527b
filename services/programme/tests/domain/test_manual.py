"""Rules people apply by hand: whoever settles what they are for names them, and nobody else has to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from interpares.programme.domain.decision import Source, SourceKind
from interpares.programme.domain.errors import ManualRuleNotFitting, ManualRuleNotNamed
from interpares.programme.domain.manual import AREAS, SETTLING, applying, asked_for

if TYPE_CHECKING:
    from services.programme.tests.conftest import Happened, Story

    from interpares.programme.domain.events import Event
    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.programme import Programme

LABEL = {"en": "Neighbours agree", "de": "Die Nachbarn sind einverstanden"}


def by_hand(story: Story, area: str, *happened: Happened) -> Programme:
    """Return a running programme with one rule applied by hand."""
    story.document = story.template(manual={"neighbours": {"label": LABEL, "applies_to": area}})
    return story.running(*happened)


def admits(programme: Programme, story: Story, grounds: Grounds) -> Event:
    return programme.admit(story.applicant("graz"), "host", (), grounds)


def declines(programme: Programme, story: Story, grounds: Grounds) -> Event:
    return programme.decline_application(story.applicant("graz"), (), grounds)


def grants(programme: Programme, story: Story, grounds: Grounds) -> Event:
    return programme.grant_role(story.id("wien"), "prize", grounds)


def offers(programme: Programme, story: Story, grounds: Grounds) -> Event:
    return programme.offer_duty("AT.visits.1", (story.id("linz"),), None, grounds)


def closes(programme: Programme, _: Story, grounds: Grounds) -> Event:
    return programme.close(grounds)


def takes_role(programme: Programme, story: Story, grounds: Grounds) -> Event:
    return programme.end_role(story.id("linz"), "host", grounds)


def withdraws(programme: Programme, story: Story, grounds: Grounds) -> Event:
    return programme.withdraw(story.id("linz"), grounds)


def closes_call(programme: Programme, _: Story, grounds: Grounds) -> Event:
    return programme.close_call(grounds)


SETTLES = [
    ("application", admits),
    ("application", declines),
    ("admission", admits),
    ("role", admits),
    ("role", grants),
    ("hosting", offers),
    ("closure", closes),
]


def there(story: Story) -> tuple[Happened, ...]:
    return story.admitted("wien", "friend"), story.admitted("linz"), story.derived(("AT.visits.1", "talk", "linz"))


@pytest.mark.parametrize(("area", "act"), SETTLES)
def test_what_settles_the_matter_of_a_rule_is_refused_until_it_is_named(story: Story, area: str, act: Any) -> None:
    programme = by_hand(story, area, *there(story))
    with pytest.raises(ManualRuleNotNamed) as refusal:
        act(programme, story, story.grounds())
    assert refusal.value.field == "manual_rules"
    assert "manual.neighbours (Die Nachbarn sind einverstanden / Neighbours agree)" in refusal.value.message
    assert '["neighbours"]' in refusal.value.way_out
    assert programme.pending_events == []

    told = act(programme, story, story.grounds(manual=("neighbours",)))
    assert told.decision.manual == (programme.state.charter.manual["neighbours"].ref,)


@pytest.mark.parametrize(
    ("area", "act"),
    [("role", takes_role), ("role", withdraws), ("admission", withdraws), ("application", closes_call)]
    + [("meeting", act) for _, act in SETTLES]
    + [("money", act) for _, act in SETTLES],
)
def test_what_settles_something_else_or_ends_it_is_not_asked(story: Story, area: str, act: Any) -> None:
    programme = by_hand(story, area, *there(story))
    assert act(programme, story, story.grounds()).decision.manual == ()


@pytest.mark.parametrize("kind", [SourceKind.IMPORT, SourceKind.RETROSPECTIVE, SourceKind.TIME_OUT])
def test_time_and_history_apply_nothing_by_hand(story: Story, kind: SourceKind) -> None:
    programme = by_hand(story, "role", *there(story))
    assert grants(programme, story, story.grounds(source=Source(kind))).decision.manual == ()


def test_on_behalf_of_another_people_decide_all_the_same(story: Story) -> None:
    programme = by_hand(story, "role", *there(story))
    called = Source(SourceKind.ON_BEHALF, channel="phone", received_on=story.now, entered_by=story.id("clerk"))
    with pytest.raises(ManualRuleNotNamed):
        grants(programme, story, story.grounds(source=called))


def test_a_consequence_names_none_as_the_decision_it_follows_from_did(story: Story) -> None:
    manual = by_hand(story, "role").state.charter.manual
    follows = story.decision("admission", "application:1", "admitted", follows=story.id("result"))
    assert applying(follows, manual).manual == ()


def test_several_rules_are_told_at_once(story: Story) -> None:
    rules = {key: {"label": {"en": key}, "applies_to": "closure"} for key in ("b-last", "a-first", "c-middle")}
    story.document = story.template(manual=rules)
    programme = story.running()
    with pytest.raises(ManualRuleNotNamed) as refusal:
        programme.close(story.grounds(manual=("b-last",)))
    assert '["a-first", "c-middle"]' in refusal.value.way_out
    assert "b-last" not in refusal.value.message
    with pytest.raises(ManualRuleNotFitting):
        programme.close(story.grounds(manual=("nowhere",)))


def test_whoever_takes_its_own_request_back_is_not_asked(story: Story) -> None:
    manual = by_hand(story, "meeting").state.charter.manual
    assert [rule.key for rule in asked_for(manual, "meeting-refusal", "declined")] == ["neighbours"]
    assert asked_for(manual, "meeting-refusal", "withdrawn") == ()


@pytest.mark.parametrize("area", sorted(AREAS))
def test_whatever_is_asked_for_a_rule_can_name_it(story: Story, area: str) -> None:
    (rule,) = by_hand(story, area).state.charter.manual.values()
    assert SETTLING[area]
    assert [each for each in SETTLING[area] if not rule.fits(each.partition("/")[0])] == []
