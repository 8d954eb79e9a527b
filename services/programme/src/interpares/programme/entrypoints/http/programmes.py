"""Routes: programmes, their call, applications and participations."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from uuid_utils.compat import uuid7

from interpares.common.database import Database
from interpares.common.errors import Invalid, NotFound
from interpares.common.http import (
    After,
    AtLeastPosition,
    CurrentAsked,
    CurrentPrincipal,
    Limit,
    Page,
    Router,
    decode_cursor,
    page_of,
)
from interpares.common.policy import Capacity
from interpares.common.views import view_at_least
from interpares.programme.application import commands
from interpares.programme.application.admit import admit, decline_application
from interpares.programme.application.assessing import Assessing
from interpares.programme.application.call_for_applications import close_call, open_call
from interpares.programme.application.closing import close_programme
from interpares.programme.application.draft_programme import draft_programme
from interpares.programme.application.participate import end_role, grant_role, withdraw
from interpares.programme.domain.charter import Held
from interpares.programme.domain.holding import Terms
from interpares.programme.domain.moment import LocalMoment
from interpares.programme.entrypoints.eligibility import found_by
from interpares.programme.entrypoints.http import schemas
from interpares.programme.entrypoints.http.access import Access, own
from interpares.programme.entrypoints.http.desk import Desk, for_another, why
from interpares.programme.projections.heard import HeardApplications, HeardOrganisations
from interpares.programme.projections.heard_prerequisites import HeardPrerequisites
from interpares.programme.projections.past import PastMeetings
from interpares.programme.projections.programmes import VIEW, Programmes

RolePath = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,63}$")]


def programme_routes(database: Database, desk: Desk, access: Access) -> APIRouter:
    """Return the routes of programmes and calls."""
    router: APIRouter = Router(tags=["programmes"])
    programmes = Programmes(database)

    @router.post("/programmes", status_code=201)
    async def draft(body: schemas.Draft, asked: CurrentAsked) -> schemas.Answer:
        """Draft a programme from a template."""
        membership = asked.principal.require(body.office_id, Capacity.OFFICE)
        reasons = why(asked, membership, body)
        programme_id = uuid7()
        command = commands.DraftProgramme(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            title=body.title,
            office=body.office_id,
            template=body.template.as_document(),
            strands=body.strands,
        )
        return await desk.carry_out(asked, draft_programme, command, None)

    @router.get("/programmes")
    async def list_programmes(
        principal: CurrentPrincipal, after: After = None, limit: Limit = 50, at_least: AtLeastPosition = None
    ) -> Page[schemas.Programme]:
        """List the programmes one has to do with."""
        await view_at_least(database, VIEW, at_least)
        (last,) = decode_cursor(after, UUID) if after else (None,)
        offices = [each.organisation_id for each in principal.memberships if each.capacity is Capacity.OFFICE]
        everything = principal.has(Capacity.AUDITOR)
        rows = await programmes.page(offices, own(principal), everything=everything, after=last, limit=limit + 1)
        found = [schemas.Programme.model_validate(row) for row in rows]
        return page_of(found, limit, lambda each: (each.id,))

    @router.get("/programmes/{programme_id}")
    async def get_programme(
        programme_id: UUID, principal: CurrentPrincipal, at_least: AtLeastPosition = None
    ) -> schemas.Programme:
        """Return one programme."""
        await access.reader(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        row = await programmes.get(programme_id)
        if row is None:
            message = "There is no such programme."
            raise NotFound(message, "It may have been drafted a moment ago: ask with X-At-Least-Position.")
        return schemas.Programme.model_validate(row)

    @router.post("/programmes/{programme_id}/call")
    async def open_the_call(programme_id: UUID, body: schemas.Call, asked: CurrentAsked) -> schemas.Answer:
        """Ask organisations to apply."""
        if body.deadline.local.tzinfo is not None:
            message = "The local time carries an offset."
            raise Invalid(message, "Leave the offset out; the zone tells it.", field="deadline.local")
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.OpenCall(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            deadline=LocalMoment(body.deadline.local, body.deadline.zone),
        )
        return await desk.carry_out(asked, open_call, command, programme_id)

    @router.post("/programmes/{programme_id}/call/closure")
    async def close_the_call(programme_id: UUID, body: schemas.Deciding, asked: CurrentAsked) -> schemas.Answer:
        """Take no more applications."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.CloseCall(programme_id=programme_id, grounds=reasons.grounds, texts=reasons.texts)
        return await desk.carry_out(asked, close_call, command, programme_id)

    @router.post("/programmes/{programme_id}/closure")
    async def close(programme_id: UUID, body: schemas.Deciding, asked: CurrentAsked) -> schemas.Answer:
        """End the programme; its money, its outputs and their checks go on."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.CloseProgramme(programme_id=programme_id, grounds=reasons.grounds, texts=reasons.texts)
        use_case = partial(close_programme, prerequisites=HeardPrerequisites(database))
        return await desk.carry_out(asked, use_case, command, programme_id)

    return router


def participation_routes(database: Database, desk: Desk, access: Access) -> APIRouter:
    """Return the routes of applications and participations."""
    router: APIRouter = Router(tags=["participations"])
    programmes, applicants = Programmes(database), HeardApplications(database)
    assessing = Assessing(HeardOrganisations(database), PastMeetings(database), found_by)

    @router.get("/programmes/{programme_id}/applications")
    async def list_applications(
        programme_id: UUID, principal: CurrentPrincipal, after: After = None, limit: Limit = 50
    ) -> Page[schemas.Application]:
        """List what came in, as far as registration has told of it."""
        await access.desk(principal, programme_id)
        (last,) = decode_cursor(after, int) if after else (0,)
        rows = await applicants.page(programme_id, last, limit + 1)
        positions = {row["application_id"]: row["position"] for row in rows}
        found = [schemas.Application.model_validate(row) for row in rows]
        return page_of(found, limit, lambda each: (positions[each.application_id],))

    @router.post("/programmes/{programme_id}/applications/{application_id}/refusal")
    async def refuse(
        programme_id: UUID, application_id: UUID, body: schemas.Deciding, asked: CurrentAsked
    ) -> schemas.Answer:
        """Decline an application."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.DeclineApplication(
            programme_id=programme_id, grounds=reasons.grounds, texts=reasons.texts, application_id=application_id
        )
        use_case = partial(decline_application, applicants=applicants, assessing=assessing)
        return await desk.carry_out(asked, use_case, command, programme_id)

    @router.post("/programmes/{programme_id}/participations", status_code=201)
    async def admit_one(programme_id: UUID, body: schemas.Admission, asked: CurrentAsked) -> schemas.Answer:
        """Admit an applicant."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.Admit(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            application_id=body.application_id,
            role=body.role,
            strand=body.strand,
            terms=terms_of(body),
            excepted=body.exception,
        )
        use_case = partial(
            admit, applicants=applicants, prerequisites=HeardPrerequisites(database), assessing=assessing
        )
        return await desk.carry_out(asked, use_case, command, programme_id)

    @router.get("/programmes/{programme_id}/participations")
    async def list_participations(
        programme_id: UUID,
        principal: CurrentPrincipal,
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeastPosition = None,
    ) -> Page[schemas.Participation]:
        """List who takes part."""
        await view_at_least(database, VIEW, at_least)
        await access.reader(principal, programme_id)
        (last,) = decode_cursor(after, UUID) if after else (None,)
        rows = await programmes.participations(programme_id, last, limit + 1)
        found = [schemas.Participation.model_validate(row) for row in rows]
        return page_of(found, limit, lambda each: (each.organisation_id,))

    @router.post("/programmes/{programme_id}/participations/{organisation_id}/roles")
    async def grant(
        programme_id: UUID, organisation_id: UUID, body: schemas.Role, asked: CurrentAsked
    ) -> schemas.Answer:
        """Grant a further role; one by declaration an organisation takes itself."""
        membership = await access.office_or(asked.principal, programme_id, organisation_id)
        reasons = why(asked, membership, body)
        command = commands.GrantRole(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            organisation_id=organisation_id,
            role=body.role,
            terms=terms_of(body, body.contract),
            excepted=body.exception,
        )
        return await desk.carry_out(asked, partial(grant_role, assessing=assessing), command, programme_id)

    @router.post("/programmes/{programme_id}/participations/{organisation_id}/roles/{role}/end")
    async def end(
        programme_id: UUID, organisation_id: UUID, role: RolePath, body: schemas.RoleEnd, asked: CurrentAsked
    ) -> schemas.Answer:
        """End a role, or some of its themes; the duties that go with it follow their rule."""
        reasons = why(asked, await access.office(asked.principal, programme_id), body)
        command = commands.EndRole(
            programme_id=programme_id,
            grounds=reasons.grounds,
            texts=reasons.texts,
            organisation_id=organisation_id,
            role=role,
            themes=body.themes,
        )
        return await desk.carry_out(asked, end_role, command, programme_id)

    @router.post("/programmes/{programme_id}/participations/{organisation_id}/withdrawal")
    async def withdraw_one(
        programme_id: UUID, organisation_id: UUID, body: schemas.Deciding, asked: CurrentAsked
    ) -> schemas.Answer:
        """Leave the programme; the duties of the organisation, and only they, follow their rule."""
        membership = await access.office_or(asked.principal, programme_id, organisation_id)
        for_another(membership, body)
        reasons = why(asked, membership, body)
        command = commands.Withdraw(
            programme_id=programme_id, grounds=reasons.grounds, texts=reasons.texts, organisation_id=organisation_id
        )
        return await desk.carry_out(asked, withdraw, command, programme_id)

    return router


def terms_of(body: schemas.Wanted, contract: str | None = None) -> Terms:
    """Return how a role is wanted."""
    held = None if body.held is None else Held(body.held.starts, body.held.ends)
    return Terms(themes=body.themes, held=held, contract=contract or "")
