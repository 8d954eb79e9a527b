"""The chapter on prerequisites: what has to be shown before a decision, and exceptions that end by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.context import occasion
from interpares.programme.domain.alternatives import instead
from interpares.programme.domain.chapter import Chapter
from interpares.programme.domain.meetings import events
from interpares.programme.domain.meetings.errors import (
    ExceptionNotFitting,
    NoException,
    PrerequisitesMissing,
    UnknownPrerequisite,
)
from interpares.programme.domain.meetings.prerequisites import assess, exemption_key
from interpares.programme.domain.meetings.rules import DueBefore

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date
    from uuid import UUID

    from interpares.programme.domain.decision import Evidence
    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.meetings.prerequisites import Assessment, Proofs
    from interpares.programme.domain.meetings.rules import PrerequisiteRule


class Requiring(Chapter):
    """What organisations have to show."""

    def grant_exception(
        self, organisation: UUID, prerequisite: str, until: date, grounds: Grounds
    ) -> events.PrerequisiteExcepted:
        """Let an organisation do without a prerequisite up to a day, included; a later exception takes its place."""
        rule = self._prerequisite(prerequisite)
        if rule.due_before is not DueBefore.ADMISSION:
            self._member(organisation)
        if until < day_of(grounds):
            message = "The exception would have run out already."
            raise ExceptionNotFitting(message, field="until")
        decision = grounds.decide(
            "exception-grant",
            f"exception:{exemption_key(organisation, prerequisite)}",
            "granted",
            concerns=(organisation,),
            rule=rule.ref,
            alternatives=(instead("insist", grounds),),
        )
        return self._happen(
            events.PrerequisiteExcepted,
            decision=decision,
            organisation=organisation,
            prerequisite=prerequisite,
            until=until,
        )

    def end_exception(self, organisation: UUID, prerequisite: str, grounds: Grounds) -> events.ExceptionEnded:
        """End an exception before its day."""
        rule = self._prerequisite(prerequisite)
        exception = self.state.meetings.exempt.get(exemption_key(organisation, prerequisite))
        if exception is None or exception.until < day_of(grounds):
            message = "No exception is in force for this organisation and prerequisite."
            raise NoException(message)
        decision = grounds.decide(
            "exception-end",
            f"exception:{exemption_key(organisation, prerequisite)}",
            "ended",
            concerns=(organisation,),
            rule=rule.ref,
            alternatives=(instead("keep-exception", grounds),),
        )
        return self._happen(
            events.ExceptionEnded, decision=decision, organisation=organisation, prerequisite=prerequisite
        )

    def _required(
        self, due: DueBefore, organisations: Mapping[UUID, Collection[str]], proofs: Proofs, grounds: Grounds
    ) -> tuple[Evidence, ...]:
        """Return the facts and exceptions by which organisations may pass; a look back undoes nothing that was.

        Raises PrerequisitesMissing.
        """
        if grounds.looks_back:
            return ()
        found = self._assess((due,), organisations, proofs, day_of(grounds))
        if found.missing:
            raise PrerequisitesMissing(found.missing)
        return found.evidence

    def _assess(
        self, due: Collection[DueBefore], organisations: Mapping[UUID, Collection[str]], proofs: Proofs, day: date
    ) -> Assessment:
        rules = [rule for rule in self.state.charter.meetings.prerequisites.values() if rule.due_before in due]
        return assess(rules, organisations, proofs, self.state.meetings.exempt, day)

    def _roles_of(self, *organisations: UUID | None) -> dict[UUID, tuple[str, ...]]:
        """Return those of the organisations that take part, with their roles; prerequisites concern nobody else."""
        members = self.state.participations
        return {
            each: members[str(each)].roles
            for each in organisations
            if each is not None and str(each) in members and members[str(each)].active
        }

    def _prerequisite(self, key: str) -> PrerequisiteRule:
        rules = self.state.charter.meetings.prerequisites
        if key not in rules:
            message = f"The template has no prerequisite {key!r}."
            raise UnknownPrerequisite(message, field="prerequisite")
        return rules[key]


def day_of(grounds: Grounds) -> date:
    """Return the day of a decision, by the calendar of UTC."""
    return (grounds.decided_at or occasion().now).date()
