"""The desk of the office: one list of what waits, for whom, until when; and what came in.

The list is put together when it is read, from the views of all chapters (``desk_sources``). What is kept here is who
takes care of a thing, when somebody was last reminded, and what no other view tells: deliverables, and objections.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from interpares.common.writes import Row
from interpares.programme.domain.amending.events import RulesAmended
from interpares.programme.domain.course import events as course
from interpares.programme.domain.desk import events
from interpares.programme.domain.desk.events import Reminder
from interpares.programme.domain.programme import Programme
from interpares.programme.domain.revising import events as revising
from interpares.programme.projections.desk_sources import ITEMS, NOBODY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.common.eventstore import Recorded

VIEW = "desk"
LIST = (
    "SELECT i.*, coalesce(i.due < now(), false) AS overdue, p.title, t.owner, t.deputy, r.reminded_at,"  # noqa: S608 -- constants
    " coalesce(o.names, '{}') AS names, coalesce(o.keys, '[]') AS keys, coalesce(m.title, '{}') AS meeting,"
    " coalesce(CASE WHEN i.kind = 'deadline'"
    " THEN p.template -> 'deadlines' -> split_part(i.item, '.', 2) -> 'label' END, '{}') AS label"
    f" FROM {ITEMS} JOIN programmes p USING (programme_id)"
    " LEFT JOIN desk_tasks t ON t.programme_id = i.programme_id AND t.task = i.item"
    " LEFT JOIN desk_reminders r ON r.programme_id = i.programme_id AND r.item = i.item"
    " AND r.organisation_id = i.organisation_id"
    " LEFT JOIN heard_organisations o ON o.organisation_id = i.organisation_id"
    # An item about a meeting names it behind the colon, a deadline with its key behind a dot.
    " LEFT JOIN meetings m ON m.programme_id = i.programme_id"
    " AND m.meeting_id::text = split_part(split_part(i.item, ':', 2), '.', 1)"
    " WHERE (%(everything)s OR p.office_id = ANY(%(offices)s))"
    " AND (%(programme)s::uuid IS NULL OR i.programme_id = %(programme)s)"
    " AND (%(kind)s::text IS NULL OR i.kind = %(kind)s)"
    " AND (%(waits_for)s::text IS NULL OR i.waits_for = %(waits_for)s)"
    " AND (%(owner)s::uuid IS NULL OR %(owner)s IN (t.owner, t.deputy))"
    " AND (%(due_before)s::timestamptz IS NULL OR i.due < %(due_before)s)"
    " AND (%(after_due)s::timestamptz IS NULL OR"
    f" (coalesce(i.due, 'infinity'), i.programme_id, i.item, coalesce(i.organisation_id, {NOBODY}))"
    " > (%(after_due)s::timestamptz, %(after_programme)s::uuid, %(after_item)s::text, %(after_organisation)s::uuid))"
    f" ORDER BY coalesce(i.due, 'infinity'), i.programme_id, i.item, coalesce(i.organisation_id, {NOBODY})"
    " LIMIT %(limit)s"
)
INCOMING = (
    "SELECT x.*, p.title, coalesce(o.names, '{}') AS names, coalesce(o.keys, '[]') AS keys,"
    " coalesce(m.title, '{}') AS meeting FROM"
    " (SELECT a.programme_id, a.submitted_at AS at, 'application' AS kind,"
    " 'application:' || a.application_id AS subject,"
    " a.organisation_id, NULL::uuid AS decision_id, '' AS outcome, '' AS channel FROM heard_applications a UNION ALL"
    " SELECT d.programme_id, d.recorded_at, CASE d.record -> 'source' ->> 'kind' WHEN 'on_behalf' THEN 'on-behalf'"
    " ELSE 'answer' END, d.subject, coalesce(d.concerns[1], (d.record ->> 'organisation')::uuid), d.decision_id,"
    " d.outcome, d.record -> 'source' ->> 'channel' FROM decision_log d"
    " WHERE d.record -> 'source' ->> 'kind' = 'on_behalf' OR d.record ->> 'capacity' NOT IN ('office', 'system')) AS x"
    " JOIN programmes p USING (programme_id) LEFT JOIN heard_organisations o ON o.organisation_id = x.organisation_id"
    " LEFT JOIN meetings m ON m.programme_id = x.programme_id AND 'meeting:' || m.meeting_id = x.subject"
    " WHERE (%(everything)s OR p.office_id = ANY(%(offices)s))"
    " AND (%(programme)s::uuid IS NULL OR x.programme_id = %(programme)s)"
    " AND (%(kind)s::text IS NULL OR x.kind = %(kind)s)"
    " AND (%(since)s::timestamptz IS NULL OR x.at >= %(since)s)"
    " AND (%(before)s::timestamptz IS NULL OR (x.at, x.subject) < (%(before)s::timestamptz, %(before_subject)s::text))"
    " ORDER BY x.at DESC, x.subject DESC LIMIT %(limit)s"
)


class DeskProjector:
    """Keeps who takes care of what, and when somebody was last reminded."""

    VIEW: ClassVar[str] = VIEW
    TABLES: ClassVar[tuple[str, ...]] = (
        *("desk_tasks", "desk_reminders"),
        *("desk_milestones", "desk_terms", "desk_deliverables", "desk_objections"),
    )

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """Return the changes of one event."""
        event = recorded.event
        match event:
            case events.TaskAssigned():
                yield Row(
                    "INSERT INTO desk_tasks VALUES (%s, %s, %s, %s, %s) ON CONFLICT (programme_id, task)"
                    " DO UPDATE SET owner = excluded.owner, deputy = excluded.deputy,"
                    " last_decision = excluded.last_decision",
                    (event.originator_id, event.task, event.owner, event.deputy, event.event_id),
                )
            case events.Reminded():
                for reminder in event.reminders:
                    yield Row(
                        "INSERT INTO desk_reminders VALUES (%s, %s, %s, %s, %s)"
                        " ON CONFLICT (programme_id, item, organisation_id) DO UPDATE SET"
                        " reminded_at = excluded.reminded_at, last_decision = excluded.last_decision",
                        (
                            event.originator_id,
                            reminder.item,
                            reminder.organisation,
                            event.decision.decided_at,
                            event.event_id,
                        ),
                    )
            case Programme.Created() | RulesAmended():
                yield from _milestones(event)
            case revising.DecisionObjected():
                yield Row(
                    "INSERT INTO desk_objections VALUES (%s, %s, %s, %s)",
                    (event.originator_id, event.event_id, event.organisation, event.decision.decided_at),
                )
            case revising.ObjectionAnswered():
                yield Row("DELETE FROM desk_objections WHERE objection_id = %s", (event.objection,))
            case _:
                yield from _course(event)


def _milestones(event: Programme.Created | RulesAmended) -> Iterable[Row]:
    yield Row("DELETE FROM desk_milestones WHERE programme_id = %s", (event.originator_id,))
    for phase in event.template.get("phases", ()):
        for key, milestone in phase.get("milestones", {}).items():
            for name, deliverable in milestone.get("deliverables", {}).items():
                yield Row(
                    "INSERT INTO desk_milestones VALUES (%s, %s, %s, %s, %s)",
                    (
                        event.originator_id,
                        f"{phase['key']}.{key}.{name}",
                        list(deliverable.get("roles", ())),
                        milestone.get("due"),
                        milestone.get("due_after_months"),
                    ),
                )


def _course(event: Any) -> Iterable[Row]:
    match event:
        case course.GrantGranted() | course.TermSet():
            yield Row(
                "INSERT INTO desk_terms VALUES (%s, %s) ON CONFLICT (programme_id)"
                " DO UPDATE SET starts = excluded.starts",
                (event.originator_id, event.starts),
            )
        case course.DeliverableHandedIn():
            yield _deliverable(event, "handed-in")
        case course.DeliverableAccepted():
            yield _deliverable(event, "accepted")
        case course.DeliverableReturned():
            yield _deliverable(event, "returned")


def _deliverable(event: Any, status: str) -> Row:
    return Row(
        "INSERT INTO desk_deliverables VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (programme_id, deliverable, organisation_id) DO UPDATE SET status = excluded.status,"
        " since = excluded.since",
        (event.originator_id, event.deliverable, event.organisation, status, event.decision.decided_at),
    )


class DeskView:
    """Queries; the port ``Waiting``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, programme_id: UUID, kinds: Collection[str]) -> tuple[Reminder, ...]:
        """Return whom answers are expected from, about things whose names begin with one of the kinds."""
        rows = await self._database.fetch(
            f"SELECT item, organisation_id FROM {ITEMS} WHERE programme_id = %s AND organisation_id IS NOT NULL"  # noqa: S608 -- constants
            " AND kind IN ('offer', 'check', 'agreement', 'deadline', 'deliverable', 'review')"
            " AND split_part(item, ':', 1) = ANY(%s)"
            " ORDER BY item, organisation_id",
            (programme_id, list(kinds)),
        )
        return tuple(Reminder(row["item"], row["organisation_id"]) for row in rows)

    async def items(
        self,
        offices: list[UUID],
        after: tuple[str, UUID, str, UUID] | None,
        limit: int,
        *,
        everything: bool,
        programme: UUID | None = None,
        kind: str | None = None,
        owner: UUID | None = None,
        waits_for: str | None = None,
        due_before: datetime | None = None,
    ) -> list[dict[str, Any]]:
        """Return what waits, the most pressing first. after: due, programme, item and organisation of the last one."""
        last = after or (None, None, None, None)
        return await self._database.fetch(
            LIST,
            {
                "offices": offices,
                "everything": everything,
                "programme": programme,
                "kind": kind,
                "owner": owner,
                "waits_for": waits_for,
                "due_before": due_before,
                "limit": limit,
                **dict(zip(("after_due", "after_programme", "after_item", "after_organisation"), last, strict=True)),
            },
        )

    async def incoming(
        self,
        offices: list[UUID],
        before: tuple[datetime, str] | None,
        limit: int,
        *,
        everything: bool,
        programme: UUID | None = None,
        kind: str | None = None,
        since: datetime | None = None,
    ) -> list[dict[str, Any]]:
        """Return what came in, the latest first: applications, answers, and what the office entered for others."""
        last = before or (None, None)
        return await self._database.fetch(
            INCOMING,
            {
                "offices": offices,
                "everything": everything,
                "programme": programme,
                "kind": kind,
                "since": since,
                "before": last[0],
                "before_subject": last[1],
                "limit": limit,
            },
        )


class OfficePeople:
    """The port ``Colleagues``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def works_in(self, actor: UUID, office: UUID) -> bool:
        """Tell whether somebody belongs to an office now."""
        rows = await self._database.fetch(
            "SELECT 1 FROM memberships WHERE actor = %s AND organisation_id = %s AND capacity = 'office' LIMIT 1",
            (actor, office),
        )
        return bool(rows)
