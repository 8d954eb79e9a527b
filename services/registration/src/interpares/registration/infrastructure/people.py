"""The table of people, the only home of personal data; read directly, never projected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interpares.common.writes import Row
from interpares.registration.application.ports import KnownPerson, PersonalData
from interpares.registration.domain.errors import PersonKnown

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.database import Database

KNOWN = (
    "SELECT person_id, actor, given_name, family_name, email, subject,"
    " array(SELECT organisation_id FROM memberships WHERE memberships.actor = people.actor) AS organisations,"
    " EXISTS (SELECT FROM restrictions WHERE restrictions.person_id = people.person_id) AS restricted FROM people"
)


class PeopleTable:
    """Implements ``People``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def entering(self, person_id: UUID, actor: UUID, data: PersonalData) -> Row:
        """See the port."""
        return Row(
            "INSERT INTO people (person_id, actor, given_name, family_name, email, subject)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            (person_id, actor, data.given_name, data.family_name, data.email, data.subject),
            PersonKnown(),
        )

    async def one(self, person_id: UUID) -> KnownPerson | None:
        """See the port."""
        return _known(await self._database.fetch(f"{KNOWN} WHERE person_id = %s", (person_id,)))

    async def acting_as(self, actor: UUID) -> KnownPerson | None:
        """See the port."""
        return _known(await self._database.fetch(f"{KNOWN} WHERE people.actor = %s", (actor,)))


def _known(rows: list[dict[str, Any]]) -> KnownPerson | None:
    if not rows:
        return None
    row = rows[0]
    data = PersonalData(row["given_name"], row["family_name"], row["email"], row["subject"])
    return KnownPerson(row["person_id"], row["actor"], data, tuple(row["organisations"]), row["restricted"])
