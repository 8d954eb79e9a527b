"""The list of organisations."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from psycopg.types.json import Jsonb

from interpares.common.database import Database
from interpares.common.eventstore import Recorded
from interpares.common.writes import Row
from interpares.registration.domain.organisation import Coordinates, Key, Organisation

INSERT = (
    "INSERT INTO organisations (organisation_id, kind, country, keys, names, population, languages, coordinates,"
    " registered_at, search_key) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
PAGE = (
    "SELECT * FROM organisations WHERE (%(after)s::uuid IS NULL OR organisation_id > %(after)s)"
    " AND (%(country)s::text IS NULL OR country = %(country)s)"
    " AND (%(kind)s::text IS NULL OR kind = %(kind)s)"
    " AND (%(name)s::text IS NULL OR strpos(search_key, %(name)s) > 0)"
    " ORDER BY organisation_id LIMIT %(limit)s"
)


@dataclass(frozen=True)
class ListedOrganisation:
    """An organisation as registered. names: language to name. registered_at: aware, UTC."""

    id: UUID
    kind: str
    country: str
    keys: tuple[Key, ...]
    names: dict[str, str]
    population: int | None
    languages: tuple[str, ...]
    coordinates: Coordinates | None
    registered_at: datetime


class OrganisationsProjector:
    """Keeps the list."""

    VIEW: ClassVar[str] = "organisations"
    TABLES: ClassVar[tuple[str, ...]] = ("organisations",)

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """See ``interpares.common.views.Projector``."""
        event = recorded.event
        if isinstance(event, Organisation.Created):
            place = event.coordinates
            values = (
                event.originator_id,
                event.kind.value,
                event.country,
                Jsonb([{"scheme": key.scheme, "value": key.value} for key in event.keys]),
                Jsonb(event.names),
                event.population,
                list(event.languages),
                Jsonb({"latitude": place.latitude, "longitude": place.longitude}) if place else None,
                event.timestamp,
                "\n".join(searchable(name) for name in event.names.values()),
            )
            yield Row(INSERT, values)


class Organisations:
    """Asks for organisations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def one(self, organisation_id: UUID) -> ListedOrganisation | None:
        """Return an organisation, None if there is none under the id."""
        query = "SELECT * FROM organisations WHERE organisation_id = %s"
        rows = await self._database.fetch(query, (organisation_id,))
        return _listed(rows[0]) if rows else None

    async def page(
        self, *, after: UUID | None, limit: int, country: str | None, kind: str | None, name: str | None
    ) -> list[ListedOrganisation]:
        """Return organisations in the order they were registered, from behind ``after``.

        name: part of a name in any language; capitals and accents make no difference. None leaves a filter out.
        """
        name = searchable(name) if name else None
        wanted = {"after": after, "limit": limit, "country": country, "kind": kind, "name": name}
        return [_listed(row) for row in await self._database.fetch(PAGE, wanted)]


def searchable(text: str) -> str:
    """Return a text for comparison: small letters, no accents, single blanks."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(each for each in parts if not unicodedata.combining(each)).split())


def _listed(row: dict[str, Any]) -> ListedOrganisation:
    return ListedOrganisation(
        id=row["organisation_id"],
        kind=row["kind"],
        country=row["country"],
        keys=tuple(Key(**key) for key in row["keys"]),
        names=row["names"],
        population=row["population"],
        languages=tuple(row["languages"]),
        coordinates=Coordinates(**row["coordinates"]) if row["coordinates"] else None,
        registered_at=row["registered_at"],
    )
