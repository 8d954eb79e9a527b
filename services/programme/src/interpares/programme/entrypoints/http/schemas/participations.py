"""Applications and participations."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from interpares.programme.entrypoints.http.schemas.deciding import Deciding, Named

RoleKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$", description="Key of a role in the template.")]


class Admission(Deciding):
    """An application to be admitted."""

    application_id: UUID
    role: RoleKey


class Role(Deciding):
    """A role to be granted."""

    role: RoleKey


class Application(Named):
    """An application as it came in."""

    application_id: UUID
    kind: str
    country: str
    role: str
    strand: str | None
    withdrawn: bool
    submitted_at: datetime


class Participation(Named):
    """An organisation that takes part."""

    application_id: UUID
    strand: str
    roles: list[str]
    active: bool
    admitted_at: datetime
