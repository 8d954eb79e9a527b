"""What organisations showed: every version of every fact, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from psycopg.types.json import Jsonb
from pydantic import TypeAdapter

from interpares.common.database import Database
from interpares.common.eventstore import Recorded
from interpares.common.writes import Row
from interpares.registration.domain.prerequisites.fact import Confirmed, Fact, Revoked, ShownAnew
from interpares.registration.domain.prerequisites.shown import Shown

SHOWN = TypeAdapter(Shown)
SHOW = (
    "INSERT INTO prerequisites (fact_id, version, organisation_id, programme_id, prerequisite, kind, shown, file_id,"
    " link, evidence_hash, valid_from, valid_until, lacking, note_hash, shown_at, shown_as)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
# A new version is of the same organisation, programme and kind as the one before.
SHOW_ANEW = (
    "INSERT INTO prerequisites (fact_id, version, organisation_id, programme_id, prerequisite, kind, shown, file_id,"
    " link, evidence_hash, valid_from, valid_until, lacking, note_hash, shown_at, shown_as)"
    " SELECT fact_id, %s, organisation_id, programme_id, prerequisite, kind, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s"
    " FROM prerequisites WHERE fact_id = %s AND version = 1"
)
CONFIRM = (
    "UPDATE prerequisites SET confirmed_at = %s, confirmed_by = %s, confirm_reason_code = %s"
    " WHERE fact_id = %s AND version = %s"
)
REVOKE = "UPDATE prerequisites SET revoked_at = %s, revoke_reason_code = %s WHERE fact_id = %s"
COLUMNS = (
    "fact_id AS id, version, organisation_id, programme_id, prerequisite, kind, shown, file_id, link, evidence_hash,"
    " valid_from, valid_until, lacking, note_hash, shown_at, shown_as, confirmed_at, confirmed_by,"
    " confirm_reason_code, revoked_at, revoke_reason_code"
)
VERSIONS = f"SELECT {COLUMNS} FROM prerequisites WHERE fact_id = %s ORDER BY version DESC"  # noqa: S608 -- constants only
PAGE = (
    f"SELECT DISTINCT ON (fact_id) {COLUMNS} FROM prerequisites WHERE organisation_id = %(organisation_id)s"  # noqa: S608 -- constants only
    " AND (%(programme_id)s::uuid IS NULL OR programme_id = %(programme_id)s OR programme_id IS NULL)"
    " AND (%(after)s::uuid IS NULL OR fact_id > %(after)s) ORDER BY fact_id, version DESC LIMIT %(limit)s"
)


@dataclass(frozen=True)
class ListedFact:
    """A version of a fact. lacking: what keeps it from being confirmed. note_hash: hex hash of the sealed note.

    confirmed_by: ``office`` or the organ, None while nobody did.
    """

    id: UUID
    version: int
    organisation_id: UUID
    programme_id: UUID | None
    prerequisite: str
    kind: str
    shown: Shown
    file_id: UUID | None
    link: str | None
    evidence_hash: str
    valid_from: date
    valid_until: date | None
    lacking: tuple[str, ...]
    note_hash: str
    shown_at: datetime
    shown_as: str
    confirmed_at: datetime | None
    confirmed_by: str | None
    confirm_reason_code: str | None
    revoked_at: datetime | None
    revoke_reason_code: str | None


class PrerequisitesProjector:
    """Keeps the versions."""

    VIEW: ClassVar[str] = "prerequisites"
    TABLES: ClassVar[tuple[str, ...]] = ("prerequisites",)

    def project(self, recorded: Recorded) -> Iterable[Row]:
        """See ``interpares.common.views.Projector``."""
        event = recorded.event
        if isinstance(event, Fact.Created):
            about = (event.organisation_id, event.programme_id, event.prerequisite, event.kind.value)
            yield Row(SHOW, (event.originator_id, 1, *about, *_shown(event)))
        elif isinstance(event, ShownAnew):
            yield Row(SHOW_ANEW, (event.version, *_shown(event), event.originator_id))
        elif isinstance(event, Confirmed):
            confirmed = (event.timestamp, event.by, event.reason_code, event.originator_id, event.version)
            yield Row(CONFIRM, confirmed)
        elif isinstance(event, Revoked):
            yield Row(REVOKE, (event.timestamp, event.reason_code, event.originator_id))


class Prerequisites:
    """Asks for what was shown."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def versions(self, fact_id: UUID) -> list[ListedFact]:
        """Return all versions of a fact, the newest first; empty if there is none under the id."""
        return [_listed(row) for row in await self._database.fetch(VERSIONS, (fact_id,))]

    async def page(
        self, organisation_id: UUID, *, after: UUID | None, limit: int, programme_id: UUID | None
    ) -> list[ListedFact]:
        """Return the newest version of each fact of an organisation, in the order they were first shown.

        programme_id: those of one programme and those that hold for every one.
        """
        wanted = {
            "organisation_id": organisation_id,
            "programme_id": programme_id,
            "after": after,
            "limit": limit,
        }
        return [_listed(row) for row in await self._database.fetch(PAGE, wanted)]


def _shown(event: Any) -> tuple[Any, ...]:
    return (
        Jsonb(SHOWN.dump_python(event.shown, mode="json")),
        event.evidence.file_id,
        event.evidence.link,
        event.evidence.sha256,
        event.validity.valid_from,
        event.validity.valid_until,
        list(event.shown.lacking()),
        event.note,
        event.timestamp,
        event.acting_as,
    )


def _listed(row: dict[str, Any]) -> ListedFact:
    return ListedFact(**row | {"shown": SHOWN.validate_python(row["shown"]), "lacking": tuple(row["lacking"])})
