"""One's personal data: exported, corrected, kept; who read them; the ledger of those who are erased."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Response

from interpares.common.commands import Commands
from interpares.common.database import Database
from interpares.common.http import After, CurrentAsked, CurrentOccasion, CurrentPrincipal, Limit, Page, Router, page_of
from interpares.common.paper import Paper, Part, pdf
from interpares.common.policy import Capacity
from interpares.registration.application.decided import Decided
from interpares.registration.application.ports import KnownPerson, People
from interpares.registration.application.privacy.keep import (
    HoldPerson,
    LiftHold,
    RectifyPerson,
    hold_person,
    lift_hold,
    rectify_person,
)
from interpares.registration.application.privacy.ports import PersonalDataStore, Reads, TextsElsewhere
from interpares.registration.entrypoints.http.asking import behind, new_id
from interpares.registration.entrypoints.http.authority import known, over_person, registrar
from interpares.registration.entrypoints.http.schemas.privacy import Export, NewHold, ReadShown, Rectification
from interpares.registration.entrypoints.http.schemas.words import Answer, CreatingAnswer, Reasoned
from interpares.registration.projections.privacy import ErasureRequests, ListedHold

Erased = Callable[[UUID], Awaitable[bool]]


def personal_data_routes(
    commands: Commands,
    database: Database,
    *,
    people: People,
    store: PersonalDataStore,
    texts: TextsElsewhere,
    reads: Reads,
) -> APIRouter:
    """Return the routes."""
    router = Router(tags=["privacy"])
    rectify = partial(rectify_person, store=store)
    requests = ErasureRequests(database)

    async def exported(person: KnownPerson, occasion: CurrentOccasion, route: str) -> Export:
        why = "own-data" if occasion.actor == person.actor else "access-request"
        await reads.note(reader=occasion.actor, person_id=person.person_id, why=why, route=route, now=occasion.now)
        return Export(
            person_id=person.person_id,
            actor=person.actor,
            made_at=occasion.now,
            data=await store.held(person.person_id, person.actor),
            texts=await texts.of(person.person_id, person.actor),
        )

    @router.get("/people/{person_id}/export", operation_id="exportPerson")
    async def export_one(person_id: UUID, principal: CurrentPrincipal, occasion: CurrentOccasion) -> Export:
        """Return all that is held of a person, in every service: to themselves, or to a registrar who sends it on."""
        person = await people.one(person_id)
        over_person(principal, person)
        return await exported(known(person, "person"), occasion, "export")

    @router.get("/people/{person_id}/export.pdf", operation_id="printExport", response_class=Response)
    async def print_one(person_id: UUID, principal: CurrentPrincipal, occasion: CurrentOccasion) -> Response:
        """Return the same as PDF."""
        person = await people.one(person_id)
        over_person(principal, person)
        export = await exported(known(person, "person"), occasion, "export.pdf")
        return Response(pdf(_paper(export)), media_type="application/pdf")

    @router.post("/people/{person_id}/rectification", operation_id="rectifyPerson")
    async def rectify_one(person_id: UUID, body: Rectification, asked: CurrentAsked) -> Answer:
        """Correct one's data, or as registrar those of whoever asked for it."""
        given = {"given_name": body.given_name, "family_name": body.family_name, "email": body.email}
        command = RectifyPerson(
            person_id=person_id,
            changes={name: value for name, value in given.items() if value is not None},
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, (person_id, *body.about)),
            acting_as=over_person(asked.principal, await people.one(person_id)),
        )
        return Answer.to(await asked.run(commands, rectify, command, Decided, lane=person_id))

    @router.post("/people/{person_id}/holds", status_code=201, operation_id="holdPerson")
    async def hold_one(person_id: UUID, body: NewHold, asked: CurrentAsked) -> CreatingAnswer:
        """Keep the data of a person up to a day, for a duty in law."""
        command = HoldPerson(
            person_id=person_id,
            hold_id=new_id(),
            until=body.until,
            ground=body.ground,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, (person_id, *body.about)),
            acting_as=registrar(asked.principal),
        )
        return CreatingAnswer.to(await asked.run(commands, hold_person, command, Decided, lane=person_id))

    @router.post("/people/{person_id}/holds/{hold_id}/end", operation_id="liftHold")
    async def lift_one(person_id: UUID, hold_id: UUID, body: Reasoned, asked: CurrentAsked) -> Answer:
        """Lift a hold before its day."""
        command = LiftHold(
            person_id=person_id,
            hold_id=hold_id,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, (person_id, *body.about)),
            acting_as=registrar(asked.principal),
        )
        return Answer.to(await asked.run(commands, lift_hold, command, Decided, lane=person_id))

    @router.get("/people/{person_id}/holds", operation_id="listHolds")
    async def list_holds(person_id: UUID) -> list[ListedHold]:
        """List the holds on a person's data."""
        return await requests.holds(person_id)

    @router.get("/people/{person_id}/reads", operation_id="listReads")
    async def list_reads(
        person_id: UUID, principal: CurrentPrincipal, after: After = None, limit: Limit = 50
    ) -> Page[ReadShown]:
        """List who read a person's data, when and why: to themselves, registrars and auditors."""
        if not principal.has(Capacity.AUDITOR):
            over_person(principal, await people.one(person_id))
        rows = await reads.page(person_id, after=behind(after), limit=limit + 1)
        return page_of([ReadShown(**vars(row)) for row in rows], limit, lambda row: (row.id,))

    return router


def _paper(export: Export) -> Paper:
    """Return an export on paper: every table with every value."""
    parts = [Part(paragraphs=("Personenbezogene Daten · Personal data", export.made_at.isoformat()))]
    parts += [
        Part(
            table,
            rows=tuple((name, "" if value is None else str(value)) for row in rows for name, value in row.items()),
        )
        for table, rows in export.data.items()
        if rows
    ]
    parts += [
        Part(service, rows=tuple((str(text["recorded_at"]), str(text["text"])) for text in texts))
        for service, texts in export.texts.items()
        if texts
    ]
    return Paper("en", f"{export.person_id}", tuple(parts))
