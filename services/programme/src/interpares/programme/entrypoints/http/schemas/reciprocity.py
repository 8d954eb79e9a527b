"""Who gave and who took, and who was reached."""

from uuid import UUID

from pydantic import BaseModel, Field


class Balance(BaseModel):
    """What a participant gave and took.

    people: how many it sent, by audience. balance: meetings hosted less meetings attended at others.
    """

    organisation_id: UUID
    names: dict[str, str]
    strand: str
    roles: list[str]
    active: bool
    hosted: int
    organised: int
    attended: int = Field(description="Meetings at others.")
    spoke: int = Field(description="How many of its people spoke.")
    reviewed: int = Field(description="How many of its people reviewed at meetings.")
    reviews_given: int = Field(description="Of documents of others.")
    reviews_received: int = Field(description="Of documents it owns, alone or with others.")
    duties_accepted: int
    duties_fulfilled: int
    duties_owed: int
    people: dict[str, int]
    balance: int


class Audience(BaseModel):
    """An audience: meetings meant for it, organisations and people of it that were there."""

    audience: str
    label: dict[str, str]
    meetings: int
    organisations: list[UUID]
    people: int
    reached: bool


class Coverage(BaseModel):
    """Which audiences of the template were reached."""

    programme_id: UUID
    audiences: list[Audience]
