"""What a programme can be asked to decide; every command brings its grounds and the sealed texts they refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from interpares.programme.domain.holding import PLAIN

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from interpares.common.sealed import SealedText
    from interpares.programme.domain.grounds import Grounds
    from interpares.programme.domain.holding import Terms
    from interpares.programme.domain.moment import LocalMoment


@dataclass(frozen=True, kw_only=True)
class Deciding:
    """What all commands have: the programme, the why, and the texts whose hashes the why holds."""

    programme_id: UUID
    grounds: Grounds
    texts: tuple[SealedText, ...]


@dataclass(frozen=True, kw_only=True)
class DraftProgramme(Deciding):
    """Draft a programme under a new id. ``template``: as ``Template.as_document`` returns it."""

    title: dict[str, str]
    office: UUID
    template: dict[str, Any]
    strands: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OpenCall(Deciding):
    """Ask organisations to apply."""

    deadline: LocalMoment


@dataclass(frozen=True, kw_only=True)
class CloseCall(Deciding):
    """Take no more applications."""


@dataclass(frozen=True, kw_only=True)
class CloseProgramme(Deciding):
    """End a programme."""


@dataclass(frozen=True, kw_only=True)
class Admit(Deciding):
    """Let an applicant take part."""

    application_id: UUID
    role: str
    strand: str | None = None
    terms: Terms = PLAIN
    excepted: bool = False


@dataclass(frozen=True, kw_only=True)
class DeclineApplication(Deciding):
    """Tell an applicant no."""

    application_id: UUID


@dataclass(frozen=True, kw_only=True)
class GrantRole(Deciding):
    """Give a participant a further role, or the one it has for more themes."""

    organisation_id: UUID
    role: str
    terms: Terms = PLAIN
    excepted: bool = False


@dataclass(frozen=True, kw_only=True)
class EndRole(Deciding):
    """Take a role from a participant. ``themes``: only for these; none for all of it."""

    organisation_id: UUID
    role: str
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EndRolesOver(Deciding):
    """End the roles of a programme whose last day has passed."""


@dataclass(frozen=True, kw_only=True)
class Withdraw(Deciding):
    """Let a participant go."""

    organisation_id: UUID


@dataclass(frozen=True, kw_only=True)
class DeriveDuties(Deciding):
    """Add the hosting duties that follow from the rules."""


@dataclass(frozen=True, kw_only=True)
class OfferDuty(Deciding):
    """Ask organisations to host. ``respond_by``: aware instant, None if there is no hurry."""

    duty: str
    to: tuple[UUID, ...]
    respond_by: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AcceptDuty(Deciding):
    """Host a duty."""

    duty: str
    organisation_id: UUID


@dataclass(frozen=True, kw_only=True)
class DeclineDuty(Deciding):
    """Not host a duty."""

    duty: str
    organisation_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReleaseDuty(Deciding):
    """Let a host go, or whoever owes the duty."""

    duty: str


@dataclass(frozen=True, kw_only=True)
class ReopenDuty(Deciding):
    """Look for a host again."""

    duty: str


@dataclass(frozen=True, kw_only=True)
class LapseDuty(Deciding):
    """Go on without the meeting."""

    duty: str
