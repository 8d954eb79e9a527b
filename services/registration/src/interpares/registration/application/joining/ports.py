"""What invitations, hand-overs and mandates need of the service's own tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 -- read by their annotations
from typing import TYPE_CHECKING, Protocol

from interpares.registration.application.ports import Memberships

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.writes import Row
    from interpares.registration.domain.membership import Capacity


@dataclass(frozen=True)
class Invitee:
    """Who is invited, as far as whoever invites knows."""

    email: str = field(repr=False)
    given_name: str | None = field(repr=False, default=None)
    family_name: str | None = field(repr=False, default=None)


@dataclass(frozen=True)
class Qualification:
    """What somebody is qualified for. valid_until: last day, None where it does not end."""

    title: str = field(repr=False)
    awarded_by: str = field(repr=False)
    awarded_on: date
    valid_until: date | None


class Invitees(Protocol):
    """Whom invitations are for; kept only while somebody may come."""

    async def one(self, invitation_id: UUID) -> Invitee | None:
        """Return who is invited, None once the invitation is over."""
        ...

    def entering(self, invitation_id: UUID, invitee: Invitee) -> Row:
        """Note who is invited."""
        ...

    def forgetting(self, invitation_id: UUID) -> Row:
        """Forget it."""
        ...


class MembershipsOfOne(Memberships, Protocol):
    """Memberships, and which ones somebody holds in one organisation."""

    async def ids_in(self, actor: UUID, organisation_id: UUID) -> dict[Capacity, UUID]:
        """Return the memberships somebody holds in an organisation, by capacity."""
        ...


class Qualifications(Protocol):
    """What facilitators are qualified for."""

    def entering(self, qualification_id: UUID, person_id: UUID, qualification: Qualification) -> Row:
        """Note a qualification."""
        ...

    def removing(self, qualification_id: UUID) -> Row:
        """Forget one."""
        ...
