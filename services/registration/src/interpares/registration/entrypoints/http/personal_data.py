"""One's personal data: corrected, kept, and who read them."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from fastapi import APIRouter

from interpares.common.commands import Commands
from interpares.common.database import Database
from interpares.common.http import After, CurrentAsked, CurrentPrincipal, Limit, Page, Router, page_of
from interpares.common.policy import Capacity
from interpares.registration.application.decided import Decided
from interpares.registration.application.ports import People
from interpares.registration.application.privacy.keep import (
    HoldPerson,
    LiftHold,
    RectifyPerson,
    hold_person,
    lift_hold,
    rectify_person,
)
from interpares.registration.application.privacy.ports import PersonalDataStore, Reads
from interpares.registration.entrypoints.http.asking import behind, new_id
from interpares.registration.entrypoints.http.authority import known
from interpares.registration.entrypoints.http.registrars import Registrars
from interpares.registration.entrypoints.http.schemas.privacy import NewHold, ReadShown, Rectification
from interpares.registration.entrypoints.http.schemas.words import Answer, CreatingAnswer, Reasoned
from interpares.registration.projections.privacy import ErasureRequests, ListedHold

Erased = Callable[[UUID], Awaitable[bool]]


def personal_data_routes(
    commands: Commands,
    database: Database,
    *,
    people: People,
    store: PersonalDataStore,
    reads: Reads,
    registrars: Registrars,
) -> APIRouter:
    """Return the routes."""
    router = Router(tags=["privacy"])
    rectify = partial(rectify_person, store=store)
    requests = ErasureRequests(database)

    @router.post("/people/{person_id}/rectification", operation_id="rectifyPerson")
    async def rectify_one(person_id: UUID, body: Rectification, asked: CurrentAsked) -> Answer:
        """Correct one's data, or as registrar those of whoever asked for it."""
        given = {"given_name": body.given_name, "family_name": body.family_name, "email": body.email}
        command = RectifyPerson(
            person_id=person_id,
            changes={name: value for name, value in given.items() if value is not None},
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, (person_id, *body.about)),
            acting_as=await registrars.over_person(asked.principal, await people.one(person_id)),
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
            acting_as=known(await registrars.of_person(asked.principal, person_id), "person"),
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
            acting_as=known(await registrars.of_person(asked.principal, person_id), "person"),
        )
        return Answer.to(await asked.run(commands, lift_hold, command, Decided, lane=person_id))

    @router.get("/people/{person_id}/holds", operation_id="listHolds")
    async def list_holds(person_id: UUID, principal: CurrentPrincipal) -> list[ListedHold]:
        """List the holds on a person's data."""
        known(await people.one(person_id), "person")
        if not principal.has(Capacity.AUDITOR):
            known(await registrars.of_person(principal, person_id), "person")
        return await requests.holds(person_id)

    @router.get("/people/{person_id}/reads", operation_id="listReads")
    async def list_reads(
        person_id: UUID, principal: CurrentPrincipal, after: After = None, limit: Limit = 50
    ) -> Page[ReadShown]:
        """List who read a person's data, when and why: to themselves, registrars and auditors."""
        if not principal.has(Capacity.AUDITOR):
            await registrars.over_person(principal, await people.one(person_id))
        rows = await reads.page(person_id, after=behind(after), limit=limit + 1)
        return page_of([ReadShown(**vars(row)) for row in rows], limit, lambda row: (row.id,))

    return router
