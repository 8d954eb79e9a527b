"""What facilitators are qualified for and when they are available."""

from functools import partial
from typing import Protocol
from uuid import UUID

from fastapi import APIRouter

from interpares.common.commands import Commands
from interpares.common.database import Database
from interpares.common.http import AtLeastPosition, CurrentAsked, CurrentOccasion, CurrentPrincipal, Router
from interpares.common.policy import Capacity
from interpares.common.views import view_at_least
from interpares.registration.application.decided import Decided
from interpares.registration.application.joining.facilitate import (
    NoteAvailability,
    NoteQualification,
    Remove,
    note_availability,
    note_qualification,
    remove_qualification,
    withdraw_availability,
)
from interpares.registration.application.joining.ports import Qualification, Qualifications
from interpares.registration.application.ports import People
from interpares.registration.application.privacy.ports import Reads
from interpares.registration.domain.facilitator import Window
from interpares.registration.domain.mandate import Kind, Term
from interpares.registration.entrypoints.http.asking import new_id
from interpares.registration.entrypoints.http.authority import known
from interpares.registration.entrypoints.http.registrars import Registrars
from interpares.registration.entrypoints.http.schemas.joining import (
    FacilitationShown,
    NewAvailability,
    NewQualification,
    QualificationShown,
)
from interpares.registration.entrypoints.http.schemas.words import Answer, CreatingAnswer, Reasoned
from interpares.registration.projections.joining import Joining, JoiningProjector


class KnownQualifications(Qualifications, Protocol):
    """Qualifications that can be shown as well."""

    async def of(self, person_id: UUID) -> dict[UUID, Qualification]:
        """Return what a person is qualified for, by id."""
        ...


def facilitator_routes(
    commands: Commands,
    database: Database,
    *,
    people: People,
    qualifications: KnownQualifications,
    reads: Reads,
    registrars: Registrars,
) -> APIRouter:
    """Return the routes."""
    router = Router(tags=["facilitators"])
    joining = Joining(database)
    note, remove = (partial(each, qualifications=qualifications) for each in (note_qualification, remove_qualification))

    async def capacity(asked: CurrentAsked, person_id: UUID) -> str:
        return await registrars.over_person(asked.principal, await people.one(person_id))

    @router.get("/people/{person_id}/facilitation", operation_id="readFacilitation")
    async def read_one(
        person_id: UUID, principal: CurrentPrincipal, occasion: CurrentOccasion, position: AtLeastPosition = None
    ) -> FacilitationShown:
        """Return what a facilitator is qualified for, when available, and whom they accompany."""
        person = known(await people.one(person_id), "person")
        # Every office looks for facilitators who fit.
        if not principal.has(Capacity.AUDITOR, Capacity.OFFICE):
            await registrars.over_person(principal, person)
        await view_at_least(database, JoiningProjector.VIEW, position)
        await reads.note(
            reader=principal.actor, person_id=person_id, why="facilitation", route="facilitation", now=occasion.now
        )
        mandates = await joining.mandates_of(person_id)
        return FacilitationShown(
            qualifications=[
                QualificationShown(id=each, **vars(known))
                for each, known in (await qualifications.of(person_id)).items()
            ],
            availability=await joining.windows(person_id),
            accompaniments=[mandate for mandate in mandates if mandate.kind == Kind.ACCOMPANIMENT],
        )

    @router.post("/people/{person_id}/qualifications", status_code=201, operation_id="noteQualification")
    async def note_one(person_id: UUID, body: NewQualification, asked: CurrentAsked) -> CreatingAnswer:
        """Note what somebody is qualified for: oneself, or a registrar."""
        command = NoteQualification(
            person_id=person_id,
            qualification_id=new_id(),
            qualification=Qualification(body.title, body.awarded_by, body.awarded_on, body.valid_until),
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, (person_id, *body.about)),
            acting_as=await capacity(asked, person_id),
        )
        return CreatingAnswer.to(await asked.run(commands, note, command, Decided, lane=person_id))

    @router.post("/people/{person_id}/qualifications/{qualification_id}/removal", operation_id="removeQualification")
    async def remove_one(person_id: UUID, qualification_id: UUID, body: Reasoned, asked: CurrentAsked) -> Answer:
        """Note that a qualification counts no more."""
        command = await removing(person_id, qualification_id, body, asked)
        return Answer.to(await asked.run(commands, remove, command, Decided, lane=person_id))

    @router.post("/people/{person_id}/availability", status_code=201, operation_id="noteAvailability")
    async def offer_one(person_id: UUID, body: NewAvailability, asked: CurrentAsked) -> CreatingAnswer:
        """Note when somebody can be had as a facilitator, and for how many days in all."""
        command = NoteAvailability(
            person_id=person_id,
            window_id=new_id(),
            window=Window(Term(body.starts_on, body.ends_on), body.days),
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, (person_id, *body.about)),
            acting_as=await capacity(asked, person_id),
        )
        return CreatingAnswer.to(await asked.run(commands, note_availability, command, Decided, lane=person_id))

    @router.post("/people/{person_id}/availability/{window_id}/withdrawal", operation_id="withdrawAvailability")
    async def take_back(person_id: UUID, window_id: UUID, body: Reasoned, asked: CurrentAsked) -> Answer:
        """Take a period back, unless days of it are agreed."""
        command = await removing(person_id, window_id, body, asked)
        return Answer.to(await asked.run(commands, withdraw_availability, command, Decided, lane=person_id))

    async def removing(person_id: UUID, thing_id: UUID, body: Reasoned, asked: CurrentAsked) -> Remove:
        return Remove(
            person_id=person_id,
            thing_id=thing_id,
            reason_code=body.reason_code,
            reason=asked.sealed(body.reason, (person_id, *body.about)),
            acting_as=await capacity(asked, person_id),
        )

    return router
