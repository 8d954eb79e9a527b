"""Routes: a programme as of a recorded or an effective moment, and the difference between two."""

import asyncio
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from interpares.common.database import Database
from interpares.common.errors import Invalid, NotFound
from interpares.common.http import CurrentPrincipal, Instant, Router
from interpares.programme.domain.events import Event
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.schemas import looking_back as schemas
from interpares.programme.projections.history import StoredHistory
from interpares.programme.projections.looking_back import Moment, difference, in_effect, past_of

# More than anybody can read; the log itself is the place then.
DECISIONS_BETWEEN = 2000
Recorded = Annotated[Instant | None, Query(description="What was in the log by then; now if not given.")]
Effective = Annotated[Instant | None, Query(description="What was in effect then; all of it if not given.")]


def looking_back_routes(database: Database, access: Access) -> APIRouter:
    """Return the routes."""
    router: APIRouter = Router(tags=["decisions"])
    stored = StoredHistory(database)

    async def history(programme_id: UUID) -> list[Event]:
        return [each.event for each in await stored.whole(programme_id)]

    @router.get("/programmes/{programme_id}/state")
    async def as_of(
        programme_id: UUID, principal: CurrentPrincipal, recorded_at: Recorded = None, effective_at: Effective = None
    ) -> schemas.AsOf:
        """Return the whole state as of a moment, replayed from the events."""
        await access.desk(principal, programme_id)
        moment = Moment(recorded_at, effective_at)
        past = await asyncio.to_thread(past_of, await history(programme_id), moment)
        if past is None:
            message = "There was no such programme at that moment."
            raise NotFound(message, "Ask for a later moment.")
        return schemas.AsOf(
            programme_id=programme_id,
            recorded_at=recorded_at,
            effective_at=effective_at,
            decisions=len(past.taken),
            last_decision=past.taken[-1].event_id,
            state=past.state,
        )

    @router.get("/programmes/{programme_id}/differences")
    async def between(
        programme_id: UUID,
        principal: CurrentPrincipal,
        since: Annotated[Instant, Query(description="The earlier moment.")],
        until: Annotated[Instant, Query(description="The later moment.")],
        time: Annotated[Literal["recorded", "effective"], Query(description="Which time is meant.")] = "recorded",
    ) -> schemas.Difference:
        """Return what changed from one moment to another, and by which decisions."""
        await access.desk(principal, programme_id)
        if until <= since:
            message, way_out = "The later moment is not later.", "Give the earlier moment in since."
            raise Invalid(message, way_out, field="until")
        events = await history(programme_id)
        earlier, later = (Moment(**{time: moment}) for moment in (since, until))
        if len(in_effect(events, later)) - len(in_effect(events, earlier)) > DECISIONS_BETWEEN:
            message = f"There are more than {DECISIONS_BETWEEN} decisions between."
            raise Invalid(message, "Ask for a shorter time, or read the decision log.", field="until")
        found = await asyncio.to_thread(difference, events, earlier, later)
        return schemas.Difference(
            programme_id=programme_id,
            changes=[schemas.Changed.model_validate(vars(each)) for each in found.changes],
            decisions=[
                schemas.Taken(
                    id=event.event_id,
                    type=event.decision.type,
                    subject=event.decision.subject,
                    outcome=event.decision.outcome,
                    effective_at=event.decision.effective_at,
                    recorded_at=event.timestamp,
                )
                for event in found.decisions
            ],
        )

    return router
