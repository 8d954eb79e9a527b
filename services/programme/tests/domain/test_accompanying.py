from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from interpares.programme.domain.accompanying import events
from interpares.programme.domain.accompanying.errors import (
    AccompanimentEnded,
    AccompanimentNotFitting,
    ExpertDaysExceeded,
    ExpertDaysNotFitting,
    UnknownAccompaniment,
)
from interpares.programme.domain.decision import Alternative, Criterion
from interpares.programme.domain.errors import NotParticipating

if TYPE_CHECKING:
    from services.programme.tests.conftest import Story

    from interpares.programme.domain.programme import Programme

LABEL = {"en": "x"}
DAY = date(2026, 5, 1)


def accompanied(story: Story) -> Programme:
    """Return a programme in which hosts have ten expert days each, and guests are accompanied by peers."""
    rules: dict[str, Any] = {
        "process": {"label": LABEL, "by": "facilitator", "role": "host", "expert_days": 10, "themes": ["water"]},
        "peer": {"label": LABEL, "by": "municipality", "role": "guest"},
    }
    themes = {"water": {"label": LABEL}, "air": {"label": LABEL}}
    story.document = story.template(accompaniment=rules, themes=themes)
    return story.running(story.admitted("graz"), story.admitted("linz"), story.admitted("wels", "guest"))


def agreed(story: Story, programme: Programme, rule: str = "process", **more: Any) -> events.AccompanimentAgreed:
    given: dict[str, Any] = {"organisation": "graz", "companion": "facilitator", "days": None, "themes": ()} | more
    return programme.agree_accompaniment(
        rule,
        story.id(given["organisation"]),
        story.id(given["companion"]),
        given["days"],
        given["themes"],
        story.grounds(),
    )


def test_a_facilitator_goes_along_for_the_days_that_are_left(story: Story) -> None:
    programme = accompanied(story)
    first = agreed(story, programme, days=Decimal(4))
    assert (first.accompaniment, first.days, first.themes) == ("process-1", Decimal(4), ("water",))
    assert first.decision.concerns == (story.id("graz"),)
    assert first.decision.alternatives == (Alternative("fits", option="no-companion"),)
    assert agreed(story, programme).days == Decimal(6)
    with pytest.raises(ExpertDaysExceeded):
        agreed(story, programme)
    with pytest.raises(ExpertDaysExceeded):
        agreed(story, programme, organisation="linz", days=Decimal(11))


def test_another_participant_goes_along_and_who_else_could_have_is_named(story: Story) -> None:
    programme = accompanied(story)
    peer = agreed(story, programme, "peer", organisation="wels", companion="graz", themes=("air",))
    assert (peer.days, peer.themes) == (None, ("air",))
    assert peer.decision.concerns == (story.id("wels"), story.id("graz"))
    assert peer.decision.alternatives[0] == Alternative("not-chosen", story.id("linz"))
    assert agreed(story, programme, "peer", organisation="wels", companion="linz", days=Decimal(3)).days == Decimal(3)
    programme.book_expert_days("peer-1", DAY, Decimal(500), story.grounds())


@pytest.mark.parametrize(
    ("rule", "more", "field"),
    [
        ("none", {}, "rule"),
        ("process", {"organisation": "wels"}, "organisation_id"),
        ("process", {"companion": "graz"}, "companion"),
        ("process", {"themes": ("air",)}, "themes"),
    ],
)
def test_what_the_template_does_not_know_is_refused(story: Story, rule: str, more: dict[str, Any], field: str) -> None:
    with pytest.raises(AccompanimentNotFitting) as refused:
        agreed(story, accompanied(story), rule, **more)
    assert refused.value.field == field


def test_a_companion_takes_part_and_days_are_more_than_none(story: Story) -> None:
    programme = accompanied(story)
    with pytest.raises(NotParticipating):
        agreed(story, programme, "peer", organisation="wels", companion="stranger")
    with pytest.raises(ExpertDaysNotFitting):
        agreed(story, programme, days=Decimal(0))


def test_expert_days_are_booked_counted_and_taken_back(story: Story) -> None:
    programme = accompanied(story)
    agreed(story, programme, days=Decimal(4))
    booked = programme.book_expert_days("process-1", DAY, Decimal("2.5"), story.grounds())
    assert booked.decision.criteria == (Criterion("days-booked", "2.5"),)
    with pytest.raises(ExpertDaysExceeded, match=r"1\.5 expert days left"):
        programme.book_expert_days("process-1", DAY, Decimal(2), story.grounds())
    for days in (Decimal(0), Decimal("0.001"), Decimal(-1), Decimal("nan"), Decimal(20000)):
        with pytest.raises(ExpertDaysNotFitting):
            programme.book_expert_days("process-1", DAY, days, story.grounds())
    back = programme.book_expert_days("process-1", DAY, Decimal(-2), story.grounds(corrects=booked.event_id))
    assert back.booked == Decimal("0.5")
    with pytest.raises(UnknownAccompaniment):
        programme.book_expert_days("process-9", DAY, Decimal(1), story.grounds())


def test_an_accompaniment_ends_and_frees_what_was_not_booked(story: Story) -> None:
    programme = accompanied(story)
    agreed(story, programme)
    programme.book_expert_days("process-1", DAY, Decimal(3), story.grounds())
    ended = programme.end_accompaniment("process-1", story.grounds())
    assert ended.decision.alternatives == (Alternative("fits", option="go-on"),)
    with pytest.raises(AccompanimentEnded):
        programme.end_accompaniment("process-1", story.grounds())
    assert agreed(story, programme).days == Decimal(7)


def test_accompaniments_end_with_those_they_are_of_and_by(story: Story) -> None:
    programme = accompanied(story)
    agreed(story, programme)
    agreed(story, programme, "peer", organisation="wels", companion="graz")
    agreed(story, programme, "peer", organisation="wels", companion="linz")
    ended = programme.end_role(story.id("graz"), "host", story.grounds())
    assert [each.id for each in programme.state.accompaniments.values() if each.ended] == ["process-1"]
    assert programme.pending_events[-1].decision.follows == ended.event_id  # type: ignore[attr-defined]
    programme.withdraw(story.id("graz"), story.grounds())
    assert [each.id for each in programme.state.accompaniments.values() if not each.ended] == ["peer-2"]
