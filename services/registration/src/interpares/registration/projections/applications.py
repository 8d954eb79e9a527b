"""The list of applications and how far each is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from psycopg.types.json import Jsonb
from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from interpares.common.database import Database
from interpares.common.eventstore import Recorded
from interpares.common.writes import Row
from interpares.registration.domain.application import (
    Admitted,
    Application,
    Declined,
    PointsGiven,
    PriorityChanged,
    Status,
    Withdrawn,
)
from interpares.registration.domain.applying.content import Evidence, Found, OnBehalf, Signature

COLUMNS = (
    "application_id AS id, call_id, programme_id, office_id, organisation_id, kind, country, role, strand, status,"
    " reason_code, motivation_hash, submitted_as, submitted_at, settled_at, settled_reason_code, decision_id, members,"
    " evidence, signatures, findings, source, entered_by, draft_id, points, priority"
)
SUBMIT = (
    "INSERT INTO applications (application_id, call_id, programme_id, office_id, organisation_id, kind, country, role,"
    " strand, status, reason_code, motivation_hash, submitted_as, submitted_at, answers, evidence, members, signatures,"
    " findings, source, entered_by, draft_id)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
SETTLE = (
    "UPDATE applications SET status = %s, settled_at = %s, settled_reason_code = %s, decision_id = %s"
    " WHERE application_id = %s"
)
MEASURE = "UPDATE applications SET points = %s WHERE application_id = %s"
PRIORITISE = "UPDATE applications SET priority = %s WHERE application_id = %s"
SETTLED = {Withdrawn: "withdrawn", Admitted: "admitted", Declined: "declined"}
SEEN = "(%(all)s OR office_id = ANY(%(offices)s) OR organisation_id = ANY(%(organisations)s))"
ONE = f"SELECT {COLUMNS} FROM applications WHERE application_id = %(application_id)s AND {SEEN}"  # noqa: S608
PAGE = (
    f"SELECT {COLUMNS} FROM applications WHERE {SEEN}"  # noqa: S608 -- constants only
    " AND (%(programme_id)s::uuid IS NULL OR programme_id = %(programme_id)s)"
    " AND (%(organisation_id)s::uuid IS NULL OR organisation_id = %(organisation_id)s)"
    " AND (%(status)s::text IS NULL OR status = %(status)s)"
    " AND (%(after)s::uuid IS NULL OR application_id > %(after)s) ORDER BY application_id LIMIT %(limit)s"
)


@dataclass(frozen=True)
class ListedApplication:
    """An application. motivation_hash: hex hash of the sealed text. submitted_as: capacity of whoever submitted it.

    settled_at: when it was withdrawn, admitted or declined; None while it waits. decision_id: of the programme
    service's decision, which explains it. members: of the consortium it leads. findings: of the conditions of the role
    when it was submitted. source, entered_by: where an office entered it, and the opaque id of who did. points,
    priority: what it is ranked by.
    """

    id: UUID
    call_id: UUID
    programme_id: UUID
    office_id: UUID
    organisation_id: UUID
    kind: str
    country: str
    role: str
    strand: str | None
    status: str
    reason_code: str
    motivation_hash: str
    submitted_as: str
    submitted_at: datetime
    settled_at: datetime | None
    settled_reason_code: str | None
    decision_id: UUID | None
    members: tuple[UUID, ...]
    evidence: tuple[Evidence, ...]
    signatures: tuple[Signature, ...]
    findings: tuple[Found, ...]
    source: OnBehalf | None
    entered_by: UUID | None
    draft_id: UUID | None
    points: dict[str, str]
    priority: int


@dataclass(frozen=True)
class Sight:
    """Whose applications may be seen: all, those to programmes of some offices, those of some organisations."""

    all: bool = False
    offices: frozenset[UUID] = frozenset()
    organisations: frozenset[UUID] = frozenset()

    def as_params(self) -> dict[str, bool | list[UUID]]:
        """Return it as parameters of a query."""
        return {"all": self.all, "offices": list(self.offices), "organisations": list(self.organisations)}


LISTED = TypeAdapter(ListedApplication)


class ApplicationsProjector:
    """Keeps the list."""

    VIEW: ClassVar[str] = "applications"
    TABLES: ClassVar[tuple[str, ...]] = ("applications",)

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """See ``interpares.common.views.Projector``."""
        event = recorded.event
        if isinstance(event, Application.Created):
            submitted = (
                event.originator_id,
                event.call_id,
                event.programme_id,
                event.office_id,
                event.organisation_id,
                event.kind,
                event.country,
                event.role,
                event.strand,
                Status.SUBMITTED.value,
                event.reason_code,
                event.motivation,
                event.acting_as,
                event.timestamp,
                Jsonb(event.answers),
                _json(event.evidence),
                list(event.members),
                _json(event.signatures),
                _json(event.findings),
                _json(event.source) if event.source else None,
                event.metadata.actor if event.source else None,
                event.draft_id,
            )
            yield Row(SUBMIT, submitted)
        elif isinstance(event, Withdrawn | Admitted | Declined):
            decision_id = None if isinstance(event, Withdrawn) else event.decision_id
            settled = (SETTLED[type(event)], event.timestamp, event.reason_code, decision_id, event.originator_id)
            yield Row(SETTLE, settled)
        elif isinstance(event, PointsGiven):
            yield Row(MEASURE, (Jsonb(event.points), event.originator_id))
        elif isinstance(event, PriorityChanged):
            yield Row(PRIORITISE, (event.priority, event.originator_id))


class Applications:
    """Asks for applications."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def one(self, application_id: UUID, sight: Sight) -> ListedApplication | None:
        """Return an application, None if there is none under the id that may be seen."""
        rows = await self._database.fetch(ONE, {"application_id": application_id, **sight.as_params()})
        return _listed(rows[0]) if rows else None

    async def page(
        self,
        sight: Sight,
        *,
        after: UUID | None,
        limit: int,
        programme_id: UUID | None,
        organisation_id: UUID | None,
        status: str | None,
    ) -> list[ListedApplication]:
        """Return applications in the order they came in, from behind ``after``. None leaves a filter out."""
        wanted = {
            "after": after,
            "limit": limit,
            "programme_id": programme_id,
            "organisation_id": organisation_id,
            "status": status,
            **sight.as_params(),
        }
        return [_listed(row) for row in await self._database.fetch(PAGE, wanted)]

    async def answers(self, application_id: UUID) -> dict[str, str]:
        """Return the hashes of the sealed answers of an application, by question."""
        query = "SELECT answers FROM applications WHERE application_id = %s"
        rows = await self._database.fetch(query, (application_id,))
        return dict(rows[0]["answers"]) if rows else {}


def _json(value: Any) -> Jsonb:
    return Jsonb(to_jsonable_python(value))


def _listed(row: dict[str, Any]) -> ListedApplication:
    return LISTED.validate_python(row)
