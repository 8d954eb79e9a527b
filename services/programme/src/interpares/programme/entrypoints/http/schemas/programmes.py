"""Programmes and their calls."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from interpares.common.contracts.template import Template
from interpares.common.http import Body, ZoneName
from interpares.programme.entrypoints.http.schemas.deciding import Deciding, LocalTime, Texts


class Draft(Deciding):
    """A programme to be drafted."""

    title: Texts
    office_id: UUID
    template: Template
    strands: Annotated[
        tuple[Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,64}$")], ...],
        Field(max_length=100, description="Parts of the programme, such as countries."),
    ] = ()


class Deadline(Body):
    """A moment on the clock of a place."""

    local: Annotated[LocalTime, Field(description="Local time without offset, for example 2026-12-01T12:00.")]
    zone: ZoneName


class Call(Deciding):
    """A call to be opened."""

    deadline: Deadline


class Programme(BaseModel):
    """A programme. deadline_local: on the clock of deadline_zone. phase: key of the one it is in."""

    id: Annotated[UUID, Field(validation_alias="programme_id")]
    office_id: UUID
    title: dict[str, str]
    template_version: int
    template_hash: str
    strands: list[str]
    stage: str
    deadline_local: LocalTime | None
    deadline_zone: str | None
    drafted_at: datetime
    term_starts: date | None
    term_ends: date | None
    phase: str | None
