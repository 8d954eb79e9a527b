"""The directory: the list of organisations, all that was ever on record of each, and the ways their names are found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from psycopg.types.json import Jsonb
from pydantic import TypeAdapter

from interpares.common.database import Database
from interpares.common.eventstore import Recorded
from interpares.common.writes import Row
from interpares.registration.domain.directory.folding import fold, forms, skeleton, words
from interpares.registration.domain.organisation import (
    Absorbed,
    Coordinates,
    Facts,
    Funding,
    Key,
    Kind,
    Merged,
    Organisation,
    Updated,
)

FACTS = TypeAdapter(Facts)
FUNDING = TypeAdapter(tuple[Funding, ...])
# One statement, so that the projector writes many organisations in one round trip.
REGISTER = """
    WITH listed AS (
        INSERT INTO organisations (organisation_id, kind, country, keys, names, population, languages, coordinates,
            registered_at, search_key, funding, member_of, members, lead, valid_from, valid_until)
        VALUES (%(id)s, %(kind)s, %(country)s, %(keys)s, %(names)s, %(population)s, %(languages)s, %(coordinates)s,
            %(at)s, %(search_key)s, %(funding)s, %(member_of)s, %(members)s, %(lead)s, %(valid_from)s, %(valid_until)s)
    ), recorded AS (
        INSERT INTO organisation_versions (organisation_id, version, recorded_at, what, changed, effective_on,
            reason_code, reason_hash, acting_as, others, facts)
        VALUES (%(id)s, %(version)s, %(at)s, 'registered', '{}', %(valid_from)s, %(reason_code)s, %(reason)s,
            %(acting_as)s, '{}', %(facts)s)
    ), named AS (
        INSERT INTO organisation_names (organisation_id, country, form)
        SELECT %(id)s, %(country)s, form FROM unnest(%(forms)s::text[]) AS form
    )
    INSERT INTO organisation_words (organisation_id, word, backwards, skeleton)
    SELECT %(id)s, * FROM unnest(%(words)s::text[], %(backwards)s::text[], %(skeletons)s::text[])
"""
UPDATE = """
    UPDATE organisations SET kind = %(kind)s, country = %(country)s, keys = %(keys)s, names = %(names)s,
        population = %(population)s, languages = %(languages)s, coordinates = %(coordinates)s,
        search_key = %(search_key)s, funding = %(funding)s, member_of = %(member_of)s, members = %(members)s,
        lead = %(lead)s, valid_from = %(valid_from)s, valid_until = %(valid_until)s, version = %(version)s,
        updated_at = %(at)s, merged_into = %(merged_into)s, merged_from = %(merged_from)s
    WHERE organisation_id = %(id)s
"""
RECORD = """
    INSERT INTO organisation_versions (organisation_id, version, recorded_at, what, changed, effective_on, reason_code,
        reason_hash, acting_as, others, facts)
    VALUES (%(id)s, %(version)s, %(at)s, %(what)s, %(changed)s, %(effective_on)s, %(reason_code)s, %(reason)s,
        %(acting_as)s, %(others)s, %(facts)s)
"""
ABSORB = """
    WITH listed AS (
        UPDATE organisations SET version = %(version)s, updated_at = %(at)s WHERE organisation_id = %(id)s
    )
    INSERT INTO organisation_versions (organisation_id, version, recorded_at, what, changed, effective_on, reason_code,
        reason_hash, acting_as, others, facts)
    SELECT %(id)s, %(version)s, %(at)s, 'absorbed', '{}', %(from_day)s, %(reason_code)s, %(reason)s, %(acting_as)s,
        %(others)s, facts FROM organisation_versions WHERE organisation_id = %(id)s ORDER BY version DESC LIMIT 1
