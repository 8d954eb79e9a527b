"""Choose among applicants: fix criteria, assess, rank, decide about all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.programme.application.admit import applicant_of, wish_of
from interpares.programme.application.decided import Decided, decided
from interpares.programme.application.meetings import proofs_of
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from interpares.programme.application.assessing import Assessing
    from interpares.programme.application.ports import Applicants, Prerequisites, Rankings, Unit
    from interpares.programme.application.selecting_commands import (
        Assess,
        DecideSelection,
        ExcludeAssessor,
        FixCriteria,
        RankApplicants,
    )
    from interpares.programme.domain.decision import Evidence
    from interpares.programme.domain.participation import Applicant


async def fix_criteria(command: FixCriteria, unit: Unit) -> Decided:
    """Fix by what applicants will be chosen.

    Raises UnknownSelection, CriteriaTooLate, CriteriaFixedAlready, CriteriaWithoutWeight.
    """
    programme = await unit.load(Programme, command.programme_id)
    fixed = programme.fix_criteria(
        command.selection, command.grounds, points_at_most=command.points_at_most, places=command.places
    )
    unit.save(programme, texts=command.texts)
    return decided(fixed)


async def assess(command: Assess, unit: Unit, *, applicants: Applicants) -> Decided:
    """Record an assessment.

    Raises UnknownSelection, SelectionOver, UnknownApplication, NotInSelection, AssessorExcluded, AssessedAlready,
    AssessmentNotFitting.
    """
    programme = await unit.load(Programme, command.programme_id)
    applicant = await applicant_of(command.application_id, applicants)
    assessed = programme.assess(command.round, applicant, command.assessor, command.points, command.grounds)
    unit.save(programme, texts=command.texts)
    return decided(assessed)


async def exclude_assessor(command: ExcludeAssessor, unit: Unit) -> Decided:
    """Let somebody not assess an organisation. Raises UnknownSelection, SelectionOver, AssessorExcluded."""
    programme = await unit.load(Programme, command.programme_id)
    excluded = programme.exclude_assessor(
        command.round, command.assessor, command.organisation_id, command.kind, command.grounds
    )
    unit.save(programme, texts=command.texts)
    return decided(excluded)


async def rank_applicants(
    command: RankApplicants, unit: Unit, *, applicants: Applicants, rankings: Rankings
) -> Decided:
    """Rank all applications of a round.

    Raises UnknownSelection, SelectionOver, CallStillOpen, NobodyToRank, AssessmentsMissing, TieUnbroken.
    """
    programme = await unit.load(Programme, command.programme_id)
    ranked = programme.rank_applicants(
        command.round,
        await competing(programme, command.round, applicants),
        command.grounds,
        order=command.order,
        evidence=await _ranked_elsewhere(programme, command.round, rankings),
    )
    unit.save(programme, texts=command.texts)
    return decided(ranked)


async def decide_selection(
    command: DecideSelection,
    unit: Unit,
    *,
    applicants: Applicants,
    prerequisites: Prerequisites,
    assessing: Assessing,
) -> Decided:
    """Decide about all applicants of a round.

    Raises UnknownSelection, SelectionOver, NotRanked, and what stands against an admission.
    """
    programme = await unit.load(Programme, command.programme_id)
    found = await competing(programme, command.round, applicants)
    result = programme.decide_selection(
        command.round,
        found,
        command.grounds,
        waiting=command.waiting,
        proofs=await proofs_of(programme, tuple(each.organisation_id for each in found), prerequisites),
        assessments={
            each.application_id: await assessing.assess(programme, wish_of(programme, each)) for each in found
        },
    )
    unit.save(programme, texts=command.texts)
    return decided(result)


async def competing(programme: Programme, name: str, applicants: Applicants) -> tuple[Applicant, ...]:
    """Return the applications for the roles of a round, in the order they came in; the domain says which take part."""
    roles, strand = _asked_for(programme, name)
    found = [each for role in roles for each in await applicants.competing(programme.id, role, strand)]
    return tuple(sorted(found, key=lambda each: each.position))


async def _ranked_elsewhere(programme: Programme, name: str, rankings: Rankings) -> tuple[Evidence, ...]:
    """Return the rankings registration made of the same applicants."""
    roles, strand = _asked_for(programme, name)
    found = [await rankings.latest(programme.id, role, strand) for role in roles]
    return tuple(each for each in found if each is not None)


def _asked_for(programme: Programme, name: str) -> tuple[tuple[str, ...], str | None]:
    """Return the roles of a round, none if there is no such round, and its strand where strands are countries."""
    selection = programme.state.selections.rounds.get(name)
    rule = programme.state.charter.selection.get(selection.rule) if selection else None
    if selection is None or rule is None:
        return (), None
    return rule.roles, selection.strand if programme.state.charter.by_country else None
