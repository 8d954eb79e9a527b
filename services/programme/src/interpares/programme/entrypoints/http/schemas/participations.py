"""Applications and participations."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from interpares.common.http import Body
from interpares.programme.entrypoints.http.schemas.deciding import Deciding, Named
from interpares.programme.entrypoints.http.schemas.record import Digest

RoleKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$", description="Key of a role in the template.")]


Themes = Annotated[tuple[RoleKey, ...], Field(max_length=100, description="For a role held per theme: keys of themes.")]
Members = Annotated[tuple[UUID, ...], Field(max_length=200, description="Of the consortium, the organisation aside.")]


class Held(Body):
    """From a day to a day, both included; what is left out the template tells."""

    starts: date | None = None
    ends: date | None = None


class Wanted(Deciding):
    """How a role is wanted. exception: although the organisation is not eligible, if the template allows it."""

    role: RoleKey
    themes: Themes = ()
    held: Held | None = None
    exception: bool = False


class Admission(Wanted):
    """An application to be admitted. ``strand``: the cluster, if not the one applied for."""

    application_id: UUID
    strand: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,64}$")] | None = None


class Role(Wanted):
    """A role to be granted. ``contract``: its SHA-256, for a role obtained by contract."""

    contract: Digest | None = None


class RoleEnd(Deciding):
    """A role to be ended; for some themes only if there are any."""

    themes: Themes = ()


class Joining(Role):
    """An organisation is to take part without having applied."""

    organisation_id: UUID
    strand: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,64}$")] | None = None
    members: Members = ()


class Consortium(Deciding):
    """The members of a consortium, all of them anew."""

    members: Members


class Holding(BaseModel):
    """How a role is held: for some themes, for a time; an open side has no limit."""

    role: str
    themes: list[str]
    starts: date | None
    ends: date | None


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
    """An organisation that takes part. ``application_id``: None if it takes part without having applied."""

    application_id: UUID | None
    strand: str
    roles: list[str]
    active: bool
    admitted_at: datetime
    holdings: list[Holding]
    members: list[UUID]
    pairs: list[str]
