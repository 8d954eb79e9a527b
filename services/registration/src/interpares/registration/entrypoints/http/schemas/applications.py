"""Calls and applications."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from interpares.common.http import Body, ReasonCode, Text
from interpares.registration.entrypoints.http.schemas.words import About, RoleKey, StrandKey
from interpares.registration.projections.applications import ListedApplication


class NewApplication(Body):
    """An application to submit; the motivation is its reason."""

    programme_id: UUID
    organisation_id: UUID
    role: RoleKey
    strand: StrandKey | None = None
    motivation: Annotated[Text, Field(description="Why you apply, in your own words; sealed, never part of an event.")]
    reason_code: ReasonCode = "wants-to-take-part"
    about: About = ()


class Deadline(BaseModel):
    """A local time with its zone, for example 2026-12-01T12:00 in Europe/Brussels, and the instant it stands for."""

    local: str
    zone: str
    instant: datetime


class CallShown(BaseModel):
    """A call one can apply under. office_id: the organisation that runs the programme."""

    id: UUID
    programme_id: UUID
    office_id: UUID
    title: dict[str, str]
    roles: tuple[str, ...]
    strands: tuple[str, ...]
    deadline: Deadline


@dataclass(frozen=True)
class ApplicationShown(ListedApplication):
    """An application with its motivation. motivation: null once it was erased."""

    motivation: str | None
