"""The desk of the office: one list of what waits, for whom, until when; and what came in.

The list is put together when it is read, from the views of all chapters; what is kept here is only who takes care of a
thing and when somebody was last reminded. A chapter adds what waits in it by a statement in ``SOURCES``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from interpares.common.writes import Row
from interpares.programme.domain.desk import events
from interpares.programme.domain.desk.events import Reminder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.common.eventstore import Recorded

VIEW = "desk"
# Each yields programme_id, item, kind, organisation_id (who has to answer; of whom it is), waits_for, since, due.
APPLICATIONS = (
    "SELECT a.programme_id, 'application:' || a.application_id, 'application', a.organisation_id, 'office',"
    " a.submitted_at, NULL::timestamptz FROM heard_applications a WHERE NOT a.withdrawn AND NOT EXISTS"
    " (SELECT 1 FROM decision_log d WHERE d.programme_id = a.programme_id"
    " AND d.subject = 'application:' || a.application_id AND d.type IN ('admission', 'application-refusal'))"
)
OFFERS = (
    "SELECT l.programme_id, 'duty:' || l.duty, 'offer', asked.organisation_id, 'organisation', d.decided_at,"
    " l.respond_by FROM duty_ledger l CROSS JOIN LATERAL unnest(l.offered_to) AS asked (organisation_id)"
    " JOIN decision_log d ON d.decision_id = l.last_decision WHERE l.status = 'offered'"
)
DUTIES = (
    "SELECT l.programme_id, 'duty:' || l.duty, 'duty', l.owner_id, 'office', d.decided_at, NULL::timestamptz"
    " FROM duty_ledger l JOIN decision_log d ON d.decision_id = l.last_decision WHERE l.status IN ('open', 'released')"
)
CHECKS = (
    "SELECT c.programme_id, 'check:' || c.output_id || '.' || c.months, 'check', o.owner_id,"
    " CASE WHEN c.level = 0 THEN 'organisation' ELSE 'office' END, c.due::timestamptz, c.due::timestamptz"
    " FROM output_checks c JOIN outputs o USING (programme_id, output_id) WHERE c.status IN ('due', 'escalated')"
)
OUTPUTS = (
    "SELECT o.programme_id, 'output:' || o.output_id, 'output', NULL::uuid, 'office', o.recorded_at,"
    " NULL::timestamptz FROM outputs o WHERE o.standing = 'open'"
)
DRAFTS = (
    "SELECT v.programme_id, 'draft:' || v.draft_id, 'draft', NULL::uuid, 'office', v.recorded_at, NULL::timestamptz"
    " FROM draft_versions v WHERE v.status = 'prepared' AND NOT EXISTS (SELECT 1 FROM draft_versions later"
    " WHERE later.draft_id = v.draft_id AND later.version > v.version)"
)
REQUESTS = (
    "SELECT m.programme_id, 'meeting:' || m.meeting_id, 'request', m.asked_by_id, 'office', d.decided_at, m.starts_at"
    " FROM meetings m JOIN decision_log d ON d.decision_id = m.last_decision WHERE m.status = 'proposed'"
)
AGREEMENTS = (
    "SELECT m.programme_id, 'agreement:' || m.meeting_id, 'agreement', side.organisation_id,"
    " CASE WHEN side.organisation_id = own.office_id THEN 'office' ELSE 'organisation' END, d.decided_at, m.starts_at"
    " FROM meetings m JOIN programmes own USING (programme_id) JOIN decision_log d ON d.decision_id = m.last_decision"
    " CROSS JOIN LATERAL unnest(m.agreement_sides) AS side (organisation_id)"
    " WHERE m.status = 'planned' AND side.organisation_id <> ALL(m.approved_by)"
)
# Whether a deadline was met is seen elsewhere, so that it leaves the desk a week after its day.
DEADLINES = (
    "SELECT l.programme_id, 'deadline:' || l.meeting_id || '.' || l.key, 'deadline', by.organisation_id,"
    " CASE WHEN by.organisation_id IS NULL OR by.organisation_id = own.office_id THEN 'office'"
    " ELSE 'organisation' END, l.day::timestamptz, l.day::timestamptz FROM meeting_deadlines l"
    " JOIN meetings m USING (meeting_id) JOIN programmes own ON own.programme_id = l.programme_id"
    " LEFT JOIN LATERAL unnest(l.organisations) AS by (organisation_id) ON true"
    " WHERE m.status IN ('planned', 'confirmed', 'held') AND l.day > current_date - 7"
)
OVER = (
    "SELECT m.programme_id, 'meeting:' || m.meeting_id, 'meeting', m.host_id, 'office', m.ends_at, m.ends_at"
    " FROM meetings m WHERE m.status = 'confirmed' AND m.ends_at < now()"
)
SOURCES: tuple[str, ...] = (
    *(APPLICATIONS, OFFERS, DUTIES, CHECKS, OUTPUTS, DRAFTS),
    *(REQUESTS, AGREEMENTS, DEADLINES, OVER),
)
COLUMNS = "(programme_id, item, kind, organisation_id, waits_for, since, due)"
ITEMS = f"({' UNION ALL '.join(SOURCES)}) AS i {COLUMNS}"
NOBODY = "'00000000-0000-0000-0000-000000000000'::uuid"
LIST = (
    "SELECT i.*, coalesce(i.due < now(), false) AS overdue, p.title, t.owner, t.deputy, r.reminded_at,"  # noqa: S608 -- constants
    " coalesce(o.names, '{}') AS names, coalesce(o.keys, '[]') AS keys"
    f" FROM {ITEMS} JOIN programmes p USING (programme_id)"
    " LEFT JOIN desk_tasks t ON t.programme_id = i.programme_id AND t.task = i.item"
    " LEFT JOIN desk_reminders r ON r.programme_id = i.programme_id AND r.item = i.item"
    " AND r.organisation_id = i.organisation_id"
    " LEFT JOIN heard_organisations o ON o.organisation_id = i.organisation_id"
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
    "SELECT x.*, p.title, coalesce(o.names, '{}') AS names, coalesce(o.keys, '[]') AS keys FROM"
    " (SELECT a.programme_id, a.submitted_at AS at, 'application' AS kind,"
    " 'application:' || a.application_id AS subject,"
    " a.organisation_id, NULL::uuid AS decision_id, '' AS outcome, '' AS channel FROM heard_applications a UNION ALL"
    " SELECT d.programme_id, d.recorded_at, CASE d.record -> 'source' ->> 'kind' WHEN 'on_behalf' THEN 'on-behalf'"
    " ELSE 'answer' END, d.subject, coalesce(d.concerns[1], (d.record ->> 'organisation')::uuid), d.decision_id,"
    " d.outcome, d.record -> 'source' ->> 'channel' FROM decision_log d"
    " WHERE d.record -> 'source' ->> 'kind' = 'on_behalf' OR d.record ->> 'capacity' NOT IN ('office', 'system')) AS x"
    " JOIN programmes p USING (programme_id) LEFT JOIN heard_organisations o ON o.organisation_id = x.organisation_id"
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
    TABLES: ClassVar[tuple[str, ...]] = ("desk_tasks", "desk_reminders")

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
            case _:
                return


class DeskView:
    """Queries; the port ``Waiting``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, programme_id: UUID, kinds: Collection[str]) -> tuple[Reminder, ...]:
        """Return whom answers are expected from, about things whose names begin with one of the kinds."""
        rows = await self._database.fetch(
            f"SELECT item, organisation_id FROM {ITEMS} WHERE programme_id = %s AND organisation_id IS NOT NULL"  # noqa: S608 -- constants
            " AND kind IN ('offer', 'check', 'agreement', 'deadline') AND split_part(item, ':', 1) = ANY(%s)"
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
