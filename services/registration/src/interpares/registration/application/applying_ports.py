"""What applying needs to know, as use cases see it; see ``ports`` for what a port promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from interpares.common.writes import Row
    from interpares.registration.domain.applying.content import Found
    from interpares.registration.domain.call import OpenCall
    from interpares.registration.domain.organisation import Organisation


class Eligibility(Protocol):
    """The conditions of roles, tried on what is on record."""

    async def findings(
        self, call: OpenCall, role: str, applicant: Organisation, members: Sequence[Organisation], now: datetime
    ) -> tuple[Found, ...]:
        """Return what each condition of a role finds, in their order. now: instant of the application."""
        ...


class WaitingApplications(Protocol):
    """Which applications wait for a decision."""

    async def waiting(self, programme_id: UUID, role: str) -> Sequence[UUID]:
        """Return the ids of those that wait, for a role in a programme."""
        ...


class Attendance(Protocol):
    """Which organisations were at which meetings, as programmes told."""

    def held(
        self, meeting_id: UUID, programme_id: UUID, format_key: str, *, host: UUID | None, attended: Sequence[UUID]
    ) -> Sequence[Row]:
        """Note a meeting that was held; a later word about it replaces an earlier one."""
        ...
