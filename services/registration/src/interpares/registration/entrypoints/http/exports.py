"""Exports of what is held of one person: to themselves, by their account or their personal link, or to registrars."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from interpares.common.context import Occasion
from interpares.common.http import CurrentOccasion, CurrentPrincipal, Router
from interpares.common.http.gate import occasion_for
from interpares.common.links import key_of
from interpares.common.paper import Paper, Part, pdf
from interpares.common.policy import Principal
from interpares.registration.application.personal_links import PersonalLinks
from interpares.registration.application.ports import People
from interpares.registration.application.privacy.ports import Guests, PersonalDataStore, Reads, TextsElsewhere
from interpares.registration.domain.links import LinkDead, Purpose
from interpares.registration.entrypoints.http.authority import known
from interpares.registration.entrypoints.http.registrars import Registrars
from interpares.registration.entrypoints.http.schemas.privacy import Export
from interpares.registration.entrypoints.http.seat_links import Token


class Exports:
    """Makes exports, and notes each as a read."""

    def __init__(self, store: PersonalDataStore, texts: TextsElsewhere, reads: Reads) -> None:
        self._store = store
        self._texts = texts
        self._reads = reads

    async def of(self, person_id: UUID, actor: UUID, occasion: Occasion, route: str) -> Export:
        """Return all that is held of somebody. actor: the id they act under. Raises Busy."""
        why = "own-data" if occasion.actor == actor else "access-request"
        await self._reads.note(reader=occasion.actor, person_id=person_id, why=why, route=route, now=occasion.now)
        return Export(
            person_id=person_id,
            actor=actor,
            made_at=occasion.now,
            data=await self._store.held(person_id, actor),
            texts=await self._texts.of(person_id, actor),
        )


def person_export_routes(exports: Exports, people: People, guests: Guests, registrars: Registrars) -> APIRouter:
    """Return the routes by which people see what is held of them, and registrars who send it on."""
    router = Router(tags=["privacy"])

    async def exported(person_id: UUID, principal: Principal, occasion: Occasion, route: str) -> Export:
        person = await people.one(person_id)
        if person is None and await guests.known(person_id) and await registrars.of_person(principal, person_id):
            # A guest of a meeting acts under the id they are known by.
            return await exports.of(person_id, person_id, occasion, route)
        await registrars.over_person(principal, person)
        return await exports.of(person_id, known(person, "person").actor, occasion, route)

    @router.get("/people/{person_id}/export", operation_id="exportPerson")
    async def export_one(person_id: UUID, principal: CurrentPrincipal, occasion: CurrentOccasion) -> Export:
        """Return all that is held of a person, in every service: to themselves, or to a registrar who sends it on."""
        return await exported(person_id, principal, occasion, "export")

    @router.get("/people/{person_id}/export.pdf", operation_id="printExport", response_class=Response)
    async def print_one(person_id: UUID, principal: CurrentPrincipal, occasion: CurrentOccasion) -> Response:
        """Return the same as PDF."""
        export = await exported(person_id, principal, occasion, "export.pdf")
        return Response(pdf(_paper(export)), media_type="application/pdf")

    return router


def guest_routes(exports: Exports, *, people: People, guests: Guests, links: PersonalLinks) -> APIRouter:
    """Return the route by which guests of a meeting, who have no account, see what is held of them."""
    router = Router(prefix="/seat-links", tags=["personal links"])

    @router.get("/{token}/data", operation_id="exportGuest")
    async def export_one(token: Token, request: Request) -> Export:
        """Return all that is held of the guest a personal link is for, in every service.

        Whoever is registered reads theirs with their account: a link that somebody was handed does not lead there.
        """
        key = key_of(token)
        now = occasion_for(request, UUID(int=0), key.hex(), None).now
        link = await links.opened(key, Purpose.PARTICIPATION, now)
        guest = link.holder
        if await people.one(guest) is not None or not await guests.known(guest):
            raise LinkDead
        return await exports.of(guest, guest, occasion_for(request, guest, key.hex(), None), "seat-link")

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
