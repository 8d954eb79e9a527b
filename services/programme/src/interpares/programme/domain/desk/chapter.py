"""Deciding about the work of the office: tasks, reminders, signatures, drafts that are given up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.chapter import Chapter
from interpares.programme.domain.decision import Alternative, Criterion
from interpares.programme.domain.desk import events
from interpares.programme.domain.desk.errors import (
    AlreadyTakenOver,
    NobodySelected,
    NotSignatory,
    NotWaiting,
    SignedByPreparer,
    TaskNotFitting,
)
from interpares.programme.domain.outputs.output import UNANSWERED

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from interpares.programme.domain.desk.events import Reminder
    from interpares.programme.domain.grounds import Grounds

TASK = re.compile(r"[a-z]+(-[a-z]+)*:[\w.:-]{1,150}")


class Desk(Chapter):
    """Who does what in the office."""

    def assign_task(self, task: str, owner: UUID, deputy: UUID | None, grounds: Grounds) -> events.TaskAssigned:
        """Give a thing to somebody of the office, or hand it over. Raises TaskNotFitting."""
        if TASK.fullmatch(task) is None:
            message = "The task is not named as kind:key."
            raise TaskNotFitting(message, field="task")
        if owner == deputy:
            message = "The deputy is the owner."
            raise TaskNotFitting(message, field="deputy")
        decision = grounds.decide(
            "task-assignment", task, "assigned", alternatives=(instead("leave-as-it-was", grounds),)
        )
        return self._happen(events.TaskAssigned, decision=decision, task=task, owner=owner, deputy=deputy)

    def remind(
        self, selected: tuple[Reminder, ...], waiting: Collection[Reminder], channel: str, grounds: Grounds
    ) -> events.Reminded:
        """Remind exactly those selected. waiting: all that have not answered, as far as views tell.

        Raises NobodySelected, NotWaiting.
        """
        selected = tuple(dict.fromkeys(selected))
        if not selected:
            message = "Nobody is selected."
            raise NobodySelected(message, field="selected")
        for index, reminder in enumerate(selected):
            if reminder not in waiting or not self._still_waiting(reminder):
                message = "The organisation was not asked, or has answered."
                raise NotWaiting(message, field=f"selected.{index}")
        others = [reminder.organisation for reminder in waiting if reminder not in selected]
        concerned = tuple(dict.fromkeys(reminder.organisation for reminder in selected))
        left = [each for each in dict.fromkeys(others) if each not in concerned]
        decision = grounds.decide(
            "reminder",
            f"programme:{self.id}",
            "reminded",
            concerns=concerned,
            alternatives=(
                *(Alternative(ground="not-selected", organisation=each) for each in left),
                instead("wait-on", grounds),
            ),
        )
        return self._happen(events.Reminded, decision=decision, channel=channel, reminders=selected)

    def name_signatories(self, persons: tuple[UUID, ...], grounds: Grounds) -> events.SignatoriesNamed:
        """Say who signs drafts; nobody named: anybody of the office who did not write on it."""
        decision = grounds.decide(
            "signatory-naming",
            f"programme:{self.id}",
            "named" if persons else "anybody",
            alternatives=(instead("leave-as-it-was", grounds),),
        )
        return self._happen(events.SignatoriesNamed, decision=decision, persons=tuple(dict.fromkeys(persons)))

    def may_sign(self, signer: UUID, writers: Collection[UUID]) -> None:
        """Refuse a signature by who wrote on the draft or signs nothing here. Raises SignedByPreparer, NotSignatory."""
        if signer in writers:
            message = "Whoever wrote on a draft does not sign it."
            raise SignedByPreparer(message)
        if self.state.desk.signatories and signer not in self.state.desk.signatories:
            message = "You are not named as a signatory of this programme."
            raise NotSignatory(message)

    def discard_draft(self, draft: UUID, asks: str, prepared_by: UUID, grounds: Grounds) -> events.DraftDiscarded:
        """Give a prepared decision up."""
        decision = grounds.decide(
            "draft-discard", f"draft:{draft}", "discarded", alternatives=(instead("sign", grounds),)
        )
        return self._happen(events.DraftDiscarded, decision=decision, draft=draft, asks=asks, prepared_by=prepared_by)

    def take_over(self, document_hash: str, rows: dict[str, int], grounds: Grounds) -> events.TakenOver:
        """Enter what a file says; each file once. The decisions it holds follow. Raises AlreadyTakenOver."""
        self._running()
        if document_hash in self.state.desk.taken_over:
            message = "This file was taken over before."
            raise AlreadyTakenOver(message)
        decision = grounds.decide(
            "takeover",
            f"programme:{self.id}",
            "taken-over",
            criteria=tuple(Criterion(f"rows-{kind}", str(number)) for kind, number in sorted(rows.items())),
            alternatives=(instead("enter-one-by-one", grounds),),
        )
        return self._happen(events.TakenOver, decision=decision, document_hash=document_hash, rows=rows)

    def _still_waiting(self, reminder: Reminder) -> bool:
        """Tell whether somebody still has to answer, where the aggregate itself knows; views may lag behind."""
        kind, _, key = reminder.item.partition(":")
        if kind == "duty":
            duty = self.state.duties.get(key)
            return duty is not None and reminder.organisation in duty.candidates
        if kind == "check":
            output_id, _, months = key.rpartition(".")
            output = self.state.outputs.get(output_id)
            return (
                output is not None
                and output.owner == reminder.organisation
                and any(str(check.months) == months and check.status in UNANSWERED for check in output.checks)
            )
        if kind == "review":
            found = self.state.reviewing.found(key)
            return found is not None and found[1] == reminder.organisation and found[1] in found[0].asked
        return True
