"""Organisations."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from interpares.common.http import Body, Count, Day, ReasonCode, ReasonText, ShortText
from interpares.registration.domain.organisation import Coordinates, Facts, Funding, Key, Kind
from interpares.registration.entrypoints.http.schemas.words import About, Reasoned
from interpares.registration.projections.history import InLine
from interpares.registration.projections.organisations import ListedOrganisation

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$", description="ISO 639, with a country if need be")]
Names = Annotated[dict[Language, ShortText], Field(max_length=40, description='by language, as in {"de": "Gmunden"}')]
Degrees = Annotated[
    str, Field(pattern=r"^-?[0-9]{1,3}(\.[0-9]{1,8})?$", description="WGS 84, as decimal text such as 47.9183")
]
Scheme = Annotated[
    str, Field(pattern=r"^[A-Za-z][A-Za-z0-9._-]{0,31}$", description="register the key is from, for example LAU")
]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$", description="key of a programme or a network")]


class NewKey(Body):
    """An official key."""

    scheme: Scheme
    value: ShortText


class Place(Body):
    """A place on earth."""

    latitude: Degrees
    longitude: Degrees


class FundingPeriod(Body):
    """A programme funds the organisation, from a day to a day, both included."""

    programme: Word
    starts: Day | None = None
    ends: Day | None = None


class OrganisationFacts(Body):
    """What is on record of an organisation. members, lead: of a consortium or a local group.

    valid_from, valid_until: days it exists, both included; null where open.
    """

    kind: Kind
    country: Country
    keys: Annotated[tuple[NewKey, ...], Field(max_length=20)]
    names: Names
    population: Count | None = None
    languages: Annotated[tuple[Language, ...], Field(max_length=20)] = ()
    coordinates: Place | None = None
    funding: Annotated[tuple[FundingPeriod, ...], Field(max_length=100)] = ()
    member_of: Annotated[tuple[Word, ...], Field(max_length=100, description="networks, by key")] = ()
    members: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    lead: UUID | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None

    def as_facts(self) -> Facts:
        """Return it as the domain knows it."""
        place = self.coordinates
        return Facts(
            kind=self.kind,
            country=self.country,
            keys=tuple(Key(key.scheme, key.value) for key in self.keys),
            names=self.names,
            population=self.population,
            languages=self.languages,
            coordinates=Coordinates(place.latitude, place.longitude) if place else None,
            funding=tuple(Funding(each.programme, each.starts, each.ends) for each in self.funding),
            member_of=self.member_of,
            members=self.members,
            lead=self.lead,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
        )


class NewOrganisation(OrganisationFacts):
    """An organisation to register."""

    reason_code: ReasonCode = "new-in-the-directory"
    reason: ReasonText | None = None
    about: About = ()


class OrganisationUpdate(OrganisationFacts, Reasoned):
    """The whole of an organisation, as it is to be on record.

    nature: a correction, where it had never been as it was on record, or a change. effective_on: day from which on it
    is so; of a change only.
    """

    nature: Literal["change", "correction"]
    effective_on: Day | None = None


class Merger(Reasoned):
    """Organisations become part of the one addressed, from a day on."""

    merged: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=50)]
    from_day: Day


class NewTwinning(Reasoned):
    """A link between two organisations, in any order. starts: null where nobody knows."""

    between: tuple[UUID, UUID]
    starts: Day | None = None


class TwinningEnd(Reasoned):
    """The end of a link, with its last day."""

    ends: Day


class OrganisationAnswer(BaseModel):
    """An organisation was registered."""

    id: UUID
    position: int


class FoundOrganisation(BaseModel):
    """An organisation that was found. score: 100 where a name is as it was asked for, less the further it is."""

    score: int
    organisation: ListedOrganisation


class Succession(BaseModel):
    """A line of organisations that became part of one another, those before first.

    meaning: what that means for those who act for them, in a sentence.
    """

    line: tuple[InLine, ...]
    successor: UUID
    meaning: str


class ImportAnswer(BaseModel):
    """A document was read; nothing is registered yet. Read its rows, then confirm it."""

    id: UUID
    position: int


class ImportShown(BaseModel):
    """An import. rows: how many, by state. status: previewed, running or finished."""

    id: UUID
    document: str
    uploaded_at: datetime
    confirmed_at: datetime | None
    finished_at: datetime | None
    status: Literal["previewed", "running", "finished"]
    rows: dict[str, int]


class FaultShown(BaseModel):
    """What is wrong with a cell. column: its heading, empty where it is the row as a whole."""

    column: str
    message: str
    way_out: str


class ImportRowShown(BaseModel):
    """A row. line: as a spreadsheet counts. organisation_id: it gets. like: organisation with its key or its name."""

    line: int
    state: str
    organisation_id: UUID | None
    facts: dict[str, Any] | None
    faults: tuple[FaultShown, ...]
    like: UUID | None
    question: str | None


class ImportConfirmation(Reasoned):
    """keep: lines that were asked about and are another organisation than the one of the same name."""

    keep: Annotated[tuple[Annotated[int, Field(ge=2, le=1_000_000)], ...], Field(max_length=20_000)] = ()
