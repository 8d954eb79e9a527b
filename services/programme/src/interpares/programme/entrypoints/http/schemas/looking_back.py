"""A programme as of a moment, and what changed between two."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel


class AsOf(BaseModel):
    """A programme as it was. decisions: how many it rests on; last_decision: the last of them. state: all of it."""

    programme_id: UUID
    recorded_at: datetime | None
    effective_at: datetime | None
    decisions: int
    last_decision: UUID
    state: dict[str, Any]


class Changed(BaseModel):
    """What differs: where, with dots; null for nothing. decisions: those that touched it, as they were recorded."""

    path: str
    before: Any
    after: Any
    decisions: list[UUID]


class Taken(BaseModel):
    """A decision that lies between."""

    id: UUID
    type: str
    subject: str
    outcome: str
    effective_at: datetime
    recorded_at: datetime


class Difference(BaseModel):
    """What changed between two moments, and by which decisions."""

    programme_id: UUID
    changes: list[Changed]
    decisions: list[Taken]
