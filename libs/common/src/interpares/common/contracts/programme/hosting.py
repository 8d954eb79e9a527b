"""Hosting duties."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from interpares.common.contracts.programme.deciding import Decided


class Duty(BaseModel):
    """A hosting duty. ``owner_id``: who owes it, None where a pool of organisations does."""

    model_config = ConfigDict(frozen=True)

    duty: str
    strand: str
    rule: str
    format: str
    owner_id: UUID | None


class Assignment(BaseModel):
    """An open duty that found somebody who owes it."""

    model_config = ConfigDict(frozen=True)

    duty: str
    owner_id: UUID


class DutiesDerived(Decided):
    """Hosting duties follow from the role rules. ``assigned``: earlier open duties that somebody owes now."""

    TYPE: ClassVar[str] = "programme.duties-derived.v1"

    derived: tuple[Duty, ...]
    assigned: tuple[Assignment, ...]


class DutyOffered(Decided):
    """A duty is offered to one or more organisations; the first acceptance wins."""

    TYPE: ClassVar[str] = "programme.duty-offered.v1"

    duty: str
    to: tuple[UUID, ...]
    respond_by: AwareDatetime | None


class DutyAccepted(Decided):
    """An organisation hosts."""

    TYPE: ClassVar[str] = "programme.duty-accepted.v1"

    duty: str
    host_id: UUID
    format: str


class DutyDeclined(Decided):
    """An organisation will not host."""

    TYPE: ClassVar[str] = "programme.duty-declined.v1"

    duty: str
    organisation_id: UUID


class DutyReleased(Decided):
    """An organisation no longer hosts, or owes, a duty.

    hosted: it had accepted. cause: release, role-end, withdrawal.
    """

    TYPE: ClassVar[str] = "programme.duty-released.v1"

    duty: str
    organisation_id: UUID
    hosted: bool
    cause: str


class DutyReopened(Decided):
    """A host is looked for again. ``owner_id``: who owes the duty still, None where nobody does."""

    TYPE: ClassVar[str] = "programme.duty-reopened.v1"

    duty: str
    owner_id: UUID | None


class DutyLapsed(Decided):
    """The programme goes on without this meeting. ``cause``: decided, host-loss, counted."""

    TYPE: ClassVar[str] = "programme.duty-lapsed.v1"

    duty: str
    cause: str
