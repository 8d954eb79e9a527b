"""Routes: meetings planned, asked for, changed, confirmed, moved, cancelled and held."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from uuid_utils.compat import uuid7

from interpares.common.database import Database
from interpares.common.http import CurrentAsked, Router
from interpares.programme.application import meetings, meetings_commands
from interpares.programme.entrypoints.http.access import Access
from interpares.programme.entrypoints.http.agreements import agreement_routes
from interpares.programme.entrypoints.http.desk import Desk, Why, for_another, why
from interpares.programme.entrypoints.http.exceptions import exception_routes
from interpares.programme.entrypoints.http.meeting_lists import meeting_lists
from interpares.programme.entrypoints.http.parties import Parties
from interpares.programme.entrypoints.http.schemas import Answer, Deciding
from interpares.programme.entrypoints.http.schemas import meetings as schemas
from interpares.programme.entrypoints.http.wishes import changes, local, plan, wish
from interpares.programme.projections.heard_attendance import HeardAttendances
from interpares.programme.projections.heard_prerequisites import HeardPrerequisites
from interpares.programme.projections.history import StoredHistory

MEETINGS = "/programmes/{programme_id}/meetings"
MEETING = f"{MEETINGS}/{{meeting_id}}"


def meetings_routes(database: Database, desk: Desk, access: Access) -> Sequence[APIRouter]:
    """Return all routes of the chapter."""
    parties = Parties(database, access)
    return [
        planning_routes(desk, access, parties),
        convening_routes(database, desk, access, parties),
        agreement_routes(database, desk, access, parties),
        exception_routes(database, desk, access),
        meeting_lists(database, access),
    ]


def about(programme_id: UUID, meeting_id: UUID, reasons: Why) -> dict[str, Any]:
    """Return what every command about a meeting has."""
    return {
        "programme_id": programme_id,
        "meeting_id": meeting_id,
        "grounds": reasons.grounds,
        "texts": reasons.texts,
    }


def planning_routes(desk: Desk, access: Access, parties: Parties) -> APIRouter:
    """Return the routes by which meetings come about."""
    router: APIRouter = Router(tags=["meetings"])

    @router.post(MEETINGS, status_code=201)
    async def plan_one(programme_id: UUID, body: schemas.Plan, asked: CurrentAsked) -> Answer:
        """Plan a meeting: of a duty, by its host or the office; or, by the office, on an occasion."""
        if body.duty is not None:
            membership = await parties.of_duty(asked.principal, programme_id, body.duty)
        else:
            membership = await access.office(asked.principal, programme_id)
        command = plan(body, programme_id, uuid7(), why(asked, membership, body))
        return await desk.carry_out(asked, meetings.plan_meeting, command, programme_id)

    @router.post(f"{MEETINGS}/proposals", status_code=201)
    async def propose(programme_id: UUID, body: schemas.Proposal, asked: CurrentAsked) -> Answer:
        """Ask for a meeting, or offer to host one."""
        membership = await access.office_or(asked.principal, programme_id, body.organisation_id)
        for_another(membership, body)
        command = meetings_commands.ProposeMeeting(
            organisation_id=body.organisation_id,
            wish=wish(body, body.occasion, body.format),
            **about(programme_id, uuid7(), why(asked, membership, body)),
        )
        return await desk.carry_out(asked, meetings.propose_meeting, command, programme_id)

    @router.post(f"{MEETINGS}/records", status_code=201)
    async def record(programme_id: UUID, body: schemas.Record, asked: CurrentAsked) -> Answer:
        """Record a meeting that took place and was not planned here; it stays marked as looking back."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        meeting_id = uuid7()
        command = meetings_commands.RecordMeeting(
            plan=plan(body, programme_id, meeting_id, reasons),
            attended=body.attended,
            **about(programme_id, meeting_id, reasons),
        )
        return await desk.carry_out(asked, meetings.record_meeting, command, programme_id)

    @router.post(f"{MEETING}/adoption")
    async def adopt(programme_id: UUID, meeting_id: UUID, body: schemas.Change, asked: CurrentAsked) -> Answer:
        """Take up a meeting that was asked for, as it was or changed."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = meetings_commands.TakeUp(changes=changes(body), **about(programme_id, meeting_id, reasons))
        return await desk.carry_out(asked, meetings.take_up, command, programme_id)

    @router.post(f"{MEETING}/refusal")
    async def refuse(programme_id: UUID, meeting_id: UUID, body: Deciding, asked: CurrentAsked) -> Answer:
        """Decline a meeting that was asked for."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = meetings_commands.RefuseProposal(**about(programme_id, meeting_id, reasons))
        return await desk.carry_out(asked, meetings.refuse_proposal, command, programme_id)

    @router.post(f"{MEETING}/withdrawal")
    async def take_back(programme_id: UUID, meeting_id: UUID, body: Deciding, asked: CurrentAsked) -> Answer:
        """Take back what one asked for."""
        membership = await parties.of_asker(asked.principal, programme_id, meeting_id)
        for_another(membership, body)
        command = meetings_commands.WithdrawProposal(**about(programme_id, meeting_id, why(asked, membership, body)))
        return await desk.carry_out(asked, meetings.withdraw_proposal, command, programme_id)

    return router


