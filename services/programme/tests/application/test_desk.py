"""Use cases of the office's desk: load, decide, save, answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from services.programme.tests.application.test_use_cases import Desk

from interpares.common.errors import NotFound
from interpares.programme.application import desk as use_cases
from interpares.programme.application.desk import Colleagues, Draft, Drafts, Waiting
from interpares.programme.application.desk_commands import AssignTask, DiscardDraft, NameSignatories, Remind
from interpares.programme.domain.desk.errors import TaskNotFitting
from interpares.programme.domain.desk.events import Reminder

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from services.programme.tests.conftest import Story


class Staff(Colleagues):
    """Works in the office."""

    def __init__(self, *people: UUID) -> None:
        self.people = people

    async def works_in(self, actor: UUID, office: UUID) -> bool:
        return actor in self.people


@dataclass
class Unanswered(Waiting):
    """Who has not answered; remembers about what it was asked."""

    reminders: tuple[Reminder, ...]
    asked: list[set[str]] = field(default_factory=list)

    async def waiting(self, programme_id: UUID, kinds: Collection[str]) -> tuple[Reminder, ...]:
        self.asked.append(set(kinds))
        return self.reminders


@dataclass
class Pile(Drafts):
    """One draft."""

    draft: Draft | None
    settled: list[tuple[Draft, str]] = field(default_factory=list)

    async def prepared(self, programme_id: UUID, draft_id: UUID, version: int) -> Draft | None:
        return self.draft

    def settle(self, unit: Any, draft: Draft, status: str, decision_id: UUID) -> None:
        self.settled.append((draft, status))


@pytest.fixture
def desk(story: Story) -> Desk:
    desk = Desk(story)
    desk.has()
    return desk


async def test_a_task_goes_to_people_of_the_office(desk: Desk) -> None:
    clerk, head, stranger = (desk.story.id(name) for name in ("clerk", "head", "stranger"))
    assign = partial(use_cases.assign_task, colleagues=Staff(clerk, head))
    with pytest.raises(TaskNotFitting) as refused:
        await desk.run(assign, AssignTask, task="duty:x", owner=clerk, deputy=stranger)
    assert refused.value.field == "deputy"
    decided = await desk.run(assign, AssignTask, task="duty:x", owner=clerk, deputy=None)
    assert decided == desk.answer("task-assignment", "duty:x", "assigned")


async def test_signatories_are_people_of_the_office(desk: Desk) -> None:
    clerk, stranger = desk.story.id("clerk"), desk.story.id("stranger")
    name = partial(use_cases.name_signatories, colleagues=Staff(clerk))
    with pytest.raises(TaskNotFitting) as refused:
        await desk.run(name, NameSignatories, persons=(clerk, stranger))
    assert refused.value.field == "persons.1"
    decided = await desk.run(name, NameSignatories, persons=(clerk,))
    assert decided == desk.answer("signatory-naming", f"programme:{desk.story.programme_id}", "named")


async def test_reminders_are_asked_for_by_the_kind_of_thing(desk: Desk) -> None:
    waiting = Unanswered((Reminder("agreement:x", desk.story.id("graz")),))
    remind = partial(use_cases.remind, waiting=waiting)
    decided = await desk.run(remind, Remind, selected=waiting.reminders, channel="mail")
    assert decided == desk.answer("reminder", f"programme:{desk.story.programme_id}", "reminded")
    assert waiting.asked == [{"agreement"}]


async def test_a_draft_is_discarded_together_with_its_decision(desk: Desk) -> None:
    draft = Draft(desk.story.id("draft"), 2, "/duties", (desk.story.id("clerk"),))
    pile = Pile(draft)
    discard = partial(use_cases.discard_draft, drafts=pile)
    decided = await desk.run(discard, DiscardDraft, draft_id=draft.draft_id, version=2)
    assert decided == desk.answer("draft-discard", f"draft:{draft.draft_id}", "discarded")
    assert pile.settled == [(draft, "discarded")]
    pile.draft = None
    with pytest.raises(NotFound):
        await desk.run(discard, DiscardDraft, draft_id=draft.draft_id, version=2)