"""
UNNAME = "DELETE FROM organisation_names WHERE organisation_id = %(id)s"
UNWORD = "DELETE FROM organisation_words WHERE organisation_id = %(id)s"
NAME = (
    "INSERT INTO organisation_names (organisation_id, country, form)"
    " SELECT %(id)s, %(country)s, form FROM unnest(%(forms)s::text[]) AS form"
)
WORD = (
    "INSERT INTO organisation_words (organisation_id, word, backwards, skeleton)"
    " SELECT %(id)s, * FROM unnest(%(words)s::text[], %(backwards)s::text[], %(skeletons)s::text[])"
)
FILTER = (
    " (%(country)s::text IS NULL OR country = %(country)s) AND (%(kind)s::text IS NULL OR kind = %(kind)s)"
    " AND (%(scheme)s::text IS NULL OR EXISTS (SELECT FROM organisation_keys held WHERE held.scheme = %(scheme)s"
    " AND held.value LIKE %(region)s AND held.organisation_id = organisations.organisation_id))"
)
PAGE = (
    f"SELECT * FROM organisations WHERE {FILTER}"  # noqa: S608 -- constants only
    " AND (%(after)s::uuid IS NULL OR organisation_id > %(after)s)"
    " AND (%(name)s::text IS NULL OR strpos(search_key, %(name)s) > 0)"
    " ORDER BY organisation_id LIMIT %(limit)s"
)


@dataclass(frozen=True)
class ListedOrganisation:
    """An organisation as it is on record. names: language to name. registered_at: aware, UTC.

    version: rises with every change. funding, member_of, members, lead, valid_from, valid_until: as in ``Facts``.
    merged_into, merged_from: what it became part of, and from which day on; None while it goes on by itself.
    """

    id: UUID
    kind: str
    country: str
    keys: tuple[Key, ...]
    names: dict[str, str]
    population: int | None
    languages: tuple[str, ...]
    coordinates: Coordinates | None
    registered_at: datetime
    version: int
    updated_at: datetime | None
    funding: tuple[Funding, ...]
    member_of: tuple[str, ...]
    members: tuple[UUID, ...]
    lead: UUID | None
    valid_from: date | None
    valid_until: date | None
    merged_into: UUID | None
    merged_from: date | None


@dataclass(frozen=True)
class Where:
    """Filters; None leaves one out. scheme, region: organisations with a key of the scheme that begins so."""

    country: str | None = None
    kind: str | None = None
    scheme: str | None = None
    region: str | None = None

    def as_params(self) -> dict[str, str | None]:
        """Return it as parameters of a query."""
        begins = None
        if self.region is not None:
            begins = self.region.casefold().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        scheme = self.scheme.casefold() if self.scheme and begins else None
        return {"country": self.country, "kind": self.kind, "scheme": scheme, "region": begins}


class OrganisationsProjector:
    """Keeps the directory."""

    VIEW: ClassVar[str] = "organisations"
    TABLES: ClassVar[tuple[str, ...]] = (
        "organisations",
        "organisation_versions",
        "organisation_names",
        "organisation_words",
    )

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """See ``interpares.common.views.Projector``."""
        event = recorded.event
        if isinstance(event, Organisation.Created):
            yield Row(REGISTER, {**_columns(event), "acting_as": event.acting_as})
        elif isinstance(event, Updated | Merged):
            columns = {**_columns(event), **_changed(event)}
            yield from (Row(statement, columns) for statement in (UPDATE, RECORD, UNNAME, UNWORD, NAME, WORD))
        elif isinstance(event, Absorbed):
            told = {
                "id": event.originator_id,
                "version": event.originator_version,
                "at": event.timestamp,
                "from_day": event.from_day,
                "reason_code": event.reason_code,
                "reason": event.reason,
                "acting_as": event.acting_as,
                "others": list(event.organisations),
            }
            yield Row(ABSORB, told)


def _changed(event: Updated | Merged) -> dict[str, Any]:
    if isinstance(event, Merged):
        return {
            "what": "merged",
            "changed": ["valid_until"],
            "effective_on": event.from_day,
            "others": [event.into],
            "acting_as": event.acting_as,
            "merged_into": event.into,
            "merged_from": event.from_day,
        }
    return {
        "what": "corrected" if event.correction else "changed",
        "changed": list(event.changed),
        "effective_on": event.effective_on,
        "others": [],
        "acting_as": event.acting_as,
        "merged_into": None,
        "merged_from": None,
    }


def _columns(event: Organisation.Created | Updated | Merged) -> dict[str, Any]:
    facts = event.facts
    found_by = tuple(dict.fromkeys(word for name in facts.names.values() for word in words(name)))
    place = facts.coordinates
    return {
        "id": event.originator_id,
        "version": event.originator_version,
        "at": event.timestamp,
        "reason_code": event.reason_code,
        "reason": event.reason,
        "kind": facts.kind.value,
        "country": facts.country,
        "keys": Jsonb([{"scheme": key.scheme, "value": key.value} for key in facts.keys]),
        "names": Jsonb(facts.names),
        "population": facts.population,
        "languages": list(facts.languages),
        "coordinates": Jsonb({"latitude": place.latitude, "longitude": place.longitude}) if place else None,
        "search_key": "\n".join(dict.fromkeys(form for name in facts.names.values() for form in forms(name))),
        "funding": Jsonb(FUNDING.dump_python(facts.funding, mode="json")),
        "member_of": list(facts.member_of),
        "members": list(facts.members),
        "lead": facts.lead,
        "valid_from": facts.valid_from,
        "valid_until": facts.valid_until,
        "facts": Jsonb(FACTS.dump_python(facts, mode="json")),
        "forms": list(dict.fromkeys(form for name in facts.names.values() for form in forms(name))),
        "words": list(found_by),
        "backwards": [word[::-1] for word in found_by],
        "skeletons": [skeleton(word) for word in found_by],
    }


class Organisations:
    """Asks for organisations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def one(self, organisation_id: UUID) -> ListedOrganisation | None:
        """Return an organisation, None if there is none under the id."""
        query = "SELECT * FROM organisations WHERE organisation_id = %s"
        rows = await self._database.fetch(query, (organisation_id,))
        return listed(rows[0]) if rows else None

    async def page(self, *, after: UUID | None, limit: int, where: Where, name: str | None) -> list[ListedOrganisation]:
        """Return organisations in the order of their ids, from behind ``after``.

        name: part of a name in any language; capitals and accents make no difference. None leaves the filter out.
        """
        wanted = {"after": after, "limit": limit, "name": fold(name) if name else None, **where.as_params()}
        return [listed(row) for row in await self._database.fetch(PAGE, wanted)]

    async def as_of(self, organisation_id: UUID, instant: datetime) -> ListedOrganisation | None:
        """Return what was on record at an instant, None if it was not known past."""
        rows = await self._database.fetch(
            "SELECT past.*, first.recorded_at AS registered_at FROM organisation_versions AS past"
            " JOIN organisation_versions AS first ON first.organisation_id = past.organisation_id AND first.version = 1"
            " WHERE past.organisation_id = %s AND past.recorded_at <= %s ORDER BY past.version DESC LIMIT 1",
            (organisation_id, instant),
        )
        if not rows:
            return None
        row, facts = rows[0], FACTS.validate_python(rows[0]["facts"])
        merged = row["what"] == "merged"
        return ListedOrganisation(
            **{**vars(facts), "kind": facts.kind.value},
            id=organisation_id,
            registered_at=row["registered_at"],
            version=row["version"],
            updated_at=row["recorded_at"] if row["version"] > 1 else None,
            merged_into=row["others"][0] if merged else None,
            merged_from=row["effective_on"] if merged else None,
        )


def listed(row: dict[str, Any]) -> ListedOrganisation:
    """Return the organisation of a row of the list."""
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
        version=row["version"],
        updated_at=row["updated_at"],
        funding=FUNDING.validate_python(row["funding"]),
        member_of=tuple(row["member_of"]),
        members=tuple(row["members"]),
        lead=row["lead"],
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        merged_into=row["merged_into"],
        merged_from=row["merged_from"],
    )


def facts_of(organisation: ListedOrganisation) -> Facts:
    """Return what is on record as one value, as documents are written from it."""
    shown = {name: getattr(organisation, name) for name in Facts.__dataclass_fields__}
    return Facts(**{**shown, "kind": Kind(organisation.kind)})
