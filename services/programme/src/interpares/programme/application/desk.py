"""The work of the office: tasks, reminders, signatories, drafts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID  # noqa: TC003 -- answers are stored and read by their annotations

from interpares.common.errors import NotFound
from interpares.programme.application.decided import Decided, decided
from interpares.programme.domain.desk.errors import TaskNotFitting
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from collections.abc import Collection

    from interpares.programme.application.desk_commands import AssignTask, DiscardDraft, NameSignatories, Remind
    from interpares.programme.application.ports import Unit
    from interpares.programme.domain.desk.events import Reminder


class Colleagues(Protocol):
    """Who works in an office."""

    async def works_in(self, actor: UUID, office: UUID) -> bool:
        """Tell whether somebody belongs to an office."""


class Waiting(Protocol):
    """Who has not answered."""

    async def waiting(self, programme_id: UUID, kinds: Collection[str]) -> tuple[Reminder, ...]:
        """Return whom answers are expected from, about things of some kinds."""


@dataclass(frozen=True)
class Draft:
    """A prepared decision at one version. asks: the route it is for. writers: who wrote on it, the first one first."""

    draft_id: UUID
    version: int
    asks: str
    writers: tuple[UUID, ...]


@dataclass(frozen=True)
class SavedDraft:
    """Which version of a draft was written."""

    draft_id: UUID
    version: int


class Drafts(Protocol):
    """Prepared decisions, each version a row that is only ever added."""

    async def prepared(self, programme_id: UUID, draft_id: UUID, version: int) -> Draft | None:
        """Return a draft at a version, None if there is none that waits for a signature."""

    def settle(self, unit: Any, draft: Draft, status: str, decision_id: UUID) -> None:
        """Queue that a draft was signed or discarded; refused if somebody changed it meanwhile."""


async def assign_task(command: AssignTask, unit: Unit, *, colleagues: Colleagues) -> Decided:
    """Give a thing to somebody of the office. Raises TaskNotFitting."""
    programme = await unit.load(Programme, command.programme_id)
    for field, person in (("owner", command.owner), ("deputy", command.deputy)):
        if person is not None and not await colleagues.works_in(person, programme.state.office):
            message = "Nobody of this office has this id."
            raise TaskNotFitting(message, field=field)
    assigned = programme.assign_task(command.task, command.owner, command.deputy, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(assigned)


async def remind(command: Remind, unit: Unit, *, waiting: Waiting) -> Decided:
    """Remind exactly those selected. Raises NobodySelected, NotWaiting."""
    programme = await unit.load(Programme, command.programme_id)
    kinds = {reminder.item.partition(":")[0] for reminder in command.selected}
    reminded = programme.remind(
        command.selected, await waiting.waiting(programme.id, kinds), command.channel, command.grounds
    )
    unit.save(programme, texts=command.texts)
    return decided(reminded)


async def name_signatories(command: NameSignatories, unit: Unit, *, colleagues: Colleagues) -> Decided:
    """Say who signs drafts. Raises TaskNotFitting."""
    programme = await unit.load(Programme, command.programme_id)
    for index, person in enumerate(command.persons):
        if not await colleagues.works_in(person, programme.state.office):
            message = "Nobody of this office has this id."
            raise TaskNotFitting(message, field=f"persons.{index}")
    named = programme.name_signatories(command.persons, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(named)


async def discard_draft(command: DiscardDraft, unit: Unit, *, drafts: Drafts) -> Decided:
    """Give a prepared decision up. Raises NotFound, Stale."""
    programme = await unit.load(Programme, command.programme_id)
    draft = await drafts.prepared(programme.id, command.draft_id, command.version)
    if draft is None:
        message = "There is no such draft that waits for a signature."
        raise NotFound(message)
    discarded = programme.discard_draft(draft.draft_id, draft.asks, draft.writers[0], command.grounds)
    drafts.settle(unit, draft, "discarded", discarded.event_id)
    unit.save(programme, texts=command.texts)
    return decided(discarded)
