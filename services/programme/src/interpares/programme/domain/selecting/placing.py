"""How a selection reaches into the decisions on single applicants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from interpares.programme.domain.decision import Alternative, Criterion, Evidence
from interpares.programme.domain.participation import holders
from interpares.programme.domain.selecting.errors import NotNextInLine, SelectionRunning
from interpares.programme.domain.selecting.events import WAITING
from interpares.programme.domain.selecting.state import Progress

if TYPE_CHECKING:
    from interpares.programme.domain.participation import Applicant, Participations
    from interpares.programme.domain.selecting.rules import SelectionRule
    from interpares.programme.domain.selecting.state import Ranked, Round, Selections


@dataclass(frozen=True)
class Placed:
    """What the result of a selection adds to the decision on one applicant; nothing where there was none."""

    follows: UUID | None = None
    reason_code: str = ""
    criteria: tuple[Criterion, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    alternatives: tuple[Alternative, ...] = ()


SINGLE = Placed()


def round_of(selections: Selections, rules: dict[str, SelectionRule], role: str, strand: str) -> Round | None:
    """Return the round in which applicants for a role in a strand are chosen, None if there is none."""
    names = [f"{strand}.{rule.key}" for rule in rules.values() if role in rule.roles]
    return next((selections.rounds[name] for name in names if name in selections.rounds), None)


def refuse_running(selection: Round | None, *, from_ranking: bool = False) -> None:
    """Raise SelectionRunning while a round is under way; ``from_ranking``: only once its applicants are ranked."""
    running = {Progress.RANKED} if from_ranking else {Progress.FIXED, Progress.RANKED}
    if selection is not None and selection.progress in running:
        message = f"The selection {selection.id} is under way."
        raise SelectionRunning(message)


def refuse_out_of_turn(
    selection: Round | None,
    roles: tuple[str, ...],
    applications: dict[str, str],
    applicant: Applicant,
    participations: Participations,
) -> None:
    """Raise NotNextInLine for an application that waits while no place is free or another one stands before it."""
    if applications.get(str(applicant.application_id)) != WAITING or selection is None:
        return
    line = [each for each in selection.waiting if applications.get(str(each)) == WAITING]
    taken = {each.organisation for role in roles for each in holders(participations, role, selection.strand)}
    free = selection.places is None or len(taken) < selection.places
    if not free or line[:1] != [applicant.application_id]:
        message = "The application waits, and it is not its turn."
        raise NotNextInLine(message)


def alternatives(ranking: tuple[Ranked, ...], own: UUID) -> tuple[Alternative, ...]:
    """Return the other applicants, each with its place as the ground."""
    return tuple(
        Alternative(ground=f"place-{each.place}", organisation=each.organisation)
        for each in ranking
        if each.application != own
    )


def criteria_of(ranked: Ranked) -> tuple[Criterion, ...]:
    """Return place and score as criteria of a decision, and what decided among equals."""
    told = (Criterion("place", str(ranked.place)), Criterion("score", ranked.score))
    return (*told, Criterion("tie-break", ranked.tie_break)) if ranked.tie_break else told
