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
from interpares.registration.entrypoints.http.authority import known
from interpares.registration.entrypoints.http.registrars import Registrars
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


class SeenRequests:
    """The requests that somebody may see: about themselves, as auditor all, as registrar of those they see to."""

    def __init__(self, requests: ErasureRequests, registrars: Registrars) -> None:
        self._requests = requests
        self._registrars = registrars

    async def one(self, principal: Principal, request_id: UUID) -> ListedRequest:
        """Return a request. Raises NotFound."""
        request = await self._requests.one(request_id)
        return known(request if request and await self._sees(principal, request) else None, "request")

    async def page(
        self, principal: Principal, *, after: UUID | None, limit: int, status: str | None
    ) -> list[ListedRequest]:
        """Return requests in the order they were filed, from behind ``after``. None leaves the filter out."""
        rows: list[ListedRequest] = []
        while len(rows) < limit:
            more = await self._requests.page(after=after, limit=limit, status=status)
            rows += [row for row in more if await self._sees(principal, row)]
            if len(more) < limit:
                break
            after = more[-1].id
        return rows[:limit]

    async def _sees(self, principal: Principal, request: ListedRequest) -> bool:
        if request.actor == principal.actor or principal.has(Capacity.AUDITOR):
            return True
        return await self._registrars.of_person(principal, request.person_id) is not None


def asking_routes(commands: Commands, people: People, guests: Guests, registrars: Registrars) -> APIRouter:
    """Return the route by which somebody asks to be erased."""
    router = Router(tags=["privacy"])
    file_one = partial(file_erasure_request, guests=guests)

    async def asker(principal: Principal, person_id: UUID) -> str:
        person = await people.one(person_id)
        if person is None and await guests.known(person_id):
            return known(await registrars.of_person(principal, person_id), "person")
        return await registrars.over_person(principal, person)

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
    registrars: Registrars,
) -> APIRouter:
    """Return the routes by which requests are read and decided."""
    router = Router(tags=["privacy"])
    seen = SeenRequests(ErasureRequests(database), registrars)
    decide = partial(decide_erasure, store=store, memberships=memberships, files=files)

    @router.get("/erasure-requests", operation_id="listErasureRequests")
    async def list_all(
        principal: CurrentPrincipal,
        after: After = None,
        limit: Limit = 50,
        status: Status | None = None,
        position: AtLeastPosition = None,
    ) -> Page[ListedRequest]:
        """List requests in the order they were filed; an office those of people it sees to."""
        start = behind(after)
        await view_at_least(database, PrivacyProjector.VIEW, position)
        rows = await seen.page(principal, after=start, limit=limit + 1, status=status)
        return page_of(rows, limit, lambda row: (row.id,))

    @router.get("/erasure-requests/{request_id}", operation_id="readErasureRequest")
    async def read_one(
        request_id: UUID, principal: CurrentPrincipal, position: AtLeastPosition = None
    ) -> ErasureRequestShown:
        """Return a request with its decision."""
        await view_at_least(database, PrivacyProjector.VIEW, position)
        request = await seen.one(principal, request_id)
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
            acting_as=known(await registrars.of_person(asked.principal, request.state.person_id), "request"),
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
        request = await seen.one(principal, request_id)
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
