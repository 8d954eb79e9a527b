"""People, and whoever asks."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from interpares.common.auth import actor_id
from interpares.common.commands import Commands
from interpares.common.http import CurrentAsked, CurrentOccasion, CurrentPrincipal, Router
from interpares.registration.application.decided import PersonRegistered
from interpares.registration.application.ports import People, PersonalData
from interpares.registration.application.privacy.ports import Reads
from interpares.registration.application.register_person import RegisterPerson, register_person
from interpares.registration.domain.membership import Capacity
from interpares.registration.entrypoints.http.asking import new_id
from interpares.registration.entrypoints.http.authority import known
from interpares.registration.entrypoints.http.registrars import Registrars
from interpares.registration.entrypoints.http.schemas.people import (
    Me,
    MembershipHeld,
    NewPerson,
    PersonAnswer,
    PersonShown,
)
from interpares.registration.entrypoints.http.schemas.privacy import Why

ReadFor = Annotated[Why, Query(description="Why the data are read, as a plain code; the person can see it.")]


def people_routes(commands: Commands, people: People, reads: Reads, registrars: Registrars, issuer: str) -> APIRouter:
    """Return the routes. issuer: of the accounts people sign in with."""
    router = Router(tags=["people"])
    register = partial(register_person, people=people)

    @router.post("/people", status_code=201, operation_id="registerPerson")
    async def register_one(body: NewPerson, asked: CurrentAsked) -> PersonAnswer:
        """Register a person. To act, they need a membership as well."""
        command = RegisterPerson(
            person_id=new_id(),
            actor=actor_id(issuer, body.subject),
            data=PersonalData(body.given_name, body.family_name, body.email, body.subject),
        )
        handled = await asked.run(commands, register, command, PersonRegistered)
        return PersonAnswer(id=handled.result.person_id, actor=handled.result.actor, position=handled.position)

    @router.get("/people/{person_id}", operation_id="readPerson")
    async def read_one(
        person_id: UUID, principal: CurrentPrincipal, occasion: CurrentOccasion, why: ReadFor = "look-up"
    ) -> PersonShown:
        """Return a person: oneself, those of one's own organisation, as registrar whom one sees to. Reads are noted."""
        person = await people.one(person_id)
        person = known(person if person and await registrars.sees(principal, person) else None, "person")
        why = "own-data" if principal.actor == person.actor else why
        await reads.note(reader=principal.actor, person_id=person_id, why=why, route="person", now=occasion.now)
        return PersonShown(
            id=person.person_id,
            actor=person.actor,
            given_name=person.data.given_name,
            family_name=person.data.family_name,
            email=person.data.email,
        )

    @router.get("/me", operation_id="readMe")
    async def read_me(principal: CurrentPrincipal) -> Me:
        """Return who asks: the opaque id they act under, and what they may act as."""
        held = tuple(
            MembershipHeld(
                id=each.membership_id, organisation_id=each.organisation_id, capacity=Capacity(each.capacity)
            )
            for each in principal.memberships
        )
        person = await people.acting_as(principal.actor)
        return Me(actor=principal.actor, person_id=person.person_id if person else None, memberships=held)

    return router
