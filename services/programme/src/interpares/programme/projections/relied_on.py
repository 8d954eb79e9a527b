"""What decisions relied on, in words: what it is, of whom, about what, from which day; ids and hashes stay beside it.

Evidence is stored as a reference, ``kind:id``, with its version and hash. Who and what that was lies in other views and
in what registration told. The words are for readers: the hash of an explanation does not rest on them, so a later name
of a town changes no letter's hash.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from interpares.programme.projections.heard import HeardOrganisations

if TYPE_CHECKING:
    from interpares.common.database import Database

Words = dict[str, Any]
Finder = Callable[[str, dict[str, Any], dict[str, Any]], Awaitable[Words]]
PREREQUISITE = (
    "SELECT organisation_id, prerequisite, kind, CASE WHEN version = %s THEN valid_from END AS day"
    " FROM heard_prerequisites WHERE fact_id = %s"
)


class ReliedOn:
    """Finds words for evidence."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._organisations = HeardOrganisations(database)
        self._finders: dict[str, Finder] = {
            "application": self._application,
            "organisation": self._organisation,
            "prerequisite": self._prerequisite,
            "exception": self._exception,
            "agreement": self._agreement,
            "attendance": self._attendance,
            "ranking": self._ranking,
            "deliverable": self._deliverable,
            "document": self._document,
        }

    async def told(self, evidence: list[dict[str, Any]], template: dict[str, Any]) -> list[dict[str, Any]]:
        """Return what each piece of evidence is.

        kind: before the colon. of: id of the organisation it comes from, names: how that is called. label: what the
        template calls it, by language, code: what it is called without that. title: of the meeting it is about.
        day: ISO day or instant it is from, until: day it ends; None or empty where nobody knows, or it has none.
        """
        told = []
        for each in evidence:
            kind, _, key = each["ref"].partition(":")
            found = await self._found(kind, key, each, template)
            named = await self._organisations.named([UUID(str(found["of"]))]) if found.get("of") else {}
            names: dict[str, str] = next((known["names"] for known in named.values()), {})
            empty: Words = {"of": None, "label": {}, "code": "", "title": {}, "day": None, "until": None}
            words = {name: _plain(value) for name, value in found.items()}
            told.append({**each, "kind": kind, "names": names, **empty, **words})
        return told

    async def _found(self, kind: str, key: str, evidence: dict[str, Any], template: dict[str, Any]) -> Words:
        finder = self._finders.get(kind)
        try:
            return await finder(key, evidence, template) if finder else {"code": key}
        except ValueError:
            # A paper of the office that happens to begin with one of these words.
            return {"code": key}

    async def _first(self, query: str, *values: Any) -> Words:
        rows = await self._database.fetch(query, values)
        return rows[0] if rows else {}

    async def _application(self, key: str, _evidence: dict[str, Any], template: dict[str, Any]) -> Words:
        row = await self._first(
            "SELECT organisation_id AS of, role, submitted_at AS day FROM heard_applications WHERE application_id = %s",
            UUID(key),
        )
        return _labelled(row, template, "roles", "role")

    async def _organisation(self, key: str, _evidence: dict[str, Any], _template: dict[str, Any]) -> Words:
        return {"of": UUID(key)}

    async def _prerequisite(self, key: str, evidence: dict[str, Any], template: dict[str, Any]) -> Words:
        row = await self._first(PREREQUISITE, evidence["version"], UUID(key))
        if not row:
            return {}
        words = {"of": row["organisation_id"], "day": row["day"]}
        return _labelled(words | {"prerequisite": row["prerequisite"]}, template, "prerequisites", "prerequisite") | (
            {} if row["prerequisite"] in template.get("prerequisites", {}) else {"code": row["kind"]}
        )

    async def _exception(self, key: str, _evidence: dict[str, Any], template: dict[str, Any]) -> Words:
        row = await self._first(
            "SELECT details ->> 'organisation' AS of, details ->> 'prerequisite' AS prerequisite,"
            " details ->> 'until' AS until, recorded_at AS day FROM decision_log WHERE decision_id = %s",
            UUID(key),
        )
        return _labelled(row, template, "prerequisites", "prerequisite")

    async def _agreement(self, key: str, evidence: dict[str, Any], _template: dict[str, Any]) -> Words:
        return await self._first(
            "SELECT m.title, a.drafted_at AS day FROM meetings m LEFT JOIN meeting_agreements a"
            " ON a.meeting_id = m.meeting_id AND a.version = %s WHERE m.meeting_id = %s",
            evidence["version"],
            UUID(key),
        )

    async def _attendance(self, key: str, _evidence: dict[str, Any], _template: dict[str, Any]) -> Words:
        meeting, _, organisation = key.partition("/")
        row = await self._first("SELECT title FROM meetings WHERE meeting_id = %s", UUID(meeting))
        return {**row, "of": UUID(organisation)}

    async def _ranking(self, key: str, _evidence: dict[str, Any], template: dict[str, Any]) -> Words:
        row = await self._first("SELECT role FROM heard_rankings WHERE ranking_id = %s", UUID(key))
        return _labelled(row, template, "roles", "role")

    async def _document(self, key: str, evidence: dict[str, Any], template: dict[str, Any]) -> Words:
        # Its title is sealed and not for everybody; the kind of document is what the template calls it.
        row = await self._first(
            "SELECT d.kind, d.owners[1] AS of, v.entered_at AS day FROM documents d LEFT JOIN document_versions v"
            " ON (v.programme_id, v.document_id, v.version) = (d.programme_id, d.document_id, %s)"
            " WHERE d.document_id = %s",
            evidence["version"],
            UUID(key),
        )
        return _labelled(row, template, "documents", "kind")

    async def _deliverable(self, key: str, _evidence: dict[str, Any], template: dict[str, Any]) -> Words:
        phase, _, rest = key.partition(".")
        milestone, _, deliverable = rest.partition(".")
        part: Any = next((each for each in template.get("phases", ()) if each.get("key") == phase), {})
        for section, name in (("milestones", milestone), ("deliverables", deliverable)):
            part = (part.get(section) or {}).get(name) or {}
        return {"label": part.get("label") or {}, "code": deliverable or key}


def _plain(value: Any) -> Any:
    """Return an id, a day or an instant as text; anything else as it is."""
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _labelled(row: Words, template: dict[str, Any], section: str, field: str) -> Words:
    """Return a row with what the template calls the part that one of its fields names, in place of that field."""
    key = row.get(field) or ""
    part = (template.get(section) or {}).get(key) or {}
    return {name: value for name, value in row.items() if name != field} | {
        "label": part.get("label") or {},
        "code": key,
    }
