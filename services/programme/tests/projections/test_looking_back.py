"""A programme as of any moment, in recorded and in effective time, and what changed between two."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from interpares.common.context import acting
from interpares.programme.domain.programme import Programme
from interpares.programme.domain.revising.chapter import Earlier
from interpares.programme.domain.revising.events import Part
from interpares.programme.projections.looking_back import Moment, difference, in_effect, leaves, past_of

if TYPE_CHECKING:
    from datetime import datetime

    from services.programme.tests.conftest import Story

    from interpares.programme.domain.events import Event
    from interpares.programme.domain.grounds import Grounds

DAY = timedelta(days=1)


class Years:
    """A programme that decides something each day."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.history: list[Event] = []
        self.day = 0
        with acting(replace(story.occasion, now=self.at(0))):
            self.programme, _ = Programme.draft(
                story.programme_id,
                title={"en": "Years"},
                office=story.office,
                template=story.document,
                strands=(),
                grounds=story.grounds(),
            )
        self.collect()

    def at(self, day: float) -> datetime:
        return self.story.now + day * DAY

    def collect(self) -> None:
        self.history += self.programme.collect_events()  # type: ignore[arg-type]

    def decide(self, method: str, *arguments: Any, effective: float | None = None, **more: Any) -> Any:
        """Take a decision on the next day, to take effect on another."""
        self.day += 1
        grounds: Grounds = self.story.grounds(effective_at=None if effective is None else self.at(effective), **more)
        with acting(replace(self.story.occasion, now=self.at(self.day))):
            decided = getattr(self.programme, method)(*arguments, grounds)
        self.collect()
        return decided

    def state(self, recorded: float | None = None, effective: float | None = None) -> Any:
        moment = Moment(*(None if day is None else self.at(day) for day in (recorded, effective)))
        past = past_of(self.history, moment)
        return past.state if past else None


@pytest.fixture
def years(story: Story) -> Years:
    """Call on day 1, Graz on day 2, Linz on day 3, duties on day 4; Graz decides on day 5 to leave on day 30."""
    made = Years(story)
    _, call = story.called()
    made.decide("open_call", call["deadline"])
    for name in ("graz", "linz"):
        made.decide("admit", story.applicant(name), "host", ())
    made.decide("derive_duties")
    made.decide("withdraw", story.id("graz"), effective=30)
    return made


def test_before_its_draft_there_is_no_programme(years: Years) -> None:
    assert years.state(recorded=-1) is None
    assert years.state(effective=-1) is None


def test_as_of_a_recorded_time_is_what_the_log_held(years: Years) -> None:
    story = years.story
    assert years.state(recorded=0)["stage"] == "drafted"
    assert years.state(recorded=2)["participations"].keys() == {str(story.id("graz"))}
    assert len(years.state(recorded=4)["duties"]) == 5
    assert not years.state(recorded=5)["participations"][str(story.id("graz"))]["active"]


def test_the_last_state_is_that_of_the_programme_itself(years: Years) -> None:
    whole = past_of(years.history, Moment())
    assert whole is not None
    assert whole.programme.state == years.programme.state
    assert len(whole.taken) == len(years.history)
    assert whole.state["charter"]["template"] == "small"


def test_as_of_an_effective_time_what_is_to_come_has_not_happened(years: Years) -> None:
    graz = str(years.story.id("graz"))
    assert years.state(effective=10)["participations"][graz]["active"]
    assert [duty["owner"] for duty in years.state(effective=10)["duties"].values()].count(graz) == 2
    assert not years.state(effective=31)["participations"][graz]["active"]
    assert [duty["owner"] for duty in years.state(effective=31)["duties"].values()].count(graz) == 0


