"""The tables of whom invitations are for and of what facilitators are qualified for; personal data, both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.writes import Row
from interpares.registration.application.joining.ports import Invitee, Qualification

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.database import Database


class InviteeTable:
    """Implements ``Invitees``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def one(self, invitation_id: UUID) -> Invitee | None:
        """See the port."""
        rows = await self._database.fetch(
            "SELECT email, given_name, family_name FROM invitees WHERE invitation_id = %s", (invitation_id,)
        )
        return Invitee(**rows[0]) if rows else None

    def entering(self, invitation_id: UUID, invitee: Invitee) -> Row:
        """See the port."""
        return Row(
            "INSERT INTO invitees (invitation_id, email, given_name, family_name) VALUES (%s, %s, %s, %s)",
            (invitation_id, invitee.email, invitee.given_name, invitee.family_name),
        )

    def forgetting(self, invitation_id: UUID) -> Row:
        """See the port."""
        return Row("DELETE FROM invitees WHERE invitation_id = %s", (invitation_id,))


class QualificationTable:
    """Implements ``Qualifications``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, person_id: UUID) -> dict[UUID, Qualification]:
        """Return what a person is qualified for, by id."""
        rows = await self._database.fetch(
            "SELECT qualification_id, title, awarded_by, awarded_on, valid_until FROM facilitator_qualifications"
            " WHERE person_id = %s ORDER BY awarded_on, qualification_id",
            (person_id,),
        )
        return {row.pop("qualification_id"): Qualification(**row) for row in rows}

    def entering(self, qualification_id: UUID, person_id: UUID, qualification: Qualification) -> Row:
        """See the port."""
        return Row(
            "INSERT INTO facilitator_qualifications (qualification_id, person_id, title, awarded_by, awarded_on,"
            " valid_until) VALUES (%s, %s, %s, %s, %s, %s)",
            (
                qualification_id,
                person_id,
                qualification.title,
                qualification.awarded_by,
                qualification.awarded_on,
                qualification.valid_until,
            ),
        )

    def removing(self, qualification_id: UUID) -> Row:
        """See the port."""
        return Row("DELETE FROM facilitator_qualifications WHERE qualification_id = %s", (qualification_id,))
