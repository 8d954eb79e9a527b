"""Deciding about outputs: recorded, assigned, followed, checked, escalated."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.common.context import occasion
from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.chapter import Chapter
from interpares.programme.domain.decision import Criterion
from interpares.programme.domain.errors import MomentNotFitting
from interpares.programme.domain.meetings.meeting import MeetingStatus
from interpares.programme.domain.outputs import events
from interpares.programme.domain.outputs.errors import (
    CheckNotOpen,
    NoFollowUpMeeting,
    OutputSettled,
    ScheduleNotFitting,
    UnknownCheck,
    UnknownOutput,
    UnknownSource,
)
from interpares.programme.domain.outputs.output import (
    GRACE,
    LEVELS,
    SETTLED,
    SOURCE,
    UNANSWERED,
    CheckStatus,
    Finding,
    Kind,
    Output,
    Standing,
    scheduled,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.outputs.output import Check

GONE = frozenset({MeetingStatus.DECLINED, MeetingStatus.WITHDRAWN, MeetingStatus.CANCELLED})


class Outputs(Chapter):
    """What comes out, and what becomes of it."""

    def record_output(
        self,
        output_id: UUID,
        output: Output,
        months: tuple[int, ...],
        *,
        text: str,
        grounds: Grounds,
    ) -> events.OutputRecorded:
        """Take down what came out of a meeting, a review or an earlier output, which is followed then.

        output: with kind, source and themes, and with owner and day if it has them already; then it is checked so many
        months later. text: hash of the sealed text.
        Raises ProgrammeNotRunning, UnknownSource, OutputSettled, ScheduleNotFitting, MomentNotFitting.
        """
        self._begun()
        parent = self._origin(output.source)
        if (output.owner is None) is not (output.due is None) or (output.owner is None and months):
            message = "An owner needs a day, a day an owner, and checks need both."
            raise ScheduleNotFitting(message, field="owner_id" if output.owner is None else "due")
        if output.due is not None:
            self._due_ahead(output.due, grounds)
            output = replace(output, standing=Standing.ASSIGNED, checks=scheduled(output.due, months))
        decision = grounds.decide(
            "output-record",
            f"output:{output_id}",
            output.standing,
            concerns=_concerned(output),
            alternatives=(instead("no-output", grounds),),
        )
        recorded = self._happen(events.OutputRecorded, decision=decision, output=output_id, now=output, text=text)
        before = self.state.outputs.get(str(parent))
        if parent is not None and before is not None and before.standing is not Standing.FOLLOWED:
            self._change_output(parent, replace(before, standing=Standing.FOLLOWED), grounds, follows=recorded.event_id)
        return recorded

    def assign_output(
        self, output_id: UUID, owner: UUID, due: date, months: tuple[int, ...], grounds: Grounds
    ) -> events.OutputChanged:
        """Give an output to an owner until a day; checks that were answered stay.

        Raises UnknownOutput, OutputSettled, ScheduleNotFitting, MomentNotFitting.
        """
        before = self._unsettled_output(output_id)
        self._due_ahead(due, grounds)
        standing = Standing.ASSIGNED if before.standing is Standing.OPEN else before.standing
        checks = scheduled(due, months, before.checks)
        after = replace(before, standing=standing, owner=owner, due=due, checks=checks)
        return self._change_output(output_id, after, grounds, option="leave-open")

    def meet_for(self, output_id: UUID, meeting: UUID, grounds: Grounds) -> events.OutputChanged:
        """Say which meeting a follow-up meeting became.

        Raises UnknownOutput, OutputSettled, NoFollowUpMeeting, UnknownSource.
        """
        before = self._unsettled_output(output_id)
        if before.kind is not Kind.FOLLOW_UP or before.meeting is not None:
            message = "The output is no follow-up meeting, or became one before."
            raise NoFollowUpMeeting(message)
        self._met(str(meeting), "meeting_id")
        after = replace(before, meeting=meeting, standing=Standing.FOLLOWED)
        return self._change_output(output_id, after, grounds, option="no-meeting")

    def finish_output(self, output_id: UUID, grounds: Grounds) -> events.OutputChanged:
        """Say that it is done; its checks go on, they ask what it has led to. Raises UnknownOutput, OutputSettled."""
        before = self._unsettled_output(output_id)
        return self._change_output(output_id, replace(before, standing=Standing.DONE), grounds, option="go-on")

    def drop_output(self, output_id: UUID, grounds: Grounds) -> events.OutputChanged:
        """Give it up, and the checks that were not answered with it. Raises UnknownOutput, OutputSettled."""
        before = self._unsettled_output(output_id)
        after = replace(before, standing=Standing.DROPPED, checks=_dropped(before.checks))
        return self._change_output(output_id, after, grounds, option="go-on")

    def answer_check(
        self, output_id: UUID, months: int, finding: Finding, note: str, grounds: Grounds
    ) -> events.CheckAnswered:
        """Take the answer to a check. Raises UnknownOutput, UnknownCheck, CheckNotOpen."""
        before = self._known_output(output_id)
        check = self._planned_check(before, months)
        if check.status not in UNANSWERED or check.due > occasion().now.date():
            message = "The check does not wait for an answer."
            raise CheckNotOpen(message)
        answered = replace(check, status=CheckStatus.ANSWERED)
        after = replace(before, checks=_with(before.checks, answered))
        if finding is Finding.DONE and before.standing not in SETTLED:
            after = replace(after, standing=Standing.DONE)
        if finding is Finding.ABANDONED:
            after = replace(after, standing=Standing.DROPPED, checks=_dropped(after.checks))
        others = [each for each in Finding if each is not finding]
        decision = grounds.decide(
            "check-answer",
            f"check:{output_id}.{months}",
            finding,
            concerns=_concerned(before),
            alternatives=tuple(instead(each, grounds) for each in others),
        )
        return self._happen(
            events.CheckAnswered,
            decision=decision,
            output=output_id,
            now=after,
            months=months,
            finding=finding,
            note=note,
        )

    def tend_checks(self, grounds: Grounds) -> tuple[events.OutputEvent, ...]:
        """Let checks fall due and escalate as far as it is time; nothing happens twice, and without need nothing."""
        happened: list[events.OutputEvent] = []
        for key in sorted(self.state.outputs):
            happened += self._tend_output(self.state.outputs[key], key, grounds)
        return tuple(happened)

    def open_checks(self) -> int:
        """Return how many checks wait for an answer, or will."""
        return sum(output.open_checks for output in self.state.outputs.values())

    def _tend_output(self, output: Output, key: str, grounds: Grounds) -> Iterator[events.OutputEvent]:
        today = occasion().now.date()
        for check in output.checks:
            level = check.level
            if check.status is CheckStatus.PENDING and check.due <= today:
                check = replace(check, status=CheckStatus.DUE)  # noqa: PLW2901 -- the check as it stands now
                output = replace(output, checks=_with(output.checks, check))
                decision = grounds.decide(
                    "check-due", f"check:{key}.{check.months}", "due", concerns=_concerned(output)
                )
                yield self._happen(
                    events.CheckFellDue, decision=decision, output=UUID(key), now=output, months=check.months
                )
            while check.status in UNANSWERED and level < LEVELS and check.due + GRACE * (level + 1) <= today:
                level += 1
                check = replace(check, status=CheckStatus.ESCALATED, level=level)  # noqa: PLW2901 -- as above
                output = replace(output, checks=_with(output.checks, check))
                decision = grounds.decide(
                    "check-escalation",
                    f"check:{key}.{check.months}",
                    "escalated",
                    concerns=_concerned(output),
                    criteria=(Criterion("escalation-level", str(level)), Criterion("was-due", check.due.isoformat())),
                )
                yield self._happen(
                    events.CheckEscalated,
                    decision=decision,
                    output=UUID(key),
                    now=output,
                    months=check.months,
                    level=level,
                )

    def _change_output(
        self, output_id: UUID, after: Output, grounds: Grounds, *, option: str = "", follows: UUID | None = None
    ) -> events.OutputChanged:
        decision = grounds.decide(
            "output-change",
            f"output:{output_id}",
            after.standing,
            concerns=_concerned(after),
            alternatives=(instead(option, grounds),) if option else (),
            follows=follows,
            reason_code="output-followed" if follows else "",
        )
        return self._happen(events.OutputChanged, decision=decision, output=output_id, now=after)

    def _known_output(self, output_id: UUID) -> Output:
        output = self.state.outputs.get(str(output_id))
        if output is None:
            message = "This programme has no such output."
            raise UnknownOutput(message)
        return output

    def _unsettled_output(self, output_id: UUID) -> Output:
        output = self._known_output(output_id)
        if output.standing in SETTLED:
            message = f"The output is {output.standing}."
            raise OutputSettled(message)
        return output

    def _planned_check(self, output: Output, months: int) -> Check:
        for check in output.checks:
            if check.months == months:
                return check
        message = f"No check is planned {months} months after this output."
        raise UnknownCheck(message)

    def _origin(self, source: str) -> UUID | None:
        """Return the output a new one grows out of, None if it comes from elsewhere. Raises UnknownSource."""
        written = SOURCE.fullmatch(source)
        if written is None or (written[1] == "output" and written[2] not in self.state.outputs):
            message = "The programme knows no such source."
            raise UnknownSource(message, field="source")
        if written[1] == "meeting":
            self._met(written[2], "source")
        if written[1] == "review":
            self._given_review(written[2])
        if written[1] != "output":
            return None
        parent = UUID(written[2])
        self._unsettled_output(parent)
        return parent

    def _given_review(self, review: str) -> None:
        """Refuse a review this programme does not know, or that has not been given. Raises UnknownSource."""
        found = self.state.reviewing.found(review)
        if found is None or found[1] not in found[0].given:
            message = "The programme knows no such review, or it was not given."
            raise UnknownSource(message, field="source")

    def _met(self, meeting: str, field: str) -> None:
        """Refuse a meeting this programme does not know, or that did not come about. Raises UnknownSource."""
        status = self.state.meetings.status(meeting)
        if status is None or status in GONE:
            message = "The programme knows no such meeting, or it did not come about."
            raise UnknownSource(message, field=field)

    def _due_ahead(self, due: date, grounds: Grounds) -> None:
        if due < occasion().now.date() and not grounds.looks_back:
            message = "The day lies in the past."
            raise MomentNotFitting(message, "Give a day from today on, or enter it as retrospective.", field="due")


def _concerned(output: Output) -> tuple[UUID, ...]:
    return () if output.owner is None else (output.owner,)


def _with(checks: tuple[Check, ...], changed: Check) -> tuple[Check, ...]:
    return tuple(changed if check.months == changed.months else check for check in checks)


def _dropped(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    return tuple(
        replace(check, status=CheckStatus.DROPPED) if check.status in UNANSWERED else check for check in checks
    )
