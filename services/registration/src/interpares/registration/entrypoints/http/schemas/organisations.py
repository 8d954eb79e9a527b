"""Organisations."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from interpares.common.http import Body, Count, ShortText
from interpares.registration.domain.organisation import Kind

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$", description="ISO 639, with a country if need be")]
Names = Annotated[dict[Language, ShortText], Field(max_length=40, description='by language, as in {"de": "Gmunden"}')]
Degrees = Annotated[
    str, Field(pattern=r"^-?[0-9]{1,3}(\.[0-9]{1,8})?$", description="WGS 84, as decimal text such as 47.9183")
]
Scheme = Annotated[
    str, Field(pattern=r"^[A-Za-z][A-Za-z0-9._-]{0,31}$", description="register the key is from, for example LAU")
]


class NewKey(Body):
    """An official key."""

    scheme: Scheme
    value: ShortText


class Place(Body):
    """A place on earth."""

    latitude: Degrees
    longitude: Degrees


class NewOrganisation(Body):
    """An organisation to register."""

    kind: Kind
    country: Country
    keys: Annotated[tuple[NewKey, ...], Field(max_length=20)]
    names: Names
    population: Count | None = None
    languages: Annotated[tuple[Language, ...], Field(max_length=20)] = ()
    coordinates: Place | None = None


class OrganisationAnswer(BaseModel):
    """An organisation was registered."""

    id: UUID
    position: int
