"""Programmes and who takes part in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from psycopg.types.json import Jsonb

from interpares.common.writes import Row
from interpares.programme.domain import events
from interpares.programme.domain.closing import events as closing
from interpares.programme.domain.programme import Programme

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.common.eventstore import Recorded

VIEW = "programmes"


class ProgrammesProjector:
    """Keeps both tables."""

    VIEW: ClassVar[str] = VIEW
    TABLES: ClassVar[tuple[str, ...]] = ("programmes", "participations")

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """Return the changes of one event."""
        event = recorded.event
        match event:
            case Programme.Created():
                yield Row(
                    "INSERT INTO programmes VALUES (%s, %s, %s, %s, %s, %s, 'drafted', NULL, NULL, %s)",
                    (
                        event.originator_id,
                        event.office,
                        Jsonb(event.title),
                        Jsonb(event.template),
                        event.template_hash,
                        list(event.strands),
                        event.timestamp,
                    ),
                )
            case events.CallOpened():
                yield Row(
                    "UPDATE programmes SET stage = 'call-open', deadline_local = %s, deadline_zone = %s"
                    " WHERE programme_id = %s",
                    (event.deadline.local, event.deadline.zone, event.originator_id),
                )
            case events.CallClosed():
                yield Row("UPDATE programmes SET stage = 'call-closed' WHERE programme_id = %s", (event.originator_id,))
            case closing.Closed():
                yield Row("UPDATE programmes SET stage = 'closed' WHERE programme_id = %s", (event.originator_id,))
            case _:
                yield from _participation(event)


def _participation(event: Any) -> Iterable[Row]:
    match event:
        case events.ParticipationAdmitted():
            yield Row(
                "INSERT INTO participations VALUES (%s, %s, %s, %s, %s, true, %s)"
                " ON CONFLICT (programme_id, organisation_id) DO UPDATE SET application_id = excluded.application_id,"
                " strand = excluded.strand, roles = excluded.roles, active = true, admitted_at = excluded.admitted_at",
                (
                    event.originator_id,
                    event.organisation,
                    event.application,
                    event.strand,
                    [event.role],
                    event.timestamp,
                ),
            )
        case events.RoleGranted():
            yield _set_roles(event, "array_append(roles, %s)", event.role)
        case events.RoleEnded():
            yield _set_roles(event, "array_remove(roles, %s)", event.role)
        case events.ParticipationWithdrawn():
            yield Row(
                "UPDATE participations SET roles = '{}', active = false"
                " WHERE programme_id = %s AND organisation_id = %s",
                (event.originator_id, event.organisation),
            )


def _set_roles(event: Any, roles: str, role: str) -> Row:
    return Row(
        f"UPDATE participations SET roles = {roles} WHERE programme_id = %s AND organisation_id = %s",  # noqa: S608 -- one of two constants
        (role, event.originator_id, event.organisation),
    )


class Programmes:
    """Queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, programme_id: UUID) -> dict[str, Any] | None:
        """Return one programme."""
        rows = await self._database.fetch("SELECT * FROM programmes WHERE programme_id = %s", (programme_id,))
        return rows[0] if rows else None

    async def page(
        self, offices: list[UUID], members: list[UUID], *, everything: bool, after: UUID | None, limit: int
    ) -> list[dict[str, Any]]:
        """Return programmes of some offices, and those some organisations take part in or have applied to."""
        return await self._database.fetch(
            "SELECT p.* FROM programmes p WHERE (%(everything)s OR p.office_id = ANY(%(offices)s)"
            " OR EXISTS (SELECT 1 FROM participations t WHERE t.programme_id = p.programme_id"
            " AND t.organisation_id = ANY(%(members)s))"
            " OR EXISTS (SELECT 1 FROM heard_applications a WHERE a.programme_id = p.programme_id"
            " AND a.organisation_id = ANY(%(members)s)))"
            " AND (%(after)s::uuid IS NULL OR p.programme_id > %(after)s) ORDER BY p.programme_id LIMIT %(limit)s",
            {"everything": everything, "offices": offices, "members": members, "after": after, "limit": limit},
        )

    async def participations(self, programme_id: UUID, after: UUID | None, limit: int) -> list[dict[str, Any]]:
        """Return who takes part, with name and key."""
        return await self._database.fetch(
            "SELECT t.organisation_id, t.application_id, t.strand, t.roles, t.active, t.admitted_at,"
            " coalesce(o.names, '{}') AS names, coalesce(o.keys, '[]') AS keys"
            " FROM participations t LEFT JOIN heard_organisations o USING (organisation_id)"
            " WHERE t.programme_id = %s AND (%s::uuid IS NULL OR t.organisation_id > %s)"
            " ORDER BY t.organisation_id LIMIT %s",
            (programme_id, after, after, limit),
        )

    async def takes_part(self, programme_id: UUID, organisation_ids: list[UUID]) -> bool:
        """Tell whether one of the organisations takes part or took part."""
        rows = await self._database.fetch(
            "SELECT 1 FROM participations WHERE programme_id = %s AND organisation_id = ANY(%s) LIMIT 1",
            (programme_id, organisation_ids),
        )
        return bool(rows)
