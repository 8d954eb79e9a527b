"""What every service answers about one person's texts: to registration for an export, to operators who verify."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from interpares.common.erasing import THEIRS, texts_of
from interpares.common.http import API, Body, Router
from interpares.common.leftovers import left_over, texts_left
from interpares.common.policy import SERVICE_OR_OPERATOR, Capacity, Policy

if TYPE_CHECKING:
    from interpares.common.service import Parts, Service

POLICY: Policy = {
    ("GET", f"{API}/privacy/texts"): SERVICE_OR_OPERATOR,
    ("POST", f"{API}/privacy/verification"): frozenset({Capacity.OPERATOR}),
}
MOST_WORDS = 100
Word = Annotated[str, Field(min_length=3, max_length=4000)]


class TextHeld(BaseModel):
    """A text of or about a person. written: by themselves; official: for an organisation."""

    hash: str
    text: str
    written: bool
    official: bool
    recorded_at: datetime


class TextsHeld(BaseModel):
    """All texts of or about a person in one service."""

    service: str
    texts: list[TextHeld]


class Sought(Body):
    """What should be gone. words: names, addresses, texts; they are looked for and neither kept nor logged."""

    person_id: UUID
    actor: UUID
    words: Annotated[tuple[Word, ...], Field(max_length=MOST_WORDS)] = ()


class Remains(BaseModel):
    """Where something was found, as ``table.column`` with the number of rows, or in words; nothing is quoted."""

    place: str
    rows: int


class Verified(BaseModel):
    """What is left of a person in one service: nothing, if ``left`` is empty. searched: how many words."""

    service: str
    searched: int
    left: list[Remains]


def privacy_router(service: "Service", parts: "Parts") -> APIRouter:
    """Return the routes."""
    router: APIRouter = Router(tags=["privacy"])
    database = parts.database

    @router.get("/privacy/texts", operation_id="readTextsOfPerson")
    async def read_texts(person_id: Annotated[UUID, Query()], actor: Annotated[UUID, Query()]) -> TextsHeld:
        """Return the texts a person wrote and those about them, for the export they may ask for."""
        rows = await texts_of(database, person_id, actor)
        return TextsHeld(service=service.name, texts=[TextHeld(**row) for row in rows])

    @router.post("/privacy/verification", operation_id="verifyErasure")
    async def verify(body: Sought) -> Verified:
        """Search all tables, and what lies beside them, for what an erasure should have removed."""
        left = [Remains(**vars(each)) for each in await left_over(database, body.words)] if body.words else []
        texts = await texts_left(database, THEIRS, body.person_id, body.actor)
        if texts:
            left.append(Remains(place="sealed_texts of or about this person", rows=texts))
        if service.remains is not None:
            left += [Remains(**vars(each)) for each in await service.remains(parts)]
        return Verified(service=service.name, searched=len(body.words), left=left)

    return router
