"""Routes: meetings as they stand, their history, and the deadlines that follow from them."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from interpares.common.database import Database
from interpares.common.http import (
    After,
    AtLeastPosition,
    CurrentPrincipal,
    Limit,
    Page,
    Router,
    decode_cursor,
    page_of,
)
from interpares.common.policy import Principal
from interpares.common.views import view_at_least
from interpares.programme.domain.meetings.errors import UnknownMeeting
from interpares.programme.domain.meetings.meeting import SURE, MeetingStatus
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.exceptions import midnight
from interpares.programme.entrypoints.http.parties import inside
from interpares.programme.entrypoints.http.schemas import meetings as schemas
from interpares.programme.projections.meeting_lists import MeetingLists
from interpares.programme.projections.meetings import VIEW

MEETINGS = "/programmes/{programme_id}/meetings"
MEETING = f"{MEETINGS}/{{meeting_id}}"
Strand = Annotated[str | None, Query(pattern="^[A-Za-z0-9_-]{1,64}$")]
FromDay = Annotated[date | None, Query(alias="from", description="First day, by the clock of the place.")]
UntilDay = Annotated[date | None, Query(alias="to", description="Last day, included.")]


def meeting_lists(database: Database, access: Access) -> APIRouter:
    """Return the routes."""
    router: APIRouter = Router(tags=["meetings"])
    lists = MeetingLists(database)

    @router.get(MEETINGS)
    async def list_meetings(  # noqa: PLR0917 -- path, caller, filters, page
        programme_id: UUID,
        principal: CurrentPrincipal,
        status: Annotated[MeetingStatus | None, Query()] = None,
        strand: Strand = None,
        organisation: Annotated[UUID | None, Query(description="Has a part in it, or is invited.")] = None,
        starts: FromDay = None,
        until: UntilDay = None,
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeastPosition = None,
    ) -> Page[schemas.MeetingShown]:
        """List meetings in the order they were planned or asked for."""
        await access.reader(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        (last,) = decode_cursor(after, UUID) if after else (None,)
        rows = await lists.page(
            programme_id,
            last,
            limit + 1,
            status=status,
            strand=strand,
            organisation=organisation,
            starts=starts,
            until=until,
        )
        office = (await access.programme(programme_id)).state.office
        found = [_shown(row, principal, office) for row in rows]
        return page_of(found, limit, lambda each: (each.id,))

    @router.get(MEETING)
    async def get_meeting(
        programme_id: UUID, meeting_id: UUID, principal: CurrentPrincipal, at_least: AtLeastPosition = None
    ) -> schemas.MeetingShown:
        """Return one meeting."""
        await access.reader(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        row = await _row(lists, programme_id, meeting_id)
        return _shown(row, principal, (await access.programme(programme_id)).state.office)

    @router.get(f"{MEETING}/history")
    async def get_history(  # noqa: PLR0917 -- path, caller, page
        programme_id: UUID,
        meeting_id: UUID,
        principal: CurrentPrincipal,
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeastPosition = None,
    ) -> Page[schemas.Happening]:
        """List what was decided about a meeting, in the order it was recorded."""
        await access.reader(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        await _row(lists, programme_id, meeting_id)
        (last,) = decode_cursor(after, int) if after else (0,)
        rows = await lists.history(meeting_id, last, limit + 1)
        found = [schemas.Happening.model_validate(row) for row in rows]
        return page_of(found, limit, lambda each: (each.position,))

    @router.get("/programmes/{programme_id}/deadlines")
    async def list_deadlines(  # noqa: PLR0917 -- path, caller, filters, page
        programme_id: UUID,
        principal: CurrentPrincipal,
        meeting: UUID | None = None,
        organisation: Annotated[UUID | None, Query(description="Owes it.")] = None,
        starts: FromDay = None,
        until: UntilDay = None,
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeastPosition = None,
    ) -> Page[schemas.Deadline]:
        """List the days that follow from meetings, the earliest first."""
        await access.reader(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        last = decode_cursor(after, datetime, UUID, str) if after else None
        rows = await lists.deadlines(
            programme_id,
            last,
            limit + 1,
            meeting=meeting,
            organisation=organisation,
            starts=starts,
            until=until,
        )
        today = datetime.now(UTC).date()
        found = [schemas.Deadline.model_validate(row | {"overdue": row["day"] < today}) for row in rows]
        return page_of(found, limit, lambda each: (midnight(each.day), each.meeting_id, each.key))

    return router


async def _row(lists: MeetingLists, programme_id: UUID, meeting_id: UUID) -> dict[str, Any]:
    row = await lists.get(programme_id, meeting_id)
    if row is None:
        message = "This programme has no such meeting."
        raise UnknownMeeting(message)
    return row


def _shown(row: dict[str, Any], principal: Principal, office: UUID) -> schemas.MeetingShown:
    parts = (row["host_id"], row["organiser_id"], row["asked_by_id"], *row["agreement_sides"])
    if row["venue"] and row["status"] not in SURE and not inside(principal, office, parts):
        row = row | {"venue": row["venue"] | {"address": ""}}
    return schemas.MeetingShown.model_validate(row)
