"""Routes: the desk of the office, across all its programmes."""

from datetime import datetime
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from interpares.common.database import Database
from interpares.common.http import (
    After,
    AtLeastPosition,
    CurrentAsked,
    CurrentPrincipal,
    Instant,
    Limit,
    Page,
    Router,
    decode_cursor,
    encode_cursor,
    page_of,
)
from interpares.common.policy import Capacity, Principal
from interpares.common.views import view_at_least
from interpares.programme.application import desk as use_cases
from interpares.programme.application import desk_commands
from interpares.programme.domain.desk.events import Reminder
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.desk import Desk, why
from interpares.programme.entrypoints.http.schemas import Answer
from interpares.programme.entrypoints.http.schemas import desk as schemas
from interpares.programme.projections.desk import VIEW, DeskView, OfficePeople

NOBODY = UUID(int=0)
NEVER = "infinity"
# An unknown kind is refused: an empty list would say that nothing waits.
Kind = Literal[
    "application",
    "offer",
    "duty",
    "check",
    "output",
    "draft",
    "request",
    "agreement",
    "deadline",
    "meeting",
    "deliverable",
    "objection",
    "review",
    "reviewers",
]
CameIn = Literal["application", "answer", "on-behalf"]
Moment = Annotated[Instant | None, Query()]


def desk_routes(database: Database, desk: Desk, access: Access) -> APIRouter:
    """Return the routes."""
    router: APIRouter = Router(tags=["desk"])
    view, people = DeskView(database), OfficePeople(database)

    @router.get("/desk/items")
    async def list_items(  # noqa: PLR0917 -- caller, filters, page
        principal: CurrentPrincipal,
        programme: UUID | None = None,
        kind: Kind | None = None,
        owner: Annotated[UUID | None, Query(description="Whose task it is, as owner or deputy.")] = None,
        waits_for: Annotated[Literal["office", "organisation"] | None, Query(description="Whose move it is.")] = None,
        due_before: Moment = None,
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeastPosition = None,
    ) -> Page[schemas.Waiting]:
        """List what waits in the programmes of the office, the most pressing first: what needs somebody today."""
        await view_at_least(database, VIEW, at_least)
        rows = await view.items(
            _offices(principal),
            _place_of(after),
            limit + 1,
            everything=principal.has(Capacity.AUDITOR),
            programme=programme,
            kind=kind,
            owner=owner,
            waits_for=waits_for,
            due_before=due_before,
        )
        found = [schemas.Waiting.model_validate(row) for row in rows]
        return page_of(found, limit, _place)

    @router.get("/desk/incoming")
    async def list_incoming(  # noqa: PLR0917 -- caller, filters, page
        principal: CurrentPrincipal,
        programme: UUID | None = None,
        kind: CameIn | None = None,
        since: Moment = None,
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeastPosition = None,
    ) -> Page[schemas.Incoming]:
        """List what came in, the latest first: applications, answers, and what was entered on behalf of others."""
        await view_at_least(database, VIEW, at_least)
        last = decode_cursor(after, datetime, str) if after else None
        rows = await view.incoming(
            _offices(principal),
            last,
            limit + 1,
            everything=principal.has(Capacity.AUDITOR),
            programme=programme,
            kind=kind,
            since=since,
        )
        found = [schemas.Incoming.model_validate(row) for row in rows]
        return page_of(found, limit, lambda each: (each.at, each.subject))

    @router.post("/programmes/{programme_id}/desk/tasks")
    async def assign(programme_id: UUID, body: schemas.TaskGiven, asked: CurrentAsked) -> Answer:
        """Give a thing to somebody of the office, with a deputy, or hand it over."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = desk_commands.AssignTask(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            task=body.task,
            owner=body.owner,
            deputy=body.deputy,
        )
        use_case = partial(use_cases.assign_task, colleagues=people)
        return await desk.carry_out(asked, use_case, command, programme_id)

    @router.post("/programmes/{programme_id}/desk/reminders")
    async def remind(programme_id: UUID, body: schemas.Reminding, asked: CurrentAsked) -> Answer:
        """Remind exactly those selected of what they have not answered; an empty selection reminds nobody."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = desk_commands.Remind(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            selected=tuple(Reminder(each.item, each.organisation_id) for each in body.selected),
            channel=body.channel,
        )
        use_case = partial(use_cases.remind, waiting=view)
        return await desk.carry_out(asked, use_case, command, programme_id)

    @router.post("/programmes/{programme_id}/desk/signatories")
    async def name(programme_id: UUID, body: schemas.Signatories, asked: CurrentAsked) -> Answer:
        """Name who signs drafts of this programme."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = desk_commands.NameSignatories(
            programme_id=programme_id, grounds=reasons.grounds, texts=reasons.texts, persons=body.persons
        )
        use_case = partial(use_cases.name_signatories, colleagues=people)
        return await desk.carry_out(asked, use_case, command, programme_id)

    return router


def _offices(principal: Principal) -> list[UUID]:
    return [each.organisation_id for each in principal.memberships if each.capacity is Capacity.OFFICE]


def _place(item: schemas.Waiting) -> tuple[str, UUID, str, UUID]:
    due = item.due.isoformat() if item.due else NEVER
    return due, item.programme_id, item.item, item.organisation_id or NOBODY


def _place_of(after: str | None) -> tuple[str, UUID, str, UUID] | None:
    if after is None:
        return None
    due, programme, item, organisation = decode_cursor(after, str, UUID, str, UUID)
    if due == NEVER:
        return due, programme, item, organisation
    # Read as a moment, so that nothing else reaches the database.
    moment, *_ = decode_cursor(encode_cursor(due), datetime)
    return moment.isoformat(), programme, item, organisation
