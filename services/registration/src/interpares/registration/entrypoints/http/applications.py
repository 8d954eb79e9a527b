"""Calls, applications, and whether an organisation may apply."""

from datetime import timedelta
from functools import partial
from typing import Annotated, Literal, Protocol, cast
from uuid import UUID

from fastapi import APIRouter, Query

from interpares.common.commands import Commands, UnitOfWork
from interpares.common.context import acting
from interpares.common.contracts.programme import CallConditions
from interpares.common.database import Database
from interpares.common.errors import Invalid
from interpares.common.eventstore import EventStore
from interpares.common.http import (
    API,
    After,
    AtLeastPosition,
    CurrentAsked,
    CurrentPrincipal,
    Limit,
    Page,
    Router,
    page_of,
)
from interpares.common.policy import Capacity
from interpares.common.views import view_at_least
from interpares.registration.application.applying_ports import Eligibility
from interpares.registration.application.decided import Decided
from interpares.registration.application.ports import KnownCalls, ListedCall, PendingApplications, SealedTexts
from interpares.registration.application.submit_application import (
    Applying,
    SubmitApplication,
    submit_application,
)
from interpares.registration.application.withdraw_application import WithdrawApplication, withdraw_application
from interpares.registration.domain.application import Application, Status
from interpares.registration.domain.applying.content import Found, OnBehalf
from interpares.registration.domain.organisation import Organisation
from interpares.registration.entrypoints.http.asking import behind, new_id
from interpares.registration.entrypoints.http.authority import applicant, known, sight, withdrawer
from interpares.registration.entrypoints.http.saying import opened_answers, said
from interpares.registration.entrypoints.http.schemas.applications import (
    ApplicationShown,
    CallRead,
    CallShown,
    Deadline,
    EligibilityShown,
    FindingShown,
    NewApplication,
    OutcomeShown,
    SaidOnPaper,
)
from interpares.registration.entrypoints.http.schemas.words import Answer, CreatingAnswer, Reasoned, RoleKey
from interpares.registration.projections.applications import Applications, ApplicationsProjector, ListedApplication

Members = Annotated[tuple[UUID, ...], Query(max_length=200, description="who applies together with the organisation")]
CORRECT = "Let the programme office correct the directory if this is wrong."
MISSING = "Let the programme office add to the directory what is missing."


class PublishedCalls(KnownCalls, Protocol):
    """All that is known of calls, with what the programme published."""

    async def listed(self, call_id: UUID) -> ListedCall | None:
        """Return a call with what is shown of it, None where nobody told of it."""
        ...

    async def conditions(self, call_id: UUID) -> CallConditions | None:
        """Return what the programme published of a call, None where nobody told of it."""
        ...


def call_routes(store: EventStore, *, calls: PublishedCalls, eligibility: Eligibility) -> APIRouter:
    """Return the routes about calls."""
    router = Router(tags=["applications"])

    @router.get("/calls", operation_id="listCalls")
    async def list_calls(after: After = None, limit: Limit = 50) -> Page[CallShown]:
        """List the calls one can apply under."""
        rows = await calls.page(after=behind(after), limit=limit + 1)
        return page_of([_shown(row) for row in rows], limit, lambda row: (row.id,))

    @router.get("/calls/{call_id}", operation_id="readCall")
    async def read_call(call_id: UUID) -> CallRead:
        """Return one call with its roles, questions, selection and consortia."""
        listed = known(await calls.listed(call_id), "call")
        conditions = known(await calls.conditions(call_id), "call")
        return CallRead(**dict(_shown(listed)), conditions=conditions.model_dump(mode="json"))

    @router.get("/calls/{call_id}/eligibility", operation_id="readEligibility")
    async def read_eligibility(
        *,
        call_id: UUID,
        organisation_id: UUID,
        role: Annotated[RoleKey, Query()],
        members: Members = (),
        asked: CurrentAsked,
    ) -> EligibilityShown:
        """Tell, before anything is submitted, which conditions of a role an organisation meets, and what to do."""
        call = known(await calls.by_id(call_id), "call")
        applicant(asked.principal, organisation_id, call.office_id)
        call.check_knows(role, None)
        with acting(asked.occasion):
            unit = UnitOfWork(store)
            one = await unit.load(Organisation, organisation_id)
            others = [await unit.load(Organisation, each) for each in members]
            found = await eligibility.findings(call, role, one, others, asked.occasion.now)
        return EligibilityShown(
            eligible=all(each.outcome != "fails" for each in found),
            certain=all(each.outcome != "unknown" for each in found),
            findings=tuple(_finding(each) for each in found),
        )

    return router


def application_routes(
    commands: Commands,
    store: EventStore,
    database: Database,
    *,
    calls: PublishedCalls,
    pending: PendingApplications,
    eligibility: Eligibility,
    texts: SealedTexts,
) -> APIRouter:
    """Return the routes about applications."""
    router = Router(tags=["applications"])
    listed = Applications(database)
    submit = partial(submit_application, calls=calls, pending=pending, eligibility=eligibility)
    withdraw = partial(withdraw_application, pending=pending)

    @router.post("/applications", status_code=201, operation_id="submitApplication")
    async def submit_one(body: NewApplication, asked: CurrentAsked) -> CreatingAnswer:
        """Apply for a role in a programme, as coordinator of the organisation or as the programme's office for it."""
        capacity = applicant(asked.principal, body.organisation_id, await calls.office_of(body.programme_id))
        command = SubmitApplication(
            application_id=new_id(),
            programme_id=body.programme_id,
            applying=Applying(body.organisation_id, body.role, body.strand, body.reason_code, capacity),
            said=said(asked, body),
            source=_source(body.on_behalf, capacity, asked),
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
        """Return one application with what was typed, and how to read why it was settled as it was."""
        await view_at_least(database, ApplicationsProjector.VIEW, position)
        application = known(await listed.one(application_id, sight(principal)), "application")
        return ApplicationShown(
            **vars(application),
            motivation=await texts.opened(application.motivation_hash),
            answers=await opened_answers(texts, await listed.answers(application_id)),
            outcome=_outcome(application),
        )

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


def _finding(found: Found) -> FindingShown:
    outcome = cast("Literal['holds', 'fails', 'unknown']", found.outcome)
    way_out = {"fails": CORRECT, "unknown": MISSING}.get(outcome, "")
    return FindingShown(
        index=found.index, predicate=found.predicate, outcome=outcome, found=found.found, way_out=way_out
    )


def _source(given: SaidOnPaper | None, capacity: Capacity, asked: CurrentAsked) -> OnBehalf | None:
    """Return how an application came. Raises Invalid where it is no office that enters it, or it came tomorrow."""
    if given is None:
        return None
    if capacity is not Capacity.OFFICE:
        message, way_out = "Only the programme's office enters what came to it.", "Leave it out: you apply yourself."
        raise Invalid(message, way_out, field="on_behalf")
    if given.received_on > asked.occasion.now.date() + timedelta(days=1):
        message, way_out = "Nothing can have come after today.", "Give the day it came."
        raise Invalid(message, way_out, field="on_behalf.received_on")
    return OnBehalf(given.channel, given.received_on, given.document, given.signatories)


def _outcome(application: ListedApplication) -> OutcomeShown | None:
    if application.decision_id is None or application.settled_reason_code is None:
        return None
    address = f"{API}/programmes/{application.programme_id}/decisions/{application.decision_id}"
    return OutcomeShown(
        reason_code=application.settled_reason_code,
        decision_id=application.decision_id,
        explanation=address,
        letter=f"{address}/letter",
    )
