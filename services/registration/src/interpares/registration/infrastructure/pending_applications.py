"""The table of applications that wait for a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interpares.common.writes import Row
from interpares.registration.domain.errors import ApplicationPending

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from interpares.common.database import Database
    from interpares.registration.domain.application import Application


class WaitingApplicationTable:
    """Implements ``WaitingApplications``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, programme_id: UUID, role: str) -> Sequence[UUID]:
        """See the port."""
        rows = await self._database.fetch(
            "SELECT application_id FROM pending_applications WHERE programme_id = %s AND role = %s"
            " ORDER BY application_id",
            (programme_id, role),
        )
        return [row["application_id"] for row in rows]


class PendingApplicationTable:
    """Implements ``PendingApplications``."""

    def entering(self, application: Application) -> Row:
        """See the port."""
        state = application.state
        return Row(
            "INSERT INTO pending_applications (application_id, organisation_id, programme_id, role)"
            " VALUES (%s, %s, %s, %s)",
            (application.id, state.organisation_id, state.programme_id, state.role),
            ApplicationPending(),
        )

    def removing(self, application_id: UUID) -> Row:
        """See the port."""
        return Row("DELETE FROM pending_applications WHERE application_id = %s", (application_id,))
