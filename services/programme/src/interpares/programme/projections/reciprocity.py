"""Who gave and who took, and who was reached: hosted, organised, attended, spoke, reviewed; counted from the views.

Attendance counts people by audience as registration tells of it, once more under ``speakers`` and ``reviewers`` if they
spoke or reviewed there. Without a count, an organisation that was there counts for the audiences its meeting was meant
for. Of a meeting whose own list names nobody but its host, those were there of whom registration counted people.
Reviews of documents are counted apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interpares.programme.projections.heard_attendance import CAME, REVIEWERS, SPEAKERS

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.database import Database

COUNTED = f"""
    WITH held AS (
        SELECT *, attended <@ ARRAY[host_id] AS unlisted FROM meetings
        WHERE programme_id = %(programme)s AND status = 'held'
    ), came AS (
        SELECT a.meeting_id, a.organisation_id FROM heard_attendance AS a WHERE {CAME}
    ), duties AS (
        SELECT host_id AS organisation_id, count(*) AS accepted, count(*) FILTER (WHERE status = 'held') AS fulfilled
        FROM duty_ledger WHERE programme_id = %(programme)s AND host_id IS NOT NULL GROUP BY host_id
    ), owed AS (
        SELECT owner_id AS organisation_id, count(*) AS open FROM duty_ledger
        WHERE programme_id = %(programme)s AND owner_id IS NOT NULL AND status IN ('open', 'offered') GROUP BY owner_id
    ), people AS (
        SELECT a.organisation_id, e.key, sum(e.value::integer) AS number
        FROM heard_attendance a JOIN held USING (meeting_id), jsonb_each_text(a.attended) e
        GROUP BY a.organisation_id, e.key
    )
    SELECT p.organisation_id, p.strand, p.roles, p.active, coalesce(o.names, '{{}}') AS names,
        (SELECT count(*) FROM held WHERE host_id = p.organisation_id) AS hosted,
        (SELECT count(*) FROM held WHERE organiser_id = p.organisation_id) AS organised,
        (SELECT count(*) FROM held
            WHERE host_id IS DISTINCT FROM p.organisation_id AND (p.organisation_id = ANY(attended) OR (unlisted
                AND (held.meeting_id, p.organisation_id) IN (SELECT meeting_id, organisation_id FROM came)))
            ) AS attended,
        (SELECT count(*) FROM reviews r WHERE r.programme_id = p.programme_id AND r.status = 'given'
            AND r.reviewer_id = p.organisation_id) AS reviews_given,
        (SELECT count(*) FROM reviews r JOIN documents w USING (programme_id, document_id)
            WHERE r.programme_id = p.programme_id AND r.status = 'given'
            AND p.organisation_id = ANY(w.owners)) AS reviews_received,
        coalesce(d.accepted, 0) AS duties_accepted,
        coalesce(d.fulfilled, 0) AS duties_fulfilled,
        coalesce(w.open, 0) AS duties_owed,
        coalesce((SELECT jsonb_object_agg(key, number) FROM people WHERE people.organisation_id = p.organisation_id),
            '{{}}') AS people
    FROM participations p
    LEFT JOIN heard_organisations o USING (organisation_id)
    LEFT JOIN duties d USING (organisation_id)
    LEFT JOIN owed w USING (organisation_id)
    WHERE p.programme_id = %(programme)s AND (%(after)s::uuid IS NULL OR p.organisation_id > %(after)s)
    ORDER BY p.organisation_id LIMIT %(limit)s
"""  # noqa: S608 -- our own words
HELD = (
    "SELECT meeting_id, format, audiences, attended, host_id FROM meetings"
    " WHERE programme_id = %s AND status = 'held' ORDER BY meeting_id"
)
ATTENDED = (
    "SELECT a.meeting_id, a.organisation_id, a.attended FROM heard_attendance a JOIN meetings m USING (meeting_id)"
    " WHERE m.programme_id = %s AND m.status = 'held'"
)


class Reciprocity:
    """Queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, programme_id: UUID, after: UUID | None, limit: int) -> list[dict[str, Any]]:
        """Return what each participant gave and took, in the order of their ids."""
        rows = await self._database.fetch(COUNTED, {"programme": programme_id, "after": after, "limit": limit})
        return [_told(row) for row in rows]

    async def coverage(self, programme_id: UUID, template: dict[str, Any]) -> list[dict[str, Any]]:
        """Return for each audience of the template the meetings, organisations and people that reached it."""
        held = await self._database.fetch(HELD, (programme_id,))
        counts: dict[tuple[UUID, UUID], dict[str, int]] = {
            (row["meeting_id"], row["organisation_id"]): row["attended"]
            for row in await self._database.fetch(ATTENDED, (programme_id,))
        }
        audiences = template.get("audiences") or {}
        return [
            {"audience": audience, "label": part["label"], **_reached(audience, held, counts, template)}
            for audience, part in sorted(audiences.items())
        ]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    people = {key: int(number) for key, number in sorted(row["people"].items())}
    spoke, reviewed = people.pop(SPEAKERS, 0), people.pop(REVIEWERS, 0)
    gave, took = row["hosted"], row["attended"]
    return {**row, "people": people, "spoke": spoke, "reviewed": reviewed, "balance": gave - took}


def _reached(
    audience: str,
    held: list[dict[str, Any]],
    counts: dict[tuple[UUID, UUID], dict[str, int]],
    template: dict[str, Any],
) -> dict[str, Any]:
    meetings, people = 0, 0
    organisations: set[UUID] = set()
    for meeting in held:
        meant = audience in _audiences(meeting, template)
        meetings += meant
        there = {*meeting["attended"], *(who for held_at, who in counts if held_at == meeting["meeting_id"])}
        for organisation in there:
            counted = counts.get((meeting["meeting_id"], organisation))
            number = counted.get(audience, 0) if counted is not None else 0
            people += number
            if number or (counted is None and meant):
                organisations.add(organisation)
    return {
        "meetings": meetings,
        "organisations": sorted(organisations),
        "people": people,
        "reached": bool(organisations),
    }


def _audiences(meeting: dict[str, Any], template: dict[str, Any]) -> list[str]:
    """Return whom a meeting was meant for: what it says itself, else its format."""
    form = (template.get("formats") or {}).get(meeting["format"], {})
    return list(meeting["audiences"] or form.get("audiences") or ())
