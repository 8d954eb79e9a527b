"""The applicants of a selection side by side: points, score, place, outcome; straight from the aggregate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interpares.programme.domain.selecting.ranking import counted, mean, score, shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from interpares.programme.domain.participation import Applicant
    from interpares.programme.domain.programme import Programme
    from interpares.programme.domain.selecting.state import Round


def rounds_of(programme: Programme) -> list[dict[str, Any]]:
    """Return the selections of a programme in the order of their names."""
    return [_round(selection) for _, selection in sorted(programme.state.selections.rounds.items())]


def compared(
    programme: Programme, selection: Round, applicants: Iterable[Applicant], names: dict[UUID, dict[str, Any]]
) -> dict[str, Any]:
    """Return a selection with its applicants, the ranked ones first; points are decimal text."""
    strands = programme.state.charter.by_country
    found = [
        _entry(programme, selection, applicant, names)
        for applicant in applicants
        if selection.strand == (applicant.country if strands else applicant.strand or selection.strand)
    ]
    ordered = sorted(found, key=lambda each: (each["place"] is None, each["place"] or 0))
    return _round(selection) | {"applicants": ordered}


def _round(selection: Round) -> dict[str, Any]:
    return {
        "round": selection.id,
        "rule": selection.rule,
        "strand": selection.strand,
        "progress": selection.progress.value,
        "criteria": [{"key": each.key, "weight": each.weight} for each in selection.criteria],
        "points_at_most": str(selection.points_at_most),
        "assessments": selection.assessments,
        "tie_break": list(selection.tie_break),
        "places": selection.places,
        "fixed_by": selection.fixed_by,
    }


def _entry(
    programme: Programme, selection: Round, applicant: Applicant, names: dict[UUID, dict[str, Any]]
) -> dict[str, Any]:
    application = str(applicant.application_id)
    counting = counted(selection, applicant)
    ranked = next((each for each in selection.ranking if each.application == applicant.application_id), None)
    decisions = {each.decision for each in counting}
    return {
        "application_id": applicant.application_id,
        "organisation_id": applicant.organisation_id,
        "names": names.get(applicant.organisation_id, {}).get("names", {}),
        "withdrawn": applicant.withdrawn,
        "outcome": programme.state.applications.get(application, "open"),
        "place": ranked.place if ranked else None,
        "tie_break": ranked.tie_break if ranked else "",
        "score": shown(score(selection, counting)) if counting else None,
        "points": {each.key: shown(mean(counting, each.key)) for each in selection.criteria} if counting else {},
        "assessments": [
            {
                "assessor": assessor,
                "decision": each.decision,
                "counts": each.decision in decisions,
                "points": {key: str(points) for key, points in sorted(each.points.items())},
            }
            for assessor, each in sorted(selection.assessed.get(application, {}).items())
        ],
    }
