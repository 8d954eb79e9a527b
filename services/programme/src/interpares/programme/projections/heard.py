"""What registration told: organisations and applications, as tables of this service."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from interpares.common.writes import Row
from interpares.programme.domain.joining import Joiner
from interpares.programme.domain.known import Known
from interpares.programme.domain.participation import Applicant

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from interpares.common.database import Database

APPLICATION = (
    "SELECT application_id, programme_id, organisation_id, country, role, strand, withdrawn, version, digest AS hash,"
    " position, members, submitted_at FROM heard_applications"
)


@dataclass(frozen=True)
class HeardOrganisation:
    """An organisation as registration tells of it. keys: each with scheme and value; names: by language.

    funding: programme, starts, ends of each. version, hash, position: of the fact told.
    """

    organisation_id: UUID
    kind: str
    country: str
    keys: list[dict[str, str]]
    names: dict[str, str]
    population: int | None = None
    funding: list[dict[str, str | None]] = field(default_factory=list)
    member_of: tuple[str, ...] = ()
    version: int = 1
    hash: str = ""
    position: int = 0


class HeardApplications:
    """The port ``Applicants``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, application_id: UUID) -> Applicant | None:
        """Return one application, None if it is not known here (yet)."""
        rows = await self._database.fetch(APPLICATION + " WHERE application_id = %s", (application_id,))
        return _applicant(rows[0]) if rows else None

    async def competing(self, programme_id: UUID, role: str, strand: str | None) -> tuple[Applicant, ...]:
        """Return the applications for a role, those of one country where a strand is given, as they came in."""
        rows = await self._database.fetch(
            APPLICATION
            + " WHERE programme_id = %s AND role = %s AND (%s::text IS NULL OR country = %s) ORDER BY position",
            (programme_id, role, strand, strand),
        )
        return tuple(map(_applicant, rows))

    async def page(self, programme_id: UUID, after: int, limit: int) -> list[dict[str, Any]]:
        """Return applications to a programme in the order they came in, behind a position."""
        return await self._database.fetch(
            "SELECT a.application_id, a.organisation_id, a.kind, a.country, a.role, a.strand, a.withdrawn,"
            " a.submitted_at, a.position, coalesce(o.names, '{}') AS names, coalesce(o.keys, '[]') AS keys"
            " FROM heard_applications a LEFT JOIN heard_organisations o USING (organisation_id)"
            " WHERE a.programme_id = %s AND a.position > %s ORDER BY a.position LIMIT %s",
            (programme_id, after, limit),
        )

    async def applied(self, programme_id: UUID, organisation_ids: list[UUID]) -> bool:
        """Tell whether one of the organisations has applied to a programme."""
        rows = await self._database.fetch(
            "SELECT 1 FROM heard_applications WHERE programme_id = %s AND organisation_id = ANY(%s) LIMIT 1",
            (programme_id, organisation_ids),
        )
        return bool(rows)


def _applicant(row: dict[str, Any]) -> Applicant:
    return Applicant(**row | {"members": tuple(row["members"])})


class HeardOrganisations:
    """Names and keys of organisations, and the port ``Organisations``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, organisation_id: UUID) -> bool:
        """Tell whether registration has told of an organisation."""
        return bool(await self.named([organisation_id]))

    async def under(self, keys: list[tuple[str, str]]) -> dict[tuple[str, str], Joiner]:
        """Return organisations by scheme and value of their keys; who is not known here is left out."""
        rows = await self._database.fetch(
            "SELECT o.organisation_id, o.country, o.version, o.digest, o.position, k.scheme, k.value"
            " FROM heard_organisations o"
            " JOIN unnest(%s::text[], %s::text[]) AS k (scheme, value)"
            " ON o.keys @> jsonb_build_array(jsonb_build_object('scheme', k.scheme, 'value', k.value))",
            ([scheme for scheme, _ in keys], [value for _, value in keys]),
        )
        return {
            (row["scheme"], row["value"]): Joiner(
                row["organisation_id"], row["country"], row["version"], row["digest"], row["position"]
            )
            for row in rows
        }

    async def named(self, organisation_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
        """Return kind, country, keys and names by organisation; who is not known here is left out."""
        rows = await self._database.fetch(
            "SELECT * FROM heard_organisations WHERE organisation_id = ANY(%s)", (organisation_ids,)
        )
        return {row["organisation_id"]: row for row in rows}

    async def told(self, organisation_id: UUID) -> Known | None:
        """Return one organisation, None if it is not known here (yet)."""
        rows = await self._database.fetch(
            "SELECT organisation_id, kind, country, population, funding, member_of, version, digest AS hash, position"
            " FROM heard_organisations WHERE organisation_id = %s",
            (organisation_id,),
        )
        return (
            Known(**rows[0] | {"funding": tuple(rows[0]["funding"]), "member_of": tuple(rows[0]["member_of"])})
            if rows
            else None
        )


def organisation_row(organisation: HeardOrganisation) -> Row:
    """Return the statement that notes an organisation; what is known already in a later version stays."""
    return Row(
        "INSERT INTO heard_organisations (organisation_id, kind, country, keys, names, population, funding, member_of,"
        " version, digest, position) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (organisation_id) DO UPDATE SET kind = excluded.kind, country = excluded.country,"
        " keys = excluded.keys, names = excluded.names, population = excluded.population, funding = excluded.funding,"
        " member_of = excluded.member_of, version = excluded.version, digest = excluded.digest,"
        " position = excluded.position WHERE heard_organisations.version <= excluded.version",
        (
            organisation.organisation_id,
            organisation.kind,
            organisation.country,
            Jsonb(organisation.keys),
            Jsonb(organisation.names),
            organisation.population,
            Jsonb(organisation.funding),
            list(organisation.member_of),
            organisation.version,
            organisation.hash,
            organisation.position,
        ),
    )


def application_row(applicant: Applicant, *, kind: str, submitted_at: datetime) -> Row:
    """Return the statement that notes an application. ``kind``: of the organisation that applies."""
    return Row(
        "INSERT INTO heard_applications (application_id, programme_id, organisation_id, kind, country, role, strand,"
        " withdrawn, version, digest, position, submitted_at, members)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (
            applicant.application_id,
            applicant.programme_id,
            applicant.organisation_id,
            kind,
            applicant.country,
            applicant.role,
            applicant.strand,
            applicant.withdrawn,
            applicant.version,
            applicant.hash,
            applicant.position,
            submitted_at,
            list(applicant.members),
        ),
    )


def withdrawal_row(application_id: UUID, *, digest: str, position: int) -> Row:
    """Return the statement that notes that an application was taken back."""
    return Row(
        "UPDATE heard_applications SET withdrawn = true, version = version + 1, digest = %s, position = %s"
        " WHERE application_id = %s",
        (digest, position, application_id),
    )
