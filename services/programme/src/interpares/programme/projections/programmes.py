"""Programmes and who takes part in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from psycopg.types.json import Jsonb

from interpares.common.writes import Row
from interpares.programme.domain import events
from interpares.programme.domain.amending.events import RulesAmended
from interpares.programme.domain.closing.events import Closed
from interpares.programme.domain.course import events as course_events
from interpares.programme.domain.programme import Programme
from interpares.programme.domain.state import Stage
from interpares.programme.projections.participations import participation_changes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.common.eventstore import Recorded

VIEW = "programmes"


class ProgrammesProjector:
    """Keeps the tables."""

    VIEW: ClassVar[str] = VIEW
    TABLES: ClassVar[tuple[str, ...]] = ("programmes", "participations", "programme_templates")

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
                yield from _template(event)
            case events.CallOpened():
                yield Row(
                    "UPDATE programmes SET stage = 'call-open', deadline_local = %s, deadline_zone = %s"
                    " WHERE programme_id = %s",
                    (event.deadline.local, event.deadline.zone, event.originator_id),
                )
            case events.CallClosed():
                yield Row("UPDATE programmes SET stage = 'call-closed' WHERE programme_id = %s", (event.originator_id,))
            case Closed():
                yield Row("UPDATE programmes SET stage = 'closed' WHERE programme_id = %s", (event.originator_id,))
            case _:
                yield from _course(event)
                yield from participation_changes(event)


STAGES: dict[type, Stage] = {
    course_events.InitiationBegan: Stage.INITIATION,
    course_events.WorkshopAgreed: Stage.AGREED,
    course_events.GrantApplied: Stage.GRANT_APPLIED,
    course_events.GrantRefused: Stage.AGREED,
    course_events.ProgrammeOpened: Stage.RUNNING,
}


def _course(event: Any) -> Iterable[Row]:
    if type(event) in STAGES:
        yield Row(
            "UPDATE programmes SET stage = %s WHERE programme_id = %s",
            (STAGES[type(event)].value, event.originator_id),
        )
    match event:
        case course_events.GrantGranted() | course_events.TermSet():
            # By its term a programme that came to an agreement begins to run.
            yield Row(
                "UPDATE programmes SET term_starts = %s, term_ends = %s,"
                " stage = CASE WHEN stage IN ('agreed', 'grant-applied') THEN 'running' ELSE stage END"
                " WHERE programme_id = %s",
                (event.starts, event.ends, event.originator_id),
            )
        case course_events.PhaseBegun():
            yield Row("UPDATE programmes SET phase = %s WHERE programme_id = %s", (event.phase, event.originator_id))
        case RulesAmended():
            yield Row(
                "UPDATE programmes SET template = %s, template_hash = %s, strands = %s WHERE programme_id = %s",
                (Jsonb(event.template), event.template_hash, list(event.strands), event.originator_id),
            )
            yield from _template(event)


def _template(event: Programme.Created | RulesAmended) -> Iterable[Row]:
    version = event.template["version"]
    yield Row("UPDATE programmes SET template_version = %s WHERE programme_id = %s", (version, event.originator_id))
    yield Row(
        "INSERT INTO programme_templates VALUES (%s, %s, %s, %s, %s)",
        (event.originator_id, version, Jsonb(event.template), event.template_hash, event.event_id),
    )


class Programmes:
    """Queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, programme_id: UUID) -> dict[str, Any] | None:
        """Return one programme."""
        rows = await self._database.fetch("SELECT * FROM programmes WHERE programme_id = %s", (programme_id,))
        return rows[0] if rows else None

    async def template(self, programme_id: UUID, version: int) -> dict[str, Any] | None:
        """Return one version of the template of a programme."""
        rows = await self._database.fetch(
            "SELECT template FROM programme_templates WHERE programme_id = %s AND version = %s",
            (programme_id, version),
        )
        return rows[0]["template"] if rows else None

    async def with_roles_over(self, today: date) -> list[UUID]:
        """Return the programmes, but for closed ones, in which a role is held whose last day has passed."""
        rows = await self._database.fetch(
            "SELECT DISTINCT programme_id FROM participations JOIN programmes USING (programme_id),"
            " jsonb_array_elements(holdings) AS h"
            " WHERE stage <> 'closed' AND (h ->> 'ends')::date < %s ORDER BY programme_id",
            (today,),
        )
        return [row["programme_id"] for row in rows]

    async def templates(self, programme_id: UUID, after: int, limit: int) -> list[dict[str, Any]]:
        """Return the versions of the template that are or were in force, from the first on, behind a version."""
        return await self._database.fetch(
            "SELECT t.version, t.template_hash, t.decision_id, d.recorded_at FROM programme_templates t"
            " LEFT JOIN decision_log d USING (decision_id) WHERE t.programme_id = %s AND t.version > %s"
            " ORDER BY t.version LIMIT %s",
            (programme_id, after, limit),
        )

    async def page(
        self, offices: list[UUID], members: list[UUID], *, everything: bool, after: UUID | None, limit: int
    ) -> list[dict[str, Any]]:
        """Return programmes of some offices, and those some organisations take part in or have applied to."""
        return await self._database.fetch(
            "SELECT p.* FROM programmes p WHERE (%(everything)s OR p.office_id = ANY(%(offices)s)"
            " OR EXISTS (SELECT 1 FROM participations t WHERE t.programme_id = p.programme_id"
            " AND (t.organisation_id = ANY(%(members)s) OR t.members && %(members)s::uuid[]))"
            " OR EXISTS (SELECT 1 FROM heard_applications a WHERE a.programme_id = p.programme_id"
            " AND a.organisation_id = ANY(%(members)s)))"
            " AND (%(after)s::uuid IS NULL OR p.programme_id > %(after)s) ORDER BY p.programme_id LIMIT %(limit)s",
            {"everything": everything, "offices": offices, "members": members, "after": after, "limit": limit},
        )

    async def participations(self, programme_id: UUID, after: UUID | None, limit: int) -> list[dict[str, Any]]:
        """Return who takes part, with name and key."""
        return await self._database.fetch(
            "SELECT t.organisation_id, t.application_id, t.strand, t.roles, t.active, t.admitted_at, t.holdings,"
            " t.members, t.pairs,"
            " coalesce(o.names, '{}') AS names, coalesce(o.keys, '[]') AS keys"
            " FROM participations t LEFT JOIN heard_organisations o USING (organisation_id)"
            " WHERE t.programme_id = %s AND (%s::uuid IS NULL OR t.organisation_id > %s)"
            " ORDER BY t.organisation_id LIMIT %s",
            (programme_id, after, after, limit),
        )

    async def takes_part(self, programme_id: UUID, organisation_ids: list[UUID]) -> bool:
        """Tell whether one of the organisations takes part or took part."""
        rows = await self._database.fetch(
            "SELECT 1 FROM participations WHERE programme_id = %(programme)s"
            " AND (organisation_id = ANY(%(own)s) OR members && %(own)s::uuid[]) LIMIT 1",
            {"programme": programme_id, "own": organisation_ids},
        )
        return bool(rows)
