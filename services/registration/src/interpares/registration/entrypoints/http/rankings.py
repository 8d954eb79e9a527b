"""Ranking applicants: points, priority, the ranking itself, and the waiting list as each may see it."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter

from interpares.common.commands import Commands
from interpares.common.database import Database
from interpares.common.eventstore import EventStore
from interpares.common.http import After, AtLeastPosition, CurrentAsked, CurrentPrincipal, Limit, Page, Router, page_of
from interpares.common.policy import Capacity, Principal
from interpares.common.views import view_at_least
from interpares.registration.application.applying_ports import WaitingApplications
from interpares.registration.application.decided import Decided
from interpares.registration.application.ports import KnownCalls
from interpares.registration.application.rank_applications import (
    ChangePriority,
    GivePoints,
    RankApplications,
    change_priority,
    give_points,
    rank_applications,
)
from interpares.registration.domain.application import Application
from interpares.registration.entrypoints.http.asking import behind
from interpares.registration.entrypoints.http.authority import known, organisations, sight
from interpares.registration.entrypoints.http.schemas.applications import (
    NewRanking,
    PointsGiven,
    Priority,
    RankingShown,
)
from interpares.registration.entrypoints.http.schemas.words import Answer
from interpares.registration.projections.applications import Applications
from interpares.registration.projections.rankings import ListedRanking, Rankings, RankingsProjector


def measuring_routes(commands: Commands, store: EventStore, *, calls: KnownCalls) -> APIRouter:
    """Return the routes by which applications are measured and put before or behind others."""
    router = Router(tags=["rankings"])
    give = partial(give_points, calls=calls)

    async def ranker(principal: Principal, application_id: UUID) -> Capacity:
        """Return the capacity of whoever ranks an application: its programme's office; NotFound to all others."""
        application = await store.load(Application, application_id)
        if application is None or not principal.of(application.state.office_id, Capacity.OFFICE):
            return known(None, "application")
        return Capacity.OFFICE

    @router.post("/applications/{application_id}/points", operation_id="givePoints")
    async def give_one(application_id: UUID, body: PointsGiven, asked: CurrentAsked) -> Answer:
        """Measure an application by the criteria of its call."""
        command = GivePoints(
            application_id=application_id,
            points=dict(body.points),
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=await ranker(asked.principal, application_id),
        )
        return Answer.to(await asked.run(commands, give, command, Decided, lane=application_id))

    @router.post("/applications/{application_id}/priority", operation_id="changePriority")
    async def prioritise_one(application_id: UUID, body: Priority, asked: CurrentAsked) -> Answer:
        """Raise or lower an application against others, with a reason; it counts with the next ranking."""
        command = ChangePriority(
            application_id=application_id,
            priority=body.priority,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=await ranker(asked.principal, application_id),
        )
        return Answer.to(await asked.run(commands, change_priority, command, Decided, lane=application_id))

    return router


def ranking_routes(
    commands: Commands, database: Database, *, calls: KnownCalls, waiting: WaitingApplications
) -> APIRouter:
    """Return the routes of rankings and places."""
    router = Router(tags=["rankings"])
    rankings, applications = Rankings(database), Applications(database)
    rank = partial(rank_applications, calls=calls, waiting=waiting)

    async def shown(ranking: ListedRanking, principal: Principal) -> RankingShown:
        """Return all places to who ranks and who audits, to applicants their own."""
        entries, left = await rankings.entries(ranking.id)
        if not principal.has(Capacity.AUDITOR) and not principal.of(ranking.office_id, Capacity.OFFICE):
            own = organisations(principal, Capacity.COORDINATOR)
            entries = [each for each in entries if each.organisation_id in own]
        facts = {name: getattr(ranking, name) for name in RankingShown.model_fields if hasattr(ranking, name)}
        return RankingShown(**facts, waiting=left, entries=tuple(entries))

    @router.post("/rankings", operation_id="rankApplications")
    async def rank_all(body: NewRanking, asked: CurrentAsked) -> Answer:
        """Rank those who wait for a role by the rule of the call; the programme decides about them."""
        call = await calls.by_id(body.call_id)
        call = known(call if call and asked.principal.of(call.office_id, Capacity.OFFICE) else None, "call")
        command = RankApplications(
            call_id=call.call_id,
            role=body.role,
            strand=body.strand,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=Capacity.OFFICE,
        )
        return Answer.to(await asked.run(commands, rank, command, Decided, lane=call.call_id))

    @router.get("/rankings", operation_id="listRankings")
    async def list_all(
        *,
        principal: CurrentPrincipal,
        after: After = None,
        limit: Limit = 50,
        programme_id: UUID | None = None,
        position: AtLeastPosition = None,
    ) -> Page[ListedRanking]:
        """List rankings with their rules: an office sees its own, applicants those they stand in."""
        start = behind(after)
        await view_at_least(database, RankingsProjector.VIEW, position)
        rows = await rankings.page(sight(principal), after=start, limit=limit + 1, programme_id=programme_id)
        return page_of(rows, limit, lambda row: (row.id,))

    @router.get("/rankings/{ranking_id}", operation_id="readRanking")
    async def read_one(ranking_id: UUID, principal: CurrentPrincipal, position: AtLeastPosition = None) -> RankingShown:
        """Return a ranking with its rule, and the places that move up as others are admitted, declined or leave."""
        await view_at_least(database, RankingsProjector.VIEW, position)
        return await shown(known(await rankings.one(ranking_id, sight(principal)), "ranking"), principal)

    @router.get("/applications/{application_id}/place", operation_id="readPlace")
    async def read_place(
        application_id: UUID, principal: CurrentPrincipal, position: AtLeastPosition = None
    ) -> RankingShown:
        """Return where an application stands, among how many, and by which rule."""
        await view_at_least(database, RankingsProjector.VIEW, position)
        known(await applications.one(application_id, sight(principal)), "application")
        ranking = known(await rankings.of(application_id, sight(principal)), "ranking")
        whole = await shown(ranking, principal)
        own = tuple(each for each in whole.entries if each.application_id == application_id)
        return whole.model_copy(update={"entries": own})

    return router
