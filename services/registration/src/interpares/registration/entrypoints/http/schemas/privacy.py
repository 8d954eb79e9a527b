"""Personal data: requests to be erased, holds, corrections, exports."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from interpares.common.http import Body, Day, ReasonCode, ReasonText, ShortText
from interpares.registration.domain.privacy.request import Ground, Outcome
from interpares.registration.entrypoints.http.schemas.people import Mail
from interpares.registration.entrypoints.http.schemas.words import Reasoned

Why = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9-]{1,63}$", description="Why the data are read, as a plain code; the person sees it."),
]
Channel = Literal["portal", "mail", "letter", "phone", "meeting"]


class NewErasureRequest(Body):
    """A wish to be erased. received_on: where it did not come by this very request."""

    reason_code: ReasonCode = "wants-to-be-erased"
    reason: ReasonText
    received_on: Day | None = None
    channel: Channel = "portal"


class ErasureDecision(Reasoned):
    """How a request ends. ground: where data stay, in law; until: last day of a restriction, then they are erased."""

    outcome: Outcome
    ground: Ground | None = None
    until: Day | None = None


class NewHold(Reasoned):
    """A duty to keep data. until: last day on which it stands against erasing."""

    until: Day
    ground: ReasonCode


class Rectification(Reasoned):
    """The right values, of those fields that were wrong."""

    given_name: ShortText | None = None
    family_name: ShortText | None = None
    email: Mail | None = None


class ErasureRequestShown(BaseModel):
    """A request with its decision. wish, reason: as typed; null where erased, or not decided.

    confirmed_by: which services said that they hold no text of or about the person any more, and when.
    """

    id: UUID
    person_id: UUID
    received_on: date
    answer_due: date
    channel: str
    filed_at: datetime
    filed_as: str
    wish_code: str
    wish: str | None
    status: str
    decided_at: datetime | None
    decided_as: str | None
    ground: str | None
    until: date | None
    reason_code: str | None
    reason: str | None
    confirmed_by: dict[str, datetime]


class ReadShown(BaseModel):
    """Who read somebody's data. why: as a plain code; route: what was read."""

    id: UUID
    read_at: datetime
    reader: UUID
    why: str
    route: str


class Export(BaseModel):
    """All that is held of one person. data: by table, as the register names it; texts: by service."""

    person_id: UUID
    actor: UUID
    made_at: datetime
    data: dict[str, list[dict[str, Any]]]
    texts: dict[str, list[dict[str, Any]]]


class LedgerEntry(BaseModel):
    """An erasure, by ids that lead nowhere any more."""

    person_id: UUID
    actor: UUID
    cause: str
    erased_at: datetime


class Replay(Body):
    """Entries of a ledger that was kept beside the database."""

    people: Annotated[tuple[UUID, ...], Field(max_length=500)]


class Replayed(BaseModel):
    """What came of it. erased: who had come back and was erased again; the others were gone already."""

    erased: list[UUID]
