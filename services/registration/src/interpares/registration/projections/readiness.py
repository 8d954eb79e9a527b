"""How ready an organisation is for a programme: what is there, what is missing, until when."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from interpares.common.database import Database

ASKED = (
    "SELECT key, kind, label, kinds, roles, due_before FROM requirements WHERE programme_id = %(programme_id)s"
    " ORDER BY key"
)
TAKES_PART = (
    "SELECT o.kind, array(SELECT DISTINCT role FROM applications a WHERE a.organisation_id = o.organisation_id"
    " AND a.programme_id = %(programme_id)s AND a.status IN ('submitted', 'admitted')) AS roles,"
    " (SELECT max((deadline AT TIME ZONE deadline_zone)::date) FROM calls c WHERE c.programme_id = %(programme_id)s)"
    " AS deadline FROM organisations o WHERE o.organisation_id = %(organisation_id)s"
)
NEXT_MEETING = (
    "SELECT min(left(starts_local, 10)::date) AS starts_on FROM known_meetings WHERE programme_id = %(programme_id)s"
    " AND status IN ('planned', 'confirmed') AND left(starts_local, 10)::date >= %(today)s"
    " AND (host_id = %(organisation_id)s OR %(organisation_id)s = ANY(invited))"
)
FACTS = (
    "SELECT fact_id, version, prerequisite, kind, lacking, valid_from, valid_until, confirmed_at, confirmed_by,"
    " max(version) OVER (PARTITION BY fact_id) AS newest FROM prerequisites"
    " WHERE organisation_id = %(organisation_id)s AND revoked_at IS NULL"
    " AND (programme_id = %(programme_id)s OR programme_id IS NULL) ORDER BY fact_id, version DESC"
)


@dataclass(frozen=True)
class Item:
    """One prerequisite of a programme, and how far an organisation is with it.

    status: missing, incomplete, shown (somebody has to confirm it), confirmed, not-yet-valid, expired.
    missing: what is lacking, in plain keys. fact_id, version: of what counts, None while there is nothing.
    due_on: the day ``due_before`` stands for, None while nobody knows it. valid_until: None for no end.
    """

    prerequisite: str
    kind: str
    label: dict[str, str]
    status: str
    missing: tuple[str, ...]
    fact_id: UUID | None
    version: int | None
    confirmed_by: str | None
    valid_until: date | None
    due_before: str
    due_on: date | None


class Readiness:
    """Asks how ready an organisation is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, organisation_id: UUID, programme_id: UUID, today: date) -> list[Item]:
        """Return what a programme asks of an organisation, by kind and role, and how far each thing is today."""
        asked = {"organisation_id": organisation_id, "programme_id": programme_id}
        parts = await self._database.fetch(TAKES_PART, asked)
        facts = await self._database.fetch(FACTS, asked)
        due = {"admission": parts[0]["deadline"] if parts else None}
        meeting = (await self._database.fetch(NEXT_MEETING, asked | {"today": today}))[0]["starts_on"]
        due |= {"meeting-confirmed": meeting, "meeting-held": meeting}
        return [
            _item(row, facts, due.get(row["due_before"]), today)
            for row in await self._database.fetch(ASKED, asked)
            if parts and _asked_of(row, parts[0])
        ]


def _asked_of(row: dict[str, Any], part: dict[str, Any]) -> bool:
    of_kind = not row["kinds"] or part["kind"] in row["kinds"]
    # Whoever has not applied yet is told all that any role has to show.
    return of_kind and (not row["roles"] or not part["roles"] or bool(set(row["roles"]) & set(part["roles"])))


def _item(asked: dict[str, Any], facts: list[dict[str, Any]], due_on: date | None, today: date) -> Item:
    fitting = [
        (each, _status(each, today))
        for each in facts
        if each["prerequisite"] == asked["key"] or (not each["prerequisite"] and each["kind"] == asked["kind"])
    ]
    fact, status = min(fitting, key=lambda each: ORDER.index(each[1]), default=(None, "missing"))
    return Item(
        prerequisite=asked["key"],
        kind=asked["kind"],
        label=asked["label"],
        status=status,
        missing=tuple(fact["lacking"]) if fact else (asked["key"],),
        fact_id=fact["fact_id"] if fact else None,
        version=fact["version"] if fact else None,
        confirmed_by=fact["confirmed_by"] if fact else None,
        valid_until=fact["valid_until"] if fact else None,
        due_before=asked["due_before"],
        due_on=due_on,
    )


# Of several facts and versions the one that is furthest counts.
ORDER = ("confirmed", "not-yet-valid", "shown", "incomplete", "expired", "superseded", "missing")


def _status(fact: dict[str, Any], today: date) -> str:
    if fact["valid_until"] is not None and fact["valid_until"] < today:
        return "expired"
    if fact["confirmed_at"] is not None:
        return "confirmed" if fact["valid_from"] <= today else "not-yet-valid"
    if fact["version"] != fact["newest"]:
        return "superseded"
    return "incomplete" if fact["lacking"] else "shown"