def convening_routes(database: Database, desk: Desk, access: Access, parties: Parties) -> APIRouter:
    """Return the routes by which meetings change, take place or do not."""
    router: APIRouter = Router(tags=["meetings"])
    prerequisites = HeardPrerequisites(database)

    @router.post(f"{MEETING}/change")
    async def change(programme_id: UUID, meeting_id: UUID, body: schemas.Change, asked: CurrentAsked) -> Answer:
        """Change a meeting; what was agreed on has to be agreed on anew."""
        membership = await parties.of_meeting(asked.principal, programme_id, meeting_id)
        command = meetings_commands.ChangeMeeting(
            changes=changes(body),
            revision=body.revision,
            **about(programme_id, meeting_id, why(asked, membership, body)),
        )
        return await desk.carry_out(asked, meetings.change_meeting, command, programme_id)

    @router.post(f"{MEETING}/confirmation")
    async def confirm(programme_id: UUID, meeting_id: UUID, body: Deciding, asked: CurrentAsked) -> Answer:
        """Confirm a meeting; what stands against it is listed."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = meetings_commands.ConfirmMeeting(**about(programme_id, meeting_id, reasons))
        use_case = partial(meetings.confirm_meeting, prerequisites=prerequisites)
        return await desk.carry_out(asked, use_case, command, programme_id)

    @router.post(f"{MEETING}/rescheduling")
    async def move(programme_id: UUID, meeting_id: UUID, body: schemas.Rescheduling, asked: CurrentAsked) -> Answer:
        """Move a meeting that has dates; deadlines move with it."""
        membership = await parties.of_meeting(asked.principal, programme_id, meeting_id)
        command = meetings_commands.Reschedule(
            **local(body.dates), **about(programme_id, meeting_id, why(asked, membership, body))
        )
        return await desk.carry_out(asked, meetings.reschedule, command, programme_id)

    @router.post(f"{MEETING}/cancellation")
    async def cancel(programme_id: UUID, meeting_id: UUID, body: Deciding, asked: CurrentAsked) -> Answer:
        """Call a meeting off; a duty it fulfilled waits for another."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = meetings_commands.CancelMeeting(**about(programme_id, meeting_id, reasons))
        return await desk.carry_out(asked, meetings.cancel_meeting, command, programme_id)

    @router.post(f"{MEETING}/holding")
    async def hold(programme_id: UUID, meeting_id: UUID, body: schemas.Holding, asked: CurrentAsked) -> Answer:
        """Record that a meeting took place, and who was there."""
        membership = await parties.of_meeting(asked.principal, programme_id, meeting_id)
        command = meetings_commands.HoldMeeting(
            attended=body.attended, **about(programme_id, meeting_id, why(asked, membership, body))
        )
        use_case = partial(meetings.hold_meeting, prerequisites=prerequisites)
        return await desk.carry_out(asked, use_case, command, programme_id)

    @router.post(f"{MEETING}/attendance-correction")
    async def correct(programme_id: UUID, meeting_id: UUID, body: schemas.Holding, asked: CurrentAsked) -> Answer:
        """Put right which organisations were at a meeting that was held; it corrects the decision on the holding."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = meetings_commands.CorrectAttendance(
            attended=body.attended, **about(programme_id, meeting_id, reasons)
        )
        use_case = partial(
            meetings.correct_attendance, holdings=StoredHistory(database), heard=HeardAttendances(database)
        )
        return await desk.carry_out(asked, use_case, command, programme_id)

    return router
