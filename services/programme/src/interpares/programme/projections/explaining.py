"""One decision explained whole: the record, what became of it, whom it names, the rule in its wording."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from uuid import UUID

from interpares.common.canonical import canonical_json
from interpares.programme.projections.decision_log import DecisionLog
from interpares.programme.projections.heard import HeardOrganisations
from interpares.programme.projections.programmes import Programmes
from interpares.programme.projections.relied_on import ReliedOn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from interpares.common.database import Database

# Fields of the stored record that are told as they are.
RECORD = (
    "type",
    "subject",
    "outcome",
    "capacity",
    "authority",
    "interest",
    "decided_at",
    "effective_at",
    "reason_code",
    "criteria",
    "evidence",
    "source",
    "file_reference",
    "follows",
    "corrects",
    "supersedes",
    "revokes",
)
# What is told of a decision later and does not change what a letter on it says; and what says in words what stands in
# the record as a reference.
APART = ("communications", "objections", "hash", "position", "relied_on", "earlier")


class Explanations:
    """Puts an explanation together from the log, the programme, and what registration told."""

    def __init__(self, database: Database) -> None:
        self._log = DecisionLog(database)
        self._programmes = Programmes(database)
        self._organisations = HeardOrganisations(database)
        self._relied_on = ReliedOn(database)

    async def get(self, programme_id: UUID, decision_id: UUID) -> dict[str, Any] | None:
        """Return all that is known of a decision as JSON values, None if the programme has taken no such decision.

        ``reason``: the text, with ``reason_status`` ``shown`` or ``erased``; ``withheld`` makes it unreadable.
        ``office_id`` and ``concerned`` tell who may read it.
        """
        row = await self._log.get(programme_id, decision_id)
        programme = await self._programmes.get(programme_id)
        if row is None or programme is None:
            return None
        record, details = row["record"], row["details"]
        later = [_later(each) for each in await self._log.later(programme_id, decision_id)]
        names = await self._names(row, later)
        corrected_by = [each for each in later if each["corrects"] == str(decision_id)]
        standing = _standing(corrected_by)
        text_hash = standing.get("reason", record["reason"])
        text = row["reason"] if text_hash == record["reason"] else await self._log.text(text_hash)
        return {name: record[name] for name in RECORD} | {
            "id": str(decision_id),
            "position": row["position"],
            "programme_id": str(programme_id),
            "programme_title": programme["title"],
            "office": names(programme["office_id"]),
            "actor": str(row["actor"]),
            "organisation": names(record["organisation"]),
            "recorded_at": _iso(row["recorded_at"]),
            "reason": text,
            "reason_status": "erased" if text is None else "shown",
            "reason_hash": record["reason"],
            "rule": await self._worded(record["rule"], programme),
            "manual": [await self._worded(each, programme) for each in record.get("manual", ())],
            "relied_on": await self._relied_on.told(record["evidence"], programme["template"]),
            "earlier": await self._earlier(programme_id, record),
            "details": details,
            "alternatives": [each | {"organisation": names(each["organisation"])} for each in record["alternatives"]],
            "concerns": [names(each) for each in row["concerns"]],
            "organisations": names.all(),
            "consequences": [_plain(each) for each in await self._log.consequences(decision_id)],
            "standing": standing,
            "corrected_by": corrected_by,
            "superseded_by": [each for each in later if each["supersedes"] == str(decision_id)],
            "revoked_by": [each for each in later if each["revokes"] == str(decision_id)],
            "communications": [each for each in later if each["type"] == "communication"],
            "objections": _objections(later),
        }

    async def _earlier(self, programme_id: UUID, record: dict[str, Any]) -> dict[str, str] | None:
        """Return which decision another one is about: id, type and day; None if it is about none."""
        kind, _, subject = record["subject"].partition(":")
        related = (record[name] for name in ("corrects", "supersedes", "revokes"))
        earlier = subject if kind == "decision" else next(filter(None, related), None)
        row = await self._log.get(programme_id, UUID(earlier)) if earlier else None
        return {"id": str(earlier), "type": row["type"], "decided_at": row["record"]["decided_at"]} if row else None

    async def _worded(self, rule: dict[str, Any] | None, programme: dict[str, Any]) -> dict[str, Any] | None:
        """Return a rule as it read when it was applied, whatever was amended since."""
        if rule is None or rule["version"] == programme["template_version"]:
            return _rule(rule, programme["template"])
        then = await self._programmes.template(programme["programme_id"], rule["version"])
        return _rule(rule, then or programme["template"])

    async def template(self, programme_id: UUID) -> dict[str, Any]:
        """Return the template of a programme, in whose words its decisions are told."""
        programme = await self._programmes.get(programme_id)
        template: dict[str, Any] = programme["template"] if programme else {}
        return template

    async def _names(self, row: dict[str, Any], later: list[dict[str, Any]]) -> Names:
        """Return how the organisations are called that are named anywhere in a decision."""
        record = row["record"]
        mentioned = set(_ids((row["details"], record["alternatives"], record["organisation"])))
        mentioned |= {*row["concerns"], *_ids([each["details"] for each in later])}
        programme = await self._programmes.get(row["programme_id"])
        mentioned |= {programme["office_id"]} if programme else set()
        return Names(await self._organisations.named(sorted(mentioned)))


class Names:
    """How organisations are called, as far as registration has told of them."""

    def __init__(self, known: dict[UUID, dict[str, Any]]) -> None:
        self._known = known

    def __call__(self, organisation_id: UUID | str | None) -> dict[str, Any] | None:
        """Return id, names and keys of an organisation."""
        if organisation_id is None:
            return None
        known = self._known.get(UUID(str(organisation_id)), {"names": {}, "keys": []})
        return {"organisation_id": str(organisation_id), "names": known["names"], "keys": known["keys"]}

    def all(self) -> dict[str, dict[str, str]]:
        """Return the names by language of all that are known, by id."""
        return {str(each): known["names"] for each, known in sorted(self._known.items())}


def withheld(explanation: dict[str, Any]) -> dict[str, Any]:
    """Return an explanation for somebody who may not read what was typed."""
    status = "erased" if explanation["reason_status"] == "erased" else "withheld"
    return explanation | {"reason": None, "reason_status": status}


def with_hash(explanation: dict[str, Any]) -> dict[str, Any]:
    """Return an explanation with the hex SHA-256 of the canonical JSON of what a letter on it rests on."""
    rests_on = {name: value for name, value in explanation.items() if name not in APART}
    return explanation | {"hash": hashlib.sha256(canonical_json(rests_on)).hexdigest()}


def _later(row: dict[str, Any]) -> dict[str, Any]:
    record = row["record"]
    return {
        "id": str(row["decision_id"]),
        "type": row["type"],
        "outcome": row["outcome"],
        "reason_code": row["reason_code"],
        "decided_at": record["decided_at"],
        "recorded_at": _iso(row["recorded_at"]),
        "corrects": record["corrects"],
        "supersedes": record["supersedes"],
        "revokes": record["revokes"],
        "details": row["details"],
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, UUID) else value for name, value in row.items()}


def _standing(corrections: list[dict[str, Any]]) -> dict[str, str]:
    """Return what stands in the record now where that differs from what was recorded."""
    return {part["part"]: part["now"] for each in corrections for part in each["details"].get("parts", ())}


def _objections(later: list[dict[str, Any]]) -> list[dict[str, Any]]:
    answers = {each["details"]["objection"]: each for each in later if each["type"] == "objection-answer"}
    return [each | {"answer": answers.get(each["id"])} for each in later if each["type"] == "objection"]


def _rule(rule: dict[str, Any] | None, template: dict[str, Any]) -> dict[str, Any] | None:
    """Return the rule with its wording: the part of the template its id leads to, the whole for ``template``."""
    if rule is None:
        return None
    part: Any = template
    for key in rule["id"].split(".") if rule["id"] != "template" else ():
        if isinstance(part, list):
            part = part[int(key)] if key.isdecimal() and int(key) < len(part) else None
        else:
            part = part.get(key) if isinstance(part, dict) else None
    return rule | {"text": part}


def _ids(value: Any) -> Iterator[UUID]:
    """Yield every id in JSON values, keys of objects included."""
    if isinstance(value, dict):
        yield from _ids([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _ids(each)
    elif isinstance(value, UUID):
        yield value
    elif isinstance(value, str):
        try:
            yield UUID(value)
        except ValueError:
            return


def _iso(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
