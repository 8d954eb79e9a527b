"""The page behind a personal link: accept a seat, name a substitute, or decline, without an account or a script.

The token stands in the path, as a page without scripts can hand on nothing else; our logs and traces name routes, never
paths, and the page sends no referrer. Whatever leads nowhere gets the same answer after the same look-up.
"""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import APIRouter, Header, Request
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from interpares.common.commands import Commands
from interpares.common.errors import DomainError
from interpares.common.http import API, Asked, CurrentUpload, Router, upload_router
from interpares.common.http.gate import occasion_for
from interpares.common.links import key_of, new_link
from interpares.common.policy import Principal
from interpares.registration.application.decided import Decided
from interpares.registration.application.personal_links import PersonalLinks
from interpares.registration.application.seat_ports import Participants
from interpares.registration.application.seats import (
    AcceptSeat,
    ReleaseSeat,
    SubstituteSeat,
    accept_seat,
    release_seat,
    substitute_seat,
)
from interpares.registration.domain.links import LinkDead, Purpose
from interpares.registration.domain.seats.plan import plan_id
from interpares.registration.entrypoints.http.asking import new_id
from interpares.registration.entrypoints.http.at_meetings import KnownMeetings
from interpares.registration.entrypoints.http.authority import known
from interpares.registration.entrypoints.http.dates import span
from interpares.registration.entrypoints.http.pages import PageLanguage, language_of, page
from interpares.registration.entrypoints.http.schemas.seats import Substitution
from interpares.registration.entrypoints.http.seat_words import WORDS
from interpares.registration.projections.seats import SeatedPerson, Seats

FORM = "application/x-www-form-urlencoded"
FORM_BYTES = 8192
FIELDS = ("given_name", "family_name", "email")
PERSON = "person"
Token = Annotated[str, InPath(max_length=200)]
Accepted = Annotated[str | None, Header(alias="Accept-Language", max_length=200)]
PAGE: dict[int | str, dict[str, Any]] = {
    status: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": told}
    for status, told in (
        (200, "The page."),
        (404, "The link leads nowhere."),
        (409, "The seat is settled otherwise."),
        (400, "The form is not complete."),
    )
}


@dataclass(frozen=True)
class Asking:
    """Somebody who came by a link. rows of the seat are read anew each time."""

    asked: Asked
    meeting_id: UUID
    seat: SeatedPerson
    token: str
    language: PageLanguage


class SeatPage:
    """Opens links and takes answers."""

    def __init__(
        self,
        commands: Commands,
        seats: Seats,
        *,
        meetings: KnownMeetings,
        participants: Participants,
        links: PersonalLinks,
    ) -> None:
        self._commands = commands
        self._seats = seats
        self._meetings = meetings
        self._links = links
        self._release = partial(release_seat, participants=participants, links=links)
        self._substitute = partial(substitute_seat, participants=participants, links=links)

    async def opened(self, request: Request, token: str, language: PageLanguage) -> Asking:
        """Return who asks, and for which seat. Raises LinkDead."""
        key = key_of(token)
        now = occasion_for(request, UUID(int=0), key.hex(), None).now
        link = await self._links.opened(key, Purpose.PARTICIPATION, now)
        meeting_id = await self._seats.meeting_of(link.about)
        rows = await self._seats.people(meeting_id, organisations=None, seat_id=link.about) if meeting_id else []
        if not meeting_id or not rows:
            raise LinkDead
        occasion = occasion_for(request, link.holder, key.hex(), None)
        return Asking(Asked(Principal(link.holder), occasion, b""), meeting_id, rows[0], token, language)

    async def shown(self, asking: Asking, **more: Any) -> HTMLResponse:
        """Return the page that asks."""
        meeting, _ = known(await self._meetings.one(asking.meeting_id), "meeting")
        values: dict[str, Any] = {"fault": None, "given": dict.fromkeys(FIELDS, ""), **more}
        values["when"] = span(meeting, asking.language)
        action = f"{API}/seat-links/{asking.token}"
        return page("seat.html", asking.language, WORDS, meeting=meeting, seat=asking.seat, action=action, **values)

    async def answered(self, asking: Asking, form: dict[str, str]) -> HTMLResponse:
        """Take an answer and say so. Raises ValidationError, and what the seats raise."""
        asked, meeting_id, seat_id = asking.asked, asking.meeting_id, asking.seat.seat_id
        lane, language = plan_id(meeting_id), asking.language
        match form.get("answer"):
            case "accept":
                accept = AcceptSeat(meeting_id, seat_id, PERSON)
                await asked.run(self._commands, accept_seat, accept, Decided, lane=lane)
                return told(language, "accepted")
            case "decline":
                reason = asked.sealed(fit(form.get("reason", "")) or WORDS[language]["no_reason"])
                gone = ReleaseSeat(meeting_id, seat_id, "declined", "cannot-come", reason, PERSON)
                await asked.run(self._commands, self._release, gone, Decided, lane=lane)
                return told(language, "declined")
            case _:
                given = Substitution.model_validate({name: form.get(name, "") for name in FIELDS})
                link = new_link()
                instead = SubstituteSeat(
                    meeting_id, seat_id, new_id(), given.guest(), PERSON, link_id=new_id(), key=link.key
                )
                await asked.run(self._commands, self._substitute, instead, Decided, lane=lane)
                return told(language, "substituted", link=f"{API}/seat-links/{link.token}")


def seat_link_routes(seats: SeatPage) -> list[APIRouter]:
    """Return the routers: one shows the page, one takes the form."""
    shows = Router(prefix="/seat-links", tags=["personal links"])
    takes = upload_router(accepts=frozenset({FORM}), size=FORM_BYTES, prefix="/seat-links", tags=["personal links"])

    @shows.get("/{token}", operation_id="showSeat", response_class=HTMLResponse, responses=PAGE)
    async def show_one(token: Token, request: Request, accept_language: Accepted = None) -> HTMLResponse:
        """Return the page with what one is asked, in German or English."""
        language = language_of(accept_language)
        try:
            return await seats.shown(await seats.opened(request, token, language))
        except LinkDead:
            return told(language, "dead", status=404)

    @takes.post("/{token}", operation_id="answerSeat", response_class=HTMLResponse, responses=PAGE)
    async def answer_one(
        token: Token, request: Request, upload: CurrentUpload, accept_language: Accepted = None
    ) -> HTMLResponse:
        """Take the answer: accept, decline, or substitute with given_name, family_name and email."""
        language = language_of(accept_language)
        try:
            asking = await seats.opened(request, token, language)
        except LinkDead:
            return told(language, "dead", status=404)
        form = dict(parse_qsl(upload.file.read().decode(errors="replace")))
        try:
            return await seats.answered(asking, form)
        except ValidationError:
            given = {name: fit(form.get(name, "")) for name in FIELDS}
            again = await seats.shown(asking, fault="incomplete", given=given)
            again.status_code = 400
            return again
        except DomainError as error:
            return told(language, error.code if error.code in WORDS[language] else "gone", status=409)

    return [shows, takes]


def fit(text: str) -> str:
    """Return a text without what no text may contain, and not longer than one may be."""
    return "".join(each for each in text if each.isprintable() or each == "\n")[:2000].strip()


def told(language: PageLanguage, key: str, *, status: int = 200, link: str | None = None) -> HTMLResponse:
    """Return the page that says what is so."""
    said = page("told.html", language, WORDS, key=key, link=link)
    said.status_code = status
    return said
