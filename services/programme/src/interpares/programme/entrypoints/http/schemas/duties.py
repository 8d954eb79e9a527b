"""Hosting duties."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from interpares.common.http import Instant
from interpares.programme.entrypoints.http.schemas.deciding import Deciding

DUTY = r"^[A-Za-z0-9_-]{1,64}\.[a-z0-9_-]{1,64}\.[0-9]{1,6}$"


class Offer(Deciding):
    """A duty to be offered."""

    to: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=500)]
    respond_by: Instant | None = None


class OwnAnswer(Deciding):
    """An organisation's answer to an offer."""

    organisation_id: UUID


class Duty(BaseModel):
    """A line of the duty ledger."""

    duty: str
    strand: str
    rule: str
    ordinal: int
    format: str
    status: str
    owner_id: UUID | None
    host_id: UUID | None
    offered_to: list[UUID]
    declined_by: list[UUID]
    respond_by: datetime | None
    meeting_id: UUID | None
    last_decision: UUID
