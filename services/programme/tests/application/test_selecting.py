"""Selections find their applicants, and what registration ranked becomes evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from services.programme.tests.application.test_use_cases import Desk
from services.programme.tests.showing import Showing

from interpares.programme.application import selecting
from interpares.programme.application import selecting_commands as commands
from interpares.programme.application.ports import Rankings
from interpares.programme.domain.decision import Evidence
from interpares.programme.domain.selecting.errors import UnknownSelection
from interpares.programme.domain.selecting.events import ApplicantsRanked

if TYPE_CHECKING:
    from uuid import UUID

    from services.programme.tests.conftest import Story

ELSEWHERE = Evidence("ranking:7", 2, "cd" * 32, 40)
RULE = {
    "roles": ["host", "guest"],
    "criteria": {"concept": {"label": {"en": "Concept"}}},
    "tie_break": ["lot"],
    "places": 1,
}


@dataclass
class FakeRankings(Rankings):
    """One ranking of hosts; remembers what it was asked for."""

    asked: list[tuple[str, str | None]] = field(default_factory=list)

    async def latest(self, programme_id: UUID, role: str, strand: str | None) -> Evidence | None:
        self.asked.append((role, strand))
        return ELSEWHERE if role == "host" else None


@pytest.fixture
def desk(story: Story) -> Desk:
    made = Desk(story)
    story.document = story.template(selection={"hosts": RULE})
    made.has()
    return made


def use(desk: Desk, use_case: Any, **more: Any) -> Any:
    return partial(use_case, applicants=desk.applicants, **more)


async def test_applicants_are_chosen_step_by_step(desk: Desk) -> None:
    story, rankings = desk.story, FakeRankings()
    graz, linz = story.applicant("graz"), story.applicant("linz", position=18)
    desk.applied(graz, linz)
    ann, round_ = story.id("ann"), "AT.hosts"

    fixed = await desk.run(selecting.fix_criteria, commands.FixCriteria, selection="hosts", points_at_most=Decimal(5))
    for applicant, points in ((graz, "3"), (linz, "4")):
        await desk.run(
            use(desk, selecting.assess),
            commands.Assess,
            round=round_,
            application_id=applicant.application_id,
            assessor=ann,
            points={"concept": Decimal(points)},
        )
    excluded = await desk.run(
        selecting.exclude_assessor,
        commands.ExcludeAssessor,
        round=round_,
        assessor=story.id("ben"),
        organisation_id=graz.organisation_id,
        kind="kinship",
    )
    desk.unit.aggregates[story.programme_id].close_call(story.grounds())  # type: ignore[attr-defined]
    ranked = await desk.run(
        use(desk, selecting.rank_applicants, rankings=rankings), commands.RankApplicants, round=round_
    )
    decided = await desk.run(
        use(desk, selecting.decide_selection, prerequisites=Showing(), assessing=desk.assessing),
        commands.DecideSelection,
        round=round_,
    )

    assert [each.type for each in (fixed, excluded, ranked, decided)] == [
        "criteria",
        "assessor-exclusion",
        "ranking",
        "selection-result",
    ]
    assert rankings.asked == [("host", "AT"), ("guest", "AT")]
    (ranking,) = [each for each in desk.unit.saved if isinstance(each, ApplicantsRanked)]
    assert ranking.decision.evidence[-1] == ELSEWHERE
    assert [type(each).__name__ for each in desk.unit.saved[-3:]] == [
        "SelectionDecided",
        "ParticipationAdmitted",
        "ApplicationWaitlisted",
    ]


async def test_in_an_undivided_programme_all_compete(desk: Desk) -> None:
    story = desk.story
    story.document = story.template(selection={"hosts": RULE}, strands={"by": "one"})
    desk.unit.aggregates[story.programme_id] = story.past(story.drafted("all"), story.called())
    desk.applied(story.applicant("graz"))
    await desk.run(selecting.fix_criteria, commands.FixCriteria, selection="hosts", points_at_most=Decimal(5))
    programme: Any = desk.unit.aggregates[story.programme_id]

    found = await selecting.competing(programme, "all.hosts", desk.applicants)

    assert found
    assert {strand for _, _, strand in desk.applicants.asked} == {None}


async def test_a_round_nobody_knows_has_no_applicants(desk: Desk) -> None:
    with pytest.raises(UnknownSelection):
        await desk.run(
            use(desk, selecting.rank_applicants, rankings=FakeRankings()), commands.RankApplicants, round="AT.guests"
        )
