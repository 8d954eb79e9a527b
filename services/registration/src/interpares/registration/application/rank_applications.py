"""Ranking: measure applications, raise or lower one with a reason, have them ranked by the rule of the call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.registration.application.decided import decided
from interpares.registration.domain.application import Application, Status
from interpares.registration.domain.applying.ranking_rule import Candidate
from interpares.registration.domain.errors import NoOpenCall
from interpares.registration.domain.grounds import Grounds
from interpares.registration.domain.ranking import Ranking, ranking_id

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.sealed import SealedText
    from interpares.registration.application.applying_ports import WaitingApplications
    from interpares.registration.application.decided import Decided
    from interpares.registration.application.ports import KnownCalls, Unit


@dataclass(frozen=True)
class GivePoints:
    """points: by criterion, as decimal text from 0 to 100."""

    application_id: UUID
    points: dict[str, str]
    reason_code: str
    reason: SealedText
    acting_as: str


async def give_points(command: GivePoints, unit: Unit, *, calls: KnownCalls) -> Decided:
    """Measure an application by the criteria of its call. Raises NotFound, ApplicationSettled, CriterionUnknown."""
    application = await unit.load(Application, command.application_id)
    call = await calls.by_id(application.state.call_id)
    if call is None:
        raise NoOpenCall
    grounds = Grounds(command.reason_code, command.reason.hash, command.acting_as)
    application.give_points(command.points, call, grounds)
    unit.save(application, texts=(command.reason,))
    return decided(application, "application-points", "given", command.reason_code)


@dataclass(frozen=True)
class ChangePriority:
    """priority: 0 as all begin; more is earlier."""

    application_id: UUID
    priority: int
    reason_code: str
    reason: SealedText
    acting_as: str


async def change_priority(command: ChangePriority, unit: Unit) -> Decided:
    """Raise or lower an application against others. Raises NotFound, ApplicationSettled, PriorityUnchanged."""
    application = await unit.load(Application, command.application_id)
    outcome = "raised" if command.priority > application.state.priority else "lowered"
    application.prioritise(command.priority, Grounds(command.reason_code, command.reason.hash, command.acting_as))
    unit.save(application, texts=(command.reason,))
    return decided(application, "application-priority", outcome, command.reason_code)


@dataclass(frozen=True)
class RankApplications:
    """strand: None where the programme is undivided."""

    call_id: UUID
    role: str
    strand: str | None
    reason_code: str
    reason: SealedText
    acting_as: str


async def rank_applications(
    command: RankApplications, unit: Unit, *, calls: KnownCalls, waiting: WaitingApplications
) -> Decided:
    """Rank those who wait by the rule of the call, and record all it was computed from.

    Raises NoOpenCall for a call nobody told of, RoleNotSought, StrandNotSought, NobodyToRank.
    """
    call = await calls.by_id(command.call_id)
    if call is None:
        raise NoOpenCall
    call.check_knows(command.role, command.strand)
    found = [await unit.find(Application, each) for each in await waiting.waiting(call.programme_id, command.role)]
    candidates = tuple(
        Candidate(each.id, each.state.organisation_id, each.state.received_at, each.state.priority, each.state.points)
        for each in found
        if each and each.state.status is Status.SUBMITTED and each.state.strand == command.strand
    )
    ranking = await unit.find(Ranking, ranking_id(call.programme_id, command.role, command.strand))
    ranking = ranking or Ranking.begin(call, command.role, command.strand)
    ranking.rank(call, candidates, Grounds(command.reason_code, command.reason.hash, command.acting_as))
    unit.save(ranking, texts=(command.reason,))
    return decided(ranking, "application-ranking", "ranked", command.reason_code)
