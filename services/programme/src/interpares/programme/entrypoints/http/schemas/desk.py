"""The desk of the office: what waits, what came in, tasks, reminders, drafts."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from interpares.common.http import Body
from interpares.programme.entrypoints.http.schemas.deciding import Deciding, Named

Item = Annotated[
    str,
    Field(
        max_length=200,
        pattern=r"^[a-z]+(-[a-z]+)*:[A-Za-z0-9_.:-]+$",
        description="kind:key, for example duty:AT.visits.1",
    ),
]


class TaskGiven(Deciding):
    """Who of the office takes care of a thing, and who stands in."""

    task: Item
    owner: Annotated[UUID, Field(description="Opaque id of a person of the office.")]
    deputy: UUID | None = None


class Selected(Body):
    """Whom to remind of what."""

    item: Item
    organisation_id: UUID


class Reminding(Deciding):
    """A reminder to exactly those selected; nobody is added."""

    selected: Annotated[tuple[Selected, ...], Field(max_length=500)]
    channel: Annotated[str, Field(pattern="^(mail|phone|letter|portal)$")] = "mail"


class Signatories(Deciding):
    """Who signs drafts; empty: anybody of the office who did not write on them."""

    persons: Annotated[tuple[UUID, ...], Field(max_length=50)]


class Waiting(BaseModel):
    """Something that waits. waits_for: whose move it is. organisation_id: who has to answer, or whom it is about.

    meeting: title of the meeting it is about, label: what the template calls a deadline, by language; empty otherwise.
    """

    programme_id: UUID
    title: dict[str, str]
    item: str
    kind: str
    waits_for: str
    organisation_id: UUID | None
    names: dict[str, str]
    keys: list[dict[str, str]]
    since: datetime
    due: datetime | None
    overdue: bool
    owner: UUID | None
    deputy: UUID | None
    reminded_at: datetime | None
    meeting: dict[str, str]
    label: dict[str, str]


class Incoming(Named):
    """Something that came in.

    channel: of what the office entered for another, such as phone. meeting: title of the meeting it is about, by
    language; empty otherwise.
    """

    organisation_id: UUID | None  # type: ignore[assignment]
    programme_id: UUID
    title: dict[str, str]
    at: datetime
    kind: str
    subject: str
    outcome: str
    channel: str
    decision_id: UUID | None
    meeting: dict[str, str]


class DraftGiven(Body):
    """A decision to be prepared. path: where it would be sent, below the programme; body: what would be sent."""

    path: Annotated[str, Field(max_length=300, pattern=r"^/[A-Za-z0-9_./:-]+$", examples=["/duties/AT.visits.1/offer"])]
    body: dict[str, Any]


class DraftChanged(Body):
    """Another body for the same decision."""

    body: dict[str, Any]


class Signature(Body):
    """Nothing needs to be said: what is signed stands in the draft."""


class DraftAnswer(BaseModel):
    """Where a draft stands. version: its ETag, in quotes."""

    id: UUID
    version: int


class Draft(BaseModel):
    """A prepared decision. body: null once its words were erased. decision_id: the one that settled it."""

    id: Annotated[UUID, Field(validation_alias="draft_id")]
    version: int
    status: Literal["prepared", "signed", "discarded"]
    path: str
    body: dict[str, Any] | None
    prepared_by: UUID
    written_by: UUID
    recorded_at: datetime
    decision_id: UUID | None
