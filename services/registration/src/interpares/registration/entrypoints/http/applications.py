"""Calls and applications."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter

from interpares.common.commands import Commands
from interpares.common.database import Database
from interpares.common.eventstore import EventStore
from interpares.common.http import After, AtLeastPosition, CurrentAsked, CurrentPrincipal, Limit, Page, Router, page_of
from interpares.common.views import view_at_least
from interpares.registration.application.decided import Decided
from interpares.registration.application.ports import KnownCalls, ListedCall, PendingApplications, SealedTexts
from interpares.registration.application.submit_application import SubmitApplication, submit_application
from interpares.registration.application.withdraw_application import WithdrawApplication, withdraw_application
from interpares.registration.domain.application import Application, Status
from interpares.registration.entrypoints.http.asking import behind, new_id
from interpares.registration.entrypoints.http.authority import applicant, known, sight, withdrawer
from interpares.registration.entrypoints.http.schemas.applications import (
    ApplicationShown,
    CallShown,
    Deadline,
    NewApplication,
)
from interpares.registration.entrypoints.http.schemas.words import Answer, CreatingAnswer, Reasoned
from interpares.registration.projections.applications import Applications, ApplicationsProjector, ListedApplication


def application_routes(
    commands: Commands,
    store: EventStore,
    database: Database,
    *,
    calls: KnownCalls,
    pending: PendingApplications,
    texts: SealedTexts,
) -> APIRouter:
    """Return the routes."""
    router = Router(tags=["applications"])
    listed = Applications(database)
    submit = partial(submit_application, calls=calls, pending=pending)
    withdraw = partial(withdraw_application, pending=pending)

    @router.get("/calls", operation_id="listCalls")
    async def list_calls(after: After = None, limit: Limit = 50) -> Page[CallShown]:
        """List the calls one can apply under."""
        rows = await calls.page(after=behind(after), limit=limit + 1)
        return page_of([_shown(row) for row in rows], limit, lambda row: (row.id,))

    @router.post("/applications", status_code=201, operation_id="submitApplication")
    async def submit_one(body: NewApplication, asked: CurrentAsked) -> CreatingAnswer:
        """Apply for a role in a programme, as coordinator of the organisation or as the programme's office for it."""
        command = SubmitApplication(
            application_id=new_id(),
            programme_id=body.programme_id,
            organisation_id=body.organisation_id,
            role=body.role,
            strand=body.strand,
            reason_code=body.reason_code,
            motivation=asked.sealed(body.motivation, body.about),
            acting_as=applicant(asked.principal, body.organisation_id, await calls.office_of(body.programme_id)),
        )
        return CreatingAnswer.to(await asked.run(commands, submit, command, Decided))

    @router.get("/applications", operation_id="listApplications")
    async def list_all(
        *,
        principal: CurrentPrincipal,
        after: After = None,
        limit: Limit = 50,
        programme_id: UUID | None = None,
        organisation_id: UUID | None = None,
        status: Status | None = None,
        position: AtLeastPosition = None,
    ) -> Page[ListedApplication]:
        """List applications in the order they came in: an office sees those to its programmes, others their own."""
        start = behind(after)
        await view_at_least(database, ApplicationsProjector.VIEW, position)
        rows = await listed.page(
            sight(principal),
            after=start,
            limit=limit + 1,
            programme_id=programme_id,
            organisation_id=organisation_id,
            status=status,
        )
        return page_of(rows, limit, lambda row: (row.id,))

    @router.get("/applications/{application_id}", operation_id="readApplication")
    async def read_one(
        application_id: UUID, principal: CurrentPrincipal, position: AtLeastPosition = None
    ) -> ApplicationShown:
        """Return one application with its motivation."""
        await view_at_least(database, ApplicationsProjector.VIEW, position)
        application = known(await listed.one(application_id, sight(principal)), "application")
        return ApplicationShown(**vars(application), motivation=await texts.opened(application.motivation_hash))

    @router.post("/applications/{application_id}/withdrawal", operation_id="withdrawApplication")
    async def withdraw_one(application_id: UUID, body: Reasoned, asked: CurrentAsked) -> Answer:
        """Take an application back while it waits for a decision."""
        command = WithdrawApplication(
            application_id=application_id,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, body.about),
            acting_as=withdrawer(asked.principal, await store.load(Application, application_id)),
        )
        return Answer.to(await asked.run(commands, withdraw, command, Decided, lane=application_id))

    return router


def _shown(listed: ListedCall) -> CallShown:
    call, notice = listed.call, listed.notice
    return CallShown(
        id=call.call_id,
        programme_id=call.programme_id,
        office_id=call.office_id,
        title=notice.title,
        roles=call.roles,
        strands=call.strands,
        deadline=Deadline(local=notice.deadline_local, zone=notice.deadline_zone, instant=call.deadline),
    )
