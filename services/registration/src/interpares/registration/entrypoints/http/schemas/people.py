"""People, and whoever asks."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from interpares.common.http import Body, ShortText
from interpares.registration.domain.membership import Capacity
from interpares.registration.entrypoints.http.schemas.words import on_one_line

Mail = Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$"), AfterValidator(on_one_line)]
Subject = Annotated[
    str,
    Field(min_length=1, max_length=255, description="``sub`` of the person's account at the identity provider"),
    AfterValidator(on_one_line),
]


class NewPerson(Body):
    """A person to register."""

    given_name: ShortText
    family_name: ShortText
    email: Mail
    subject: Subject


class PersonAnswer(BaseModel):
    """A person was registered. actor: the opaque id the person acts under."""

    id: UUID
    actor: UUID
    position: int


class PersonShown(BaseModel):
    """A person, with personal data: this is the only answer that holds any."""

    id: UUID
    actor: UUID
    given_name: str
    family_name: str
    email: str


class MembershipHeld(BaseModel):
    """A membership as its holder sees it."""

    id: UUID
    organisation_id: UUID
    capacity: Capacity


class Me(BaseModel):
    """Who asks, without a name. person_id: null for an account nobody is registered for."""

    actor: UUID
    person_id: UUID | None
    memberships: tuple[MembershipHeld, ...]
