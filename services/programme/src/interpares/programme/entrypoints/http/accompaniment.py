"""Routes: accompaniment and its expert days."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from interpares.common.http import After, CurrentAsked, CurrentPrincipal, Limit, Page, Router, decode_cursor, page_of
from interpares.programme.application import accompanying
from interpares.programme.application import rules_commands as commands
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.desk import Desk, why
from interpares.programme.entrypoints.http.schemas import Answer, Deciding
from interpares.programme.entrypoints.http.schemas import rules as schemas

AccompanimentPath = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,63}-[0-9]{1,6}$", description="Such as process-1.")]
ACCOMPANIMENTS = "/programmes/{programme_id}/accompaniments"


def accompaniment_routes(desk: Desk, access: Access) -> APIRouter:
    """Return the routes."""
    router: APIRouter = Router(tags=["accompaniment"])

    @router.get(ACCOMPANIMENTS)
    async def list_accompaniments(
        programme_id: UUID, principal: CurrentPrincipal, after: After = None, limit: Limit = 50
    ) -> Page[schemas.Accompaniment]:
        """List who goes along with whom, and the expert days."""
        await access.reader(principal, programme_id)
        programme = await access.programme(programme_id)
        (last,) = decode_cursor(after, str) if after else ("",)
        found = [
            schemas.Accompaniment(
                accompaniment=each.id,
                rule=each.rule,
                organisation_id=each.organisation,
                companion_id=each.companion,
                days=each.days,
                booked=each.booked,
                ended=each.ended,
            )
            for each in sorted(programme.state.accompaniments.values(), key=lambda each: each.id)
            if each.id > last
        ]
        return page_of(found[: limit + 1], limit, lambda each: (each.accompaniment,))

    @router.post(ACCOMPANIMENTS, status_code=201)
    async def agree(programme_id: UUID, body: schemas.Accompanied, asked: CurrentAsked) -> Answer:
        """Agree that somebody goes along with a participant."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.AgreeAccompaniment(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            rule=body.rule,
            organisation_id=body.organisation_id,
            companion_id=body.companion_id,
            days=body.days,
            themes=body.themes,
        )
        return await desk.carry_out(asked, accompanying.agree_accompaniment, command, programme_id)

    @router.post(f"{ACCOMPANIMENTS}/{{accompaniment}}/expert-days")
    async def book(
        programme_id: UUID, accompaniment: AccompanimentPath, body: schemas.ExpertDays, asked: CurrentAsked
    ) -> Answer:
        """Book expert days, or take back those of a booking."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.BookExpertDays(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            accompaniment=accompaniment,
            day=body.day,
            days=body.days,
        )
        return await desk.carry_out(asked, accompanying.book_expert_days, command, programme_id)

    @router.post(f"{ACCOMPANIMENTS}/{{accompaniment}}/end")
    async def end(programme_id: UUID, accompaniment: AccompanimentPath, body: Deciding, asked: CurrentAsked) -> Answer:
        """Let nobody go along any more."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.EndAccompaniment(
            programme_id=programme_id, grounds=reasons.grounds, texts=reasons.texts, accompaniment=accompaniment
        )
        return await desk.carry_out(asked, accompanying.end_accompaniment, command, programme_id)

    return router
