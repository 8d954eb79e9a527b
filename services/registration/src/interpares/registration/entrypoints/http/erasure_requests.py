"""Requests to be erased: filed, decided, told in a letter."""

from datetime import timedelta
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from interpares.common.commands import Commands
from interpares.common.database import Database
from interpares.common.eventstore import EventStore
from interpares.common.http import After, AtLeastPosition, CurrentAsked, CurrentPrincipal, Limit, Page, Router, page_of
from interpares.common.paper import Paper, pdf
from interpares.common.policy import Capacity, Principal
from interpares.common.views import view_at_least
from interpares.registration.application.decided import Decided
from interpares.registration.application.file_ports import Room
from interpares.registration.application.ports import People, SealedTexts
from interpares.registration.application.privacy.erase import (
    DecideErasure,
    FileErasureRequest,
    decide_erasure,
    file_erasure_request,
)
from interpares.registration.application.privacy.ports import (
    Confirmations,
    FilesAbout,
    Guests,
    HeldMemberships,
    PersonalDataStore,
)
from interpares.registration.domain.privacy.request import ErasureRequest, Outcome, Status
from interpares.registration.entrypoints.http.asking import behind, new_id
from interpares.registration.entrypoints.http.authority import known, over_person, registrar
from interpares.registration.entrypoints.http.schemas.privacy import (
    ErasureDecision,
    ErasureRequestShown,
    NewErasureRequest,
)
from interpares.registration.entrypoints.http.schemas.words import Answer, CreatingAnswer
from interpares.registration.projections.erasure_letters import Language, letter
from interpares.registration.projections.privacy import ErasureRequests, ListedRequest, PrivacyProjector

# Article 12(3) of the GDPR: a month, counted here in days so that nobody answers late in February.
ANSWER_WITHIN = timedelta(days=28)
LetterLanguage = Annotated[Language, Query(description="Language of the letter.")]


def asking_routes(commands: Commands, people: People, guests: Guests) -> APIRouter:
    """Return the route by which somebody asks to be erased."""
    router = Router(tags=["privacy"])
    file_one = partial(file_erasure_request, guests=guests)

    async def asker(principal: Principal, person_id: UUID) -> str:
        person = await people.one(person_id)
        registers = principal.has(Capacity.OPERATOR, Capacity.OFFICE)
        if person is None and registers and await guests.known(person_id):
            return registrar(principal)
        return over_person(principal, person)

    @router.post("/people/{person_id}/erasure-requests", status_code=201, operation_id="requestErasure")
    async def request_one(person_id: UUID, body: NewErasureRequest, asked: CurrentAsked) -> CreatingAnswer:
        """Ask to be erased, for oneself, or as registrar for whoever asked by letter or phone."""
        command = FileErasureRequest(
            request_id=new_id(),
            person_id=person_id,
            received_on=body.received_on or asked.occasion.now.date(),
            channel=body.channel,
            reason_code=body.reason_code,
            wish=asked.sealed(body.reason, (person_id,)),
            acting_as=await asker(asked.principal, person_id),
        )
        return CreatingAnswer.to(await asked.run(commands, file_one, command, Decided))

    return router


def erasure_routes(
    commands: Commands,
    events: EventStore,
    database: Database,
    *,
    store: PersonalDataStore,
    memberships: HeldMemberships,
    files: FilesAbout,
    room: Room,
    texts: SealedTexts,
    confirmations: Confirmations,
) -> APIRouter:
    """Return the routes by which requests are read and decided."""
    router = Router(tags=["privacy"])
    requests = ErasureRequests(database)
    decide = partial(decide_erasure, store=store, memberships=memberships, files=files)

    @router.get("/erasure-requests", operation_id="listErasureRequests")
    async def list_all(
        after: After = None, limit: Limit = 50, status: Status | None = None, position: AtLeastPosition = None
    ) -> Page[ListedRequest]:
        """List requests in the order they were filed."""
        start = behind(after)
        await view_at_least(database, PrivacyProjector.VIEW, position)
        rows = await requests.page(after=start, limit=limit + 1, status=status)
        return page_of(rows, limit, lambda row: (row.id,))

    @router.get("/erasure-requests/{request_id}", operation_id="readErasureRequest")
    async def read_one(
        request_id: UUID, principal: CurrentPrincipal, position: AtLeastPosition = None
    ) -> ErasureRequestShown:
        """Return a request with its decision."""
        await view_at_least(database, PrivacyProjector.VIEW, position)
        request = _seen(principal, await requests.one(request_id))
        facts = vars(request) | {
            "answer_due": request.received_on + ANSWER_WITHIN,
            "wish": await texts.opened(request.wish),
            "reason": await texts.opened(request.reason) if request.reason else None,
            "confirmed_by": await confirmations.confirmed_by(request.person_id),
        }
        return ErasureRequestShown(**facts)

    @router.post("/erasure-requests/{request_id}/decision", operation_id="decideErasure")
    async def decide_one(request_id: UUID, body: ErasureDecision, asked: CurrentAsked) -> Answer:
        """Decide a request: erased at once, restricted until a day, or refused with a ground."""
        request = known(await events.load(ErasureRequest, request_id), "request")
        command = DecideErasure(
            request_id=request_id,
            outcome=body.outcome,
            ground=body.ground,
            until=body.until,
            reason_code=body.reason_code,
            # About the person whether or not somebody remembered to say so.
            reason=asked.sealed(body.reason, (request.state.person_id, *body.about)),
            acting_as=registrar(asked.principal),
        )
        theirs = await files.about(request.state.person_id, request.state.actor)
        handled = await asked.run(commands, decide, command, Decided, lane=request_id)
        if handled.result.outcome == Outcome.ERASED:
            # What is not reached here, the worker clears up.
            for note in theirs:
                await room.remove(note.id)
        return Answer.to(handled)

    async def written(request_id: UUID, principal: Principal, language: Language, position: int | None) -> Paper:
        await view_at_least(database, PrivacyProjector.VIEW, position)
        request = _seen(principal, await requests.one(request_id))
        return letter(request, await texts.opened(request.reason) if request.reason else None, language)

    @router.get("/erasure-requests/{request_id}/letter", operation_id="readErasureLetter", response_class=Response)
    async def read_letter(
        request_id: UUID, principal: CurrentPrincipal, language: LetterLanguage = "de", position: AtLeastPosition = None
    ) -> Response:
        """Return the letter about a request as plain text."""
        paper = await written(request_id, principal, language, position)
        return Response(paper.as_text(), media_type="text/plain; charset=utf-8")

    @router.get("/erasure-requests/{request_id}/letter.pdf", operation_id="printErasureLetter", response_class=Response)
    async def print_letter(
        request_id: UUID, principal: CurrentPrincipal, language: LetterLanguage = "de", position: AtLeastPosition = None
    ) -> Response:
        """Return the letter about a request as PDF."""
        paper = await written(request_id, principal, language, position)
        return Response(pdf(paper), media_type="application/pdf")

    return router


def _seen(principal: Principal, request: ListedRequest | None) -> ListedRequest:
    """Return a request to registrars, auditors and whoever it is about. Raises NotFound to anybody else."""
    mine = request is not None and request.actor == principal.actor
    allowed = mine or principal.has(Capacity.OPERATOR, Capacity.OFFICE, Capacity.AUDITOR)
    return known(request if allowed else None, "request")
