"""What happens in a selection; that applicants are admitted or declined are events of participation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.programme.domain.events import Event
from interpares.programme.domain.selecting.rules import Weighed
from interpares.programme.domain.selecting.state import Assessed, Exclusion, Progress, Ranked, Round

if TYPE_CHECKING:
    from interpares.programme.domain.programme import Programme

WAITING = "waiting"


@dataclass(frozen=True)
class Points:
    """Points for one criterion."""

    criterion: str
    points: Decimal


class CriteriaFixed(Event):
    """By what applicants will be chosen, in each of these strands. places: per strand, None if not limited."""

    TOPIC = "programme.programme.selection-criteria-fixed.v1"
    rule: str
    roles: tuple[str, ...]
    strands: tuple[str, ...]
    criteria: tuple[Weighed, ...]
    points_at_most: Decimal
    assessments: int
    tie_break: tuple[str, ...]
    places: int | None

    def apply(self, aggregate: Programme) -> None:
        """Begin a round in each strand."""
        for strand in self.strands:
            begun = Round(
                rule=self.rule,
                strand=strand,
                fixed_by=self.event_id,
                criteria=self.criteria,
                points_at_most=self.points_at_most,
                assessments=self.assessments,
                tie_break=self.tie_break,
                places=self.places,
            )
            aggregate.state.selections.rounds[begun.id] = begun


class ApplicationAssessed(Event):
    """A member of the jury gave points. assessor: opaque id."""

    TOPIC = "programme.programme.application-assessed.v1"
    round: str
    application: UUID
    organisation: UUID
    assessor: UUID
    points: tuple[Points, ...]

    def apply(self, aggregate: Programme) -> None:
        """Count the assessment; an earlier ranking no longer holds."""
        rounds = aggregate.state.selections.rounds
        selection = rounds[self.round]
        points = {each.criterion: each.points for each in self.points}
        of_application = selection.assessed.get(str(self.application), {})
        assessed = of_application | {str(self.assessor): Assessed(self.event_id, points)}
        rounds[self.round] = replace(
            selection,
            assessed=selection.assessed | {str(self.application): assessed},
            progress=Progress.FIXED,
            ranking=(),
        )


class AssessorExcluded(Event):
    """An assessor does not assess an organisation; what they gave it does not count."""

    TOPIC = "programme.programme.assessor-excluded.v1"
    round: str
    assessor: UUID
    organisation: UUID

    def apply(self, aggregate: Programme) -> None:
        """Leave the assessor out; an earlier ranking no longer holds."""
        rounds = aggregate.state.selections.rounds
        selection = rounds[self.round]
        excluded = (*selection.excluded, Exclusion(self.assessor, self.organisation))
        rounds[self.round] = replace(selection, excluded=excluded, progress=Progress.FIXED, ranking=())


class ApplicantsRanked(Event):
    """The ranking of a round, best first. seed: of the lots, hex; order: of equals, as it was decided."""

    TOPIC = "programme.programme.applicants-ranked.v1"
    round: str
    ranking: tuple[Ranked, ...]
    seed: str
    order: tuple[UUID, ...]

    def apply(self, aggregate: Programme) -> None:
        """Keep the ranking."""
        rounds = aggregate.state.selections.rounds
        rounds[self.round] = replace(rounds[self.round], progress=Progress.RANKED, ranking=self.ranking)


class SelectionDecided(Event):
    """All applicants of a round are decided about; each of them has a decision of its own that follows this one."""

    TOPIC = "programme.programme.selection-decided.v1"
    round: str
    admitted: tuple[UUID, ...]
    waiting: tuple[UUID, ...]
    declined: tuple[UUID, ...]

    def apply(self, aggregate: Programme) -> None:
        """End the round."""
        rounds = aggregate.state.selections.rounds
        rounds[self.round] = replace(rounds[self.round], progress=Progress.DECIDED, waiting=self.waiting)


class ApplicationWaitlisted(Event):
    """An applicant waits for a place to become free. place: on the waiting list, from 1."""

    TOPIC = "programme.programme.application-waitlisted.v1"
    organisation: UUID
    application: UUID
    role: str
    strand: str
    place: int

    def apply(self, aggregate: Programme) -> None:
        """Let it wait."""
        aggregate.state.applications[str(self.application)] = WAITING
