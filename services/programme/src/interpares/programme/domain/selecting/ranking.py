"""From points to places: exact fractions, ties broken by the rule, lots that anybody can draw again.

A score is the weighted mean of the criteria, each criterion the mean of the assessments that count. Lots: the seed is
the SHA-256 of the canonical JSON of programme, round, the decision that fixed the criteria, and the sorted ids of all
assessments; each application draws the SHA-256 of the seed's hex text and its own id, the lowest hex text is first.
"""

from __future__ import annotations

import hashlib
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from interpares.common.canonical import canonical_json
from interpares.programme.domain.selecting.errors import TieUnbroken
from interpares.programme.domain.selecting.rules import LOT
from interpares.programme.domain.selecting.state import Ranked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from interpares.programme.domain.participation import Applicant
    from interpares.programme.domain.selecting.state import Assessed, Round

DECIDED = "decided"
PLACES_SHOWN = 4


def counted(selection: Round, applicant: Applicant) -> list[Assessed]:
    """Return the assessments of an application that count: those of assessors who are not excluded."""
    excluded = {str(each.assessor) for each in selection.excluded if each.organisation == applicant.organisation_id}
    found = selection.assessed.get(str(applicant.application_id), {})
    return [found[assessor] for assessor in sorted(found) if assessor not in excluded]


def mean(assessments: Sequence[Assessed], criterion: str) -> Fraction:
    """Return the mean points of a criterion."""
    return sum((Fraction(each.points[criterion]) for each in assessments), Fraction(0)) / len(assessments)


def score(selection: Round, assessments: Sequence[Assessed]) -> Fraction:
    """Return the weighted mean of all criteria."""
    total = sum(each.weight for each in selection.criteria)
    return sum((each.weight * mean(assessments, each.key) for each in selection.criteria), Fraction(0)) / total


def shown(value: Fraction) -> str:
    """Return a fraction as decimal text, rounded half up for readers; the ranking itself is exact."""
    units = (2 * value.numerator * 10**PLACES_SHOWN + value.denominator) // (2 * value.denominator)
    whole, rest = divmod(units, 10**PLACES_SHOWN)
    return f"{whole}.{rest:0{PLACES_SHOWN}d}".rstrip("0").rstrip(".")


def seed_of(programme_id: UUID, selection: Round) -> str:
    """Return the hex seed of the lots of a round."""
    decisions = sorted(str(each.decision) for found in selection.assessed.values() for each in found.values())
    stated = [str(programme_id), selection.id, str(selection.fixed_by), decisions]
    return hashlib.sha256(canonical_json(stated)).hexdigest()


def lot(seed: str, application: UUID) -> str:
    """Return what an application draws."""
    return hashlib.sha256(f"{seed}{application}".encode()).hexdigest()


def rank(
    selection: Round, applicants: Iterable[Applicant], seed: str, order: Sequence[UUID] = ()
) -> tuple[Ranked, ...]:
    """Return the ranking, best first. ``order``: of applications that the rule leaves equal, as it was decided.

    Raises TieUnbroken for equals in whose order nobody has decided.
    """
    marks = {applicant: _marks(selection, applicant) for applicant in applicants}
    ordered = sorted(marks, key=lambda applicant: [-mark for mark in marks[applicant]])
    found: list[tuple[Applicant, bool]] = []
    for _, equals in groupby(ordered, key=lambda applicant: marks[applicant]):
        group = list(equals)
        found += [(applicant, len(group) > 1) for applicant in _untied(group, selection, seed, order)]
    return tuple(
        Ranked(
            application=applicant.application_id,
            organisation=applicant.organisation_id,
            place=place,
            score=shown(marks[applicant][0]),
            tie_break=_told_apart(applicant, marks, selection, tied=tied),
        )
        for place, (applicant, tied) in enumerate(found, 1)
    )


def _marks(selection: Round, applicant: Applicant) -> list[Fraction]:
    """Return the score, then the criteria that break ties, in order, as far as a lot is not drawn before."""
    assessments = counted(selection, applicant)
    return [score(selection, assessments), *(mean(assessments, key) for key in _criteria(selection))]


def _criteria(selection: Round) -> tuple[str, ...]:
    until = selection.tie_break.index(LOT) if LOT in selection.tie_break else len(selection.tie_break)
    return selection.tie_break[:until]


def _untied(group: list[Applicant], selection: Round, seed: str, order: Sequence[UUID]) -> list[Applicant]:
    if len(group) == 1:
        return group
    if LOT in selection.tie_break:
        return sorted(group, key=lambda applicant: lot(seed, applicant.application_id))
    if not {applicant.application_id for applicant in group} <= set(order):
        message = f"Equal are {', '.join(sorted(str(applicant.application_id) for applicant in group))}."
        raise TieUnbroken(message)
    return sorted(group, key=lambda applicant: order.index(applicant.application_id))


def _told_apart(applicant: Applicant, marks: dict[Applicant, list[Fraction]], selection: Round, *, tied: bool) -> str:
    """Return what decided among applications of one score: a criterion, the lot, or a decision; empty for none."""
    own = marks[applicant]
    if sum(other[0] == own[0] for other in marks.values()) == 1:
        return ""
    if tied:
        return LOT if LOT in selection.tie_break else DECIDED
    depth = next(at for at in range(1, len(own) + 1) if sum(other[:at] == own[:at] for other in marks.values()) == 1)
    return _criteria(selection)[depth - 2]