def test_what_was_entered_later_counts_from_when_it_took_effect(years: Years) -> None:
    wels = str(years.story.id("wels"))
    years.decide("admit", years.story.applicant("wels", "friend"), "friend", ())
    years.decide("grant_role", years.story.id("wels"), "prize", effective=2.5)
    # Wels was admitted on day 6, and the role it was given with effect from before cannot stand without that.
    assert wels not in years.state(effective=2.7)["participations"]
    assert "prize" in years.state(effective=6.5)["participations"][wels]["roles"]
    assert "prize" not in years.state(recorded=6, effective=6.5)["participations"][wels]["roles"]


def test_what_builds_on_something_not_yet_in_effect_waits_for_it(years: Years) -> None:
    story = years.story
    duty = next(
        each.id for each in years.programme.state.duties.values() if each.rule == "visits" and each.owner is None
    )
    years.decide("offer_duty", duty, (story.id("linz"),), None)
    assert years.state(effective=10)["duties"][duty]["status"] == "open"
    assert years.state(effective=31)["duties"][duty]["status"] == "offered"


def test_a_corrected_instant_counts_as_corrected(years: Years) -> None:
    graz = str(years.story.id("graz"))
    withdrawn = next(event for event in years.history if event.decision.type == "withdrawal")
    right = {Part.EFFECTIVE_AT: years.at(20).isoformat()}
    earlier = Earlier(withdrawn.event_id, "withdrawal", (), {Part.EFFECTIVE_AT: years.at(30).isoformat()})
    years.decide("correct", earlier, right, None)
    assert not years.state(effective=25)["participations"][graz]["active"]
    assert years.state(recorded=5, effective=25)["participations"][graz]["active"]


def test_the_difference_names_what_changed_and_by_which_decision(years: Years) -> None:
    graz = years.story.id("graz")
    found = difference(years.history, Moment(recorded=years.at(4)), Moment(recorded=years.at(5)))
    withdrawn = next(event for event in years.history if event.decision.type == "withdrawal")
    changed = {each.path: each for each in found.changes}
    active = changed[f"participations.{graz}.active"]
    assert (active.before, active.after, active.decisions) == (True, False, (withdrawn.event_id,))
    assert {event.decision.type for event in found.decisions} == {"withdrawal", "duty-release", "duty-reopening"}
    assert "duties.AT.visits.1.status" not in changed  # released and reopened at once: open before and after
    begun = difference(years.history, Moment(recorded=years.at(1)), Moment(recorded=years.at(2)))
    # There was nobody before: that is told by who is there now, not by an empty object that went.
    assert "participations" not in {each.path for each in begun.changes}
    assert f"participations.{graz}.active" in {each.path for each in begun.changes}
    losses = changed["duties.AT.visits.1.losses"]
    assert [event.decision.type for event in years.history if event.event_id in losses.decisions] == ["duty-release"]


def test_the_difference_in_effective_time_and_from_nothing(years: Years) -> None:
    found = difference(years.history, Moment(effective=years.at(10)), Moment(effective=years.at(31)))
    assert found.decisions[0].decision.type == "withdrawal"
    everything = difference(years.history, Moment(recorded=years.at(-1)), Moment(recorded=years.at(0)))
    assert [event.decision.type for event in everything.decisions] == ["programme-draft"]
    assert next(each for each in everything.changes if each.path == "stage").before is None
    nothing = difference(years.history, Moment(recorded=years.at(-2)), Moment(recorded=years.at(-1)))
    assert (nothing.changes, nothing.decisions) == ((), ())


def test_every_moment_of_a_history_can_be_looked_back_to(years: Years) -> None:
    for day in range(40):
        for moment in (Moment(recorded=years.at(day)), Moment(effective=years.at(day))):
            past = past_of(years.history, moment)
            assert past is not None
            assert past.taken == [event for event in years.history if event in past.taken]
            assert set(map(id, past.taken)) <= set(map(id, in_effect(years.history, moment)))


def test_leaves_are_reached_by_their_paths() -> None:
    assert leaves({"a": {"b": 1, "c": {}}, "d": [1, 2]}) == {"a.b": 1, "a.c": {}, "d": [1, 2]}
